import type { AnswerStatement } from '../../corpus/oracle-answer.ts';

/** BigQuery's word for the node that GoogleSQL resolved a statement to (statistics.query.statementType). */
const byResolved: Readonly<Record<string, string>> = {
  QueryStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  TruncateStmt: 'TRUNCATE_TABLE',
  CreateTableStmt: 'CREATE_TABLE',
  CreateTableAsSelectStmt: 'CREATE_TABLE_AS_SELECT',
  CreateViewStmt: 'CREATE_VIEW',
  CreateMaterializedViewStmt: 'CREATE_MATERIALIZED_VIEW',
  CreateFunctionStmt: 'CREATE_FUNCTION',
  CreateTableFunctionStmt: 'CREATE_TABLE_FUNCTION',
  CreateProcedureStmt: 'CREATE_PROCEDURE',
  CreateSchemaStmt: 'CREATE_SCHEMA',
  CreateExternalTableStmt: 'CREATE_EXTERNAL_TABLE',
  CreateSnapshotTableStmt: 'CREATE_SNAPSHOT_TABLE',
  CreateRowAccessPolicyStmt: 'CREATE_ROW_ACCESS_POLICY',
  CreateModelStmt: 'CREATE_MODEL',
  CreateIndexStmt: 'CREATE_SEARCH_INDEX',
  DropFunctionStmt: 'DROP_FUNCTION',
  DropTableFunctionStmt: 'DROP_TABLE_FUNCTION',
  DropMaterializedViewStmt: 'DROP_MATERIALIZED_VIEW',
  DropSnapshotTableStmt: 'DROP_SNAPSHOT_TABLE',
  DropRowAccessPolicyStmt: 'DROP_ROW_ACCESS_POLICY',
  DropIndexStmt: 'DROP_SEARCH_INDEX',
  AlterTableStmt: 'ALTER_TABLE',
  AlterTableSetOptionsStmt: 'ALTER_TABLE',
  AlterViewStmt: 'ALTER_VIEW',
  AlterMaterializedViewStmt: 'ALTER_MATERIALIZED_VIEW',
  AlterSchemaStmt: 'ALTER_SCHEMA',
  AlterDatabaseStmt: 'ALTER_SCHEMA',
  RenameStmt: 'ALTER_TABLE',
  ExportDataStmt: 'EXPORT_DATA',
  ExportModelStmt: 'EXPORT_MODEL',
  AuxLoadDataStmt: 'LOAD_DATA',
  CallStmt: 'CALL',
  AssertStmt: 'ASSERT',
  GrantStmt: 'GRANT',
  RevokeStmt: 'REVOKE',
};

/** Statements that alone already are a script. */
const scripts: ReadonlySet<string> = new Set([
  'BeginEndBlock',
  'IfStatement',
  'CaseStatement',
  'WhileStatement',
  'RepeatStatement',
  'ForInStatement',
  'VariableDeclaration',
  'SingleAssignment',
  'AssignmentFromStruct',
  'SystemVariableAssignment',
  'ExecuteImmediateStatement',
  'BeginStatement',
  'CommitStatement',
  'RollbackStatement',
  'RaiseStatement',
  'ReturnStatement',
]);

/** The statement type of a text; undefined for one that BigQuery has no word for. */
export function statementTypeOf(statements: readonly AnswerStatement[], text: string): string | undefined {
  const [first] = statements;
  if (first === undefined) return undefined;
  if (statements.length > 1 || scripts.has(first.kind)) return 'SCRIPT';
  if (first.resolvedKind === 'DropStmt') return dropType(text.slice(first.start));
  return byResolved[first.resolvedKind ?? ''];
}

function dropType(text: string): string | undefined {
  const words = /^\s*DROP\s+(EXTERNAL\s+TABLE|TABLE|VIEW|SCHEMA|MODEL|PROCEDURE)\b/i.exec(text)?.[1];
  return words && `DROP_${words.toUpperCase().replace(/\s+/, '_')}`;
}

/** Statements that change tables or their data. */
export const isDml = (type: string): boolean =>
  type === 'INSERT' ||
  type === 'UPDATE' ||
  type === 'DELETE' ||
  type === 'MERGE' ||
  type === 'TRUNCATE_TABLE';
