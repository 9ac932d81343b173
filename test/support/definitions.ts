import { definedQueries } from '../../functions/core/sql/ast/definitions.ts';
import type {
  CreateStatement,
  ParameterType,
  Query,
  RoutineParameter,
  Statement,
} from '../../functions/core/sql/ast/index.ts';

/**
 * The query that a CREATE statement stores or runs: of a table, a view, a table function, a model. A model
 * of several queries has no single one: `definedQueries` gives them all.
 */
export function definedQuery(statement: CreateStatement): Query | undefined {
  const queries = definedQueries(statement);
  return queries.length === 1 ? queries[0] : undefined;
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
