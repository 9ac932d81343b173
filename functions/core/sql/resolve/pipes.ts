import type { Expression, Identifier, PipeOperator } from '../ast/index.ts';
import { visit } from '../ast/walk.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import {
  type ExpressionContext,
  namedWindows,
  newBlock,
  plainContext,
  type QueryContext,
  resolveCondition,
} from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { derivedTable, type FromResult, joinOne, valueRow } from './from.ts';
import { resolveItems } from './items.ts';
import { pipeAggregate } from './pipe-aggregate.ts';
import { distinct, fromResult } from './pipe-result.ts';
import { resolvePostfix } from './postfix.ts';
import type { Computed } from './project.ts';
import { limited, resolveQuery, sortKeys } from './query.ts';
import { columnField, type Field, findField, key, type Scope } from './scope.ts';
import { finishSelect } from './select.ts';
import { newColumn } from './session.ts';
import { combine } from './set-operation.ts';
import { resolveTableCall } from './table-function.ts';
import { resolveWith } from './with.ts';

/** Each operator is a step around those before it. */
const MAX_OPERATORS = 1_000;

/** `|>` operators, each working on what the one before gives. */
export function resolvePipes(
  pipes: readonly PipeOperator[],
  start: FromResult,
  context: QueryContext,
): FromResult {
  const extra = pipes[MAX_OPERATORS];
  if (extra) unsupported(extra, `a pipeline of more than ${MAX_OPERATORS} operators`);
  let result = start;
  for (const [index, pipe] of pipes.entries()) {
    if (pipe.kind === 'PipeWith') return withTables(pipe, pipes.slice(index + 1), result, context);
    result = resolvePipe(pipe, result, context);
  }
  return result;
}

/** The operators after `|> WITH` see its tables. */
function withTables(
  pipe: Pipe<'PipeWith'>,
  rest: readonly PipeOperator[],
  from: FromResult,
  context: QueryContext,
): FromResult {
  const defined = resolveWith(pipe.with, context);
  const result = resolvePipes(rest, from, { ...context, ctes: defined.ctes });
  const scan: ResolvedScan = {
    kind: 'WithScan',
    recursive: pipe.with.recursive,
    entries: defined.entries(),
    input: result.scan,
    columns: result.scan.columns,
  };
  return { ...result, scan };
}

export const scopeOver = (from: FromResult, context: QueryContext): Scope =>
  context.outer ? { names: from.names, parent: context.outer } : { names: from.names };

function resolvePipe(pipe: PipeOperator, from: FromResult, context: QueryContext): FromResult {
  switch (pipe.kind) {
    case 'PipeSelect':
      return derivedTable(finishSelect(pipe.select, from, context, [], true), undefined);
    case 'PipeExtend':
      return extend(pipe, from, context);
    case 'PipeSet':
      return setColumns(pipe, from, context);
    case 'PipeDrop': {
      const columns = pipe.columns.map((c) =>
        c.kind === 'Unpack' ? unsupported(c, 'unpacking with **') : c,
      );
      const dropped = new Set(columns.map((c) => key(c.name)));
      for (const c of columns)
        if (!from.names.fields.some((f) => key(f.name) === key(c.name))) named(from, c);
      return withFields(
        from,
        from.names.fields.filter((f) => f.hidden || !dropped.has(key(f.name))),
      );
    }
    case 'PipeRename': {
      const renamed = new Map(pipe.items.map((i) => [named(from, i.from), i.to.name]));
      return withFields(
        from,
        from.names.fields.map((f) => ({ ...f, name: renamed.get(f) ?? f.name })),
      );
    }
    case 'PipeAs': {
      const { name } = pipe.alias;
      const { value } = from;
      const fields = value ? valueRow(name, value) : from.names.fields;
      return { ...from, names: { fields, ranges: [{ name, fields, ...(value ? { value } : {}) }] } };
    }
    case 'PipeWhere': {
      const { inside, over } = overWindows(from, context, 'WHERE clause');
      const condition = resolveCondition(pipe.condition, inside);
      const { scan } = over();
      return {
        ...from,
        scan: { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns },
      };
    }
    case 'PipeLimit':
      return { ...from, scan: limited(from.scan, pipe.limit, pipe.offset, context) };
    case 'PipeAggregate':
      return pipeAggregate(pipe, from, context);
    case 'PipeDistinct':
      return distinct(pipe, from, context);
    case 'PipeOrderBy': {
      const { inside, over } = overWindows(from, context, 'ORDER BY clause');
      const keys = sortKeys(pipe.items, from, context, inside);
      const { scan } = over();
      return { ...from, scan: { kind: 'OrderByScan', input: scan, keys, columns: scan.columns } };
    }
    case 'PipeJoin':
      return joinOne(pipe, from, context);
    case 'PipeSetOperation': {
      const inputs = [
        fromResult(from, context),
        ...pipe.queries.map((q) =>
          q.kind === 'TableClause' ? unsupported(q, 'TABLE clause') : resolveQuery(q, context),
        ),
      ];
      return derivedTable(combine(pipe, inputs, context.session), undefined);
    }
    case 'PipePostfix':
      return resolvePostfix(pipe.postfix, from, context);
    case 'PipeCall':
      return resolveTableCall(pipe, context, from);
    case 'PipeWith':
      return withTables(pipe, [], from, context);
    case 'PipeWindow':
      return windowColumns(pipe, from, context);
    case 'PipeAssert':
      return unsupported(pipe, '|> ASSERT');
    case 'PipeRecursiveUnion':
      return unsupported(pipe, '|> RECURSIVE');
    case 'PipeFork':
      return unsupported(pipe, '|> FORK');
    case 'PipeTee':
      return unsupported(pipe, '|> TEE');
    case 'PipeIf':
      return unsupported(pipe, '|> IF');
    case 'PipeLog':
      return unsupported(pipe, '|> LOG');
    case 'PipeFinish':
      return unsupported(pipe, '|> FINISH');
    case 'PipeDescribe':
      return unsupported(pipe, '|> DESCRIBE');
    case 'PipeStaticDescribe':
      return unsupported(pipe, '|> STATIC_DESCRIBE');
    case 'PipeCreateTable':
      return unsupported(pipe, '|> CREATE TABLE');
    case 'PipeExportData':
      return unsupported(pipe, '|> EXPORT DATA');
    case 'PipeInsert':
      return unsupported(pipe, '|> INSERT');
  }
}

type Pipe<K extends PipeOperator['kind']> = Extract<PipeOperator, { kind: K }>;

function named(from: FromResult, id: Identifier): Field {
  const field = findField(from.names.fields, id.name, id.span);
  if (field === undefined)
    fail(id.span, `Column ${id.name} does not exist in the input of the pipe operator`);
  return field;
}

const withFields = ({ scan, names }: FromResult, fields: readonly Field[]): FromResult => ({
  scan,
  names: { ...names, fields },
});

/** A context in which window functions may be called, and the rows with these computed once all is resolved. */
function overWindows(
  from: FromResult,
  context: QueryContext,
  clause: string,
): { readonly inside: ExpressionContext; readonly over: () => FromResult } {
  const block = newBlock();
  const inside = { ...plainContext(context, scopeOver(from, context), clause), block, analytics: true };
  const over = (): FromResult => {
    if (block.analytics.length === 0) return from;
    const columns = [...from.scan.columns, ...block.analytics.map((a) => a.column)];
    return { ...from, scan: { kind: 'AnalyticScan', input: from.scan, calls: block.analytics, columns } };
  };
  return { inside, over };
}

function computing(scan: ResolvedScan, computed: readonly Computed[]): ResolvedScan {
  if (computed.length === 0) return scan;
  return {
    kind: 'ProjectScan',
    input: scan,
    computed,
    columns: [...scan.columns, ...computed.map((c) => c.column)],
  };
}

function extend(pipe: Pipe<'PipeExtend'>, from: FromResult, context: QueryContext): FromResult {
  const block = newBlock(namedWindows(pipe.windows));
  const inside: ExpressionContext = {
    ...plainContext(context, scopeOver(from, context), '|> EXTEND'),
    block,
    analytics: true,
  };
  const items = resolveItems(pipe.items, from.names, inside, true);
  let { scan } = from;
  if (block.analytics.length > 0)
    scan = {
      kind: 'AnalyticScan',
      input: scan,
      calls: block.analytics,
      columns: [...scan.columns, ...block.analytics.map((a) => a.column)],
    };
  scan = computing(
    scan,
    items.map((i) => ({ column: i.column, expression: i.expression })),
  );
  const added = items.map((i) => columnField(i.name, i.column));
  return { scan, names: { fields: [...from.names.fields, ...added], ranges: from.names.ranges } };
}

/** The older way to write EXTEND where every column is calculated over a window. */
function windowColumns(pipe: Pipe<'PipeWindow'>, from: FromResult, context: QueryContext): FromResult {
  for (const item of pipe.items) {
    if (item.kind === 'SelectStar' || !callsWindow(item.expression))
      fail(item, 'Pipe WINDOW expression must include a window function call (with an OVER clause)');
  }
  return extend({ ...pipe, kind: 'PipeExtend', windows: [] }, from, context);
}

/** Whether OVER stands in an expression itself, not in a query inside of it. */
function callsWindow(expression: Expression): boolean {
  let found = false;
  visit(expression, (node) => {
    if (node.kind === 'FunctionCall' && node.over !== undefined) found = true;
    return node.kind !== 'Query';
  });
  return found;
}

function setColumns(pipe: Pipe<'PipeSet'>, from: FromResult, context: QueryContext): FromResult {
  const { inside, over } = overWindows(from, context, '|> SET');
  const computed: Computed[] = [];
  const replaced = new Map<Field, Field>();
  for (const { name, value } of pipe.items) {
    const old = named(from, name);
    const expression = resolveExpression(value, inside);
    const column = newColumn(context.session, old.name, expression.type);
    computed.push({ column, expression });
    replaced.set(old, columnField(old.name, column));
  }
  const set = new Set(pipe.items.map(({ name }) => key(name.name)));
  return {
    scan: computing(over().scan, computed),
    names: {
      fields: from.names.fields.map((f) => replaced.get(f) ?? f),
      // A table's alias gives way to a column of its name.
      ranges: from.names.ranges.filter((r) => !set.has(key(r.name))),
    },
  };
}
