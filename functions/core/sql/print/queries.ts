import type {
  GroupBy,
  GroupingItem,
  Query,
  QueryBody,
  RecursionDepth,
  Select,
  SelectItem,
  SetOperationHead,
} from '../ast/index.ts';
import { printAny, printList, printName, printPath, printSubquery } from './expressions.ts';
import { printGraphQuery } from './graph/query.ts';
import { printHint } from './hints.ts';
import { inner, type Layout } from './layout.ts';
import { printOptions } from './options.ts';
import { printOperators } from './pipes.ts';
import { printColumnNames, printSelectBase } from './select-star.ts';
import { printTableClause } from './table-clause.ts';
import { printFrom } from './tables.ts';
import { printOrderBy, printWindowSpec } from './windows.ts';

/** A query from its WITH to its last pipe operator, one clause a line. */
export function printQuery(query: Query, layout: Layout): string {
  const lines: string[] = [];
  if (query.with !== undefined) lines.push(printWith(query.with, layout));
  lines.push(printBody(query.body, layout));
  if (query.orderBy.length > 0) lines.push(printOrderBy(query.orderBy, layout, query.orderHint));
  const limit = printLimit(query, layout);
  if (limit !== '') lines.push(limit);
  if (query.pipes.length > 0) lines.push(printOperators(query.pipes, layout));
  return lines.join(layout.newline);
}

export function printLimit(query: Pick<Query, 'limit' | 'limitAll' | 'offset'>, layout: Layout): string {
  const offset = query.offset === undefined ? '' : ` OFFSET ${printAny(query.offset, layout)}`;
  if (query.limit !== undefined) return `LIMIT ${printAny(query.limit, layout)}${offset}`;
  return offset === '' && query.limitAll === undefined ? '' : `LIMIT ALL${offset}`;
}

export function printWith(clause: NonNullable<Query['with']>, layout: Layout): string {
  const deeper = inner(layout);
  const tables = clause.tables.map(
    ({ name, query, depth }) =>
      `${printName(name)} AS ${printSubquery(query, deeper)}${depth === undefined ? '' : ` ${printDepth(depth, layout)}`}`,
  );
  return `WITH${clause.recursive ? ' RECURSIVE' : ''}${deeper.newline}${tables.join(`,${deeper.newline}`)}`;
}

/** `WITH DEPTH AS d BETWEEN 1 AND 5` */
export function printDepth({ alias, lower, upper }: RecursionDepth, layout: Layout): string {
  const bound = (value: NonNullable<RecursionDepth['lower']>): string =>
    value === 'UNBOUNDED' ? value : printAny(value, layout);
  const name = alias === undefined ? '' : ` AS ${printName(alias)}`;
  if (upper === undefined) return `WITH DEPTH${name}`;
  const bounds =
    lower === undefined ? ` MAX ${bound(upper)}` : ` BETWEEN ${bound(lower)} AND ${bound(upper)}`;
  return `WITH DEPTH${name}${bounds}`;
}

function printBody(body: QueryBody, layout: Layout): string {
  switch (body.kind) {
    case 'Select':
      return printSelect(body, layout);
    case 'FromQuery':
      return printFrom(body.from, layout);
    case 'GraphQuery':
      return printGraphQuery(body, layout);
    case 'TableClause':
      return printTableClause(body, layout);
    case 'ParenthesizedQuery':
      return printSubquery(body.query, layout);
    case 'AliasedQuery':
      return `${printSubquery(body.query, layout)} AS ${printName(body.alias)}`;
    case 'SetOperation': {
      const inputs = body.inputs.map((input) => printBody(input, layout));
      const rest = body.heads.flatMap((head, index) => [printSetOperator(head, layout), inputs[index + 1]!]);
      return [inputs[0], ...rest].join(layout.newline);
    }
  }
}

/** `LEFT OUTER UNION ALL STRICT BY NAME ON (a)` */
export function printSetOperator(
  head: Pick<SetOperationHead, 'operator' | 'distinct' | 'match' | 'hint'>,
  layout: Layout,
): string {
  const { match } = head;
  const outer = match?.outer === undefined ? '' : `${match.outer}${match.outer === 'INNER' ? '' : ' OUTER'} `;
  const hint = printHint(head.hint, layout, ' ');
  const start = `${outer}${head.operator}${hint} ${head.distinct ? 'DISTINCT' : 'ALL'}`;
  if (match === undefined) return start;
  const strict = match.strict ? ' STRICT' : '';
  if (match.mode === undefined) return `${start}${strict}`;
  const byName = match.mode === 'BY_NAME';
  const { columns } = match;
  const list = columns === undefined ? '' : ` ${byName ? 'ON' : 'BY'} (${printColumnNames(columns, layout)})`;
  return `${start}${strict} ${byName ? 'BY NAME' : 'CORRESPONDING'}${list}`;
}

function printSelect(select: Select, layout: Layout): string {
  const lines = [printSelectHead(select, layout)];
  if (select.from !== undefined) lines.push(printFrom(select.from, layout));
  if (select.where !== undefined) lines.push(`WHERE ${printAny(select.where, layout)}`);
  if (select.groupBy !== undefined) lines.push(printGroupBy(select.groupBy, layout));
  if (select.having !== undefined) lines.push(`HAVING ${printAny(select.having, layout)}`);
  if (select.qualify !== undefined) lines.push(`QUALIFY ${printAny(select.qualify, layout)}`);
  if (select.windows.length > 0) lines.push(printWindows(select.windows, layout));
  return lines.join(layout.newline);
}

/** A short list stays on one line, a long one has an item a line. */
const widestList = 80;

export function printItems(items: readonly string[], layout: Layout): string {
  const oneLine = items.join(', ');
  if (items.length === 1 || (oneLine.length <= widestList && !oneLine.includes('\n'))) return ` ${oneLine}`;
  const { newline } = inner(layout);
  return newline + items.join(`,${newline}`);
}

/** `SELECT` with its modifiers and items. */
export function printSelectHead(select: Select, layout: Layout): string {
  const modifier = select.withModifier;
  const type = select.asType === undefined ? '' : ` AS ${printPath(select.asType)}`;
  const as = select.as === undefined ? type : ` AS ${select.as}`;
  // without ALL the first item could read as the modifier's options
  const all = modifier !== undefined && modifier.options === undefined && !select.distinct ? ' ALL' : '';
  const deeper = inner(layout);
  const items = select.items.map((item) => printSelectItem(item, deeper));
  const head = `SELECT${printHint(select.hint, layout, ' ')}${printWithModifier(modifier, layout)}`;
  return `${head}${all}${select.distinct ? ' DISTINCT' : ''}${as}${printItems(items, layout)}`;
}

/** ` WITH DIFFERENTIAL_PRIVACY OPTIONS (...)` with the space before it, or nothing. */
export function printWithModifier(modifier: Select['withModifier'], layout: Layout): string {
  if (modifier === undefined) return '';
  return ` WITH ${printName(modifier.name)}${printOptions(modifier.options, layout)}`;
}

export function printSelectItem(item: SelectItem, layout: Layout): string {
  if (item.kind === 'SelectExpression') {
    const text = printAny(item.expression, layout);
    return item.alias === undefined ? text : `${text} AS ${printName(item.alias)}`;
  }
  const base = item.base === undefined ? '' : `${printSelectBase(item.base, layout)}.`;
  const except = item.except.length === 0 ? '' : ` EXCEPT (${printColumnNames(item.except, layout)})`;
  const replaced = item.replace.map(
    ({ expression, name }) => `${printAny(expression, layout)} AS ${printName(name)}`,
  );
  return `${base}*${except}${replaced.length === 0 ? '' : ` REPLACE (${replaced.join(', ')})`}`;
}

export function printWindows(windows: Select['windows'], layout: Layout): string {
  return `WINDOW ${windows.map(({ name, spec }) => `${printName(name)} AS ${printWindowSpec(spec, layout)}`).join(', ')}`;
}

export function printGroupBy(groupBy: GroupBy, layout: Layout): string {
  const words = `GROUP${printHint(groupBy.hint, layout, ' ')} BY`;
  if (groupBy.all) return `${words} ALL`;
  return `${words} ${groupBy.items.map((item) => printGroupingItem(item, layout)).join(', ')}`;
}

export function printGroupingItem(item: GroupingItem, layout: Layout): string {
  switch (item.kind) {
    case 'GroupingExpression': {
      const text = printAny(item.expression, layout);
      return item.alias === undefined ? text : `${text} AS ${printName(item.alias)}`;
    }
    case 'Rollup':
    case 'Cube': {
      const sets = item.sets.map((set) =>
        set.length === 1 ? printList(set, layout) : `(${printList(set, layout)})`,
      );
      return `${item.kind === 'Rollup' ? 'ROLLUP' : 'CUBE'}(${sets.join(', ')})`;
    }
    case 'GroupingSets':
      return `GROUPING SETS (${item.items.map((inside) => printGroupingItem(inside, layout)).join(', ')})`;
    case 'GroupingSet':
      return `(${printList(item.expressions, layout)})`;
  }
}
