import type { Expression, Literal, TypedLiteralName } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { startsHint } from './hints.ts';
import { parsePath } from './names.ts';

const typedLiterals: Readonly<Record<string, TypedLiteralName>> = {
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  JSON: 'JSON',
};

/** Far more digits than any type holds: beyond it, reading the number would only cost time. */
const longestInteger = 200;
const beyondAnyType = 10n ** 200n;

/** Zeros in front do not count; what is long without them is beyond every type. */
function valueOfLong(text: string): bigint {
  const hex = /^0x/i.test(text);
  const digits = (hex ? text.slice(2) : text).replace(/^0+/, '');
  if (digits.length > longestInteger) return beyondAnyType;
  return BigInt(`${hex ? '0x' : ''}${digits === '' ? '0' : digits}`);
}

/** A literal that begins here, or nothing. `DATE '...'` is one, `DATE` alone is a name. */
export function parseLiteral(cursor: Cursor): Literal | undefined {
  const { kind, word, start } = cursor.token;
  if (kind === 'int') return intLiteral(cursor);
  if (kind === 'float') {
    const text = cursor.advance().value as string;
    return { kind: 'FloatLiteral', span: cursor.spanFrom(start), text };
  }
  if (kind === 'string')
    return { kind: 'StringLiteral', value: joinedStrings(cursor), span: cursor.spanFrom(start) };
  if (kind === 'bytes')
    return { kind: 'BytesLiteral', value: joinedBytes(cursor), span: cursor.spanFrom(start) };
  if (word === 'NULL') return { kind: 'NullLiteral', span: wordSpan(cursor) };
  if (word === 'TRUE' || word === 'FALSE') {
    return { kind: 'BoolLiteral', span: wordSpan(cursor), value: word === 'TRUE' };
  }
  const type = word === '' || cursor.peek(1).kind !== 'string' ? undefined : ownType(word);
  if (type === undefined) return undefined;
  cursor.advance();
  const value = joinedStrings(cursor);
  return { kind: 'TypedLiteral', span: cursor.spanFrom(start), type, value };
}

function ownType(word: string): TypedLiteralName | undefined {
  return Object.hasOwn(typedLiterals, word) ? typedLiterals[word] : undefined;
}

function wordSpan(cursor: Cursor) {
  const token = cursor.advance();
  return { start: token.start, end: token.end };
}

function intLiteral(cursor: Cursor): Literal {
  const token = cursor.advance();
  const text = token.value as string;
  const value = text.length > longestInteger ? valueOfLong(text) : BigInt(text);
  return { kind: 'IntLiteral', span: { start: token.start, end: token.end }, text, value };
}

/** Adjacent literals of one kind join, with something blank between them. */
function eachJoined(cursor: Cursor, take: (value: string | Uint8Array) => void): void {
  const { kind } = cursor.token;
  take(cursor.advance().value);
  while (cursor.token.kind === 'string' || cursor.token.kind === 'bytes') {
    if (cursor.token.kind !== kind) cursor.fail('string and bytes literals cannot be concatenated.');
    if (cursor.token.start === cursor.lastEnd) {
      cursor.fail(`concatenated ${kind} literals must be separated by whitespace or comments`);
    }
    take(cursor.advance().value);
  }
}

export function joinedStrings(cursor: Cursor): string {
  let out = '';
  eachJoined(cursor, (value) => {
    out += value as string;
  });
  return out;
}

function joinedBytes(cursor: Cursor): Uint8Array {
  const parts: Uint8Array[] = [];
  eachJoined(cursor, (value) => parts.push(value as Uint8Array));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `@name`, `?` or `@@path`: values that come from outside of the text. */
export function parseParameter(cursor: Cursor): Expression | undefined {
  const { start, op } = cursor.token;
  if (op === '?') {
    cursor.advance();
    cursor.positionalParameters++;
    return {
      kind: 'PositionalParameter',
      span: cursor.spanFrom(start),
      position: cursor.positionalParameters,
    };
  }
  if (op === '@@') {
    cursor.advance();
    const path = parsePath(cursor);
    return { kind: 'SystemVariable', span: cursor.spanFrom(start), path };
  }
  if (op !== '@' || startsHint(cursor)) return undefined;
  cursor.advance();
  const { name } = cursor.name();
  return { kind: 'Parameter', span: cursor.spanFrom(start), name };
}
