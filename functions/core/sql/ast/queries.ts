import type { Argument, Expression, OrderingItem, WindowSpec } from './expressions.ts';
import type { GraphQuery, GraphTable } from './graph.ts';
import type { MatchRecognize } from './match-recognize.ts';
import type { Identifier, Path, Span } from './span.ts';

export type CommonTable = {
  readonly kind: 'CommonTable';
  readonly span: Span;
  readonly name: Identifier;
  readonly query: Query;
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
  readonly orderBy: readonly OrderingItem[];
  readonly limit?: Expression;
  readonly offset?: Expression;
  readonly pipes: readonly PipeOperator[];
};

export type QueryBody =
  | Select
  | SetOperation
  | { readonly kind: 'ParenthesizedQuery'; readonly span: Span; readonly query: Query }
  | GraphQuery
  /** pipe syntax's leading `FROM t` */
  | { readonly kind: 'FromQuery'; readonly span: Span; readonly from: TableExpression };

export type SetOperator = 'UNION' | 'INTERSECT' | 'EXCEPT';

/** Flat: one node for a chain of the same operator and quantifier, as GoogleSQL demands. */
export type SetOperation = {
  readonly kind: 'SetOperation';
  readonly span: Span;
  readonly operator: SetOperator;
  readonly distinct: boolean;
  readonly match?: SetOperationMatch;
  readonly inputs: readonly QueryBody[];
};

/** `[FULL|LEFT|INNER] [OUTER] UNION ALL [STRICT] CORRESPONDING|BY NAME [BY|ON (cols)]` */
export type SetOperationMatch = {
  readonly mode: 'CORRESPONDING' | 'BY_NAME';
  readonly outer?: 'FULL' | 'LEFT' | 'INNER';
  readonly strict: boolean;
  readonly columns?: readonly Identifier[];
};

export type Select = {
  readonly kind: 'Select';
  readonly span: Span;
  readonly distinct: boolean;
  readonly as?: 'STRUCT' | 'VALUE';
  /** `SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS(...)`, `AGGREGATION_THRESHOLD`, ...: named, its options as written */
  readonly withModifier?: {
    readonly name: Identifier;
    readonly options?: readonly { readonly name: Identifier; readonly value: Expression }[];
  };
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
      readonly except: readonly Identifier[];
      readonly replace: readonly { readonly expression: Expression; readonly name: Identifier }[];
    };

export type GroupBy = {
  readonly kind: 'GroupBy';
  readonly span: Span;
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
      readonly values: readonly Identifier[];
      readonly nameColumn: Identifier;
      readonly inputs: readonly { readonly columns: readonly Path[]; readonly label?: Expression }[];
      readonly alias?: Identifier;
    }
  | {
      readonly kind: 'TableSample';
      readonly span: Span;
      readonly method: Identifier;
      readonly size: Expression;
      readonly unit: 'PERCENT' | 'ROWS';
    }
  | MatchRecognize;

export type TableExpression =
  | GraphTable
  /** A table, view, CTE, wildcard table or a correlated array path: only the resolver knows. */
  | {
      readonly kind: 'TableName';
      readonly span: Span;
      readonly path: Path;
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
      readonly alias?: Identifier;
      readonly withOffset?: { readonly alias?: Identifier };
      readonly postfix: readonly TablePostfix[];
    }
  | {
      readonly kind: 'TableFunction';
      readonly span: Span;
      readonly name: Path;
      readonly arguments: readonly Argument[];
      readonly alias?: Identifier;
      readonly postfix: readonly TablePostfix[];
    }
  | {
      readonly kind: 'Join';
      readonly span: Span;
      readonly type: JoinType;
      readonly left: TableExpression;
      readonly right: TableExpression;
      readonly on?: Expression;
      readonly using?: readonly Identifier[];
    }
  | {
      readonly kind: 'ParenthesizedJoin';
      readonly span: Span;
      readonly join: TableExpression;
      readonly postfix: readonly TablePostfix[];
    };

export type PipeOperator =
  | { readonly kind: 'PipeSelect'; readonly span: Span; readonly select: Select }
  | {
      readonly kind: 'PipeExtend';
      readonly span: Span;
      readonly items: readonly SelectItem[];
      readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
    }
  | {
      readonly kind: 'PipeSet';
      readonly span: Span;
      readonly items: readonly { readonly name: Identifier; readonly value: Expression }[];
    }
  | { readonly kind: 'PipeDrop'; readonly span: Span; readonly columns: readonly Identifier[] }
  | {
      readonly kind: 'PipeRename';
      readonly span: Span;
      readonly items: readonly { readonly from: Identifier; readonly to: Identifier }[];
    }
  | { readonly kind: 'PipeAs'; readonly span: Span; readonly alias: Identifier }
  | { readonly kind: 'PipeWhere'; readonly span: Span; readonly condition: Expression }
  | {
      readonly kind: 'PipeLimit';
      readonly span: Span;
      readonly limit: Expression;
      readonly offset?: Expression;
    }
  | {
      readonly kind: 'PipeAggregate';
      readonly span: Span;
      readonly items: readonly { readonly item: SelectItem; readonly order?: OrderingItem }[];
      readonly groupBy?: GroupBy;
      /** ordering marks on grouping items, by index; `GROUP AND ORDER BY` sets `andOrder` */
      readonly groupOrder: readonly (OrderingItem | undefined)[];
      readonly andOrder: boolean;
    }
  | { readonly kind: 'PipeDistinct'; readonly span: Span }
  | { readonly kind: 'PipeOrderBy'; readonly span: Span; readonly items: readonly OrderingItem[] }
  | {
      readonly kind: 'PipeJoin';
      readonly span: Span;
      readonly type: JoinType;
      readonly right: TableExpression;
      readonly on?: Expression;
      readonly using?: readonly Identifier[];
    }
  | {
      readonly kind: 'PipeSetOperation';
      readonly span: Span;
      readonly operator: SetOperator;
      readonly distinct: boolean;
      readonly match?: SetOperationMatch;
      readonly queries: readonly Query[];
    }
  | { readonly kind: 'PipePostfix'; readonly span: Span; readonly postfix: TablePostfix }
  | {
      readonly kind: 'PipeCall';
      readonly span: Span;
      readonly name: Path;
      readonly arguments: readonly Argument[];
      readonly alias?: Identifier;
    }
  /** An operator that is recognized by name and not analyzed. */
  | {
      readonly kind: 'PipeOther';
      readonly span: Span;
      readonly name: string;
      /** what it computes: the columns of WINDOW, the conditions of ASSERT */
      readonly items?: readonly SelectItem[];
    };
