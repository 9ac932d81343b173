import type { Align } from './align.ts';
import type { Argument, Hint, OrderingItem, WindowSpec } from './calls.ts';
import type { Expression } from './expressions.ts';
import type { GraphQuery, GraphTable } from './graph.ts';
import type { MatchRecognize } from './match-recognize.ts';
import type { OptionsList } from './options.ts';
import type { PipeOperator } from './pipes.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { ObjectName } from './statements.ts';

export type CommonTable = {
  readonly kind: 'CommonTable';
  readonly span: Span;
  readonly name: Identifier;
  readonly query: Query;
  readonly depth?: RecursionDepth;
};

/** `WITH DEPTH [AS d] [BETWEEN 1 AND 5 | MAX 5]`: which rounds of a recursion count, and their number's name. */
export type RecursionDepth = {
  readonly kind: 'RecursionDepth';
  readonly span: Span;
  readonly alias?: Identifier;
  readonly lower?: Expression | 'UNBOUNDED';
  readonly upper?: Expression | 'UNBOUNDED';
};

export type WithClause = {
  readonly kind: 'WithClause';
  readonly span: Span;
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
};

/** A whole query. `pipes` are the `|>` operators after it, in order. */
export type Query = {
  readonly kind: 'Query';
  readonly span: Span;
  readonly with?: WithClause;
  readonly body: QueryBody;
  readonly orderHint?: Hint;
  readonly orderBy: readonly OrderingItem[];
  readonly limit?: Expression;
  /** `LIMIT ALL`: no limit */
  readonly limitAll?: true;
  readonly offset?: Expression;
  readonly pipes: readonly PipeOperator[];
};

export type QueryBody =
  | Select
  | SetOperation
  | TableClause
  | { readonly kind: 'ParenthesizedQuery'; readonly span: Span; readonly query: Query }
  /** `(query) AS name` */
  | {
      readonly kind: 'AliasedQuery';
      readonly span: Span;
      readonly query: Query;
      readonly alias: Identifier;
    }
  | GraphQuery
  /** pipe syntax's leading `FROM t` */
  | { readonly kind: 'FromQuery'; readonly span: Span; readonly from: TableExpression };

export type SetOperator = 'UNION' | 'INTERSECT' | 'EXCEPT';

/** `TABLE t WHERE condition` in the place of a SELECT: a table or a table function, all its columns. */
export type TableClause = {
  readonly kind: 'TableClause';
  readonly span: Span;
  readonly table: ObjectName | Extract<TableExpression, { kind: 'TableFunction' }>;
  readonly where?: Expression;
};

/** `[FULL|LEFT|INNER] [OUTER] UNION ALL [STRICT] [CORRESPONDING|BY NAME [BY|ON (columns)]]` */
export type SetOperationHead = {
  readonly kind: 'SetOperationHead';
  readonly span: Span;
  readonly operator: SetOperator;
  readonly distinct: boolean;
  readonly hint?: Hint;
  readonly match?: SetOperationMatch;
};

/**
 * Flat: one node for a chain of inputs. `heads` are the operators between them; GoogleSQL's grammar lets them
 * differ, its meaning does not. `operator`, `distinct` and `match` are those of the first.
 */
export type SetOperation = {
  readonly kind: 'SetOperation';
  readonly span: Span;
  readonly operator: SetOperator;
  readonly distinct: boolean;
  readonly match?: SetOperationMatch;
  readonly heads: readonly SetOperationHead[];
  readonly inputs: readonly QueryBody[];
};

/** How columns of the inputs find each other; without `mode` by their positions. */
export type SetOperationMatch = {
  readonly mode?: 'CORRESPONDING' | 'BY_NAME';
  readonly outer?: 'FULL' | 'LEFT' | 'INNER';
  readonly strict: boolean;
  readonly columns?: readonly (Identifier | Unpack)[];
};

/** `**x` where names of columns are listed */
export type Unpack = Extract<Expression, { kind: 'Unpack' }>;

export type Select = {
  readonly kind: 'Select';
  readonly span: Span;
  readonly hint?: Hint;
  readonly distinct: boolean;
  readonly as?: 'STRUCT' | 'VALUE';
  /** `SELECT AS a.b.Message`: a protocol buffer of that type */
  readonly asType?: Path;
  /** `SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS(...)`, `AGGREGATION_THRESHOLD`, ...: named, its options as written */
  readonly withModifier?: { readonly name: Identifier; readonly options?: OptionsList };
  readonly items: readonly SelectItem[];
  readonly from?: TableExpression;
  readonly where?: Expression;
  readonly groupBy?: GroupBy;
  readonly having?: Expression;
  readonly qualify?: Expression;
  readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
};

export type SelectItem =
  | {
      readonly kind: 'SelectExpression';
      readonly span: Span;
      readonly expression: Expression;
      readonly alias?: Identifier;
    }
  | {
      readonly kind: 'SelectStar';
      readonly span: Span;
      /** `t.*`, `s.a.*`, `f(x).*`; none for `*` */
      readonly base?: Expression;
      readonly except: readonly (Identifier | Unpack)[];
      readonly replace: readonly { readonly expression: Expression; readonly name: Identifier }[];
    };

export type GroupBy = {
  readonly kind: 'GroupBy';
  readonly span: Span;
  readonly hint?: Hint;
  readonly all: boolean;
  readonly items: readonly GroupingItem[];
};

export type GroupingItem =
  | {
      readonly kind: 'GroupingExpression';
      readonly span: Span;
      readonly expression: Expression;
      readonly alias?: Identifier;
    }
  | {
      readonly kind: 'Rollup' | 'Cube';
      readonly span: Span;
      readonly sets: readonly (readonly Expression[])[];
    }
  | { readonly kind: 'GroupingSets'; readonly span: Span; readonly items: readonly GroupingItem[] }
  /** `(a, b)` or `()` inside GROUPING SETS or GROUP BY */
  | { readonly kind: 'GroupingSet'; readonly span: Span; readonly expressions: readonly Expression[] };

export type JoinType = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA';

/** Clauses that may follow any table: PIVOT, UNPIVOT, TABLESAMPLE, MATCH_RECOGNIZE, in order. */
export type TablePostfix =
  | {
      readonly kind: 'Pivot';
      readonly span: Span;
      readonly aggregates: readonly { readonly expression: Expression; readonly alias?: Identifier }[];
      readonly on: Expression;
      readonly values: readonly { readonly expression: Expression; readonly alias?: Identifier }[];
      readonly alias?: Identifier;
    }
  | {
      readonly kind: 'Unpivot';
      readonly span: Span;
      readonly includeNulls: boolean;
      /** `EXCLUDE NULLS`, which is also what happens without a word on them */
      readonly excludeNulls?: true;
      /** GoogleSQL's grammar takes paths of several parts for new columns, its meaning does not. */
      readonly values: readonly (Path | Unpack)[];
      readonly nameColumn: Path;
      readonly inputs: readonly {
        readonly columns: readonly (Path | Unpack)[];
        /** `(a, b)`, `(a)`: with parentheses, which one column can do without */
        readonly parenthesized?: true;
        readonly label?: Expression;
      }[];
      readonly alias?: Identifier;
    }
  | {
      readonly kind: 'TableSample';
      readonly span: Span;
      readonly method: Identifier;
      readonly size: Expression;
      readonly unit: 'PERCENT' | 'ROWS';
      readonly partitionBy?: readonly Expression[];
      readonly weight?: { readonly alias?: Identifier };
      readonly repeatable?: Expression;
    }
  | Align
  | MatchRecognize;

export type TableExpression =
  | GraphTable
  /** A table, view, CTE, wildcard table or a correlated array path: only the resolver knows. */
  | {
      readonly kind: 'TableName';
      readonly span: Span;
      readonly path: Path;
      readonly hint?: Hint;
      readonly alias?: Identifier;
      readonly withOffset?: { readonly alias?: Identifier };
      readonly systemTime?: Expression;
      readonly postfix: readonly TablePostfix[];
    }
  | {
      readonly kind: 'TableSubquery';
      readonly span: Span;
      readonly query: Query;
      readonly alias?: Identifier;
      readonly lateral: boolean;
      readonly postfix: readonly TablePostfix[];
    }
  | {
      readonly kind: 'UnnestTable';
      readonly span: Span;
      readonly arrays: readonly Argument[];
      readonly hint?: Hint;
      readonly alias?: Identifier;
      readonly withOffset?: { readonly alias?: Identifier };
      readonly systemTime?: Expression;
      readonly postfix: readonly TablePostfix[];
    }
  | {
      readonly kind: 'TableFunction';
      readonly span: Span;
      readonly name: Path;
      readonly arguments: readonly Argument[];
      readonly hint?: Hint;
      readonly alias?: Identifier;
      readonly lateral?: true;
      readonly postfix: readonly TablePostfix[];
    }
  | (JoinSides & { readonly kind: 'Join'; readonly span: Span })
  | {
      readonly kind: 'ParenthesizedJoin';
      readonly span: Span;
      readonly join: TableExpression;
      /** no parentheses: `a JOIN b JOIN c ON x ON y` joins b and c first */
      readonly implied?: true;
      readonly postfix: readonly TablePostfix[];
    }
  /** `FROM GROUP ROWS`: the rows of the group that an aggregate is over */
  | {
      readonly kind: 'GroupRows';
      readonly span: Span;
      readonly alias?: Identifier;
      readonly postfix: readonly TablePostfix[];
    };

export type JoinSides = {
  /** where the words of the join stand; a comma has none */
  readonly words?: { readonly span: Span };
  readonly type: JoinType;
  /** `INNER JOIN` where JOIN would do */
  readonly innerWritten?: true;
  readonly natural?: true;
  /** advice to an engine on how to join */
  readonly method?: 'HASH' | 'LOOKUP';
  readonly hint?: Hint;
  readonly left: TableExpression;
  readonly right: TableExpression;
  /** where ON or USING and what belongs to it stand */
  readonly condition?: { readonly span: Span };
  readonly on?: Expression;
  readonly using?: readonly Identifier[];
};
