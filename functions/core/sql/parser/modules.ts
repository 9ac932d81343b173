import type { DefineTableStatement, ImportStatement, ModuleStatement, Statement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failAt, failExpected } from './expected.ts';
import { given } from './given.ts';
import { parseObjectName } from './object-names.ts';
import { optionalOptions, parseOptionsList } from './options.ts';
import { stringLiteral } from './script/calls.ts';

/** `IMPORT MODULE path [AS alias]`, `IMPORT PROTO 'file' [INTO name]`, with options */
export function parseImport(cursor: Cursor): ImportStatement {
  cursor.foreign('IMPORT');
  const { start } = cursor.expectWord('IMPORT');
  const type = cursor.isWord('MODULE') ? 'MODULE' : 'PROTO';
  if (!cursor.takeWord(type)) return failExpected(cursor, 'MODULE', 'PROTO');
  const isText = cursor.token.kind === 'string';
  const name = isText ? stringLiteral(cursor) : parseObjectName(cursor, 'ImportStatement');
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const into = alias === undefined && cursor.takeWord('INTO') ? cursor.name() : undefined;
  const parts = { ...given({ alias, into }), ...optionalOptions(cursor) };
  return { kind: 'ImportStatement', span: cursor.spanFrom(start), type, name, ...parts };
}

/** `MODULE path [OPTIONS (...)]` */
export function parseModule(cursor: Cursor): ModuleStatement {
  cursor.foreign('MODULE');
  const { start } = cursor.expectWord('MODULE');
  const name = parseObjectName(cursor, 'ModuleStatement');
  const options = optionalOptions(cursor);
  return { kind: 'ModuleStatement', span: cursor.spanFrom(start), name, ...options };
}

/** `DEFINE TABLE name (options)`. Macros are expanded before a text is parsed, which nothing here does. */
export function parseDefine(cursor: Cursor): Statement {
  const { start } = cursor.token;
  const { word } = cursor.peek(1);
  const macro = word === 'PUBLIC' || word === 'PRIVATE' ? cursor.peek(2).word : word;
  if (macro === 'MACRO') {
    failAt('DEFINE MACRO statements are not supported because macro expansions are disabled', start);
  }
  cursor.foreign('DEFINE TABLE');
  cursor.expectWord('DEFINE');
  if (!cursor.takeWord('TABLE')) return failExpected(cursor, 'MACRO', 'TABLE');
  return defineTable(cursor, start);
}

function defineTable(cursor: Cursor, start: number): DefineTableStatement {
  const kind = 'DefineTableStatement';
  const name = parseObjectName(cursor, kind);
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const options = parseOptionsList(cursor);
  return { kind, span: cursor.spanFrom(start), name, options };
}
