import type { Argument, FunctionCall, Hint } from './calls.ts';
import type { BracedConstructor, ExtensionAccess, NewConstructor, ReplaceFields } from './constructors.ts';
import type { GraphLabel } from './graph-pattern.ts';
import type { Query } from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { TypeNode } from './types.ts';

export type {
  Argument,
  FunctionCall,
  Hint,
  HintEntry,
  OrderingItem,
  WindowFrameBound,
  WindowSpec,
} from './calls.ts';

/** Words that stand before a string literal and give it a type, or name a typed constant. */
export type TypedLiteralName = 'DATE' | 'DATETIME' | 'TIME' | 'TIMESTAMP' | 'NUMERIC' | 'BIGNUMERIC' | 'JSON';

export type Literal =
  | { readonly kind: 'NullLiteral'; readonly span: Span }
  | { readonly kind: 'BoolLiteral'; readonly span: Span; readonly value: boolean }
  /**
   * `text` as written (decimal or 0x...); `value` may exceed INT64: the resolver says so. Of a number with
   * hundreds of digits `value` only says that it is beyond every type.
   */
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

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type BinaryOperator =
  | ComparisonOperator
  | '+'
  | '-'
  | '*'
  | '/'
  | '||'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>';

/** What UNNEST may hold beside one array where it is compared with: BigQuery takes none of it. */
export type UnnestRest = { readonly arrayAlias?: Identifier; readonly otherArrays?: readonly Argument[] };

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
      /** the accessor with its letters as in the text */
      readonly written?: string;
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
      /** `!=` was written as `<>` */
      readonly written?: '<>';
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
  | ({
      readonly kind: 'InUnnest';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly array: Expression;
    } & UnnestRest)
  | {
      readonly kind: 'InQuery';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly hint?: Hint;
      readonly query: Query;
    }
  | ({
      readonly kind: 'Like';
      readonly span: Span;
      readonly operand: Expression;
      readonly not: boolean;
      readonly quantifier?: 'ANY' | 'ALL';
      /** ANY was written as SOME */
      readonly some?: true;
      readonly hint?: Hint;
      /** one pattern without quantifier; several, or one array or query, with one */
      readonly patterns: readonly Expression[];
      readonly patternsFrom?: 'UNNEST' | 'QUERY';
    } & UnnestRest)
  /** `x = ANY (1, 2)`, `x < ALL UNNEST(a)`, `x >= SOME (SELECT y)` */
  | ({
      readonly kind: 'QuantifiedComparison';
      readonly span: Span;
      readonly operand: Expression;
      readonly operator: ComparisonOperator;
      readonly written?: '<>';
      readonly quantifier: 'ANY' | 'ALL';
      readonly some?: true;
      readonly hint?: Hint;
      readonly values: readonly Expression[];
      readonly valuesFrom?: 'UNNEST' | 'QUERY';
    } & UnnestRest)
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
      /** the part with its letters as in the text */
      readonly written: string;
      readonly operand: Expression;
      readonly timeZone?: Expression;
    }
  /** `EXTRACT(something FROM x)` where the part is no plain word: a parameter, a field of a proto */
  | {
      readonly kind: 'ExtractField';
      readonly span: Span;
      readonly part: Expression;
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
      /** both with their letters as in the text */
      readonly written: { readonly from: string; readonly to?: string };
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
    }
  /** `**x`, `**COLUMNS(x)`: every field of a struct as a column of its own */
  | { readonly kind: 'Unpack'; readonly span: Span; readonly columns: boolean; readonly operand: Expression }
  | NewConstructor
  | BracedConstructor
  | ReplaceFields
  | ExtensionAccess;
