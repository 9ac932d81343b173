import type { Expression, InsertStatement, OnConflict, Query } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parseExpressionOrDefault } from '../expression.ts';
import { given } from '../given.ts';
import { parseHint } from '../hints.ts';
import { parseQuery, startsQuery } from '../query.ts';
import { parseColumns, parseDmlTail, parseVersion, parseWhere } from './clauses.ts';
import { parseDmlTarget } from './targets.ts';
import { parseUpdateItems } from './update.ts';

/** `INSERT [INTO] t [(columns)] VALUES (...) | query` */
export function parseInsert(cursor: Cursor): InsertStatement {
  const { start } = cursor.expectWord('INSERT');
  const head = insertHead(cursor, true);
  const columns = cursor.isOp('(') && !opensQuery(cursor) ? parseColumns(cursor) : [];
  const source = insertSource(cursor);
  const tail = parseDmlTail(cursor);
  const parts = { ...head, columns, ...source, ...tail };
  return { kind: 'InsertStatement', span: cursor.spanFrom(start), ...parts };
}

/** INSERT after a pipe, which gives the rows. */
export function parsePipeInsert(cursor: Cursor): InsertStatement {
  const { start } = cursor.expectWord('INSERT');
  const head = insertHead(cursor, false);
  const columns = cursor.isOp('(') ? parseColumns(cursor) : [];
  const onConflict = cursor.isWord('ON') ? parseOnConflict(cursor) : undefined;
  const parts = { ...head, columns, ...given({ onConflict }), ...parseDmlTail(cursor) };
  return { kind: 'InsertStatement', span: cursor.spanFrom(start), ...parts };
}

function insertHead(cursor: Cursor, statement: boolean) {
  const mode = insertMode(cursor, statement);
  cursor.takeWord('INTO');
  const target = parseDmlTarget(cursor);
  const hint = parseHint(cursor);
  const version = parseVersion(cursor);
  return { target, ...given({ mode, hint, version }) };
}

const modeOf = (word: string): InsertStatement['mode'] =>
  word === 'IGNORE' || word === 'REPLACE' || word === 'UPDATE' ? word : undefined;

/** `OR UPDATE`, `UPDATE`; without OR the words that may be names are modes where a statement begins. */
function insertMode(cursor: Cursor, statement: boolean): InsertStatement['mode'] {
  const either = cursor.isWord('OR');
  const { word } = either ? cursor.peek(1) : cursor.token;
  const mode = modeOf(word);
  if (!either) {
    const next = cursor.peek(1);
    if (mode === undefined || next.op === '.' || next.op === '[') return undefined;
    if (mode !== 'IGNORE' && !statement) return undefined;
  }
  cursor.foreign(`INSERT ${either ? 'OR ' : ''}${mode ?? ''}`.trimEnd());
  cursor.takeWord('OR');
  if (mode === undefined) return failExpected(cursor, 'IGNORE', 'REPLACE', 'UPDATE');
  cursor.advance();
  return mode;
}

/** Whether the parentheses here hold a query and not a list of columns. */
function opensQuery(cursor: Cursor): boolean {
  let ahead = 1;
  while (cursor.peek(ahead).op === '(') ahead++;
  const { word } = cursor.peek(ahead);
  if (word === 'SELECT' || word === 'FROM' || word === 'WITH') return true;
  const next = cursor.peek(ahead + 1);
  return ahead > 1 || (word === 'TABLE' && next.op !== ',' && next.op !== ')');
}

function insertSource(cursor: Cursor): Pick<InsertStatement, 'rows' | 'query' | 'onConflict'> {
  if (cursor.takeWord('VALUES')) {
    const rows = commaList(cursor, valuesRow);
    return { rows, ...optionalConflict(cursor) };
  }
  const { op, match, word } = cursor.token;
  if (op !== '(' && word !== 'WITH' && word !== 'TABLE' && !startsQuery(cursor, 0)) cursor.unexpected();
  const query =
    op === '(' && cursor.peek(1).word === 'TABLE' ? tableInParentheses(cursor) : parseQuery(cursor);
  const closed = word === 'TABLE' || (op === '(' && match === cursor.index - 1);
  return { query, ...(closed ? optionalConflict(cursor) : {}) };
}

/** `(TABLE t)`: after the name of a table GoogleSQL takes TABLE for a column anywhere else. */
function tableInParentheses(cursor: Cursor): Query {
  const { start } = cursor.expectOp('(');
  const inside = parseQuery(cursor);
  cursor.expectOp(')');
  const span = cursor.spanFrom(start);
  return {
    kind: 'Query',
    span,
    body: { kind: 'ParenthesizedQuery', span, query: inside },
    orderBy: [],
    pipes: [],
  };
}

/** `(1, DEFAULT)` */
export function valuesRow(cursor: Cursor): Expression[] {
  cursor.expectOp('(');
  const row = commaList(cursor, parseExpressionOrDefault);
  closeList(cursor);
  return row;
}

const optionalConflict = (cursor: Cursor): { readonly onConflict?: OnConflict } =>
  cursor.isWord('ON') ? { onConflict: parseOnConflict(cursor) } : {};

function parseOnConflict(cursor: Cursor): OnConflict {
  const { start } = cursor.token;
  cursor.foreign('ON CONFLICT');
  cursor.expectWord('ON');
  cursor.expectWord('CONFLICT');
  const columns = cursor.isOp('(') ? parseColumns(cursor) : [];
  const constraint = columns.length === 0 && cursor.isWord('ON') ? uniqueConstraint(cursor) : undefined;
  if (!cursor.isWord('DO') && columns.length === 0 && constraint === undefined) {
    failExpected(cursor, '(', 'DO', 'ON');
  }
  cursor.expectWord('DO');
  const action = conflictAction(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'OnConflict', span, columns, ...given({ constraint }), ...action };
}

function uniqueConstraint(cursor: Cursor) {
  for (const word of ['ON', 'UNIQUE', 'CONSTRAINT']) cursor.expectWord(word);
  return cursor.name();
}

function conflictAction(cursor: Cursor): Pick<OnConflict, 'update' | 'where'> {
  if (cursor.takeWord('NOTHING')) return {};
  if (!cursor.isWord('UPDATE')) return failExpected(cursor, 'NOTHING', 'UPDATE');
  cursor.advance();
  cursor.expectWord('SET');
  const update = parseUpdateItems(cursor);
  return { update, ...given({ where: parseWhere(cursor) }) };
}
