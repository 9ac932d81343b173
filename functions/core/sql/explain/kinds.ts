import type { Statement } from '../ast/index.ts';

/** GoogleSQL's parser node of a statement, without its `AST`. */
export const googleKind = (statement: Statement): string =>
  statement.kind === 'OtherStatement' ? statement.googleKind : statement.kind;

/** BigQuery's word for a statement, as in `statistics.query.statementType` of a job. */
export function statementType(statement: Statement): string {
  switch (statement.kind) {
    case 'QueryStatement':
      return 'SELECT';
    case 'InsertStatement':
      return 'INSERT';
    case 'UpdateStatement':
      return 'UPDATE';
    case 'DeleteStatement':
      return 'DELETE';
    case 'MergeStatement':
      return 'MERGE';
    case 'CreatePropertyGraphStatement':
      return 'CREATE_PROPERTY_GRAPH';
    case 'CreatePropertyGraphTypeStatement':
      return 'CREATE_PROPERTY_GRAPH_TYPE';
    case 'OtherStatement':
      return statement.statementType;
  }
}
