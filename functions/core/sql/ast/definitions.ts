import type { CreateStatement } from './create.ts';
import type { Expression } from './expressions.ts';
import type { Query } from './queries.ts';
import type { Statement } from './statements.ts';

/** Every query that a CREATE statement stores or runs, in the order of the text. */
export function definedQueries(statement: CreateStatement): readonly Query[] {
  if ('queries' in statement && statement.queries !== undefined) {
    return statement.queries.map(({ query }) => query);
  }
  return 'query' in statement && statement.query !== undefined ? [statement.query] : [];
}

/**
 * The expression that a statement stores: the body of a SQL function, the value of a constant, the filter of
 * a row access policy.
 */
export function definedExpression(statement: CreateStatement): Expression | undefined {
  switch (statement.kind) {
    case 'CreateFunctionStatement':
      return statement.body;
    case 'CreateConstantStatement':
      return statement.value;
    case 'CreateRowAccessPolicyStatement':
      return statement.filter;
    default:
      return undefined;
  }
}

/** The query whose result a statement writes or exports. */
export function writtenQuery(statement: Statement): Query | undefined {
  return 'query' in statement && statement.kind !== 'ForInStatement' ? statement.query : undefined;
}
