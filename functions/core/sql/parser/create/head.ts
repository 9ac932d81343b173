import type { CreateScope } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';

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
