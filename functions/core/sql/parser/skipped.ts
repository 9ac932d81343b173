import type { Token } from '../lexer/tokens.ts';
import { quoteBytes, quoteIdentifier, quoteString } from '../print/quote.ts';
import type { Cursor } from './cursor.ts';

function tokenText(token: Token): string {
  switch (token.kind) {
    case 'word':
    case 'attached':
      return token.name;
    case 'quoted':
      return quoteIdentifier(token.name);
    case 'string':
      return quoteString(token.value as string);
    case 'bytes':
      return quoteBytes(token.value as Uint8Array);
    case 'int':
    case 'float':
      return token.value as string;
    case 'op':
      return token.op;
    case 'invalid':
    case 'eof':
      return '';
  }
}

/**
 * Tokens that are not analyzed, as text: without comments, literals in the printer's form, and one space
 * where anything blank stood, so that it reads as exactly the same tokens again.
 */
export function skippedText(tokens: readonly Token[], from: number, to: number): string {
  let out = '';
  for (let index = from; index < to; index++) {
    const token = tokens[index]!;
    const gap = index > from && tokens[index - 1]!.end !== token.start;
    out += gap ? ` ${tokenText(token)}` : tokenText(token);
  }
  return out;
}

/** Notes parameters in tokens that were passed by: their positions count, and nothing here counted them. */
export function notePassed(cursor: Cursor, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    if (cursor.tokens[index]!.op === '?') cursor.passedQuestionMark = true;
  }
}
