import type { Hint, HintEntry, Identifier, Literal } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseLiteral } from './literals.ts';

/** Reserved words that may name a hint. */
const hintWords: ReadonlySet<string> = new Set(['HASH', 'PROTO', 'PARTITION']);

/** Whether `@{` or `@5` stands here; a parameter's `@` is followed by a name. */
export function startsHint(cursor: Cursor): boolean {
  if (cursor.token.op !== '@') return false;
  const next = cursor.peek(1);
  return (
    next.op === '{' || next.kind === 'int' || (next.kind === 'float' && /^[0-9]/.test(String(next.value)))
  );
}

/** A hint if one stands here, noted as foreign: BigQuery has none. */
export function parseHint(cursor: Cursor): Hint | undefined {
  if (!startsHint(cursor)) return undefined;
  const { start } = cursor.token;
  cursor.foreign('hint');
  cursor.advance();
  if (cursor.token.kind === 'float') failExpected(cursor, 'integer literal');
  const shards = cursor.token.kind === 'int' ? (parseLiteral(cursor) as Literal) : undefined;
  if (shards !== undefined) {
    if (cursor.token.op !== '@' || cursor.peek(1).op !== '{') {
      return { kind: 'Hint', span: cursor.spanFrom(start), shards, entries: [] };
    }
    cursor.advance();
  }
  cursor.expectOp('{');
  const entries = commaList(cursor, hintEntry);
  if (!cursor.takeOp('}')) failExpected(cursor, ',', '}');
  const span = cursor.spanFrom(start);
  return { kind: 'Hint', span, ...(shards === undefined ? {} : { shards }), entries };
}

/** The BY of ORDER, GROUP and PARTITION, which a hint may stand before. */
export function parseHintedBy(cursor: Cursor): { readonly hint?: Hint } {
  const part = hintPart(cursor);
  if (cursor.takeWord('BY')) return part;
  if (part.hint !== undefined) return failExpected(cursor, 'BY');
  return cursor.fail(`Expected @ for hint or keyword BY but got ${cursor.here()}`);
}

/** `parseHint` as a part of a node: `{ ...base, ...hintPart(cursor) }`. */
export function hintPart(cursor: Cursor): { readonly hint?: Hint } {
  const hint = parseHint(cursor);
  return hint === undefined ? {} : { hint };
}

const hintName = (cursor: Cursor): Identifier => cursor.nameOr(hintWords);

function hintEntry(cursor: Cursor): HintEntry {
  const { start } = cursor.token;
  const first = hintName(cursor);
  if (!cursor.isOp('.') && !cursor.isOp('=')) failExpected(cursor, '.', '=');
  const second = cursor.takeOp('.') ? hintName(cursor) : undefined;
  cursor.expectOp('=');
  const value = parseExpression(cursor);
  const span = cursor.spanFrom(start);
  if (second === undefined) return { kind: 'HintEntry', span, name: first, value };
  return { kind: 'HintEntry', span, qualifier: first, name: second, value };
}
