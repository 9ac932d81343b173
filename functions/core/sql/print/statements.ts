import type {
  DeleteStatement,
  InsertStatement,
  MergeStatement,
  Statement,
  UpdateStatement,
} from '../ast/index.ts';
import { printAny, printList, printName, printPath } from './expressions.ts';
import { printCreate } from './create.ts';
import { printCreateGraph } from './graph/create.ts';
import { printHint } from './hints.ts';
import { type Layout, outermost } from './layout.ts';
import { printOperators } from './pipes.ts';
import { printQuery } from './queries.ts';
import { printScriptStatement } from './script.ts';
import { printFrom, printTable } from './tables.ts';
import { Unprintable } from './unprintable.ts';

/** One statement, without its `;`. */
export function printStatementIn(statement: Statement, layout: Layout = outermost): string {
  switch (statement.kind) {
    case 'QueryStatement':
      return printQuery(statement.query, layout);
    case 'InsertStatement':
      return printInsert(statement, layout);
    case 'UpdateStatement':
      return printUpdate(statement, layout);
    case 'DeleteStatement':
      return printDelete(statement, layout);
    case 'MergeStatement':
      return printMerge(statement, layout);
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

function printInsert(node: InsertStatement, layout: Layout): string {
  const columns = node.columns.length === 0 ? '' : ` (${node.columns.map(printName).join(', ')})`;
  const start = `INSERT INTO ${printPath(node.target)}${columns}${layout.newline}`;
  if (node.query !== undefined) return start + printQuery(node.query, layout);
  // in a pipe the rows come from there
  if (node.rows === undefined) return start.trimEnd();
  const rows = node.rows.map((row) => `(${printList(row, layout)})`);
  return `${start}VALUES ${rows.join(`,${layout.newline}`)}`;
}

const aliasText = ({ alias }: Pick<DeleteStatement, 'alias'>): string =>
  alias === undefined ? '' : ` AS ${printName(alias)}`;

function printUpdate(node: UpdateStatement, layout: Layout): string {
  const items = node.items.map(({ target, value }) => `${printPath(target)} = ${printAny(value, layout)}`);
  const lines = [`UPDATE ${printPath(node.target)}${aliasText(node)}`, `SET ${items.join(', ')}`];
  if (node.from !== undefined) lines.push(printFrom(node.from, layout));
  if (node.where !== undefined) lines.push(`WHERE ${printAny(node.where, layout)}`);
  return lines.join(layout.newline);
}

function printDelete(node: DeleteStatement, layout: Layout): string {
  const start = `DELETE FROM ${printPath(node.target)}${aliasText(node)}`;
  return node.where === undefined ? start : `${start}${layout.newline}WHERE ${printAny(node.where, layout)}`;
}

const matchedText = {
  MATCHED: 'MATCHED',
  NOT_MATCHED_BY_TARGET: 'NOT MATCHED BY TARGET',
  NOT_MATCHED_BY_SOURCE: 'NOT MATCHED BY SOURCE',
} as const;

function printMerge(node: MergeStatement, layout: Layout): string {
  const lines = [
    `MERGE INTO ${printPath(node.target)}${aliasText(node)}`,
    `USING ${printTable(node.source, layout)}`,
    `ON ${printAny(node.on, layout)}`,
  ];
  for (const clause of node.clauses) {
    const condition = clause.condition === undefined ? '' : ` AND ${printAny(clause.condition, layout)}`;
    lines.push(`WHEN ${matchedText[clause.matched]}${condition} THEN ${printAction(clause, layout)}`);
  }
  return lines.join(layout.newline);
}

function printAction(clause: MergeStatement['clauses'][number], layout: Layout): string {
  const columns = clause.columns.map(printName);
  switch (clause.action) {
    case 'DELETE':
      return 'DELETE';
    case 'UPDATE': {
      const items = columns.map((column, index) => `${column} = ${printAny(clause.values[index]!, layout)}`);
      return `UPDATE SET ${items.join(', ')}`;
    }
    case 'INSERT': {
      const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
      return clause.values.length === 0
        ? `INSERT${list} ROW`
        : `INSERT${list} VALUES (${printList(clause.values, layout)})`;
    }
  }
}
