import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { sameType } from '../types.ts';
import { printAggregate } from './aggregate-scan.ts';
import { printAnalytic } from './analytic-scan.ts';
import { printArrayScan } from './array-scan.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import { derived, inFrom, isPlain, oneRow, type Relation, restrict, selectText, wrap } from './relation.ts';
import { duckdbType } from './render.ts';
import { columnName, quoteName, type Scope, withColumns } from './scope.ts';
import { sortKeys } from './sort.ts';
import { printWith, printWithRef } from './with-scan.ts';
import { firstOfEach } from './written-order.ts';

type Of<K extends ResolvedScan['kind']> = Extract<ResolvedScan, { kind: K }>;

/** Prints a scan as a relation; `scope` holds what is visible outside it (outer columns, CTEs). */
export function printScan(scan: ResolvedScan, scope: Scope): Relation {
  switch (scan.kind) {
    case 'SingleRowScan':
      return oneRow;
    case 'TableScan':
      return printTable(scan, scope);
    case 'WildcardScan':
      return printWildcard(scan, scope);
    case 'WithRefScan':
      return printWithRef(scan, scope);
    case 'WithScan':
      return printWith(scan, scope);
    case 'RecursiveScan':
      return refuse('WITH RECURSIVE', 'its body stands where none can be');
    case 'ArrayScan':
      return printArrayScan(scan, scope);
    case 'JoinScan':
      return printJoin(scan, scope);
    case 'FilterScan':
      return printFilter(scan, scope);
    case 'ProjectScan':
      return printProject(scan, scope);
    case 'AggregateScan':
      return printAggregate(scan, scope);
    case 'AnalyticScan':
      return printAnalytic(scan, scope);
    case 'DistinctScan':
      return printDistinct(scan, scope);
    case 'SetOperationScan':
      return printSetOperation(scan, scope);
    case 'OrderByScan':
      return printOrderBy(scan, scope);
    case 'LimitScan':
      return printLimit(scan, scope);
    case 'MatchRecognizeScan':
      return refuse('MATCH_RECOGNIZE', 'there is no such clause', scan.span);
    case 'SampleScan':
      return refuse('TABLESAMPLE', 'it answers with other rows each time');
  }
}

function printTable(scan: Of<'TableScan'>, scope: Scope): Relation {
  if (scan.systemTime) refuse('FOR SYSTEM_TIME AS OF', 'files keep no history', scan.span);
  const alias = scope.names.fresh('t');
  const all = [...scan.table.columns, ...scan.table.pseudoColumns];
  const columns = new Map<number, string>();
  scan.columns.forEach((column, i) => {
    const source = all[scan.tableColumns[i] ?? -1];
    if (source) columns.set(column.id, `${alias}.${quoteName(source.name)}`);
  });
  return {
    from: `${scope.context.relation(scan.table)} AS ${alias}`,
    where: [],
    columns,
    computed: false,
    orderBy: [],
  };
}

/** All members one after another; a column that a member lacks is NULL there. */
function printWildcard(scan: Of<'WildcardScan'>, scope: Scope): Relation {
  if (scan.members.length === 0) refuse('A wildcard table', 'no table matches it', scan.span);
  const parts = scan.members.map((member) => {
    const items = scan.columns.map((column) => {
      if (column.id === scan.suffixColumn?.id)
        return `'${member.ref.table.slice(scan.prefix.length).replaceAll("'", "''")}' AS ${columnName(column)}`;
      const own = member.columns.find((c) => c.name.toLowerCase() === column.name.toLowerCase());
      if (own && !sameType(own.type, column.type))
        refuse('A wildcard table', `the tables that match disagree on the type of ${column.name}`, scan.span);
      return `${own ? quoteName(own.name) : `CAST(NULL AS ${duckdbType(column.type)})`} AS ${columnName(column)}`;
    });
    return `SELECT ${items.length > 0 ? items.join(', ') : '1 AS one'} FROM ${scope.context.relation(member)}`;
  });
  return derived(parts.join(' UNION ALL '), scan.columns, scope.names);
}

const joinWord = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  RIGHT: 'RIGHT JOIN',
  FULL: 'FULL JOIN',
  CROSS: 'CROSS JOIN',
};

function printJoin(scan: Of<'JoinScan'>, scope: Scope): Relation {
  const left = inFrom(printScan(scan.left, scope), scope.names);
  const rightScope = scan.lateral ? withColumns(scope, left.columns) : scope;
  const right = inFrom(printScan(scan.right, rightScope), scope.names);
  const columns = new Map([...left.columns, ...right.columns]);
  const on = scan.on ? printExpression(scan.on, withColumns(scope, columns)) : undefined;
  const type = scan.type === 'CROSS' && on ? 'INNER' : scan.type;
  const condition = type === 'CROSS' ? '' : ` ON ${on ?? 'TRUE'}`;
  const side = scan.right.kind === 'JoinScan' ? `(${right.from})` : right.from;
  const lateral = scan.lateral && right.from?.startsWith('(') ? 'LATERAL ' : '';
  const joined = {
    from: `${left.from} ${joinWord[type]} ${lateral}${side}${condition}`,
    where: [],
    columns,
    computed: false,
    orderBy: [],
  };
  return restrict(joined, scan.columns);
}

function printFilter(scan: Of<'FilterScan'>, scope: Scope): Relation {
  const input = printScan(scan.input, scope);
  const open =
    !input.computed && input.orderBy.length === 0 && input.limit === undefined && input.offset === undefined;
  const base = open && input.from !== undefined ? input : wrap(input, scope.names);
  const condition = printExpression(scan.condition, withColumns(scope, base.columns));
  return restrict({ ...base, where: [...base.where, condition] }, scan.columns);
}

function printProject(scan: Of<'ProjectScan'>, scope: Scope): Relation {
  const input = printScan(scan.input, scope);
  if (scan.computed.length === 0) return restrict(input, scan.columns);
  const base = input.computed ? wrap(input, scope.names) : input;
  const inner = withColumns(scope, base.columns);
  const columns = new Map(base.columns);
  let computed: boolean = base.computed;
  for (const { column, expression } of scan.computed) {
    columns.set(column.id, printExpression(expression, inner));
    if (expression.kind !== 'ColumnRef') computed = true;
  }
  return restrict({ ...base, columns, computed }, scan.columns);
}

function printDistinct(scan: Of<'DistinctScan'>, scope: Scope): Relation {
  const input = printScan(scan.input, scope);
  const base = isPlain({ ...input, where: [] }) ? input : wrap(input, scope.names);
  const kept = restrict(base, scan.columns);
  const items = [...kept.columns].map(([id, text]) => [text, `c${id}`] as const);
  if (scope.written && items.length > 0) {
    const names = items.map(([, name]) => name);
    return derived(firstOfEach(selectText(kept, items), names, scope.names), scan.columns, scope.names);
  }
  return derived(selectText(kept, items).replace(/^SELECT /, 'SELECT DISTINCT '), scan.columns, scope.names);
}

function printSetOperation(scan: Of<'SetOperationScan'>, scope: Scope): Relation {
  const word = scan.distinct ? scan.operator : `${scan.operator} ALL`;
  if (!scan.distinct && scan.operator !== 'UNION') refuse(word, 'BigQuery knows only DISTINCT here');
  const inputs = scan.inputs.map(({ scan: input, picks }) => {
    const relation = printScan(input, scope);
    return { relation, texts: picks.map((pick) => pickText(relation, pick)) };
  });
  const names = scan.columns.map(columnName);
  if (word === 'UNION ALL' && names.length > 0 && inputs.every(isOneRow)) {
    const alias = scope.names.fresh('v');
    const rows = inputs.map(({ texts }) => `(${texts.join(', ')})`).join(', ');
    return derived(
      `SELECT * FROM (VALUES ${rows}) AS ${alias}(${names.join(', ')})`,
      scan.columns,
      scope.names,
    );
  }
  const parts = inputs.map(({ relation, texts }) => {
    const items = texts.map((text, i) => [text, names[i]!] as const);
    return `(${selectText(relation, items)})`;
  });
  if (word === 'UNION' && scope.written && names.length > 0)
    return derived(firstOfEach(parts.join(' UNION ALL '), names, scope.names), scan.columns, scope.names);
  return derived(parts.join(` ${word} `), scan.columns, scope.names);
}

/** One row of expressions without subqueries. Such rows stand in VALUES: DuckDB keeps them in the order they are written in. */
const isOneRow = (input: { readonly relation: Relation; readonly texts: readonly string[] }): boolean =>
  input.relation.from === undefined &&
  isPlain({ ...input.relation, computed: false }) &&
  input.texts.every((text) => !/\b(SELECT|FROM)\b/i.test(text));

function pickText(relation: Relation, pick: Column): string {
  return (
    relation.columns.get(pick.id) ?? refuse('This set operation', `column ${pick.name} is not in its input`)
  );
}

function printOrderBy(scan: Of<'OrderByScan'>, scope: Scope): Relation {
  const input = printScan(scan.input, scope);
  const bounded = input.limit !== undefined || input.offset !== undefined;
  const base = input.computed || bounded || input.from === undefined ? wrap(input, scope.names) : input;
  const orderBy = sortKeys(scan.keys, withColumns(scope, base.columns));
  return restrict({ ...base, orderBy }, scan.columns);
}

/** DuckDB takes NULL for no limit; GoogleSQL fails. */
function rowCount(e: ResolvedExpression, scope: Scope): string {
  const text = printExpression(e, scope);
  if (e.kind === 'Constant' && e.value.kind === 'int64') return text;
  return `coalesce(${text}, CAST(sluice_fail('Limit requires non-null count and offset') AS BIGINT))`;
}

function printLimit(scan: Of<'LimitScan'>, scope: Scope): Relation {
  const input = printScan(scan.input, scope);
  const bounded = input.limit !== undefined || input.offset !== undefined;
  const base = bounded ? wrap(input, scope.names) : input;
  const limit = scan.limit && rowCount(scan.limit, scope);
  const offset = scan.offset && rowCount(scan.offset, scope);
  return restrict({ ...base, ...(limit ? { limit } : {}), ...(offset ? { offset } : {}) }, scan.columns);
}
