import type { AccessStatement } from './access.ts';
import type { AlterStatement } from './alter.ts';
import type { CreateStatement } from './create.ts';
import type { DataStatement } from './data.ts';
import type { DmlStatement } from './dml.ts';
import type { DropFamilyStatement } from './drop.ts';
import type { ScriptStatement } from './script.ts';
import type { Statement } from './statements.ts';
import type { UtilityStatement } from './utility.ts';

type Kinded = { readonly kind: string };

/** The records are complete by their types: a new kind does not compile until it stands in its family. */
const scriptKinds: Readonly<Record<ScriptStatement['kind'], true>> = {
  BeginEndBlock: true,
  IfStatement: true,
  CaseStatement: true,
  WhileStatement: true,
  RepeatStatement: true,
  ForInStatement: true,
  BreakStatement: true,
  ContinueStatement: true,
  ReturnStatement: true,
  RaiseStatement: true,
  VariableDeclaration: true,
  SingleAssignment: true,
  AssignmentFromStruct: true,
  SystemVariableAssignment: true,
  ParameterAssignment: true,
  BeginStatement: true,
  SetTransactionStatement: true,
  CommitStatement: true,
  RollbackStatement: true,
  CallStatement: true,
  ExecuteImmediateStatement: true,
  AssertStatement: true,
};

/** Statements of the procedural language, blocks among them. */
export const isScript = (statement: Kinded): statement is ScriptStatement =>
  Object.hasOwn(scriptKinds, statement.kind);

const createKinds: Readonly<Record<CreateStatement['kind'], true>> = {
  CreateTableStatement: true,
  CreateLiveTableStatement: true,
  CreateExternalTableStatement: true,
  CreateSnapshotTableStatement: true,
  CreateSnapshotStatement: true,
  CreateViewStatement: true,
  CreateApproxViewStatement: true,
  CreateMaterializedViewStatement: true,
  CreateFunctionStatement: true,
  CreateTableFunctionStatement: true,
  CreateProcedureStatement: true,
  CreateModelStatement: true,
  CreateIndexStatement: true,
  CreateSchemaStatement: true,
  CreateExternalSchemaStatement: true,
  CreateConnectionStatement: true,
  CreateDatabaseStatement: true,
  CreateLocalityGroupStatement: true,
  CreateSequenceStatement: true,
  CreateConstantStatement: true,
  CreateRowAccessPolicyStatement: true,
  CreatePrivilegeRestrictionStatement: true,
  CreateEntityStatement: true,
};

const dropKinds: Readonly<Record<DropFamilyStatement['kind'], true>> = {
  DropStatement: true,
  DropFunctionStatement: true,
  DropTableFunctionStatement: true,
  DropSnapshotTableStatement: true,
  DropMaterializedViewStatement: true,
  DropAiIndexStatement: true,
  DropSearchIndexStatement: true,
  DropVectorIndexStatement: true,
  DropRowAccessPolicyStatement: true,
  DropAllRowAccessPoliciesStatement: true,
  DropPrivilegeRestrictionStatement: true,
  DropEntityStatement: true,
  UndropStatement: true,
};

const alterKinds: Readonly<Record<AlterStatement['kind'], true>> = {
  AlterApproxViewStatement: true,
  AlterConnectionStatement: true,
  AlterDatabaseStatement: true,
  AlterExternalSchemaStatement: true,
  AlterMaterializedViewStatement: true,
  AlterModelStatement: true,
  AlterSchemaStatement: true,
  AlterSequenceStatement: true,
  AlterTableStatement: true,
  AlterViewStatement: true,
  AlterIndexStatement: true,
  AlterEntityStatement: true,
  AlterRowAccessPolicyStatement: true,
  AlterAllRowAccessPoliciesStatement: true,
  AlterPrivilegeRestrictionStatement: true,
};

const accessKinds: Readonly<Record<AccessStatement['kind'], true>> = {
  GrantStatement: true,
  RevokeStatement: true,
};

const dataKinds: Readonly<Record<DataStatement['kind'], true>> = {
  TruncateStatement: true,
  ExportDataStatement: true,
  ExportModelStatement: true,
  ExportMetadataStatement: true,
  AuxLoadDataStatement: true,
  CloneDataStatement: true,
};

const utilityKinds: Readonly<Record<UtilityStatement['kind'], true>> = {
  ExplainStatement: true,
  DescribeStatement: true,
  ShowStatement: true,
  AnalyzeStatement: true,
  StartBatchStatement: true,
  RunBatchStatement: true,
  AbortBatchStatement: true,
  RunStatement: true,
  RenameStatement: true,
  ImportStatement: true,
  ModuleStatement: true,
  DefineTableStatement: true,
};

const dmlKinds: Readonly<Record<DmlStatement['kind'], true>> = {
  InsertStatement: true,
  UpdateStatement: true,
  DeleteStatement: true,
  MergeStatement: true,
};

export const statementKinds: Readonly<Record<Statement['kind'], true>> = {
  QueryStatement: true,
  HintedStatement: true,
  CreatePropertyGraphStatement: true,
  CreatePropertyGraphTypeStatement: true,
  SubpipelineStatement: true,
  StatementWithPipeOperators: true,
  ...createKinds,
  ...dropKinds,
  ...alterKinds,
  ...accessKinds,
  ...dataKinds,
  ...utilityKinds,
  ...dmlKinds,
  ...scriptKinds,
};

/** CREATE of anything but a property graph. */
export const isCreate = (node: Kinded): node is CreateStatement => Object.hasOwn(createKinds, node.kind);

/** DROP and UNDROP. */
export const isDrop = (node: Kinded): node is DropFamilyStatement => Object.hasOwn(dropKinds, node.kind);

/** ALTER. */
export const isAlter = (node: Kinded): node is AlterStatement => Object.hasOwn(alterKinds, node.kind);

/** GRANT and REVOKE. */
export const isAccess = (node: Kinded): node is AccessStatement => Object.hasOwn(accessKinds, node.kind);

/** Statements that move or remove data whole. */
export const isData = (node: Kinded): node is DataStatement => Object.hasOwn(dataKinds, node.kind);

/** Statements about other statements, or of other engines. */
export const isUtility = (node: Kinded): node is UtilityStatement => Object.hasOwn(utilityKinds, node.kind);

/** INSERT, UPDATE, DELETE and MERGE. */
export const isDml = (node: Kinded): node is DmlStatement => Object.hasOwn(dmlKinds, node.kind);
