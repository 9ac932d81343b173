import type { OtherStatement } from '../ast/index.ts';
import { parseBlock } from './blocks.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { joinedStrings } from './literals.ts';
import { parsePath } from './names.ts';
import { parseQuery, startsQuery } from './query.ts';
import { alterKinds, createKinds, dropKinds, type StatementKind } from './statement-kinds.ts';
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

type Kinds = typeof createKinds;

/** They end the name of a kind of object of which this parser knows only the name. */
const secondWords: ReadonlySet<string> = new Set([
  'CONSTANT',
  'FUNCTION',
  'GRAPH',
  'INDEX',
  'POLICY',
  'SCHEMA',
  'TABLE',
  'VIEW',
]);

function takeKind(cursor: Cursor, kinds: Kinds, verb: string): StatementKind {
  const found = kinds.find(([words]) => cursor.takeWords(...words));
  if (found !== undefined) return found[1];
  if (cursor.token.kind !== 'word') return cursor.unexpected();
  const { word } = cursor.token;
  const second = cursor.peek(1).word;
  return cursor.unsupported(`${verb} ${secondWords.has(second) ? `${word} ${second}` : word}`);
}

const scopes: readonly string[] = ['TEMP', 'TEMPORARY'];

/** `CREATE [OR REPLACE] [TEMP] kind [IF NOT EXISTS] name ...` */
export function parseCreate(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  cursor.expectWord('CREATE');
  cursor.takeWords('OR', 'REPLACE');
  if (scopes.includes(cursor.token.word)) cursor.advance();
  if (cursor.areWords('MATERIALIZED', 'RECURSIVE')) cursor.unsupported('CREATE MATERIALIZED RECURSIVE VIEW');
  const kind = takeKind(cursor, createKinds, 'CREATE');
  cursor.takeWords('IF', 'NOT', 'EXISTS');
  takeObject(cursor, draft, createRole(kind));
  let tail: { query: ReturnType<typeof parseQuery>; index: number } | undefined;
  while (!atStatementEnd(cursor) && tail === undefined) tail = createClause(cursor, draft, kind);
  if (kind.statementType === 'CREATE_TABLE' && tail !== undefined) {
    return finish(cursor, draft, { ...kind, statementType: 'CREATE_TABLE_AS_SELECT' }, tail);
  }
  return finish(cursor, draft, kind, tail);
}

const createRole = ({ googleKind, statementType }: StatementKind): string =>
  statementType.endsWith('FUNCTION') ? 'FunctionDeclaration' : googleKind;

/** One clause after the name of what is created; the query, if that is what stood there. */
function createClause(cursor: Cursor, draft: Draft, kind: StatementKind) {
  const { word } = cursor.token;
  if (
    cursor.isOp('(') ||
    word === 'STORING' ||
    word === 'TRANSFORM' ||
    word === 'INPUT' ||
    word === 'OUTPUT'
  ) {
    if (!cursor.isOp('(')) cursor.advance();
    passParentheses(cursor, draft);
    return undefined;
  }
  switch (word) {
    case 'OPTIONS':
      passOptions(cursor, draft);
      return undefined;
    case 'AS':
      return createdFrom(cursor, draft, kind);
    case 'LIKE':
    case 'CLONE':
    case 'COPY':
      copySource(cursor, draft, kind);
      return undefined;
    case 'PARTITION':
    case 'CLUSTER':
      cursor.advance();
      cursor.expectWord('BY');
      for (const key of commaList(cursor, parseExpression)) noteTables(draft, key);
      return undefined;
    case 'BEGIN':
      if (kind.statementType !== 'CREATE_PROCEDURE') return cursor.unexpected();
      draft.inner.push(parseBlock(cursor));
      return undefined;
    case 'ON':
      cursor.advance();
      takeObject(cursor, draft, kind.googleKind);
      return undefined;
    default:
      smallClause(cursor, draft);
      return undefined;
  }
}

function copySource(cursor: Cursor, draft: Draft, kind: StatementKind): void {
  const { word } = cursor.advance();
  const role = word === 'LIKE' ? kind.googleKind : word === 'CLONE' ? 'CloneDataSource' : 'CopyDataSource';
  takeObject(cursor, draft, role);
  if (!cursor.takeWord('FOR')) return;
  if (!cursor.takeWords('SYSTEM', 'TIME')) cursor.expectWord('SYSTEM_TIME');
  cursor.expectWord('AS');
  cursor.expectWord('OF');
  noted(cursor, draft, parseExpression);
}

/** `AS query`, `AS (expression)`, `AS 'code'`, `AS REPLICA OF view` */
function createdFrom(cursor: Cursor, draft: Draft, kind: StatementKind) {
  cursor.advance();
  if (cursor.takeWords('REPLICA', 'OF')) {
    takeObject(cursor, draft, kind.googleKind);
    return undefined;
  }
  if (kind.googleKind === 'CreateEntityStatement') cursor.takeWord('JSON');
  if (cursor.token.kind === 'string') {
    joinedStrings(cursor);
    return undefined;
  }
  if (kind.statementType === 'CREATE_FUNCTION') {
    if (!cursor.isOp('(')) return cursor.unexpected();
    noted(cursor, draft, parseExpression);
    return undefined;
  }
  if (kind.statementType === 'CREATE_MODEL' && cursor.isOp('(') && !startsQuery(cursor, 0)) {
    passParentheses(cursor, draft);
    return undefined;
  }
  if (!startsQuery(cursor, 0) && !cursor.isWord('WITH')) cursor.unexpected();
  const { index } = cursor;
  return { query: parseQuery(cursor), index };
}

/** Clauses of a fixed shape that name nothing that is read or written. */
function smallClause(cursor: Cursor, draft: Draft): void {
  if (cursor.takeWords('DEFAULT', 'COLLATE')) joinedString(cursor);
  else if (cursor.takeWords('WITH', 'CONNECTION') || cursor.takeWords('REMOTE', 'WITH', 'CONNECTION'))
    connection(cursor, draft);
  else if (cursor.takeWords('WITH', 'PARTITION', 'COLUMNS')) {
    if (cursor.isOp('(')) passParentheses(cursor, draft);
  } else if (cursor.takeWord('RETURNS')) returned(cursor, draft);
  else if (cursor.takeWord('LANGUAGE')) cursor.name();
  else if (cursor.takeWord('DETERMINISTIC') || cursor.takeWords('NOT', 'DETERMINISTIC')) return;
  else if (cursor.takeWords('SQL', 'SECURITY') || cursor.takeWords('EXTERNAL', 'SECURITY')) cursor.name();
  else if (cursor.takeWords('GRANT', 'TO') || cursor.takeWords('FILTER', 'USING'))
    passParentheses(cursor, draft);
  else cursor.unexpected();
}

function joinedString(cursor: Cursor): void {
  if (cursor.token.kind !== 'string') cursor.unexpected();
  joinedStrings(cursor);
}

function connection(cursor: Cursor, draft: Draft): void {
  if (!cursor.takeWord('DEFAULT')) draft.objects.push({ path: parsePath(cursor), role: 'ConnectionClause' });
}

/** `RETURNS INT64`, `RETURNS TABLE<a INT64>`, `RETURNS ANY TYPE` */
function returned(cursor: Cursor, draft: Draft): void {
  if (cursor.takeWord('ANY')) cursor.expectWord('TYPE');
  else if (cursor.isWord('TABLE') && cursor.peek(1).op === '<') {
    cursor.advance();
    cursor.advance();
    commaList(cursor, (at) => {
      at.name();
      return parseType(at);
    });
    cursor.expectOp('>');
  } else noteTables(draft, parseType(cursor));
}

/** `DROP kind [IF EXISTS] name` */
export function parseDrop(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  cursor.expectWord('DROP');
  const kind = takeKind(cursor, dropKinds, 'DROP');
  if (kind.statementType === 'DROP_ALL_ROW_ACCESS_POLICIES') {
    cursor.expectWord('ON');
    takeObject(cursor, draft, kind.googleKind);
    return finish(cursor, draft, kind);
  }
  cursor.takeWords('IF', 'EXISTS');
  takeObject(cursor, draft, kind.googleKind);
  if (cursor.isOp('(') && kind.statementType.endsWith('FUNCTION')) passParentheses(cursor, draft);
  if (cursor.takeWord('ON')) takeObject(cursor, draft, kind.googleKind);
  if (!cursor.takeWord('CASCADE')) cursor.takeWord('RESTRICT');
  return finish(cursor, draft, kind);
}

const alterActions: ReadonlySet<string> = new Set([
  'ADD',
  'ALTER',
  'DROP',
  'RENAME',
  'SET',
  'REBUILD',
  'GRANT',
  'REVOKE',
  'FILTER',
]);

/** `ALTER kind [IF EXISTS] name action, ...` */
export function parseAlter(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  cursor.expectWord('ALTER');
  const kind = takeKind(cursor, alterKinds, 'ALTER');
  cursor.takeWords('IF', 'EXISTS');
  const nameless = kind.statementType === 'ALTER_ORGANIZATION' || kind.statementType === 'ALTER_PROJECT';
  if (!nameless || !cursor.isWord('SET')) takeObject(cursor, draft, kind.googleKind);
  if (cursor.takeWord('ON')) takeObject(cursor, draft, kind.googleKind);
  if (!alterActions.has(cursor.token.word)) cursor.unexpected();
  if (cursor.takeWords('RENAME', 'TO')) takeObject(cursor, draft, 'RenameToClause');
  passRest(cursor, draft);
  return finish(cursor, draft, kind);
}
