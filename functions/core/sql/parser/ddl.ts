import type { OtherStatement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { alterKinds, dropKinds, type StatementKind } from './statement-kinds.ts';
import { beginDraft, finish, passParentheses, passRest, takeObject } from './statement-parts.ts';

type Kinds = typeof dropKinds;

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
