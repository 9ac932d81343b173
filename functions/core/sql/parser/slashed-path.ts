import type { Identifier, Path } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import type { Cursor } from './cursor.ts';
import { continuePath, pathOf } from './names.ts';

const separators: ReadonlySet<string> = new Set(['/', '-', ':']);

/** A table's path that begins with a slash: `/project/a-b:c.d`; its first part ends at the first dot. */
export function parseSlashedPath(cursor: Cursor): Path {
  cursor.foreign('table path with slashes');
  const { start } = cursor.token;
  let name = '';
  let joinedToDot = false;
  while (!joinedToDot && separators.has(cursor.token.op)) {
    if (name !== '' && !adjacent(cursor.peek(-1), cursor.token)) cursor.unexpected();
    const piece = cursor.peek(1);
    if (!isPiece(piece) && piece.kind !== 'quoted') {
      cursor.advance();
      cursor.unexpected();
    }
    if (piece.kind === 'quoted' || !adjacent(cursor.token, piece)) cursor.unexpected();
    name += cursor.advance().op;
    joinedToDot = piece.kind === 'float' && piece.value.toString().endsWith('.');
    name += piece.kind === 'word' ? piece.name : (piece.value as string).replace(/\.$/, '');
    cursor.advance();
  }
  const end = joinedToDot ? cursor.lastEnd - 1 : cursor.lastEnd;
  const first: Identifier = { kind: 'Identifier', span: { start, end }, name, quoted: false };
  return pathOf(continuePath(cursor, joinedToDot ? [first, cursor.name()] : [first]));
}

const adjacent = (left: Token, right: Token): boolean => left.end === right.start;

/** A word or a number; a number may end in the dot before the next part, and has no other. */
function isPiece(token: Token): boolean {
  if (token.kind === 'word') return !token.reserved;
  return (
    token.kind === 'int' || (token.kind === 'float' && /^[0-9]+(\.|[eE][0-9]+)$/.test(token.value as string))
  );
}
