import type { Expression, OrderingItem, Query, QueryBody, WithClause } from '../ast/index.ts';
import type { ResolvedExpression, ResolvedScan, SortKey } from '../resolved/index.ts';
import { INT64, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import {
  type ExpressionContext,
  outerScope,
  plainContext,
  type QueryContext,
  type QueryOutput,
  type QueryResult,
  sortKey,
} from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { derivedTable, type FromResult, resolveFrom } from './from.ts';
import { refuseGraphQuery } from './graph.ts';
import { isNegative, refuseLiteral } from './group.ts';
import { fromResult } from './pipe-result.ts';
import { resolvePipes } from './pipes.ts';
import { columnRef, type Scope } from './scope.ts';
import { resolveSelect } from './select.ts';
import { resolveSetOperation } from './set-operation.ts';
import { visitExpression } from './visit.ts';
import { resolveWith } from './with.ts';

/** A whole query. The columns of its scan are exactly its outputs, each once. */
export function resolveQuery(query: Query, context: QueryContext): QueryResult {
  if (isOpen(query)) return fromResult(resolveOpen(query, context), context);
  if (query.with === undefined) return resolveRest(query, context);
  const defined = resolveWith(query.with, context);
  const result = resolveRest(query, { ...context, ctes: defined.ctes });
  const scan = withScan(query.with, defined, result.scan);
  return { ...result, scan, outputs: result.outputs.map(withoutLiteral) };
}

const withScan = (
  { recursive }: WithClause,
  defined: ReturnType<typeof resolveWith>,
  input: ResolvedScan,
): ResolvedScan => ({
  kind: 'WithScan',
  recursive,
  entries: defined.entries(),
  input,
  columns: input.columns,
});

function resolveRest(query: Query, context: QueryContext): QueryResult {
  let result: QueryResult;
  if (query.body.kind === 'Select') result = resolveSelect(query.body, context, query.orderBy);
  else result = orderOutputs(resolveBody(query.body, context), query.orderBy, context);
  const scan = limited(result.scan, query.limit, query.offset, context);
  // A literal behind a step of any kind is a value as any other and takes on no type.
  const outputs = scan === result.scan ? result.outputs : result.outputs.map(withoutLiteral);
  return { ...result, scan, outputs };
}

/** Whether names of tables inside of the query are known outside of it too, where it stands in FROM without an alias. */
export const isOpen = ({ body, pipes }: Query): boolean =>
  pipes.length > 0 ||
  body.kind === 'FromQuery' ||
  body.kind === 'AliasedQuery' ||
  (body.kind === 'ParenthesizedQuery' && isOpen(body.query));

/** A query that FROM or a pipe ends, with the names of tables in it and what they have besides its columns. */
export function resolveOpen(query: Query, context: QueryContext): FromResult {
  if (query.with === undefined) return resolvePipes(query.pipes, openBody(query, context), context);
  const defined = resolveWith(query.with, context);
  const inside = { ...context, ctes: defined.ctes };
  const from = resolvePipes(query.pipes, openBody(query, inside), inside);
  return { ...from, scan: withScan(query.with, defined, from.scan) };
}

function openBody({ body, orderBy, limit, offset }: Query, context: QueryContext): FromResult {
  let from: FromResult;
  if (body.kind === 'FromQuery') from = resolveFrom(body.from, context);
  else if (body.kind === 'Select') from = derivedTable(resolveSelect(body, context, orderBy), undefined);
  else if (body.kind === 'ParenthesizedQuery' && isOpen(body.query)) from = resolveOpen(body.query, context);
  else from = derivedTable(resolveBody(body, context), body.kind === 'AliasedQuery' ? body.alias : undefined);
  if (body.kind !== 'Select' && orderBy.length > 0) {
    const keys = sortKeys(orderBy, from, context);
    const { columns } = from.scan;
    from = { ...from, scan: { kind: 'OrderByScan', input: from.scan, keys, columns } };
  }
  return { ...from, scan: limited(from.scan, limit, offset, context) };
}

const withoutLiteral = ({ name, column }: QueryOutput): QueryOutput => ({ name, column });

export function resolveBody(body: QueryBody, context: QueryContext): QueryResult {
  switch (body.kind) {
    case 'Select':
      return resolveSelect(body, context, []);
    case 'SetOperation':
      return resolveSetOperation(body, context);
    case 'ParenthesizedQuery':
      return resolveQuery(body.query, context);
    case 'GraphQuery':
      return refuseGraphQuery(body, context);
    case 'TableClause':
      return unsupported(body, 'TABLE clause');
    case 'AliasedQuery':
      return resolveQuery(body.query, context);
    case 'FromQuery':
      return fromResult(resolveFrom(body.from, context), context);
  }
}

/** ORDER BY after a set operation or parentheses sees the output columns only. */
function orderOutputs(
  result: QueryResult,
  orderBy: readonly OrderingItem[],
  context: QueryContext,
): QueryResult {
  if (orderBy.length === 0) return result;
  const keys = sortKeys(orderBy, derivedTable(result, undefined), context);
  return { ...result, scan: { kind: 'OrderByScan', input: result.scan, keys, columns: result.scan.columns } };
}

/** Sort keys over the columns of a FROM-like result; a number is a column's position. */
export function sortKeys(
  orderBy: readonly OrderingItem[],
  from: FromResult,
  context: QueryContext,
  given?: ExpressionContext,
): SortKey[] {
  const scope: Scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  const inside = given ?? plainContext(context, scope, 'ORDER BY clause');
  return orderBy.map((o) => {
    refuseLiteral(o.expression, 'ORDER BY');
    if (isNegative(o.expression)) fail(o.expression, 'ORDER BY column number item is out of range');
    if (o.expression.kind !== 'IntLiteral') return sortKey(o, resolveExpression(o.expression, inside));
    const field = from.names.fields.filter((f) => !f.hidden)[Number(o.expression.value) - 1];
    if (field === undefined)
      return fail(o.expression, `ORDER BY is out of SELECT column number range: ${o.expression.text}`);
    return sortKey(o, columnRef(field.column, o.span));
  });
}

function holdsSubquery(e: ResolvedExpression): boolean {
  let found = false;
  visitExpression(e, {
    expression: (x) => {
      if (x.kind === 'Subquery') found = true;
    },
  });
  return found;
}

export function limited(
  scan: ResolvedScan,
  limit: Expression | undefined,
  offset: Expression | undefined,
  context: QueryContext,
): ResolvedScan {
  if (limit === undefined && offset === undefined) return scan;
  const count = (e: Expression): ResolvedExpression => {
    const scope = outerScope({ ...context, outer: undefined });
    const value = resolveExpression(e, plainContext(context, scope, 'LIMIT clause'));
    if (fit(value, INT64) === undefined)
      fail(e, `LIMIT ... OFFSET ... expects INT64, got ${typeText(value.type)}`);
    if (holdsSubquery(value)) fail(e, `${e === limit ? 'LIMIT' : 'OFFSET'} expression must be constant`);
    if (value.kind === 'Constant' && value.value.kind === 'int64' && value.value.value < 0n)
      fail(e, 'LIMIT ... OFFSET ... expects a non-negative INT64 value');
    if (value.kind === 'Constant' && value.value.kind === 'null')
      fail(e, 'LIMIT ... OFFSET ... expects a number, not NULL');
    return coerce(value, INT64);
  };
  return {
    kind: 'LimitScan',
    input: scan,
    ...(limit ? { limit: count(limit) } : {}),
    ...(offset ? { offset: count(offset) } : {}),
    columns: scan.columns,
  };
}
