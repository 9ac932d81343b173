import type { Expression, FunctionCall, Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failBare, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseValueSubquery, startsValueSubquery } from './graph/expressions.ts';
import { parseExistsGraph } from './graph/query.ts';
import { hintPart } from './hints.ts';
import { parseNew, replaceFields } from './proto.ts';
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
      return startsWithExpression(cursor, 0) ? withExpression(cursor) : undefined;
    case 'NEW':
      return parseNew(cursor);
    case 'REPLACE_FIELDS':
      return cursor.peek(1).op === '(' ? replaceFields(cursor) : undefined;
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
  if (otherwise === undefined && !cursor.isWord('END')) failExpected(cursor, 'ELSE', 'END');
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

const queryInCast = (word: string): string =>
  `The argument to ${word} is an expression, not a query; to use a query as an expression, the query must be ` +
  'wrapped with additional parentheses to make it a scalar subquery expression';

function cast(cursor: Cursor): Expression {
  const { start, word } = cursor.advance();
  cursor.expectOp('(');
  if (cursor.isWord('SELECT')) failBare(queryInCast(word), cursor.token.start);
  const operand = parseExpression(cursor);
  cursor.expectWord('AS');
  const type = parseType(cursor);
  const format = cursor.takeWord('FORMAT') ? parseExpression(cursor) : undefined;
  const timeZone = format === undefined ? undefined : timeZoneClause(cursor);
  if (format === undefined && !cursor.isOp(')')) failExpected(cursor, ')', 'FORMAT');
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

const plainWord = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A part of a date, upper-cased and as it is in the text. */
type DatePart = { readonly part: string; readonly written: string };

/** The word of an expression that is only that, as `WEEK` or the `MONDAY` in `WEEK(MONDAY)`. */
function wordOf(expression: Expression): string | undefined {
  if (expression.kind !== 'PathExpression' || expression.path.parts.length !== 1) return undefined;
  const [part] = expression.path.parts;
  return part !== undefined && plainWord.test(part.name) ? part.name : undefined;
}

/** `YEAR`, `WEEK(MONDAY)`: parts of dates are plain words; the tree keeps them as such. */
function datePart(part: Expression): DatePart | undefined {
  const written = part.kind === 'FunctionCall' ? callOfWord(part) : wordOf(part);
  return written === undefined ? undefined : { part: written.toUpperCase(), written };
}

function callOfWord(call: FunctionCall): string | undefined {
  const [argument, ...others] = call.arguments;
  if (argument?.kind !== 'PlainArgument' || others.length > 0 || argument.alias !== undefined)
    return undefined;
  const modified = call.distinct || call.star || call.chained || call.orderBy.length > 0;
  const more = call.over ?? call.having ?? call.where ?? call.limit ?? call.hint ?? call.nullHandling;
  const rest = call.groupBy ?? call.clamped ?? call.report ?? call.limitAll ?? call.within;
  const [name, ...dotted] = call.name.parts;
  if (modified || more !== undefined || rest !== undefined || dotted.length > 0) return undefined;
  const inner = wordOf(argument.value);
  return inner === undefined || !plainWord.test(name!.name) ? undefined : `${name!.name}(${inner})`;
}

function extract(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  cursor.expectOp('(');
  const at = cursor.token;
  const written = parseExpression(cursor);
  const part = datePart(written);
  if (part === undefined) cursor.foreign('EXTRACT of something that is no part of a date', at);
  cursor.expectWord('FROM');
  const operand = parseExpression(cursor);
  const timeZone = timeZoneClause(cursor);
  if (timeZone === undefined && !cursor.isOp(')')) failExpected(cursor, ')', 'AT');
  cursor.expectOp(')');
  const rest = { span: cursor.spanFrom(start), operand, ...(timeZone === undefined ? {} : { timeZone }) };
  return part === undefined
    ? { kind: 'ExtractField', part: written, ...rest }
    : { kind: 'Extract', ...part, ...rest };
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
  const from = cursor.name().name;
  const to = cursor.takeWord('TO') ? cursor.name().name : undefined;
  const span = cursor.spanFrom(start);
  const upper = from.toUpperCase();
  if (to === undefined) return { kind: 'Interval', span, value, from: upper, written: { from } };
  return { kind: 'Interval', span, value, from: upper, to: to.toUpperCase(), written: { from, to } };
}

/** Whether `WITH (name AS` stands there; a query's WITH has its name before any parenthesis. */
export function startsWithExpression(cursor: Cursor, ahead: number): boolean {
  return (
    cursor.peek(ahead + 1).op === '(' &&
    cursor.isName(cursor.peek(ahead + 2)) &&
    cursor.peek(ahead + 3).word === 'AS'
  );
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
