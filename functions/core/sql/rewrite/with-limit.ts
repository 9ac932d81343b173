import type { Expression, Query } from '../ast/index.ts';

/**
 * The query with at most `rows` rows in its result, in the order it had. A smaller limit of its own stays.
 */
export function withLimit(query: Query, rows: number): Query {
  const limit: Expression = { kind: 'IntLiteral', span: query.span, text: String(rows), value: BigInt(rows) };
  const pipe = { kind: 'PipeLimit' as const, span: query.span, limit };
  if (query.pipes.length > 0 || query.body.kind === 'FromQuery')
    return { ...query, pipes: [...query.pipes, pipe] };
  if (query.limit === undefined) return { ...query, limit };
  if (query.limit.kind !== 'IntLiteral') return { ...query, pipes: [pipe] };
  return query.limit.value <= BigInt(rows) ? query : { ...query, limit };
}
