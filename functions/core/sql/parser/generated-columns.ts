import type { Expression, GeneratedColumn, IdentityColumn } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseLiteral } from './literals.ts';

const modeWords: ReadonlySet<string> = new Set(['AS', 'ALWAYS', 'BY']);

/** Whether `GENERATED ... AS` or `AS` begins here, where a column's value may stand. */
export const startsGenerated = (cursor: Cursor): boolean => cursor.isWord('AS') || cursor.isWord('GENERATED');

/** The same where a type may stand: GENERATED alone may be a type's name. */
export function generatesWithoutType(cursor: Cursor): boolean {
  return cursor.isWord('AS') || (cursor.isWord('GENERATED') && modeWords.has(cursor.peek(1).word));
}

/** `[GENERATED [ALWAYS | BY DEFAULT]] AS (expression) [STORED [VOLATILE]]` or `... AS IDENTITY (...)` */
export function generatedColumn(cursor: Cursor): GeneratedColumn {
  const { start } = cursor.token;
  const mode = generatedMode(cursor);
  if (cursor.isWord('IDENTITY')) {
    const value = identityColumn(cursor);
    return { kind: 'GeneratedColumn', span: cursor.spanFrom(start), mode, value };
  }
  if (!cursor.takeOp('(')) failExpected(cursor, '(', 'IDENTITY');
  const value = parseExpression(cursor);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  const stored = storedMode(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'GeneratedColumn', span, mode, value, ...(stored === undefined ? {} : { stored }) };
}

function generatedMode(cursor: Cursor): GeneratedColumn['mode'] {
  const generated = cursor.takeWord('GENERATED');
  if (generated && !modeWords.has(cursor.token.word)) failExpected(cursor, 'ALWAYS', 'AS', 'BY');
  const byDefault = generated && cursor.takeWord('BY');
  if (byDefault) cursor.expectWord('DEFAULT');
  else if (generated) cursor.takeWord('ALWAYS');
  cursor.expectWord('AS');
  return byDefault ? 'BY_DEFAULT' : 'ALWAYS';
}

function storedMode(cursor: Cursor): GeneratedColumn['stored'] {
  if (!cursor.takeWord('STORED')) return undefined;
  return cursor.takeWord('VOLATILE') ? 'STORED_VOLATILE' : 'STORED';
}

/** `IDENTITY (START WITH n INCREMENT BY n MAXVALUE n MINVALUE n [NO] CYCLE)`, every part optional. */
export function identityColumn(cursor: Cursor): IdentityColumn {
  cursor.foreign('IDENTITY column');
  const { start } = cursor.expectWord('IDENTITY');
  cursor.expectOp('(');
  const startWith = numberAfter(cursor, 'START', 'WITH');
  const incrementBy = numberAfter(cursor, 'INCREMENT', 'BY');
  const maxValue = numberAfter(cursor, 'MAXVALUE');
  const minValue = numberAfter(cursor, 'MINVALUE');
  const cycle = cursor.takeWord('CYCLE');
  if (!cycle && cursor.takeWord('NO')) cursor.expectWord('CYCLE');
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return {
    kind: 'IdentityColumn',
    span: cursor.spanFrom(start),
    ...(startWith === undefined ? {} : { startWith }),
    ...(incrementBy === undefined ? {} : { incrementBy }),
    ...(maxValue === undefined ? {} : { maxValue }),
    ...(minValue === undefined ? {} : { minValue }),
    cycle,
  };
}

function numberAfter(cursor: Cursor, first: string, second?: string): Expression | undefined {
  if (!cursor.takeWord(first)) return undefined;
  if (second !== undefined) cursor.expectWord(second);
  return signedNumber(cursor);
}

const numericWords: ReadonlySet<string> = new Set(['NUMERIC', 'DECIMAL', 'BIGNUMERIC', 'BIGDECIMAL']);

function signedNumber(cursor: Cursor): Expression {
  const { start, kind, word } = cursor.token;
  if (cursor.takeOp('-')) {
    const digits = cursor.token.kind;
    if (digits !== 'int' && digits !== 'float')
      return failExpected(cursor, 'floating point literal', 'integer literal');
    const operand = parseLiteral(cursor) ?? cursor.unexpected();
    return { kind: 'Unary', span: cursor.spanFrom(start), operator: '-', operand };
  }
  if (kind !== 'int' && kind !== 'float' && !numericWords.has(word)) cursor.unexpected();
  return parseLiteral(cursor) ?? cursor.unexpected();
}
