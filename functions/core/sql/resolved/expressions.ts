import type { Span } from '../ast/index.ts';
import type { SqlType } from '../types.ts';
import type { ResolvedScan } from './scans.ts';

/** A column that a scan produces; `id` is unique in one resolved statement. */
export type Column = { readonly id: number; readonly name: string; readonly type: SqlType };

/** Constant as the engine must see it. Numbers, dates and times are in GoogleSQL's own canonical text. */
export type ConstantValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int64'; readonly value: bigint }
  /** shortest round-trip text, or `NaN`, `Infinity`, `-Infinity` */
  | { readonly kind: 'float64'; readonly value: number }
  /** NUMERIC, BIGNUMERIC: plain decimal; DATE `2024-02-29`; TIME `01:02:03.5`; DATETIME `2024-01-02T03:04:05.25`;
   * TIMESTAMP: int64 microseconds since the epoch; INTERVAL `1-2 3 4:5:6.789`; JSON text; RANGE `[a, b)`; GEOGRAPHY WKT */
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

export type SortKey = {
  readonly expression: ResolvedExpression;
  readonly descending: boolean;
  /** Always decided: GoogleSQL sorts NULL first ascending and last descending unless told otherwise. */
  readonly nullsFirst: boolean;
  /** `COLLATE 'und:ci'` */
  readonly collation?: string;
};

export type ResolvedFrame = {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: ResolvedBound;
  readonly end: ResolvedBound;
};
export type ResolvedBound =
  | { readonly type: 'UNBOUNDED_PRECEDING' | 'CURRENT_ROW' | 'UNBOUNDED_FOLLOWING' }
  | { readonly type: 'PRECEDING' | 'FOLLOWING'; readonly offset: ResolvedExpression };

/**
 * A typed expression. Every implicit coercion is an explicit ResolvedCast with `implicit: true`;
 * operators are calls named `$add`, `$subtract`, `$multiply`, `$divide`, `$concat` (`||`), `$bitand`, `$bitor`, `$bitxor`,
 * `$bitnot`, `$shl`, `$shr`, `$minus` (unary), `$eq`, `$ne`, `$lt`, `$le`, `$gt`, `$ge`, `$and`, `$or`, `$not`, `$is_null`,
 * `$is_true`, `$is_false`, `$is_distinct`, `$between`, `$in` (operand, values...), `$in_array`, `$like`, `$like_any`, `$like_all`
 * (operand, patterns...), `$case` (when, then, ..., else), `$extract` (part constant STRING, value [, zone]),
 * `$array` (elements), `$array_offset`, `$array_ordinal`, `$safe_array_offset`, `$safe_array_ordinal`,
 * `$struct_offset`, `$json_subscript`, `$interval` (value, part constant).
 * `CASE x WHEN` is already turned into comparisons. Function names are upper-case (`SUBSTR`, `NET.HOST`, `ST_AREA`).
 */
export type ResolvedExpression =
  | { readonly kind: 'Constant'; readonly type: SqlType; readonly span: Span; readonly value: ConstantValue }
  /** Query parameter; `position` for `?`, else `name` in lower case. */
  | {
      readonly kind: 'ParameterRef';
      readonly type: SqlType;
      readonly span: Span;
      readonly name?: string;
      readonly position?: number;
    }
  /** `correlated`: the column belongs to an outer query. */
  | {
      readonly kind: 'ColumnRef';
      readonly type: SqlType;
      readonly span: Span;
      readonly column: Column;
      readonly correlated: boolean;
    }
  /** A struct's field by position (names may repeat or be absent). */
  | {
      readonly kind: 'GetField';
      readonly type: SqlType;
      readonly span: Span;
      readonly base: ResolvedExpression;
      readonly index: number;
    }
  /** `.a` on a JSON value */
  | {
      readonly kind: 'GetJsonField';
      readonly type: SqlType;
      readonly span: Span;
      readonly base: ResolvedExpression;
      readonly field: string;
    }
  | {
      readonly kind: 'MakeStruct';
      readonly type: SqlType;
      readonly span: Span;
      readonly fields: readonly ResolvedExpression[];
    }
  | {
      readonly kind: 'ResolvedCast';
      readonly type: SqlType;
      readonly span: Span;
      readonly operand: ResolvedExpression;
      readonly safe: boolean;
      readonly implicit: boolean;
      /** the type has a length, a precision or a collation, which `type` does not tell */
      readonly sized?: true;
      /** these as one text, so that two casts can be compared */
      readonly size?: string;
      readonly format?: ResolvedExpression;
      readonly timeZone?: ResolvedExpression;
    }
  | {
      readonly kind: 'Call';
      readonly type: SqlType;
      readonly span: Span;
      readonly name: string;
      /** `SAFE.F(x)`: an error of the call becomes NULL */
      readonly safe: boolean;
      readonly arguments: readonly ResolvedExpression[];
      /** values of named arguments, by lower-case name */
      readonly named?: Readonly<Record<string, ResolvedExpression>>;
      /** lambda arguments by position in `arguments` (which then holds a NULL constant there) */
      readonly lambdas?: readonly {
        readonly position: number;
        readonly parameters: readonly Column[];
        readonly body: ResolvedExpression;
      }[];
    }
  | {
      readonly kind: 'Subquery';
      readonly type: SqlType;
      readonly span: Span;
      readonly form: 'SCALAR' | 'ARRAY' | 'EXISTS' | 'IN';
      readonly scan: ResolvedScan;
      /** for IN: the left operand, already coerced */
      readonly operand?: ResolvedExpression;
      /** outer columns that the subquery uses */
      readonly correlated: readonly Column[];
    }
  /** `WITH(a AS x, a + 1)` */
  | {
      readonly kind: 'Let';
      readonly type: SqlType;
      readonly span: Span;
      readonly variables: readonly { readonly column: Column; readonly value: ResolvedExpression }[];
      readonly body: ResolvedExpression;
      /** the body of a routine that was called, with its arguments as variables */
      readonly routine?: string;
    };

/** `ARRAY_AGG(DISTINCT x IGNORE NULLS HAVING MAX y ORDER BY z LIMIT 3)` */
export type AggregateCall = {
  readonly kind: 'AggregateCall';
  readonly type: SqlType;
  readonly span: Span;
  /** `$count_star` for COUNT(*) */
  readonly name: string;
  readonly safe: boolean;
  readonly arguments: readonly ResolvedExpression[];
  readonly named?: Readonly<Record<string, ResolvedExpression>>;
  readonly distinct: boolean;
  readonly nullHandling?: 'IGNORE' | 'RESPECT';
  readonly having?: { readonly type: 'MIN' | 'MAX'; readonly expression: ResolvedExpression };
  /** the rows that count, where leaving the others out cannot be said with NULL: PIVOT of ARRAY_AGG */
  readonly filter?: ResolvedExpression;
  readonly orderBy: readonly SortKey[];
  readonly limit?: ResolvedExpression;
};

/** An aggregate or a window function (`RANK`, `LAG`, ...) with its window. */
export type AnalyticCall = {
  readonly kind: 'AnalyticCall';
  readonly call: AggregateCall;
  readonly partitionBy: readonly ResolvedExpression[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: ResolvedFrame;
};
