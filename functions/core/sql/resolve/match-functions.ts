import type { FunctionCall, Span } from '../ast/index.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import type { AggregateCall, Column, ResolvedExpression } from '../resolved/index.ts';
import { INT64, type SqlType, STRING } from '../types.ts';
import { aggregate } from './aggregate-call.ts';
import type { ExpressionContext } from './context.ts';
import { matched } from './expression-call.ts';
import { fail } from './failure.ts';
import { columnRef, type RangeVariable } from './scope.ts';
import { newColumn } from './session.ts';

/** Where in MATCH_RECOGNIZE an expression stands. */
export type MatchPlace = {
  readonly clause: 'MEASURES' | 'DEFINE';
  /** what PREV and NEXT look at, each a column that the clause computes itself */
  readonly navigation: { readonly column: Column; readonly call: AggregateCall }[];
  /** inside the parentheses of PREV or NEXT */
  readonly navigates?: true;
  /** inside an aggregate: the rows that its columns range over, once one of them told; '' for all */
  readonly rows?: { symbol?: string };
};

/** The place inside of an aggregate's parentheses, to spread into a context. */
export const insideAggregate = ({ match }: ExpressionContext): { readonly match?: MatchPlace } =>
  match === undefined ? {} : { match: { ...match, rows: {} } };

const aggregates: ReadonlyMap<string, FunctionEntry> = new Map(
  ['FIRST', 'LAST'].map((name) => [name, { name, kind: 'aggregate', signatures: ['T1 -> T1'], clauses: [] }]),
);
/** `PREV(x, 2)` looks where LAG would, `NEXT` where LEAD would. */
const navigators: ReadonlyMap<string, FunctionEntry> = new Map(
  ['PREV', 'NEXT'].map((name) => [name, { name, kind: 'scalar', signatures: ['T1, LITERAL INT64? -> T1'] }]),
);
const tellers: ReadonlyMap<string, SqlType> = new Map([
  ['CLASSIFIER', STRING],
  ['MATCH_NUMBER', INT64],
  ['MATCH_ROW_NUMBER', INT64],
]);

/** A call of a function that only MATCH_RECOGNIZE has, or nothing for any other. */
export function matchFunction(
  call: FunctionCall,
  name: string,
  context: ExpressionContext,
): ResolvedExpression | undefined {
  const entry = aggregates.get(name);
  if (entry !== undefined) return edgeOfMatch(call, entry, context);
  const navigator = navigators.get(name);
  if (navigator !== undefined) return navigation(call, navigator, context);
  const type = tellers.get(name);
  return type === undefined ? undefined : teller(call, name, type, context);
}

function edgeOfMatch(
  call: FunctionCall,
  entry: FunctionEntry,
  context: ExpressionContext,
): ResolvedExpression {
  if (context.match?.clause !== 'MEASURES')
    fail(
      call,
      `aggregate function ${entry.name} can only be used inside a MATCH_RECOGNIZE's MEASURES clause`,
    );
  if (call.over !== undefined) fail(call, `Aggregate function ${entry.name} does not support an OVER clause`);
  context.session.shared.functions.add(entry.name);
  return aggregate(call, entry, false, context);
}

function navigation(
  call: FunctionCall,
  entry: FunctionEntry,
  context: ExpressionContext,
): ResolvedExpression {
  const { match } = context;
  if (match?.clause !== 'DEFINE')
    fail(
      call,
      `function ${entry.name} must be directly inside a MATCH_RECOGNIZE's DEFINE clause, without any enclosing subquery`,
    );
  if (match.navigates) fail(call, `function ${entry.name} cannot be nested in another PREV() or NEXT() call`);
  const name = entry.name === 'PREV' ? 'LAG' : 'LEAD';
  context.session.shared.functions.add(name);
  const { type, arguments: list } = matched(call, entry, {
    ...context,
    match: { ...match, navigates: true },
  });
  const column = newColumn(context.session, `$${name.toLowerCase()}`, type);
  const made: AggregateCall = {
    kind: 'AggregateCall',
    type,
    span: call.span,
    name,
    safe: false,
    arguments: list,
    distinct: false,
    orderBy: [],
  };
  match.navigation.push({ column, call: made });
  return columnRef(column, call.span);
}

function teller(
  call: FunctionCall,
  name: string,
  type: SqlType,
  { match }: ExpressionContext,
): ResolvedExpression {
  if (match?.clause !== 'MEASURES')
    fail(call, `function ${name} can only be used inside a MATCH_RECOGNIZE's MEASURES clause`);
  if (call.arguments.length > 0 || call.star) fail(call, `No matching signature for function ${name}`);
  if (name !== 'MATCH_NUMBER' && match.rows === undefined) fail(call, `Function ${name} must be aggregated`);
  return { kind: 'Call', type, span: call.span, name, safe: false, arguments: [] };
}

/** A column through a symbol, or without one: inside an aggregate all must range over the same rows. */
export function noteRows(range: RangeVariable | undefined, at: Span, { match }: ExpressionContext): void {
  const symbol = range?.symbol === true ? range.name : '';
  if (match?.clause !== 'MEASURES' || match.rows === undefined) {
    if (symbol !== '') fail(at, 'Cannot access columns through pattern variables.');
    return;
  }
  const { rows } = match;
  rows.symbol ??= symbol;
  if (rows.symbol.toLowerCase() === symbol.toLowerCase()) return;
  const here = symbol === '' ? 'all input rows' : `pattern variable ${symbol}`;
  const before = rows.symbol === '' ? 'a all input rows' : `a pattern variable ${rows.symbol}`;
  fail(at, `Column access ranges over ${here} in an expression that already ranges over ${before}`);
}
