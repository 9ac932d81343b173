import type { Statement } from '../ast/index.ts';
import { createType } from './create-types.ts';

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
    case 'CreateTableStatement':
    case 'CreateLiveTableStatement':
    case 'CreateExternalTableStatement':
    case 'CreateSnapshotTableStatement':
    case 'CreateSnapshotStatement':
    case 'CreateViewStatement':
    case 'CreateApproxViewStatement':
    case 'CreateMaterializedViewStatement':
    case 'CreateFunctionStatement':
    case 'CreateTableFunctionStatement':
    case 'CreateProcedureStatement':
    case 'CreateModelStatement':
    case 'CreateIndexStatement':
    case 'CreateSchemaStatement':
    case 'CreateExternalSchemaStatement':
    case 'CreateConnectionStatement':
    case 'CreateDatabaseStatement':
    case 'CreateLocalityGroupStatement':
    case 'CreateSequenceStatement':
    case 'CreateConstantStatement':
    case 'CreateRowAccessPolicyStatement':
    case 'CreatePrivilegeRestrictionStatement':
    case 'CreateEntityStatement':
      return createType(statement);
    case 'OtherStatement':
      return statement.statementType;
  }
}
