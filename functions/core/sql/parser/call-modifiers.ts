import type { FunctionCall } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression, parseUnconnected } from './expression.ts';
import { parseGroupBy } from './group-by.ts';
import { parseOptionsList } from './options.ts';
import { parseOrderByClause } from './order-by.ts';
import { startsWithExpression } from './special-forms.ts';

const modifierWords: ReadonlySet<string> = new Set([
  'IGNORE',
  'RESPECT',
  'WHERE',
  'HAVING',
  'GROUP',
  'ORDER',
  'LIMIT',
]);

/** What may stand between the last argument and the closing parenthesis of a call. */
export type CallModifiers = Pick<
  FunctionCall,
  | 'nullHandling'
  | 'where'
  | 'having'
  | 'groupBy'
  | 'groupHaving'
  | 'clamped'
  | 'report'
  | 'orderBy'
  | 'orderHint'
  | 'limit'
  | 'limitAll'
  | 'offset'
>;

/** Whether a modifier stands where the first argument would. */
export function startsModifier(cursor: Cursor): boolean {
  const { word } = cursor.token;
  return modifierWords.has(word) || (word === 'WITH' && !startsWithExpression(cursor, 0));
}

const noModifiers: CallModifiers = { orderBy: [] };

/** The modifiers in their order, and the closing parenthesis. CLAMPED needs an argument before it. */
export function parseModifiers(cursor: Cursor, hasArguments: boolean): CallModifiers {
  if (cursor.takeOp(')')) return noModifiers;
  const modifiers: CallModifiers = {
    ...nullHandling(cursor),
    ...whereModifier(cursor),
    ...havingModifier(cursor),
    ...groupModifier(cursor),
    ...(hasArguments ? clampedModifier(cursor) : {}),
    ...reportModifier(cursor),
    ...parseOrderByClause(cursor),
    ...limitModifier(cursor),
  };
  cursor.expectOp(')');
  return modifiers;
}

function nullHandling(cursor: Cursor): Pick<CallModifiers, 'nullHandling'> {
  const { word } = cursor.token;
  if (word !== 'IGNORE' && word !== 'RESPECT') return {};
  cursor.advance();
  cursor.expectWord('NULLS');
  return { nullHandling: word };
}

function whereModifier(cursor: Cursor): Pick<CallModifiers, 'where'> {
  if (!cursor.isWord('WHERE')) return {};
  cursor.foreign('WHERE in a function call');
  cursor.advance();
  return { where: parseExpression(cursor) };
}

function havingModifier(cursor: Cursor): Pick<CallModifiers, 'having'> {
  if (!cursor.takeWord('HAVING')) return {};
  const { word } = cursor.token;
  if (word !== 'MAX' && word !== 'MIN') return failExpected(cursor, 'MAX', 'MIN');
  cursor.advance();
  return { having: { type: word, expression: parseExpression(cursor) } };
}

function groupModifier(cursor: Cursor): Pick<CallModifiers, 'groupBy' | 'groupHaving'> {
  if (!cursor.isWord('GROUP')) return {};
  cursor.foreign('GROUP BY in a function call');
  const groupBy = parseGroupBy(cursor);
  if (groupBy.all) cursor.fail('Unexpected keyword ALL', cursor.peek(-1));
  return cursor.takeWord('HAVING') ? { groupBy, groupHaving: parseExpression(cursor) } : { groupBy };
}

function clampedModifier(cursor: Cursor): Pick<CallModifiers, 'clamped'> {
  if (!cursor.takeWord('CLAMPED')) return {};
  cursor.expectWord('BETWEEN');
  const low = parseUnconnected(cursor);
  if (!cursor.takeWord('AND')) cursor.unexpected();
  return { clamped: { low, high: parseExpression(cursor) } };
}

function reportModifier(cursor: Cursor): Pick<CallModifiers, 'report'> {
  if (!cursor.isWord('WITH')) return {};
  cursor.foreign('WITH REPORT');
  cursor.advance();
  cursor.expectWord('REPORT');
  return { report: cursor.isOp('(') ? { options: parseOptionsList(cursor) } : {} };
}

function limitModifier(cursor: Cursor): Pick<CallModifiers, 'limit' | 'limitAll' | 'offset'> {
  if (!cursor.takeWord('LIMIT')) return {};
  const all = cursor.isWord('ALL');
  if (all) cursor.foreign('LIMIT ALL');
  if (all) cursor.advance();
  const limit = all ? { limitAll: true as const } : { limit: parseExpression(cursor) };
  if (!cursor.isWord('OFFSET')) return limit;
  cursor.foreign('OFFSET in a function call');
  cursor.advance();
  return { ...limit, offset: parseExpression(cursor) };
}
