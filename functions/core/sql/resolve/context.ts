import type { Expression, OrderingItem, Select, Span, WindowSpec } from '../ast/index.ts';
import type {
  AggregateCall,
  AnalyticCall,
  Column,
  ResolvedExpression,
  ResolvedScan,
  SortKey,
} from '../resolved/index.ts';
import { BOOL, type SqlType, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import type { MatchPlace } from './match-functions.ts';
import { key, NO_NAMES, type Scope } from './scope.ts';
import type { Session } from './session.ts';

/** A CTE as its references see it. */
export type CteInfo = {
  /** unique in the statement */
  readonly name: string;
  readonly outputs: readonly { readonly name: string; readonly type: SqlType }[];
  readonly asValue: boolean;
};

/** CTE names in sight, innermost first. `find` resolves lazily, so that WITH RECURSIVE may refer forward. */
export type CteScope = {
  readonly find: (name: string, span: Span) => CteInfo | undefined;
  readonly parent?: CteScope;
};

/** What the expressions of one SELECT leave to the steps around it. */
export type Block = {
  readonly aggregates: { column: Column; call: AggregateCall }[];
  readonly analytics: { column: Column; call: AnalyticCall }[];
  readonly grouping: { column: Column; expression: ResolvedExpression }[];
  readonly windows: ReadonlyMap<string, WindowSpec>;
};

export const newBlock = (windows: Block['windows'] = new Map()): Block => ({
  aggregates: [],
  analytics: [],
  grouping: [],
  windows,
});

/** The windows of a WINDOW clause by their names. */
export function namedWindows(windows: Select['windows']): Block['windows'] {
  const named = new Map<string, WindowSpec>();
  for (const { name, spec } of windows) {
    if (named.has(key(name.name))) fail(name, `Duplicate window alias ${name.name}`);
    named.set(key(name.name), spec);
  }
  return named;
}

export type ExpressionContext = {
  readonly session: Session;
  readonly scope: Scope;
  /** the names of FROM alone, where `scope` has select aliases too */
  readonly fromScope?: Scope;
  readonly ctes: CteScope | undefined;
  /** named in messages: `WHERE clause` */
  readonly clause: string;
  readonly block?: Block;
  readonly aggregates: boolean;
  readonly analytics: boolean;
  /** the word after SELECT WITH, whose aggregates take limits of their own */
  readonly privacy?: string;
  /** inside MATCH_RECOGNIZE */
  readonly match?: MatchPlace;
};

/** Where a query stands: the names outside it that it may refer to. */
export type QueryContext = {
  readonly session: Session;
  readonly ctes: CteScope | undefined;
  readonly outer: Scope | undefined;
};

/** A query's columns; an empty name is an unnamed column. `literal` is set where the column is a plain literal. */
export type QueryOutput = {
  readonly name: string;
  readonly column: Column;
  readonly literal?: ResolvedExpression;
};
export type QueryResult = {
  readonly scan: ResolvedScan;
  readonly outputs: readonly QueryOutput[];
  readonly asValue: boolean;
};

export const plainContext = (query: QueryContext, scope: Scope, clause: string): ExpressionContext => ({
  session: query.session,
  scope,
  ctes: query.ctes,
  clause,
  aggregates: false,
  analytics: false,
});

/** A scope whose names are those outside only. */
export const outerScope = (query: QueryContext): Scope =>
  query.outer ? { names: NO_NAMES, parent: query.outer } : { names: NO_NAMES };

/** A clause that must be BOOL. */
export function resolveCondition(e: Expression, context: ExpressionContext): ResolvedExpression {
  const value = resolveExpression(e, context);
  if (fit(value, BOOL) === undefined)
    fail(e, `${context.clause} should return type BOOL, but returns ${typeText(value.type)}`);
  return coerce(value, BOOL);
}

export function resolveSortKey(item: OrderingItem, context: ExpressionContext): SortKey {
  return sortKey(item, resolveExpression(item.expression, context));
}

export function sortKey(item: OrderingItem, expression: ResolvedExpression): SortKey {
  const collation = item.collate && collationOf(item.collate, expression);
  const type = expression.type;
  const name = type.kind === 'scalar' ? type.name : type.kind === 'range' ? '' : type.kind.toUpperCase();
  if (['JSON', 'GEOGRAPHY', 'ARRAY', 'STRUCT'].includes(name))
    fail(item.expression, `ORDER BY does not support expressions of type ${typeText(type)}`);
  const descending = item.direction === 'DESC';
  return {
    expression,
    descending,
    nullsFirst: item.nulls === undefined ? !descending : item.nulls === 'FIRST',
    ...(collation === undefined ? {} : { collation }),
  };
}

/** The collation that a text is sorted by; what a parameter names is not known. */
function collationOf(e: Expression, sorted: ResolvedExpression): string {
  if (e.kind === 'Parameter' || e.kind === 'PositionalParameter')
    unsupported(e, 'COLLATE with a query parameter');
  if (e.kind !== 'StringLiteral')
    fail(e, 'COLLATE must be followed by a string literal or a string parameter');
  if (sorted.type.kind !== 'scalar' || sorted.type.name !== 'STRING')
    fail(
      sorted,
      `COLLATE can only be applied to expressions of type STRING, but was applied to ${typeText(sorted.type)}`,
    );
  return e.value;
}
