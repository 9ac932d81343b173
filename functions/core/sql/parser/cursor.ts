import type { ForeignPart, Identifier, Span } from '../ast/index.ts';
import { SqlFailure, syntaxFailure, unsupportedFailure } from '../lexer/failure.ts';
import { nonReservedKeywords } from '../lexer/keywords.ts';
import type { SqlLimits } from '../lexer/limits.ts';
import type { Token } from '../lexer/tokens.ts';

/** The longest literal that a message shows whole. */
const longestShown = 50;

/** A literal in one line and, where it is long, without its middle. */
function shownLiteral(source: string): string {
  const line = source.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
  const characters = [...line];
  const quotes = /^[a-z]*("""|''')/i.test(line) ? 3 : 1;
  const excerpt = longestShown - quotes;
  if (characters.length <= longestShown || excerpt > characters.length - quotes - 4) return line;
  return `${characters.slice(0, excerpt).join('')}...${line.slice(-quotes)}`;
}

/** A token in the words of GoogleSQL's messages. `whole` is what the text is: a script, an expression. */
export function describeToken(token: Token, text: string, whole = 'script'): string {
  const source = text.slice(token.start, token.end);
  switch (token.kind) {
    case 'eof':
      return `end of ${whole}`;
    case 'word':
      if (token.reserved || nonReservedKeywords.has(token.word)) return `keyword ${token.word}`;
      return `identifier "${source}"`;
    case 'quoted':
      return `identifier ${source}`;
    case 'attached':
      return `"${source}"`;
    case 'string':
      return `string literal ${shownLiteral(source)}`;
    case 'bytes':
      return `bytes literal ${shownLiteral(source)}`;
    case 'int':
      return `integer literal "${source}"`;
    case 'float':
      return `floating point literal "${source}"`;
    case 'op':
      return `"${token.op}"`;
    case 'invalid':
      return 'text that is no GoogleSQL';
  }
}

/** A place in a token list. All parsing functions take one and leave it after what they read. */
export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly limits: SqlLimits;
  index = 0;
  token: Token;
  /** how often a loop put a node above another: the part of the tree's height that recursion does not bound */
  chainSteps = 0;
  /** where the last select item began, as a token index: only an operand from there on may end in `.*` */
  selectItemFrom = -1;
  positionalParameters = 0;
  readonly foreignParts: ForeignPart[] = [];
  #depth = 0;

  /** what the text is, for messages: a script, an expression, a type */
  readonly whole: string;

  constructor(text: string, tokens: readonly Token[], limits: SqlLimits, whole = 'script') {
    this.whole = whole;
    this.text = text;
    this.tokens = tokens;
    this.limits = limits;
    this.token = tokens[0]!;
  }

  peek(ahead: number): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)]!;
  }

  advance(): Token {
    const token = this.token;
    if (token.failure !== undefined) throw token.failure;
    if (token.kind !== 'eof') {
      this.index++;
      this.token = this.tokens[this.index]!;
    }
    return token;
  }

  /** Goes back, or on; what was noted after that place is forgotten. */
  moveTo(index: number): void {
    this.index = index;
    this.token = this.tokens[index]!;
    const { start } = this.token;
    while ((this.foreignParts.at(-1)?.span.start ?? -1) >= start) this.foreignParts.pop();
  }

  /** The end offset of the token before this one. */
  get lastEnd(): number {
    return this.index === 0 ? 0 : this.tokens[this.index - 1]!.end;
  }

  spanFrom(start: number): Span {
    return { start, end: this.lastEnd };
  }

  get atEnd(): boolean {
    return this.token.kind === 'eof';
  }

  isWord(word: string): boolean {
    return this.token.word === word;
  }

  isOp(op: string): boolean {
    return this.token.op === op;
  }

  /** The words that follow, in order. */
  areWords(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.peek(ahead).word === word);
  }

  takeWord(word: string): boolean {
    if (this.token.word !== word) return false;
    this.advance();
    return true;
  }

  takeWords(...words: readonly string[]): boolean {
    if (!this.areWords(...words)) return false;
    for (const _ of words) this.advance();
    return true;
  }

  takeOp(op: string): boolean {
    if (this.token.op !== op) return false;
    this.advance();
    return true;
  }

  expectWord(word: string): Token {
    if (this.token.word !== word) {
      // GoogleSQL never suggests FROM: it could stand wherever a query can
      if (word === 'FROM') this.unexpected();
      this.fail(`Expected keyword ${word} but got ${this.here()}`);
    }
    return this.advance();
  }

  expectOp(op: string): Token {
    if (this.token.op !== op) this.fail(`Expected "${op}" but got ${this.here()}`);
    return this.advance();
  }

  /** What stands here, for a message; some things are wrong anywhere and have a message of their own. */
  here(): string {
    this.#failAnywhere();
    const next = this.peek(1);
    const shift = this.token.op === '>' && next.op === '>' && next.start === this.token.end;
    if (
      this.token.op === '$' &&
      (next.kind === 'word' || next.kind === 'int') &&
      next.start === this.token.end
    ) {
      return `"${this.text.slice(this.token.start, next.end)}"`;
    }
    return shift ? '">>"' : describeToken(this.token, this.text, this.whole);
  }

  #failAnywhere(): void {
    const { kind, word, failure } = this.token;
    if (kind === 'invalid' && failure !== undefined) throw failure;
    if (word === 'OVER') this.fail('OVER keyword must follow a function call');
    if (word === 'EXCEPT' && !this.#exceptGoesOn()) {
      throw new SqlFailure('syntax', 'EXCEPT must be followed by ALL, DISTINCT, or "("', this.token.start);
    }
  }

  #exceptGoesOn(): boolean {
    const next = this.peek(1);
    if (next.op === '(' || next.word === 'ALL' || next.word === 'DISTINCT') return true;
    return next.op === '@' && (this.peek(2).op === '{' || this.peek(2).kind === 'int');
  }

  /** A name: a word that is not reserved, or one between backticks. */
  isName(token: Token = this.token): boolean {
    return token.kind === 'quoted' || (token.kind === 'word' && !token.reserved);
  }

  name(): Identifier {
    if (!this.isName()) this.unexpected();
    return this.#identifier();
  }

  /** A name where a reserved word can stand too, as in `(x).LEFT(3)`. */
  nameOr(words: ReadonlySet<string>): Identifier {
    if (!this.isName() && !words.has(this.token.word)) this.unexpected();
    return this.#identifier();
  }

  #identifier(): Identifier {
    const token = this.advance();
    return {
      kind: 'Identifier',
      span: { start: token.start, end: token.end },
      name: token.name,
      quoted: token.kind === 'quoted',
    };
  }

  fail(message: string, at: Token = this.token): never {
    // GoogleSQL looks one token ahead before it says what is wrong with those before
    if (at !== this.token && this.token.kind === 'invalid' && this.token.failure) throw this.token.failure;
    throw syntaxFailure(message, at.start);
  }

  /** Something stands where the text should end. */
  failEnd(): never {
    this.fail(`Expected end of input but got ${this.here()}`);
  }

  unexpected(): never {
    this.fail(`Unexpected ${this.here()}`);
  }

  /** Notes that GoogleSQL has what begins at `at` and BigQuery does not; parsing goes on. */
  foreign(subject: string, at: Token = this.token): void {
    this.foreignParts.push({ subject, span: { start: at.start, end: at.end } });
  }

  /** GoogleSQL has it and this parser knows it by name only. */
  unsupported(subject: string, at: Token = this.token): never {
    throw unsupportedFailure(subject, at.start);
  }

  /** Runs a part that may contain itself; deeper than the limit is an error, never an overflow. */
  nested<T>(part: (cursor: Cursor) => T): T {
    this.enter();
    const result = part(this);
    this.leave();
    return result;
  }

  /** A failure abandons the cursor, so `leave` need not run then. */
  enter(): void {
    if (++this.#depth > this.limits.maxDepth * 2) {
      throw new SqlFailure(
        'limit',
        `The text nests deeper than ${this.limits.maxDepth} levels`,
        this.token.start,
      );
    }
  }

  leave(): void {
    this.#depth--;
  }
}

/** One or more parts with commas between them. */
export function commaList<T>(cursor: Cursor, part: (cursor: Cursor) => T): T[] {
  const parts = [part(cursor)];
  while (cursor.takeOp(',')) parts.push(part(cursor));
  return parts;
}
