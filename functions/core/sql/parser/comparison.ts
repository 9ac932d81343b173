import type { Argument, ComparisonOperator, Expression, UnnestRest } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseExpression, parseTight, parseUnconnected, refuseNot } from './expression.ts';
import { parseGraphTest, startsGraphTest } from './graph/expressions.ts';
import { parseBracedGraph } from './graph/query.ts';
import { parseHint, startsHint } from './hints.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';
import { parseUnnestArguments } from './unnest.ts';

const comparisonOperators: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const comparisonWords: ReadonlySet<string> = new Set(['LIKE', 'IN', 'BETWEEN', 'IS']);
const afterNot: ReadonlySet<string> = new Set(['LIKE', 'IN', 'BETWEEN', 'DISTINCT']);

/** `complete`: it ends in an operand, and nothing but AND and OR may follow. */
type Comparison = { readonly expression: Expression; readonly complete: boolean };

/** Whether a comparison operator stands here. */
export function isComparison(cursor: Cursor): boolean {
  const { op, word } = cursor.token;
  if (op !== '') return comparisonOperators[op] !== undefined;
  if (word === 'NOT') return afterNot.has(cursor.peek(1).word);
  return comparisonWords.has(word);
}

/** What is being compared: the left side, where it began, and where a wrong left side is reported. */
type Left = {
  readonly operand: Expression;
  readonly start: number;
  /** the operand may stand here without parentheses of its own */
  readonly allowed: boolean;
};

/** The rest of a comparison whose left side is `operand`. */
export function parseComparison(cursor: Cursor, operand: Expression, start: number): Comparison {
  const left = { operand, start, allowed: isAllowed(cursor, operand) };
  const operator = comparisonOperators[cursor.token.op];
  if (operator !== undefined) return operatorTest(cursor, left, operator);
  const not = cursor.takeWord('NOT');
  const at = cursor.token;
  if (cursor.takeWord('IS')) return isTest(cursor, left, at);
  if (cursor.takeWord('BETWEEN')) return done(between(cursor, left, not, at));
  if (cursor.takeWord('IN')) return goesOn(inTest(cursor, left, not, at));
  if (!cursor.takeWord('LIKE')) failExpected(cursor, 'BETWEEN', 'IN', 'LIKE');
  return like(cursor, left, not, at);
}

const done = (expression: Expression): Comparison => ({ expression, complete: true });
const goesOn = (expression: Expression): Comparison => ({ expression, complete: false });

const comparisonKinds: ReadonlySet<Expression['kind']> = new Set([
  'InList',
  'InUnnest',
  'InQuery',
  'Between',
  'Like',
  'QuantifiedComparison',
  'Logical',
]);

/** Comparisons do not group: one is no operand of another unless parentheses stand around it. */
function isAllowed(cursor: Cursor, operand: Expression): boolean {
  const kind = operand.kind;
  const bare =
    comparisonKinds.has(kind) ||
    (kind === 'IsTest' && operand.test !== 'UNKNOWN') ||
    (kind === 'Unary' && operand.operator === 'NOT') ||
    (kind === 'Binary' && Object.hasOwn(comparisonOperators, operand.operator));
  // what stands between parentheses ends before the last token
  return !bare || operand.span.end !== cursor.lastEnd;
}

function checkLeft(cursor: Cursor, left: Left, name: string, at: Token): void {
  if (!left.allowed) cursor.fail(`Expression to the left of ${name} must be parenthesized`, at);
}

const writtenPart = (at: Token): { readonly written?: '<>' } => (at.op === '<>' ? { written: '<>' } : {});

function operatorTest(cursor: Cursor, left: Left, operator: ComparisonOperator): Comparison {
  const at = cursor.advance();
  if (isQuantifier(cursor)) return goesOn(quantifiedComparison(cursor, left, operator, at));
  refuseNot(cursor);
  const right = parseTight(cursor);
  if (isComparison(cursor)) cursor.unexpected();
  checkLeft(cursor, left, 'comparison', at);
  const kind = 'Binary' as const;
  const span = cursor.spanFrom(left.start);
  return done({ kind, span, operator, ...writtenPart(at), left: left.operand, right });
}

const isQuantifier = (cursor: Cursor): boolean =>
  cursor.isWord('ANY') || cursor.isWord('ALL') || cursor.isWord('SOME');

const testWords: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);
type TestWord = 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';

function isTest(cursor: Cursor, left: Left, at: Token): Comparison {
  const not = cursor.takeWord('NOT');
  if (cursor.takeWord('DISTINCT')) return done(distinctTest(cursor, left, not));
  const { word } = cursor.token;
  if (!testWords.has(word)) {
    if (word === 'LABELED') return goesOn(parseGraphTest(cursor, left.operand, left.start, not));
    if (startsGraphTest(cursor)) return done(parseGraphTest(cursor, left.operand, left.start, not));
    failExpected(cursor, 'FALSE', 'NULL', 'TRUE', 'UNKNOWN');
  }
  cursor.advance();
  checkLeft(cursor, left, 'IS', at);
  const { operand, start } = left;
  return goesOn({ kind: 'IsTest', span: cursor.spanFrom(start), operand, not, test: word as TestWord });
}

function distinctTest(cursor: Cursor, { operand, start }: Left, not: boolean): Expression {
  cursor.expectWord('FROM');
  const right = cursor.isWord('NOT') ? cursor.nested(parseUnconnected) : parseTight(cursor);
  return { kind: 'IsDistinct', span: cursor.spanFrom(start), left: operand, right, not };
}

function between(cursor: Cursor, left: Left, not: boolean, at: Token): Expression {
  const lowAt = cursor.token;
  const low = parseUnconnected(cursor);
  const lowAllowed = isAllowed(cursor, low);
  if (cursor.isWord('OR')) cursor.fail('Expression in BETWEEN must be parenthesized', lowAt);
  if (!cursor.takeWord('AND')) cursor.unexpected();
  refuseNot(cursor);
  const high = parseTight(cursor);
  if (isComparison(cursor)) cursor.unexpected();
  checkLeft(cursor, left, 'BETWEEN', at);
  if (!lowAllowed) cursor.fail('Expression in BETWEEN must be parenthesized', lowAt);
  const { operand, start } = left;
  return { kind: 'Between', span: cursor.spanFrom(start), operand, not, low, high };
}

function inTest(cursor: Cursor, left: Left, not: boolean, at: Token): Expression {
  const { operand, start } = left;
  const hintAt = startsHint(cursor) ? cursor.token : undefined;
  const hint = parseHint(cursor);
  if (cursor.isWord('UNNEST')) {
    const { array, rest } = unnestOperand(cursor);
    refuseHint(cursor, hintAt, 'IN clause with UNNEST');
    checkLeft(cursor, left, 'IN', at);
    return { kind: 'InUnnest', span: cursor.spanFrom(start), operand, not, array, ...rest };
  }
  const braced = hint === undefined && cursor.isOp('{');
  if (!braced && !cursor.isOp('(')) cursor.unexpected();
  if (braced || startsQuery(cursor, 1)) {
    const query = braced ? parseBracedGraph(cursor) : parseParenthesizedQuery(cursor);
    checkLeft(cursor, left, 'IN', at);
    const span = cursor.spanFrom(start);
    return { kind: 'InQuery', span, operand, not, ...(hint === undefined ? {} : { hint }), query };
  }
  const list = parenthesizedList(cursor);
  checkLeft(cursor, left, 'IN', at);
  refuseHint(cursor, hintAt, 'IN clause with value list');
  return { kind: 'InList', span: cursor.spanFrom(start), operand, not, list };
}

function refuseHint(cursor: Cursor, at: Token | undefined, where: string): void {
  if (at !== undefined) cursor.fail(`HINTs cannot be specified on ${where}`, at);
}

function parenthesizedList(cursor: Cursor): Expression[] {
  cursor.expectOp('(');
  const list = commaList(cursor, parseExpression);
  if (list.length > 1) closeList(cursor);
  else if (!cursor.takeOp(')')) failExpected(cursor, ',');
  return list;
}

/** `UNNEST(array)` where a test wants values. BigQuery takes one array and no alias. */
function unnestOperand(cursor: Cursor): { readonly array: Expression; readonly rest: UnnestRest } {
  const at = cursor.token;
  const [first, ...others] = parseUnnestArguments(cursor) as [Argument & { kind: 'PlainArgument' }];
  const rest: UnnestRest = {
    ...(first.alias === undefined ? {} : { arrayAlias: first.alias }),
    ...(others.length === 0 ? {} : { otherArrays: others }),
  };
  if (first.alias !== undefined || others.length > 0)
    cursor.foreign('UNNEST of several arrays to compare', at);
  return { array: first.value, rest };
}

/** What stands after ANY, SOME or ALL. */
type Quantified = {
  readonly quantifier: 'ANY' | 'ALL';
  readonly some?: true;
  readonly hint?: ReturnType<typeof parseHint>;
  readonly items: readonly Expression[];
  readonly from?: 'UNNEST' | 'QUERY';
  readonly rest: UnnestRest;
};

function quantified(cursor: Cursor, left: Left, at: Token, name: string, clause: string): Quantified {
  const { word } = cursor.advance();
  const hintAt = startsHint(cursor) ? cursor.token : undefined;
  const hint = parseHint(cursor);
  const base = { quantifier: word === 'ALL' ? 'ALL' : 'ANY', rest: {} } as const;
  const some = word === 'SOME' ? ({ some: true } as const) : {};
  if (cursor.isWord('UNNEST')) {
    const { array, rest } = unnestOperand(cursor);
    checkLeft(cursor, left, name, at);
    refuseHint(cursor, hintAt, `${clause} clause with UNNEST`);
    return { ...base, ...some, items: [array], from: 'UNNEST', rest };
  }
  if (!cursor.isOp('(')) cursor.unexpected();
  if (startsQuery(cursor, 1) && !doublyParenthesized(cursor)) {
    const { start } = cursor.token;
    const query = parseParenthesizedQuery(cursor);
    checkLeft(cursor, left, name, at);
    const items = [{ kind: 'ScalarSubquery' as const, span: cursor.spanFrom(start), query }];
    return { ...base, ...some, ...(hint === undefined ? {} : { hint }), items, from: 'QUERY' };
  }
  const items = parenthesizedList(cursor);
  checkLeft(cursor, left, name, at);
  refuseHint(cursor, hintAt, `${clause} clause with value list`);
  return { ...base, ...some, items };
}

/** `((SELECT ...))`: a list of one scalar subquery. */
function doublyParenthesized(cursor: Cursor): boolean {
  const inside = cursor.peek(1);
  return inside.op === '(' && inside.match + 1 === cursor.token.match;
}

function quantifiedComparison(
  cursor: Cursor,
  left: Left,
  operator: ComparisonOperator,
  at: Token,
): Expression {
  cursor.foreign('quantified comparison', at);
  const { items, from, rest, hint, some, quantifier } = quantified(
    cursor,
    left,
    at,
    'the comparison operator',
    'ANY/SOME/ALL',
  );
  return {
    kind: 'QuantifiedComparison',
    span: cursor.spanFrom(left.start),
    operand: left.operand,
    operator,
    ...writtenPart(at),
    quantifier,
    ...(some === undefined ? {} : { some }),
    ...(hint === undefined ? {} : { hint }),
    values: items,
    ...(from === undefined ? {} : { valuesFrom: from }),
    ...rest,
  };
}

function like(cursor: Cursor, left: Left, not: boolean, at: Token): Comparison {
  const { operand, start } = left;
  if (!isQuantifier(cursor)) {
    refuseNot(cursor);
    const pattern = parseTight(cursor);
    if (isComparison(cursor)) cursor.unexpected();
    checkLeft(cursor, left, 'LIKE', at);
    return done({ kind: 'Like', span: cursor.spanFrom(start), operand, not, patterns: [pattern] });
  }
  const { items, from, rest, hint, some, quantifier } = quantified(cursor, left, at, 'LIKE', 'LIKE');
  return goesOn({
    kind: 'Like',
    span: cursor.spanFrom(start),
    operand,
    not,
    quantifier,
    ...(some === undefined ? {} : { some }),
    ...(hint === undefined ? {} : { hint }),
    patterns: items,
    ...(from === undefined ? {} : { patternsFrom: from }),
    ...rest,
  });
}
