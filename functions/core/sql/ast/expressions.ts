import type { GraphLabel } from './graph-pattern.ts';
import type { Query } from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { TypeNode } from './types.ts';

/** Words that stand before a string literal and give it a type, or name a typed constant. */
export type TypedLiteralName = 'DATE' | 'DATETIME' | 'TIME' | 'TIMESTAMP' | 'NUMERIC' | 'BIGNUMERIC' | 'JSON';

export type Literal =
  | { readonly kind: 'NullLiteral'; readonly span: Span }
  | { readonly kind: 'BoolLiteral'; readonly span: Span; readonly value: boolean }
  /** `text` as written (decimal or 0x...); `value` may exceed INT64: the resolver says so. */
  | { readonly kind: 'IntLiteral'; readonly span: Span; readonly text: string; readonly value: bigint }
  | { readonly kind: 'FloatLiteral'; readonly span: Span; readonly text: string }
  /** Adjacent literals are already joined, escapes resolved. */
  | { readonly kind: 'StringLiteral'; readonly span: Span; readonly value: string }
  | { readonly kind: 'BytesLiteral'; readonly span: Span; readonly value: Uint8Array }
  | {
      readonly kind: 'TypedLiteral';
      readonly span: Span;
      readonly type: TypedLiteralName;
      readonly value: string;
    }
  | {
      readonly kind: 'RangeLiteral';
      readonly span: Span;
      readonly element: TypeNode;
      readonly value: string;
    };

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '||'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>=';

export type OrderingItem = {
  readonly kind: 'OrderingItem';
  readonly span: Span;
  readonly expression: Expression;
  readonly collate?: Expression;
  readonly direction?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
};

export type WindowFrameBound =
  | { readonly type: 'UNBOUNDED_PRECEDING' | 'CURRENT_ROW' | 'UNBOUNDED_FOLLOWING'; readonly span: Span }
  | { readonly type: 'PRECEDING' | 'FOLLOWING'; readonly span: Span; readonly offset: Expression };

export type WindowSpec = {
  readonly kind: 'WindowSpec';
  readonly span: Span;
  /** `OVER w` or `OVER (w ORDER BY ...)` */
  readonly base?: Identifier;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderingItem[];
  readonly frame?: {
    readonly unit: 'ROWS' | 'RANGE';
    readonly start: WindowFrameBound;
    readonly end?: WindowFrameBound;
  };
};

export type Argument =
  | {
      readonly kind: 'PlainArgument';
      readonly span: Span;
      readonly value: Expression;
      readonly alias?: Identifier;
    }
  /** `name => value` */
  | {
      readonly kind: 'NamedArgument';
      readonly span: Span;
      readonly name: Identifier;
      readonly value: Expression;
    }
  | {
      readonly kind: 'LambdaArgument';
      readonly span: Span;
      /** `name => x -> x + 1` */
      readonly name?: Identifier;
      readonly parameters: readonly Identifier[];
      readonly body: Expression;
    }
  /** `TABLE t`, `MODEL m`, `CONNECTION c`, `DESCRIPTOR(x)`: arguments that are no values */
  | {
      readonly kind: 'ObjectArgument';
      readonly span: Span;
      /** `name => TABLE t` */
      readonly name?: Identifier;
      readonly object: 'TABLE' | 'MODEL' | 'CONNECTION' | 'DESCRIPTOR';
      readonly path: Path;
    }
  | { readonly kind: 'QueryArgument'; readonly span: Span; readonly query: Query };

export type FunctionCall = {
  readonly kind: 'FunctionCall';
  readonly span: Span;
  /** `COUNT`, `SAFE.SUBSTR`, `NET.HOST`, `p.d.udf` */
  readonly name: Path;
  readonly distinct: boolean;
  /** `COUNT(*)` */
  readonly star: boolean;
  readonly arguments: readonly Argument[];
  readonly nullHandling?: 'IGNORE' | 'RESPECT';
  /** `ANY_VALUE(x HAVING MAX y)` */
  readonly having?: { readonly type: 'MIN' | 'MAX'; readonly expression: Expression };
  readonly orderBy: readonly OrderingItem[];
  readonly limit?: Expression;
  /** chained call `(x).UPPER()`: the receiver is already arguments[0] */
  readonly chained: boolean;
  readonly over?: WindowSpec;
};

export type Expression =
  | Literal
  /** `DEFAULT` where a statement wants a value to store; no expression holds one. */
  | { readonly kind: 'DefaultValue'; readonly span: Span }
  | { readonly kind: 'Parameter'; readonly span: Span; readonly name: string }
  /** `?`; `position` counts from 1 in the order of the text */
  | { readonly kind: 'PositionalParameter'; readonly span: Span; readonly position: number }
  | { readonly kind: 'SystemVariable'; readonly span: Span; readonly path: Path }
  /** A dotted name whose meaning (column, field, variable) only the resolver knows. */
  | { readonly kind: 'PathExpression'; readonly span: Span; readonly path: Path }
  /** `.field` after something that is no plain path, e.g. `f(x).a`, `a[0].b` */
  | {
      readonly kind: 'FieldAccess';
      readonly span: Span;
      readonly base: Expression;
      readonly field: Identifier;
    }
  /** `base[index]`; `OFFSET`, `SAFE_OFFSET`, `ORDINAL`, `SAFE_ORDINAL`, `KEY`, `SAFE_KEY` or none */
  | {
      readonly kind: 'Subscript';
      readonly span: Span;
      readonly base: Expression;
      readonly accessor?: 'OFFSET' | 'SAFE_OFFSET' | 'ORDINAL' | 'SAFE_ORDINAL' | 'KEY' | 'SAFE_KEY';
      readonly index: Expression;
    }
  | {
      readonly kind: 'Unary';
      readonly span: Span;
      readonly operator: '+' | '-' | '~' | 'NOT';
      readonly operand: Expression;
    }
  | {
      readonly kind: 'Binary';
      readonly span: Span;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Flat: `a AND b AND c` is one node, so that ten thousand operands do not nest. */
  | {
      readonly kind: 'Logical';
      readonly span: Span;
      readonly operator: 'AND' | 'OR';
      readonly operands: readonly Expression[];
    }
  | {
      readonly kind: 'IsTest';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
    }
  | {
      readonly kind: 'IsDistinct';
      readonly span: Span;
      readonly left: Expression;
      readonly right: Expression;
      readonly not: boolean;
    }
  /** `node IS SOURCE OF edge`, `node IS DESTINATION OF edge` */
  | {
      readonly kind: 'IsEndpoint';
      readonly span: Span;
      readonly node: Expression;
      readonly not: boolean;
      readonly end: 'SOURCE' | 'DESTINATION';
      readonly edge: Expression;
    }
  /** `element IS LABELED a | b` */
  | {
      readonly kind: 'IsLabeled';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly label: GraphLabel;
    }
  | {
      readonly kind: 'Between';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly low: Expression;
      readonly high: Expression;
    }
  | {
      readonly kind: 'InList';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly list: readonly Expression[];
    }
  | {
      readonly kind: 'InUnnest';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly array: Expression;
    }
  | {
      readonly kind: 'InQuery';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly query: Query;
    }
  | {
      readonly kind: 'Like';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly quantifier?: 'ANY' | 'ALL';
      /** one pattern without quantifier; several, or one array or query, with one */
      readonly patterns: readonly Expression[];
      readonly patternsFrom?: 'UNNEST' | 'QUERY';
    }
  | {
      readonly kind: 'Case';
      readonly span: Span;
      readonly operand?: Expression;
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly else?: Expression;
    }
  | {
      readonly kind: 'Cast';
      readonly span: Span;
      readonly safe: boolean;
      readonly operand: Expression;
      readonly type: TypeNode;
      readonly format?: Expression;
      readonly timeZone?: Expression;
    }
  /** `EXTRACT(WEEK(MONDAY) FROM x AT TIME ZONE z)`; part upper-cased, `WEEK(MONDAY)` kept whole */
  | {
      readonly kind: 'Extract';
      readonly span: Span;
      readonly part: string;
      readonly operand: Expression;
      readonly timeZone?: Expression;
    }
  /** `INTERVAL 5 DAY`, `INTERVAL '1-2 3' YEAR TO DAY` */
  | {
      readonly kind: 'Interval';
      readonly span: Span;
      readonly value: Expression;
      readonly from: string;
      readonly to?: string;
    }
  | FunctionCall
  /** `[1, 2]`, `ARRAY[1]`, `ARRAY<INT64>[1]` */
  | {
      readonly kind: 'ArrayConstructor';
      readonly span: Span;
      readonly elementType?: TypeNode;
      readonly elements: readonly Expression[];
    }
  /** `STRUCT(1 AS a)`, `STRUCT<a INT64>(1)`, `(1, 2)` (`tuple`) */
  | {
      readonly kind: 'StructConstructor';
      readonly span: Span;
      readonly type?: TypeNode;
      readonly tuple: boolean;
      readonly fields: readonly {
        readonly span: Span;
        readonly value: Expression;
        readonly alias?: Identifier;
      }[];
    }
  | { readonly kind: 'ScalarSubquery'; readonly span: Span; readonly hint?: Hint; readonly query: Query }
  | { readonly kind: 'ArraySubquery'; readonly span: Span; readonly query: Query }
  | { readonly kind: 'ExistsSubquery'; readonly span: Span; readonly hint?: Hint; readonly query: Query }
  /** `WITH(a AS 1, a + 1)` */
  | {
      readonly kind: 'WithExpression';
      readonly span: Span;
      readonly variables: readonly { readonly name: Identifier; readonly value: Expression }[];
      readonly body: Expression;
    };

/** `name = value` or `engine.name = value`; a value may be any expression, a name alone too. */
export type HintEntry = {
  readonly kind: 'HintEntry';
  readonly span: Span;
  readonly qualifier?: Identifier;
  readonly name: Identifier;
  readonly value: Expression;
};

/** `@{a = 1, engine.b = x}`, `@5` or `@5 @{...}`: advice to an engine of GoogleSQL, none of BigQuery's. */
export type Hint = {
  readonly kind: 'Hint';
  readonly span: Span;
  /** how many shards, where the hint begins with a number */
  readonly shards?: Literal;
  readonly entries: readonly HintEntry[];
};
