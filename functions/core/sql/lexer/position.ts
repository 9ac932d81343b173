import type { SqlError } from '../sql-error.ts';

/** A place in a text: both count from 1. */
export type Position = { readonly line: number; readonly column: number };

const tabWidth = 8;

/**
 * Line and column of a UTF-16 offset, counted as GoogleSQL does: columns are code points and a tab
 * reaches to the next multiple of eight; `\n`, `\r` and `\r\n` each end a line.
 */
export const positionAt = (text: string, offset: number): Position => positionsIn(text)(offset);

/**
 * `positionAt` for many offsets of one text: going forward it reads each character once, so that thousands of
 * places in a long text cost no more than one.
 */
export function positionsIn(text: string): (offset: number) => Position {
  let at = 0;
  let line = 1;
  let column = 1;
  return (wanted) => {
    const offset = Math.min(wanted, text.length);
    if (offset < at) {
      at = 0;
      line = 1;
      column = 1;
    }
    while (at < offset) {
      const code = text.codePointAt(at) as number;
      const width = code > 0xffff ? 2 : 1;
      if (code === 10 || code === 13) {
        if (code === 13 && text.charCodeAt(at + 1) === 10 && at + 1 < offset) at++;
        line++;
        column = 1;
      } else column = code === 9 ? Math.floor((column - 1) / tabWidth + 1) * tabWidth + 1 : column + 1;
      at += width;
    }
    return { line, column };
  };
}

const widestLine = 160;

/** Everything that could move the cursor or hide becomes one visible space. */
function visible(line: string): string {
  let column = 0;
  let out = '';
  for (const character of line) {
    const width = character === '\t' ? tabWidth - (column % tabWidth) : 1;
    out += /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character) ? ' '.repeat(width) : character;
    column += width;
  }
  return out;
}

/**
 * The source line of an error with a caret under the place, for a terminal or a page.
 * Long lines are cut around the place. Empty when the position is not in the text.
 */
export function caretLine(text: string, error: Pick<SqlError, 'line' | 'column'>): string {
  const line = text.split(/\r\n|\r|\n/)[error.line - 1];
  if (line === undefined) return '';
  const characters = [...visible(line)];
  const at = Math.max(0, error.column - 1);
  const from = at > widestLine / 2 ? at - widestLine / 2 : 0;
  const cut = characters
    .slice(from, from + widestLine)
    .join('')
    .trimEnd();
  return `${cut}\n${' '.repeat(at - from)}^`;
}
