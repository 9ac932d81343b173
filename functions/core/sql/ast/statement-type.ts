import { createType } from './create-types.ts';
import { alterType, dataType, dropType } from './ddl-types.ts';
import { isAlter, isCreate, isData, isDrop, isUtility } from './statement-kinds.ts';
import type { Statement } from './statements.ts';

/** BigQuery's word for a statement, as in `statistics.query.statementType` of a job. */
export function statementType(statement: Statement): string {
  if (isCreate(statement)) return createType(statement);
  if (isDrop(statement)) return dropType(statement);
  if (isAlter(statement)) return alterType(statement);
  if (isData(statement) || isUtility(statement)) return dataType(statement);
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
    case 'SubpipelineStatement':
      return 'SELECT';
    case 'StatementWithPipeOperators':
      return statementType(statement.statement);
    case 'CreatePropertyGraphStatement':
      return 'CREATE_PROPERTY_GRAPH';
    case 'CreatePropertyGraphTypeStatement':
      return 'CREATE_PROPERTY_GRAPH_TYPE';
    case 'BeginEndBlock':
    case 'IfStatement':
    case 'CaseStatement':
    case 'WhileStatement':
    case 'RepeatStatement':
    case 'ForInStatement':
      return 'SCRIPT';
    case 'BreakStatement':
    case 'ContinueStatement':
      return statement.word;
    case 'ReturnStatement':
      return 'RETURN';
    case 'RaiseStatement':
      return 'RAISE';
    case 'VariableDeclaration':
      return 'DECLARE';
    case 'SingleAssignment':
    case 'AssignmentFromStruct':
    case 'SystemVariableAssignment':
    case 'ParameterAssignment':
      return 'SET';
    case 'SetTransactionStatement':
      return 'SET_TRANSACTION';
    case 'BeginStatement':
      return 'BEGIN_TRANSACTION';
    case 'CommitStatement':
      return 'COMMIT_TRANSACTION';
    case 'RollbackStatement':
      return 'ROLLBACK_TRANSACTION';
    case 'CallStatement':
      return 'CALL';
    case 'ExecuteImmediateStatement':
      return 'EXECUTE_IMMEDIATE';
    case 'AssertStatement':
      return 'ASSERT';
    case 'HintedStatement':
      return statementType(statement.statement);
    case 'GrantStatement':
      return 'GRANT';
    case 'RevokeStatement':
      return 'REVOKE';
  }
}
