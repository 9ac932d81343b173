import type { Identifier, Path } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';

/** Reserved words that are also names of functions. */
export const functionKeywords: ReadonlySet<string> = new Set([
  'IF',
  'GROUPING',
  'LEFT',
  'RIGHT',
  'COLLATE',
  'RANGE',
]);

export function pathOf(parts: readonly Identifier[]): Path {
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  return { kind: 'Path', span: { start: first.span.start, end: last.span.end }, parts };
}

/** `a.b.c`: after a dot comes a name. */
export function parsePath(cursor: Cursor): Path {
  const path = parsePathAsFarAsNames(cursor);
  if (cursor.takeOp('.')) cursor.unexpected();
  return path;
}

/** `a.b.c`; stops before a dot that something else than a name follows. */
export function parsePathAsFarAsNames(cursor: Cursor): Path {
  return pathOf(continuePath(cursor, [cursor.name()]));
}

/** The `)` after a path. */
export function closePath(cursor: Cursor): void {
  if (!cursor.takeOp(')')) failExpected(cursor, ')', '.');
}

export function continuePath(cursor: Cursor, parts: Identifier[]): Identifier[] {
  while (cursor.token.op === '.' && cursor.isName(cursor.peek(1))) {
    cursor.advance();
    parts.push(cursor.name());
  }
  return parts;
}

const adjacent = (left: Token, right: Token): boolean => left.end === right.start;

/** Whether a dash and one more piece follow directly, as in `my-project`. */
function dashFollows(cursor: Cursor): boolean {
  const dash = cursor.token;
  if (dash.op !== '-' || cursor.index === 0 || !adjacent(cursor.peek(-1), dash)) return false;
  const piece = cursor.peek(1);
  return adjacent(dash, piece) && (piece.kind === 'word' || piece.kind === 'int' || piece.kind === 'float');
}

/** A dash that is none of the name: wrong where a piece follows, else that which follows is. */
function refuseDash(cursor: Cursor): void {
  if (cursor.token.op !== '-') return;
  const { kind } = cursor.peek(1);
  const piece = kind === 'int' || kind === 'float' || cursor.isName(cursor.peek(1));
  if (!piece) cursor.advance();
  cursor.unexpected();
}

function dashedName(parts: readonly { text: string }[], start: number, end: number): Identifier {
  const name = parts.map((part) => part.text).join('-');
  return { kind: 'Identifier', span: { start, end }, name, quoted: false };
}

/** A table's path: as a path, and its first name may hold dashes: `my-project-123.d.t`. */
export function parseTablePath(cursor: Cursor): Path {
  const first = cursor.name();
  if (first.quoted || !dashFollows(cursor)) {
    refuseDash(cursor);
    return pathOf(continuePath(cursor, [first]));
  }
  const pieces = [{ text: first.name }];
  let joinedToDot = false;
  while (!joinedToDot && dashFollows(cursor)) {
    cursor.advance();
    const piece = cursor.token;
    if (piece.kind === 'word' && piece.reserved) cursor.unexpected();
    // `p-1.d` reads as the number `1.` and a name
    const number = typeof piece.value === 'string' ? piece.value : '';
    joinedToDot = piece.kind === 'float';
    if (joinedToDot && !/^[0-9]+\.$/.test(number)) cursor.unexpected();
    cursor.advance();
    pieces.push({ text: piece.kind === 'word' ? piece.name : number.replace('.', '') });
  }
  refuseDash(cursor);
  const end = joinedToDot ? cursor.lastEnd - 1 : cursor.lastEnd;
  const parts = [dashedName(pieces, first.span.start, end)];
  if (joinedToDot) parts.push(cursor.name());
  return pathOf(continuePath(cursor, parts));
}

export function optionalAlias(cursor: Cursor): Identifier | undefined {
  if (cursor.takeWord('AS')) return cursor.name();
  return cursor.isName() ? cursor.name() : undefined;
}
