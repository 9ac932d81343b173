import type { CreateStatement } from './create.ts';
import type { Expression } from './expressions.ts';
import type { Query } from './queries.ts';
import type { ParameterType, RoutineParameter } from './routines.ts';
import type { Statement } from './statements.ts';

/**
 * The query that a CREATE statement stores or runs: of a table, a view, a table function, a model. A model
 * of several queries has no single one: `definedQueries` gives them all.
 */
export function definedQuery(statement: CreateStatement): Query | undefined {
  const queries = definedQueries(statement);
  return queries.length === 1 ? queries[0] : undefined;
}

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

/** The block of a SQL procedure; one in another language has none. */
export const procedureBody = (statement: CreateStatement): Statement | undefined =>
  statement.kind === 'CreateProcedureStatement' ? statement.body : undefined;

/** The parameters of a function, table function or procedure, in the order of the text. */
export function routineParameters(statement: CreateStatement): readonly RoutineParameter[] {
  switch (statement.kind) {
    case 'CreateFunctionStatement':
    case 'CreateTableFunctionStatement':
    case 'CreateProcedureStatement':
      return statement.parameters;
    default:
      return [];
  }
}

/** The declared result of a function or table function; none where it follows from the body. */
export function routineResult(statement: CreateStatement): ParameterType | undefined {
  switch (statement.kind) {
    case 'CreateFunctionStatement':
    case 'CreateTableFunctionStatement':
      return statement.returns;
    default:
      return undefined;
  }
}

/** What a routine is written in: `SQL`, or the language's name in upper case, or `REMOTE` behind a connection. */
export function routineLanguage(statement: CreateStatement): string | undefined {
  switch (statement.kind) {
    case 'CreateFunctionStatement':
      if (statement.remote || (statement.connection !== undefined && statement.language === undefined)) {
        return 'REMOTE';
      }
      return statement.language?.name.toUpperCase() ?? 'SQL';
    case 'CreateTableFunctionStatement':
    case 'CreateProcedureStatement':
      return statement.language?.name.toUpperCase() ?? 'SQL';
    default:
      return undefined;
  }
}
