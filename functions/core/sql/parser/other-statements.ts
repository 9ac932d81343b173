import type { OtherStatement } from '../ast/index.ts';
import { parseBlock, startsBlock } from './blocks.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseAlter, parseCreate, parseDrop } from './ddl.ts';
import { parseExpression } from './expression.ts';
import { tableArguments } from './from.ts';
import { parsePath } from './names.ts';
import { parseQuery } from './query.ts';
import {
  atStatementEnd,
  beginDraft,
  type Draft,
  finish,
  noted,
  noteTables,
  passOptions,
  passParentheses,
  passRest,
  takeObject,
} from './statement-parts.ts';
import { parseType } from './types.ts';

type Reader = (cursor: Cursor, draft: Draft) => void;
type Entry = readonly [words: readonly string[], statementType: string, googleKind: string, read: Reader];

const nothing: Reader = () => {};

const expression: Reader = (cursor, draft) => {
  noted(cursor, draft, parseExpression);
};

const optionalName: Reader = (cursor) => {
  if (cursor.isName()) cursor.name();
};

const optionalTransaction: Reader = (cursor) => {
  cursor.takeWord('TRANSACTION');
};

/** Statements by their first words; the first entry that fits is the one. */
const entries: readonly Entry[] = [
  [['TRUNCATE', 'TABLE'], 'TRUNCATE_TABLE', 'TruncateStatement', truncate],
  [['EXPORT', 'MODEL'], 'EXPORT_MODEL', 'ExportModelStatement', exportModel],
  [['LOAD', 'DATA'], 'LOAD_DATA', 'AuxLoadDataStatement', loadData],
  [['CALL'], 'CALL', 'CallStatement', call],
  [['EXECUTE', 'IMMEDIATE'], 'EXECUTE_IMMEDIATE', 'ExecuteImmediateStatement', executeImmediate],
  [['BEGIN'], 'BEGIN_TRANSACTION', 'BeginStatement', optionalTransaction],
  [['COMMIT'], 'COMMIT_TRANSACTION', 'CommitStatement', optionalTransaction],
  [['ROLLBACK'], 'ROLLBACK_TRANSACTION', 'RollbackStatement', optionalTransaction],
  [['DECLARE'], 'DECLARE', 'VariableDeclaration', declare],
  [['GRANT'], 'GRANT', 'GrantStatement', grant],
  [['REVOKE'], 'REVOKE', 'RevokeStatement', grant],
  [['ASSERT'], 'ASSERT', 'AssertStatement', assert],
  [['RAISE'], 'RAISE', 'RaiseStatement', raise],
  [['RETURN'], 'RETURN', 'ReturnStatement', nothing],
  [['BREAK'], 'BREAK', 'BreakStatement', optionalName],
  [['LEAVE'], 'LEAVE', 'BreakStatement', optionalName],
  [['CONTINUE'], 'CONTINUE', 'ContinueStatement', optionalName],
  [['ITERATE'], 'ITERATE', 'ContinueStatement', optionalName],
  [['UNDROP', 'SCHEMA'], 'UNDROP_SCHEMA', 'UndropStatement', undrop],
];

/** GoogleSQL has these and BigQuery does not, or they read a graph. */
const foreignWords: ReadonlySet<string> = new Set([
  'ANALYZE',
  'CLONE',
  'DEFINE',
  'DESC',
  'DESCRIBE',
  'EXPLAIN',
  'EXPORT',
  'GRAPH',
  'IMPORT',
  'MODULE',
  'RENAME',
  'RUN',
  'SHOW',
  'START',
  'ABORT',
  'TABLE',
  'UNDROP',
]);

/** Any statement that is no query and no DML. */
export function parseOtherStatement(cursor: Cursor): OtherStatement {
  if (startsBlock(cursor)) return parseBlock(cursor);
  switch (cursor.token.word) {
    case 'CREATE':
      return parseCreate(cursor);
    case 'DROP':
      return parseDrop(cursor);
    case 'ALTER':
      return parseAlter(cursor);
    case 'SET':
      return parseSet(cursor);
    default:
  }
  if (cursor.areWords('EXPORT', 'DATA')) return exportData(cursor);
  const draft = beginDraft(cursor);
  const entry = entries.find(([words]) => cursor.takeWords(...words));
  if (entry !== undefined) {
    const [, statementType, googleKind, read] = entry;
    read(cursor, draft);
    return finish(cursor, draft, { statementType, googleKind });
  }
  return foreignWords.has(cursor.token.word) ? cursor.unsupported(cursor.token.word) : cursor.unexpected();
}

function truncate(cursor: Cursor, draft: Draft): void {
  takeObject(cursor, draft, 'TruncateStatement');
  if (cursor.takeWord('WHERE')) noted(cursor, draft, parseExpression);
}

function undrop(cursor: Cursor, draft: Draft): void {
  cursor.takeWords('IF', 'NOT', 'EXISTS');
  takeObject(cursor, draft, 'UndropStatement');
  if (cursor.isWord('OPTIONS')) passOptions(cursor, draft);
}

function exportModel(cursor: Cursor, draft: Draft): void {
  takeObject(cursor, draft, 'ExportModelStatement');
  connectionAndOptions(cursor, draft);
}

function connectionAndOptions(cursor: Cursor, draft: Draft): void {
  if (cursor.takeWords('WITH', 'CONNECTION') && !cursor.takeWord('DEFAULT')) {
    takeObject(cursor, draft, 'ConnectionClause');
  }
  if (cursor.isWord('OPTIONS')) passOptions(cursor, draft);
}

function exportData(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  cursor.takeWords('EXPORT', 'DATA');
  connectionAndOptions(cursor, draft);
  cursor.expectWord('AS');
  const { index } = cursor;
  const query = parseQuery(cursor);
  return finish(
    cursor,
    draft,
    { statementType: 'EXPORT_DATA', googleKind: 'ExportDataStatement' },
    { query, index },
  );
}

function loadData(cursor: Cursor, draft: Draft): void {
  if (!cursor.takeWord('OVERWRITE')) cursor.expectWord('INTO');
  if (cursor.areWords('TEMP', 'TABLE') || cursor.areWords('TEMPORARY', 'TABLE')) {
    cursor.advance();
    cursor.advance();
  }
  takeObject(cursor, draft, 'AuxLoadDataStatement');
  passRest(cursor, draft);
}

function call(cursor: Cursor, draft: Draft): void {
  takeObject(cursor, draft, 'CallStatement');
  for (const argument of tableArguments(cursor)) noteTables(draft, argument);
}

function executeImmediate(cursor: Cursor, draft: Draft): void {
  noted(cursor, draft, parseExpression);
  if (cursor.takeWord('INTO')) commaList(cursor, (at) => at.name());
  if (!cursor.takeWord('USING')) return;
  commaList(cursor, (at) => {
    noted(at, draft, parseExpression);
    if (at.takeWord('AS')) at.name();
  });
}

function declare(cursor: Cursor, draft: Draft): void {
  commaList(cursor, (at) => at.name());
  if (!cursor.isWord('DEFAULT')) parseType(cursor);
  if (cursor.takeWord('DEFAULT')) noted(cursor, draft, parseExpression);
}

/** `GRANT roles ON kind name TO people`; REVOKE says FROM. */
function grant(cursor: Cursor, draft: Draft): void {
  while (!cursor.isWord('ON')) {
    if (atStatementEnd(cursor) || cursor.isOp(')')) cursor.expectWord('ON');
    if (cursor.isOp('(')) passParentheses(cursor, draft);
    else cursor.advance();
  }
  cursor.expectWord('ON');
  if (cursor.isWord('EXTERNAL') || cursor.isWord('MATERIALIZED')) cursor.advance();
  if (cursor.isName() && cursor.isName(cursor.peek(1))) cursor.name();
  takeObject(cursor, draft, 'GrantStatement');
  if (!cursor.takeWord('TO')) cursor.expectWord('FROM');
  passRest(cursor, draft);
}

function assert(cursor: Cursor, draft: Draft): void {
  expression(cursor, draft);
  if (cursor.takeWord('AS') && cursor.advance().kind !== 'string')
    cursor.fail('ASSERT wants a string literal after AS');
}

function raise(cursor: Cursor, draft: Draft): void {
  if (!cursor.takeWord('USING')) return;
  cursor.expectWord('MESSAGE');
  cursor.expectOp('=');
  expression(cursor, draft);
}

/** `SET x = 1`, `SET (x, y) = (1, 2)`, `SET @@time_zone = 'UTC'` */
function parseSet(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  cursor.expectWord('SET');
  const googleKind = setTarget(cursor);
  cursor.expectOp('=');
  expression(cursor, draft);
  return finish(cursor, draft, { statementType: 'SET', googleKind });
}

function setTarget(cursor: Cursor): string {
  if (cursor.takeOp('@@')) {
    parsePath(cursor);
    return 'SystemVariableAssignment';
  }
  if (cursor.isOp('@')) cursor.unsupported('SET of a parameter');
  if (!cursor.takeOp('(')) {
    cursor.name();
    return 'SingleAssignment';
  }
  commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return 'AssignmentFromStruct';
}
