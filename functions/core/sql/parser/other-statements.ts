import type { OtherStatement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseAlter, parseDrop } from './ddl.ts';
import { parseExpression } from './expression.ts';
import { parseQuery } from './query.ts';
import {
  atStatementEnd,
  beginDraft,
  type Draft,
  finish,
  noted,
  passOptions,
  passParentheses,
  passRest,
  takeObject,
} from './statement-parts.ts';

type Reader = (cursor: Cursor, draft: Draft) => void;
type Entry = readonly [words: readonly string[], statementType: string, googleKind: string, read: Reader];

/** Statements by their first words; the first entry that fits is the one. */
const entries: readonly Entry[] = [
  [['TRUNCATE', 'TABLE'], 'TRUNCATE_TABLE', 'TruncateStatement', truncate],
  [['EXPORT', 'MODEL'], 'EXPORT_MODEL', 'ExportModelStatement', exportModel],
  [['LOAD', 'DATA'], 'LOAD_DATA', 'AuxLoadDataStatement', loadData],
  [['GRANT'], 'GRANT', 'GrantStatement', grant],
  [['REVOKE'], 'REVOKE', 'RevokeStatement', grant],
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
  switch (cursor.token.word) {
    case 'DROP':
      return parseDrop(cursor);
    case 'ALTER':
      return parseAlter(cursor);
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
