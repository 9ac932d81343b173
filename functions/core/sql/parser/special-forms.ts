import type { Expression, Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseValueSubquery, startsValueSubquery } from './graph/expressions.ts';
import { parseExistsGraph } from './graph/query.ts';
import { hintPart } from './hints.ts';
import { parseParenthesizedQuery } from './query.ts';
import { parseType } from './types.ts';

/** The forms that look like functions or words and have a grammar of their own; nothing if none stands here. */
export function parseSpecialForm(cursor: Cursor): Expression | undefined {
  const { word } = cursor.token;
  switch (word) {
    case 'CASE':
      return caseExpression(cursor);
    case 'CAST':
      return cast(cursor);
    case 'SAFE_CAST':
      return cursor.peek(1).op === '(' ? cast(cursor) : undefined;
    case 'EXTRACT':
      return extract(cursor);
    case 'EXISTS':
      return exists(cursor);
    case 'VALUE':
      return startsValueSubquery(cursor) ? parseValueSubquery(cursor) : undefined;
    case 'INTERVAL':
      return interval(cursor);
    case 'WITH':
      return cursor.peek(1).op === '(' ? withExpression(cursor) : undefined;
    case 'NEW':
      return cursor.unsupported('NEW');
    case 'REPLACE_FIELDS':
      return cursor.peek(1).op === '(' ? cursor.unsupported('REPLACE_FIELDS') : undefined;
    default:
      return undefined;
  }
}

function caseExpression(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  const operand = cursor.isWord('WHEN') ? undefined : parseExpression(cursor);
  const whens = [];
  do {
    cursor.expectWord('WHEN');
    const when = parseExpression(cursor);
    cursor.expectWord('THEN');
    // biome-ignore lint/suspicious/noThenProperty: the tree names the parts of CASE by their keywords
    whens.push({ when, then: parseExpression(cursor) });
  } while (cursor.isWord('WHEN'));
  const otherwise = cursor.takeWord('ELSE') ? parseExpression(cursor) : undefined;
  cursor.expectWord('END');
  return {
    kind: 'Case',
    span: cursor.spanFrom(start),
    ...(operand === undefined ? {} : { operand }),
    whens,
    ...(otherwise === undefined ? {} : { else: otherwise }),
  };
}

function timeZoneClause(cursor: Cursor): Expression | undefined {
  if (!cursor.takeWord('AT')) return undefined;
  cursor.expectWord('TIME');
  cursor.expectWord('ZONE');
  return parseExpression(cursor);
}

function cast(cursor: Cursor): Expression {
  const { start, word } = cursor.advance();
  cursor.expectOp('(');
  const operand = parseExpression(cursor);
  cursor.expectWord('AS');
  const type = parseType(cursor);
  const format = cursor.takeWord('FORMAT') ? parseExpression(cursor) : undefined;
  const timeZone = format === undefined ? undefined : timeZoneClause(cursor);
  cursor.expectOp(')');
  return {
    kind: 'Cast',
    span: cursor.spanFrom(start),
    safe: word === 'SAFE_CAST',
    operand,
    type,
    ...(format === undefined ? {} : { format }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

/** Parts of dates are plain words: the tree keeps them as such and they are printed bare. */
function partName(cursor: Cursor): string {
  const at = cursor.token;
  const part = cursor.name().name.toUpperCase();
  if (!/^[A-Z_][A-Z0-9_]*$/.test(part)) cursor.fail('A date part is a plain word', at);
  return part;
}

/** `YEAR`, `WEEK(MONDAY)` */
function datePart(cursor: Cursor): string {
  const part = partName(cursor);
  if (!cursor.takeOp('(')) return part;
  const argument = partName(cursor);
  cursor.expectOp(')');
  return `${part}(${argument})`;
}

function extract(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  cursor.expectOp('(');
  const part = datePart(cursor);
  cursor.expectWord('FROM');
  const operand = parseExpression(cursor);
  const timeZone = timeZoneClause(cursor);
  cursor.expectOp(')');
  const span = cursor.spanFrom(start);
  return { kind: 'Extract', span, part, operand, ...(timeZone === undefined ? {} : { timeZone }) };
}

function exists(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  const hint = hintPart(cursor);
  const query = cursor.isOp('{') ? parseExistsGraph(cursor) : parseParenthesizedQuery(cursor);
  return { kind: 'ExistsSubquery', span: cursor.spanFrom(start), ...hint, query };
}

function interval(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  const value = parseExpression(cursor);
  const from = partName(cursor);
  const to = cursor.takeWord('TO') ? partName(cursor) : undefined;
  return { kind: 'Interval', span: cursor.spanFrom(start), value, from, ...(to === undefined ? {} : { to }) };
}

/** `WITH(a AS 1, b AS a + 1, a * b)`: the last part has no name. */
function withExpression(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  cursor.expectOp('(');
  const variables: { name: Identifier; value: Expression }[] = [];
  do {
    const name = cursor.name();
    cursor.expectWord('AS');
    variables.push({ name, value: parseExpression(cursor) });
    cursor.expectOp(',');
  } while (cursor.isName() && cursor.peek(1).word === 'AS');
  const body = parseExpression(cursor);
  cursor.expectOp(')');
  return { kind: 'WithExpression', span: cursor.spanFrom(start), variables, body };
}
