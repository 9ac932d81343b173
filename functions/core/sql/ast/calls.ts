import type { Expression, Literal } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { GroupBy, Query, TableClause } from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';

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
  readonly partitionHint?: Hint;
  readonly partitionBy: readonly Expression[];
  readonly orderHint?: Hint;
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
      /** what stands before the arrow where it is more than names: GoogleSQL's grammar takes it, its meaning does not */
      readonly head?: Expression;
      readonly body: Expression;
    }
  /** `TABLE t`, `MODEL m`, `CONNECTION c`, ...: a named object, which is no value */
  | {
      readonly kind: 'ObjectArgument';
      readonly span: Span;
      /** `name => TABLE t` */
      readonly name?: Identifier;
      readonly object: 'TABLE' | 'MODEL' | 'CONNECTION' | 'SEQUENCE' | 'FUNCTION' | 'GRAPH';
      /** `DEFAULT` as the word it is for `CONNECTION DEFAULT` */
      readonly path: Path;
      readonly isDefault?: true;
    }
  /** `TABLE t WHERE condition`, `TABLE f(x)` */
  | {
      readonly kind: 'TableClauseArgument';
      readonly span: Span;
      readonly name?: Identifier;
      readonly clause: TableClause;
    }
  /** `DESCRIPTOR(a, b)` */
  | {
      readonly kind: 'DescriptorArgument';
      readonly span: Span;
      readonly columns: readonly Identifier[];
    }
  /** `COLUMNS(expression)`, `INPUT TABLE` */
  | {
      readonly kind: 'ColumnsArgument';
      readonly span: Span;
      readonly name?: Identifier;
      readonly columns: Expression;
    }
  | { readonly kind: 'InputTableArgument'; readonly span: Span; readonly name?: Identifier }
  | { readonly kind: 'QueryArgument'; readonly span: Span; readonly query: Query };

/** `WITHIN (...)` after a call: the span of time that an estimate is for. */
export type Within = {
  readonly span: Span;
  /** the words in order, expressions between them: `RANGE FROM x TO y PRECEDING` */
  readonly parts: readonly (string | Expression)[];
};

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
  /** `SUM(x WHERE y)` */
  readonly where?: Expression;
  /** `ANY_VALUE(x HAVING MAX y)` */
  readonly having?: { readonly type: 'MIN' | 'MAX'; readonly expression: Expression };
  /** `SUM(AVG(x) GROUP BY y HAVING z)` */
  readonly groupBy?: GroupBy;
  readonly groupHaving?: Expression;
  /** `ANON_SUM(x CLAMPED BETWEEN 1 AND 2)` */
  readonly clamped?: { readonly low: Expression; readonly high: Expression };
  /** `WITH REPORT (format = ...)` */
  readonly report?: { readonly options?: OptionsList };
  readonly orderHint?: Hint;
  readonly orderBy: readonly OrderingItem[];
  readonly limit?: Expression;
  /** `LIMIT ALL` */
  readonly limitAll?: true;
  readonly offset?: Expression;
  /** chained call `(x).UPPER()`: the receiver is already arguments[0] */
  readonly chained: boolean;
  readonly hint?: Hint;
  readonly over?: WindowSpec;
  readonly within?: Within;
};
