import type { GraphCall, Identifier, ObjectName } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { tableArguments } from '../from.ts';
import { hintPart } from '../hints.ts';
import { functionKeywords, parsePath, pathOf } from '../names.ts';
import { optionalAs } from './operators.ts';
import { parseBracedGraph } from './query.ts';

/** `CALL` and what it calls: a table function, or a subquery between braces. */
export function parseGraphCall(cursor: Cursor, start: number, optional: boolean): GraphCall {
  cursor.expectWord('CALL');
  const per = cursor.isWord('PER') && cursor.peek(1).op === '(' ? { per: callKeys(cursor) } : {};
  const callee = calleeOf(cursor, 'per' in per);
  return { kind: 'GraphCall', span: cursor.spanFrom(start), optional, ...per, callee };
}

function callKeys(cursor: Cursor): Identifier[] {
  cursor.expectWord('PER');
  return nameList(cursor);
}

/** `(a, b)` or `()` */
function nameList(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const names = cursor.isOp(')') ? [] : commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return names;
}

function calleeOf(cursor: Cursor, perGiven: boolean): GraphCall['callee'] {
  if (!perGiven && cursor.isOp('(')) {
    const captured = nameList(cursor);
    return { form: 'SUBQUERY', captured, query: parseBracedGraph(cursor) };
  }
  if (cursor.isOp('{')) return { form: 'SUBQUERY', query: parseBracedGraph(cursor) };
  const path = cursor.isWord('IF') ? pathOf([cursor.nameOr(functionKeywords)]) : parsePath(cursor);
  const name: ObjectName = { kind: 'ObjectName', span: path.span, path, role: 'TVF' };
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const list = tableArguments(cursor);
  const hint = hintPart(cursor);
  const yields = cursor.takeWord('YIELD') ? commaList(cursor, yieldItem) : [];
  return { form: 'FUNCTION', name, arguments: list, ...hint, yields };
}

function yieldItem(cursor: Cursor): { name: Identifier; alias?: Identifier } {
  const name = cursor.name();
  return { name, ...optionalAs(cursor) };
}
