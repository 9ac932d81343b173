import type { Expression, NewConstructor } from '../ast/index.ts';
import { parseBracedConstructor } from './braced.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseExtensionPath, parseGeneralizedPath } from './generalized-path.ts';
import { closePath, parsePath } from './names.ts';
import { parseMapType, parseTypeName } from './types.ts';

/** `NEW type(...)`, `NEW type {...}`, `NEW MAP<key, value> {...}` */
export function parseNew(cursor: Cursor): Expression {
  const { start } = cursor.token;
  cursor.foreign('NEW');
  cursor.advance();
  if (cursor.isWord('MAP') && cursor.peek(1).op === '<') {
    const type = parseMapType(cursor);
    return parseBracedConstructor(cursor, { keyword: 'NEW', type }, start);
  }
  const type = parseTypeName(cursor);
  if (cursor.isOp('{')) return parseBracedConstructor(cursor, { keyword: 'NEW', type }, start);
  if (!cursor.takeOp('(')) failExpected(cursor, '(', '{');
  const args = cursor.isOp(')') ? [] : commaList(cursor, newArgument);
  closeList(cursor);
  return { kind: 'NewConstructor', span: cursor.spanFrom(start), type, arguments: args };
}

function newArgument(cursor: Cursor): NewConstructor['arguments'][number] {
  const { start } = cursor.token;
  const value = parseExpression(cursor);
  if (!cursor.takeWord('AS')) return { span: cursor.spanFrom(start), value };
  if (!cursor.takeOp('(')) {
    const alias = cursor.name();
    return { span: cursor.spanFrom(start), value, alias };
  }
  const extension = parsePath(cursor);
  closePath(cursor);
  return { span: cursor.spanFrom(start), value, extension };
}

/** `REPLACE_FIELDS(x, value AS path, ...)` */
export function replaceFields(cursor: Cursor): Expression {
  const { start } = cursor.token;
  cursor.foreign('REPLACE_FIELDS');
  cursor.advance();
  cursor.expectOp('(');
  const operand = parseExpression(cursor);
  cursor.expectOp(',');
  const fields = commaList(cursor, (at) => {
    const from = at.token.start;
    const value = parseExpression(at);
    at.expectWord('AS');
    const path = at.isOp('(') ? parseExtensionPath(at) : parseGeneralizedPath(at);
    return { span: at.spanFrom(from), value, path };
  });
  closeList(cursor);
  return { kind: 'ReplaceFields', span: cursor.spanFrom(start), operand, fields };
}
