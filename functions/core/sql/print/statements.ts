import type { Statement } from '../ast/index.ts';
import { printDml } from './dml.ts';
import { printCreate } from './create.ts';
import { printCreateGraph } from './graph/create.ts';
import { printHint } from './hints.ts';
import { type Layout, outermost } from './layout.ts';
import { printOperators } from './pipes.ts';
import { printQuery } from './queries.ts';
import { printScriptStatement } from './script.ts';
import { Unprintable } from './unprintable.ts';

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
    case 'OtherStatement':
      if (statement.text === undefined) throw new Unprintable(statement.statementType);
      if (statement.query === undefined) return statement.text;
      return `${statement.text}${layout.newline}${printQuery(statement.query, layout)}`;
  }
}
