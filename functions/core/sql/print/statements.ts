import type { Statement } from '../ast/index.ts';
import { printAccess } from './access.ts';
import { printAlter } from './alter.ts';
import { printCreate } from './create.ts';
import { printData } from './data.ts';
import { printDml } from './dml.ts';
import { printDrop } from './drop.ts';
import { printCreateGraph } from './graph/create.ts';
import { printHint } from './hints.ts';
import { type Layout, outermost } from './layout.ts';
import { printOperators } from './pipes.ts';
import { printQuery } from './queries.ts';
import { printScriptStatement } from './script.ts';
import { printUtility } from './utility.ts';

/** One statement, without its `;`. */
export function printStatementIn(statement: Statement, layout: Layout = outermost): string {
  switch (statement.kind) {
    case 'QueryStatement':
      return printQuery(statement.query, layout);
    case 'InsertStatement':
    case 'UpdateStatement':
    case 'DeleteStatement':
    case 'MergeStatement':
      return printDml(statement, layout);
    case 'SubpipelineStatement':
      return printOperators(statement.pipeline.pipes, layout);
    case 'StatementWithPipeOperators': {
      const operators = printStatementIn(statement.suffix, layout);
      return `${printStatementIn(statement.statement, layout)}${layout.newline}${operators}`;
    }
    case 'CreatePropertyGraphStatement':
    case 'CreatePropertyGraphTypeStatement':
      return printCreateGraph(statement, layout);
    case 'BeginEndBlock':
    case 'IfStatement':
    case 'CaseStatement':
    case 'WhileStatement':
    case 'RepeatStatement':
    case 'ForInStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ReturnStatement':
    case 'RaiseStatement':
    case 'VariableDeclaration':
    case 'SingleAssignment':
    case 'AssignmentFromStruct':
    case 'SystemVariableAssignment':
    case 'ParameterAssignment':
    case 'BeginStatement':
    case 'SetTransactionStatement':
    case 'CommitStatement':
    case 'RollbackStatement':
    case 'CallStatement':
    case 'ExecuteImmediateStatement':
    case 'AssertStatement':
      return printScriptStatement(statement, layout);
    case 'HintedStatement':
      return `${printHint(statement.hint, layout)}${layout.newline}${printStatementIn(statement.statement, layout)}`;
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
      return printCreate(statement, layout);
    case 'DropStatement':
    case 'DropFunctionStatement':
    case 'DropTableFunctionStatement':
    case 'DropSnapshotTableStatement':
    case 'DropMaterializedViewStatement':
    case 'DropAiIndexStatement':
    case 'DropSearchIndexStatement':
    case 'DropVectorIndexStatement':
    case 'DropRowAccessPolicyStatement':
    case 'DropAllRowAccessPoliciesStatement':
    case 'DropPrivilegeRestrictionStatement':
    case 'DropEntityStatement':
    case 'UndropStatement':
      return printDrop(statement, layout);
    case 'AlterApproxViewStatement':
    case 'AlterConnectionStatement':
    case 'AlterDatabaseStatement':
    case 'AlterExternalSchemaStatement':
    case 'AlterMaterializedViewStatement':
    case 'AlterModelStatement':
    case 'AlterSchemaStatement':
    case 'AlterSequenceStatement':
    case 'AlterTableStatement':
    case 'AlterViewStatement':
    case 'AlterIndexStatement':
    case 'AlterEntityStatement':
    case 'AlterRowAccessPolicyStatement':
    case 'AlterAllRowAccessPoliciesStatement':
    case 'AlterPrivilegeRestrictionStatement':
      return printAlter(statement, layout);
    case 'GrantStatement':
    case 'RevokeStatement':
      return printAccess(statement, layout);
    case 'TruncateStatement':
    case 'ExportDataStatement':
    case 'ExportModelStatement':
    case 'ExportMetadataStatement':
    case 'AuxLoadDataStatement':
    case 'CloneDataStatement':
      return printData(statement, layout);
    case 'ExplainStatement':
    case 'DescribeStatement':
    case 'ShowStatement':
    case 'AnalyzeStatement':
    case 'StartBatchStatement':
    case 'RunBatchStatement':
    case 'AbortBatchStatement':
    case 'RunStatement':
    case 'RenameStatement':
    case 'ImportStatement':
    case 'ModuleStatement':
    case 'DefineTableStatement':
      return printUtility(statement, layout);
  }
}
