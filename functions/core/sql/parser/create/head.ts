import type { CreateScope, ObjectName, Path } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { parsePath, parseTablePath } from '../names.ts';

/** What was read before the word that says what is created. */
export type CreateHead = {
  readonly start: number;
  readonly orReplace: boolean;
  readonly scope?: CreateScope;
  /** where the scope stands, or would */
  readonly scopeStart: number;
};

const scopes: Readonly<Record<string, CreateScope>> = {
  TEMP: 'TEMP',
  TEMPORARY: 'TEMP',
  PUBLIC: 'PUBLIC',
  PRIVATE: 'PRIVATE',
};

/** `CREATE [OR REPLACE] [TEMP | PUBLIC | PRIVATE]` */
export function createHead(cursor: Cursor): CreateHead {
  const { start } = cursor.expectWord('CREATE');
  const orReplace = cursor.takeWord('OR');
  if (orReplace) cursor.expectWord('REPLACE');
  const { word, start: scopeStart } = cursor.token;
  const scope = Object.hasOwn(scopes, word) ? scopes[word] : undefined;
  if (scope === undefined) return { start, orReplace, scopeStart };
  if (scope !== 'TEMP') cursor.foreign(`CREATE ${word}`);
  cursor.advance();
  return { start, orReplace, scope, scopeStart };
}

/** The part of a statement's node that comes from before its name. */
export const headOf = ({ orReplace, scope }: CreateHead, ifNotExists: boolean) => ({
  orReplace,
  ...(scope === undefined ? {} : { scope }),
  ifNotExists,
});

export function takeIfNotExists(cursor: Cursor): boolean {
  if (!cursor.takeWord('IF')) return false;
  cursor.expectWord('NOT');
  cursor.expectWord('EXISTS');
  return true;
}

const named = (path: Path, role: string): ObjectName => ({ kind: 'ObjectName', span: path.span, path, role });

/** A name that may hold dashes in its first part: tables and views. */
export const tableName = (cursor: Cursor, role: string): ObjectName => named(parseTablePath(cursor), role);

/** Any other object's name. */
export const objectName = (cursor: Cursor, role: string): ObjectName => named(parsePath(cursor), role);
