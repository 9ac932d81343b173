import type { Expression } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { parseTight } from '../expression.ts';
import { hintPart, startsHint } from '../hints.ts';
import { parseLabel } from './labels.ts';
import { parseBracedGraph } from './query.ts';

/** Whether `SOURCE`, `DESTINATION` or `LABELED` stands here, after IS or IS NOT. */
export function startsGraphTest(cursor: Cursor): boolean {
  return cursor.isWord('SOURCE') || cursor.isWord('DESTINATION') || cursor.isWord('LABELED');
}

/** The rest of a test of a graph's element, whose operand began at `start`. */
export function parseGraphTest(cursor: Cursor, operand: Expression, start: number, not: boolean): Expression {
  const { word } = cursor.advance();
  if (word === 'LABELED') {
    const label = parseLabel(cursor);
    return { kind: 'IsLabeled', span: cursor.spanFrom(start), operand, not, label };
  }
  cursor.takeWord('OF');
  const edge = parseTight(cursor);
  const end = word === 'SOURCE' ? 'SOURCE' : 'DESTINATION';
  return { kind: 'IsEndpoint', span: cursor.spanFrom(start), node: operand, not, end, edge };
}

/** Whether `VALUE {` or `VALUE @{hint} {` begins here; VALUE alone is a name. */
export function startsValueSubquery(cursor: Cursor): boolean {
  if (!cursor.isWord('VALUE')) return false;
  const next = cursor.peek(1);
  if (next.op === '{') return true;
  const index = cursor.index;
  if (next.op !== '@') return false;
  cursor.moveTo(index + 1);
  const hint = startsHint(cursor);
  cursor.moveTo(index);
  return hint;
}

/** `VALUE { ... }`: the one value that a graph query returns. */
export function parseValueSubquery(cursor: Cursor): Expression {
  const { start } = cursor.advance();
  const hint = hintPart(cursor);
  const query = parseBracedGraph(cursor);
  return { kind: 'ScalarSubquery', span: cursor.spanFrom(start), ...hint, query };
}
