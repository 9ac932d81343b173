import type { BracedConstructor, BracedField, Expression } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failAt } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseGeneralizedPath } from './generalized-path.ts';

/** What a braced constructor stands after. */
type Head = Pick<BracedConstructor, 'keyword' | 'type' | 'base'>;

/** `{key: value, ...}`; `head` is what was read before it, from `start` on. */
export function parseBracedConstructor(
  cursor: Cursor,
  head: Head = {},
  start: number = cursor.token.start,
): BracedConstructor {
  cursor.foreign('braced constructor');
  return cursor.nested(() => {
    const fields = bracedFields(cursor);
    return { kind: 'BracedConstructor', span: cursor.spanFrom(start), ...head, fields };
  });
}

/** `base {key: value}` */
export function parseBracedRest(cursor: Cursor, base: Expression, start: number): BracedConstructor {
  return parseBracedConstructor(cursor, { base }, start);
}

function bracedFields(cursor: Cursor): BracedField[] {
  cursor.expectOp('{');
  const fields: BracedField[] = [];
  if (!cursor.isOp('}')) fields.push(firstField(cursor, false));
  while (!cursor.isOp('}')) {
    if (!cursor.takeOp(',')) fields.push(laterField(cursor));
    else if (!cursor.isOp('}')) fields.push(firstField(cursor, true));
  }
  cursor.advance();
  return fields;
}

/** `:`, `*:`, `?:`, or nothing. */
function signHere(cursor: Cursor): BracedField['sign'] {
  if (cursor.takeOp(':')) return ':';
  const { op } = cursor.token;
  if ((op !== '*' && op !== '?') || cursor.peek(1).op !== ':') return '';
  cursor.advance();
  cursor.advance();
  return op === '*' ? '*:' : '?:';
}

const graphWords: ReadonlySet<string> = new Set(
  'CALL DELETE FILTER FOR INSERT LET LIMIT MATCH OFFSET OPTIONAL ORDER REMOVE RETURN SET SKIP TABLESAMPLE WITH'.split(
    ' ',
  ),
);

/** `value {...}` is a field here unless a graph query stands between the braces. */
function isFieldNamedValue(cursor: Cursor): boolean {
  return cursor.isWord('VALUE') && cursor.peek(1).op === '{' && !graphWords.has(cursor.peek(2).word);
}

const pathKinds: ReadonlySet<Expression['kind']> = new Set([
  'PathExpression',
  'FieldAccess',
  'Subscript',
  'ExtensionAccess',
]);

/** At the beginning and after a comma a key is any expression, and its colon may be missing before `{`. */
function firstField(cursor: Cursor, comma: boolean): BracedField {
  const { start } = cursor.token;
  if (isFieldNamedValue(cursor)) return laterField(cursor, comma);
  const key = parseExpression(cursor);
  const sign = signHere(cursor);
  if (sign !== '') {
    const value = parseExpression(cursor);
    return { kind: 'BracedField', span: cursor.spanFrom(start), key, sign, comma, value };
  }
  if (key.kind !== 'BracedConstructor' || key.base === undefined) {
    cursor.fail(
      "Invalid braced constructor element, expected ':' followed by an expression that computes the value",
    );
  }
  const { base, ...value } = key;
  const braceAt = braceAfter(cursor, base.span.end);
  if (!pathKinds.has(base.kind)) {
    failAt("Unexpected braced constructor. Did you mean to use a ':' before the '{'?", braceAt);
  }
  const span = { start: braceAt, end: key.span.end };
  return { kind: 'BracedField', span: key.span, key: base, sign, comma, value: { ...value, span } };
}

/** Where the first brace at or after an offset stands. */
function braceAfter(cursor: Cursor, offset: number): number {
  let index = cursor.index - 1;
  while (index > 0 && cursor.tokens[index - 1]!.start >= offset) index--;
  while (cursor.tokens[index]!.op !== '{') index++;
  return cursor.tokens[index]!.start;
}

/** Without a comma before it a key is a path. */
function laterField(cursor: Cursor, comma = false): BracedField {
  const { start } = cursor.token;
  const key = parseGeneralizedPath(cursor);
  const sign = signHere(cursor);
  if (sign === '' && !cursor.isOp('{')) cursor.unexpected();
  const value = sign === '' ? parseBracedConstructor(cursor) : parseExpression(cursor);
  return { kind: 'BracedField', span: cursor.spanFrom(start), key, sign, comma, value };
}
