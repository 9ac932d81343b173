import { isDigit, isHexDigit, isSpace, isWordPart, isWordStart, shownFirstByte } from './characters.ts';
import { SqlFailure, syntaxFailure } from './failure.ts';
import { reservedKeywords } from './keywords.ts';
import type { SqlLimits } from './limits.ts';
import { literalPrefixLength, readQuotedLiteral, readQuotedName } from './literals.ts';
import type { Token, TokenKind } from './tokens.ts';

const twoCharacterOperators: ReadonlySet<string> = new Set([
  '+=',
  '-=',
  '!=',
  '<=',
  '>=',
  '||',
  '**',
  '<<',
  '=>',
  '->',
  '|>',
  '@@',
]);
const oneCharacterOperators: ReadonlySet<string> = new Set('*,;()=<>|^&!%[]@+-/~.}?:{$\\');
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** After these a dot continues a path, so that what follows is a name even if it looks like a number. */
function continuesPath(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'quoted') return true;
  if (token.kind === 'word') return !token.reserved;
  return token.op === ')' || token.op === ']' || token.op === '?';
}

/** The offset of the first character that is neither white space nor comment. */
function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) at++;
    else if (code === 35 || (code === 45 && text.charCodeAt(at + 1) === 45)) at = lineEnd(text, at);
    else if (code === 47 && text.charCodeAt(at + 1) === 42) at = blockCommentEnd(text, at);
    else return at;
  }
}

/**
 * Where errors at the end point: after the last token, or after a comment that follows it. As in GoogleSQL
 * a last `--` or `#` comment counts with its line end, a last block comment without what is blank after it.
 */
function contentEnd(text: string, lastTokenEnd: number): number {
  const rest = text.slice(lastTokenEnd);
  if (!/^[\t\n\v\f\r ]*(?:--|#|\/\*)/.test(rest)) return lastTokenEnd;
  const trimmed = rest.replace(/[\t\n\v\f\r ]+$/, '');
  return trimmed.endsWith('*/') ? lastTokenEnd + trimmed.length : text.length;
}

/** `\n` or a lone `\r` ends a comment. */
function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at + 1;
  }
  return text.length;
}

function blockCommentEnd(text: string, start: number): number {
  const close = text.indexOf('*/', start + 2);
  if (close < 0) throw syntaxFailure('Unclosed comment', start);
  return close + 2;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (isWordPart(text.charCodeAt(at))) at++;
  return at;
}

/** Whether `0x` and a hexadecimal digit stand there: a number of its own, and never a part of another. */
function startsHex(text: string, at: number): boolean {
  const second = text.charCodeAt(at + 1);
  return (
    text.charCodeAt(at) === 48 && (second === 120 || second === 88) && isHexDigit(text.charCodeAt(at + 2))
  );
}

const decimalEnd = (text: string, from: number): number =>
  startsHex(text, from) ? from : digitsEnd(text, from);

/** `e10`, `E+5`, or nothing; a word that only begins like one (`e10x`) is none. */
function exponentEnd(text: string, from: number): number {
  const letter = text.charCodeAt(from);
  if (letter !== 101 && letter !== 69) return from;
  const sign = text.charCodeAt(from + 1);
  if (sign === 43 || sign === 45) {
    const end = decimalEnd(text, from + 2);
    return end === from + 2 ? from : end;
  }
  const end = digitsEnd(text, from + 1);
  return end === from + 1 || isWordStart(text.charCodeAt(end)) ? from : end;
}

function readNumber(text: string, start: number): { kind: 'int' | 'float'; end: number } {
  if (startsHex(text, start)) {
    let end = start + 3;
    while (isHexDigit(text.charCodeAt(end))) end++;
    return { kind: 'int', end };
  }
  let end = digitsEnd(text, start);
  const dot = text.charCodeAt(end) === 46;
  if (dot) end = decimalEnd(text, end + 1);
  const withExponent = exponentEnd(text, end);
  return { kind: dot || withExponent > end ? 'float' : 'int', end: withExponent };
}

/**
 * Cuts a text into tokens; the last one is `eof`. What is no token ends the list before it as `invalid`, so
 * that an error further to the front is told first. Throws SqlFailure where a limit is passed.
 */
export function tokenize(text: string, limits: SqlLimits): Token[] {
  const lexer = new Lexer(text, limits);
  return lexer.run();
}

class Lexer {
  readonly #text: string;
  readonly #limits: SqlLimits;
  readonly #tokens: Token[] = [];
  readonly #open: number[] = [];
  /** the first wrong literal: nobody gets past it, so that those after it are not read */
  #wrong: SqlFailure | undefined;

  constructor(text: string, limits: SqlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  run(): Token[] {
    const text = this.#text;
    try {
      this.#readAll();
    } catch (failure) {
      if (!(failure instanceof SqlFailure) || failure.kind !== 'syntax') throw failure;
      this.#push('invalid', failure.offset, text.length, { failure });
    }
    const end = contentEnd(text, this.#tokens[this.#tokens.length - 1]?.end ?? 0);
    this.#push('eof', end, text.length);
    return this.#tokens;
  }

  #readAll(): void {
    const text = this.#text;
    let at = skipBlank(text, 0);
    while (at < text.length) {
      if (this.#tokens.length >= this.#limits.maxTokens) {
        throw new SqlFailure('limit', `The text has more than ${this.#limits.maxTokens} tokens`, at);
      }
      at = skipBlank(text, this.#next(at));
    }
  }

  /** One shape for every token, so that reading them stays fast. */
  #push(kind: TokenKind, start: number, end: number, rest: Partial<Token> = {}): number {
    const { op = '', word = '', reserved = false, name = '', value = '', failure } = rest;
    this.#tokens.push({ kind, start, end, op, word, reserved, name, value, failure, match: -1 });
    return end;
  }

  #next(at: number): number {
    const text = this.#text;
    const code = text.charCodeAt(at);
    const last = this.#tokens[this.#tokens.length - 1];
    const afterPathDot = last?.op === '.' && continuesPath(this.#tokens[this.#tokens.length - 2]);
    if (isWordStart(code)) return this.#word(at, last, afterPathDot);
    if (isDigit(code)) return this.#number(at, afterPathDot);
    if (code === 96) {
      const { end, name, failure } = readQuotedName(text, at, this.#wrong);
      this.#wrong ??= failure;
      return this.#push('quoted', at, end, { name, failure });
    }
    if (code === 34 || code === 39) return this.#literal(at, at);
    const fraction = code === 46 && isDigit(text.charCodeAt(at + 1)) && !startsHex(text, at + 1);
    if (fraction && !continuesPath(last)) {
      const end = exponentEnd(text, digitsEnd(text, at + 1));
      return this.#push('float', at, end, { value: text.slice(at, end) });
    }
    return this.#operator(at, last);
  }

  #literal(start: number, quoteAt: number): number {
    const literal = readQuotedLiteral(this.#text, start, quoteAt, this.#wrong);
    const { kind, end, value, failure } = literal;
    this.#wrong ??= failure;
    return this.#push(kind, start, end, { value, failure });
  }

  #word(at: number, last: Token | undefined, afterPathDot: boolean): number {
    const text = this.#text;
    const prefix = literalPrefixLength(text, at);
    if (prefix > 0) return this.#literal(at, at + prefix);
    const end = wordEnd(text, at);
    const name = text.slice(at, end);
    if (last !== undefined && last.end === at && (last.kind === 'int' || last.kind === 'float')) {
      if (!text.startsWith('.', at - 1)) return this.#push('attached', at, end, { name });
    }
    const onlyName = afterPathDot || last?.op === '@' || last?.op === '@@';
    if (onlyName) return this.#push('word', at, end, { name });
    const word = name.toUpperCase();
    return this.#push('word', at, end, { name, word, reserved: reservedKeywords.has(word) });
  }

  /** After a path's dot, `123` and `123abc` are names. */
  #number(at: number, afterPathDot: boolean): number {
    const text = this.#text;
    if (afterPathDot) {
      const end = wordEnd(text, at);
      return this.#push('word', at, end, { name: text.slice(at, end) });
    }
    const { kind, end } = readNumber(text, at);
    return this.#push(kind, at, end, { value: text.slice(at, end) });
  }

  #operator(at: number, last: Token | undefined): number {
    const text = this.#text;
    const two = text.slice(at, at + 2);
    if (twoCharacterOperators.has(two) || (two === '<>' && last?.word !== 'STRUCT')) {
      return this.#push('op', at, at + 2, { op: two });
    }
    const one = text.charAt(at);
    if (!oneCharacterOperators.has(one)) {
      throw syntaxFailure(`Illegal input character "${shownFirstByte(text, at)}"`, at);
    }
    this.#bracket(one, at);
    return this.#push('op', at, at + 1, { op: one });
  }

  #bracket(op: string, at: number): void {
    const index = this.#tokens.length;
    if (closing[op] !== undefined) {
      if (this.#open.length >= this.#limits.maxDepth) {
        throw new SqlFailure('limit', `Brackets nest deeper than ${this.#limits.maxDepth} levels`, at);
      }
      this.#open.push(index);
      return;
    }
    const top = this.#tokens[this.#open[this.#open.length - 1] ?? -1];
    if (top !== undefined && closing[top.op] === op) {
      top.match = index;
      this.#open.pop();
    }
  }
}
