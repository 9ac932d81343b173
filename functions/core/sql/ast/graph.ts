import type { Argument, Expression, Hint, OrderingItem } from './expressions.ts';
import type { GraphLabel, GraphPathElement, GraphPathPattern, GraphPattern } from './graph-pattern.ts';
import type { GroupBy, Query, SelectItem, TablePostfix } from './queries.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName } from './statements.ts';

/**
 * A query over a property graph, in the place of a SELECT: the whole of a GRAPH statement, of `(GRAPH_TABLE ...)`'s
 * inside or of a braced subquery. Without `graph` it asks the graph of the query around it.
 */
export type GraphQuery = {
  readonly kind: 'GraphQuery';
  readonly span: Span;
  readonly graph?: ObjectName;
  /** A pattern alone is what `EXISTS { (a)->(b) }` holds; there too the last step need not be RETURN. */
  readonly body: GraphBlock | GraphPattern;
};

/** Steps with NEXT between them: each works on the rows that the one before it returned. */
export type GraphBlock = {
  readonly kind: 'GraphBlock';
  readonly span: Span;
  readonly parts: readonly (GraphLinear | GraphSetOperation)[];
};

/** Operators one after the other; the last one is RETURN, but for an INSERT and for EXISTS. */
export type GraphLinear = {
  readonly kind: 'GraphLinear';
  readonly span: Span;
  readonly operators: readonly GraphOperator[];
};

/** `RETURN ... UNION ALL MATCH ... RETURN ...`; each operator stands before the input with its index + 1. */
export type GraphSetOperation = {
  readonly kind: 'GraphSetOperation';
  readonly span: Span;
  readonly inputs: readonly GraphLinear[];
  readonly operators: readonly GraphSetOperator[];
};

export type GraphSetOperator = {
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly distinct: boolean;
  readonly outer?: 'FULL' | 'LEFT' | 'INNER';
};

export type GraphMatch = {
  readonly kind: 'GraphMatch';
  readonly span: Span;
  readonly optional: boolean;
  readonly hint?: Hint;
  readonly pattern: GraphPattern;
};

export type GraphOrderBy = {
  readonly kind: 'GraphOrderBy';
  readonly span: Span;
  readonly hint?: Hint;
  readonly items: readonly OrderingItem[];
};

/** `OFFSET n LIMIT m`, either of them or both; `SKIP` is OFFSET. */
export type GraphPage = {
  readonly kind: 'GraphPage';
  readonly span: Span;
  readonly offset?: Expression;
  readonly limit?: Expression;
};

/** What RETURN and WITH have in common. */
type GraphProjection = {
  readonly span: Span;
  readonly hint?: Hint;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly groupBy?: GroupBy;
};

export type GraphWith = GraphProjection & { readonly kind: 'GraphWith' };

export type GraphReturn = GraphProjection & {
  readonly kind: 'GraphReturn';
  readonly orderBy?: GraphOrderBy;
  readonly page?: GraphPage;
};

/** `CALL [PER (a)] f(...) YIELD x AS y` and `CALL (a) { ... }` */
export type GraphCall = {
  readonly kind: 'GraphCall';
  readonly span: Span;
  readonly optional: boolean;
  /** `PER (columns)`: the call runs once for each group of rows with the same values */
  readonly per?: readonly Identifier[];
  readonly callee:
    | {
        readonly form: 'FUNCTION';
        readonly name: ObjectName;
        readonly arguments: readonly Argument[];
        readonly hint?: Hint;
        readonly yields: readonly { readonly name: Identifier; readonly alias?: Identifier }[];
      }
    /** `captured`: the variables in parentheses that the subquery may use */
    | { readonly form: 'SUBQUERY'; readonly captured?: readonly Identifier[]; readonly query: Query };
};

/** `INSERT (a:Label {p: 1})-[:Label]->(b)`: no engine of BigQuery's has it. */
export type GraphInsert = {
  readonly kind: 'GraphInsert';
  readonly span: Span;
  readonly paths: readonly GraphPathPattern[];
};

export type GraphOperator =
  | GraphMatch
  | {
      readonly kind: 'GraphLet';
      readonly span: Span;
      readonly items: readonly { readonly name: Identifier; readonly value: Expression }[];
    }
  | { readonly kind: 'GraphFilter'; readonly span: Span; readonly condition: Expression }
  | GraphOrderBy
  | GraphPage
  | GraphWith
  | {
      readonly kind: 'GraphFor';
      readonly span: Span;
      readonly name: Identifier;
      readonly array: Expression;
      readonly withOffset?: { readonly alias?: Identifier };
    }
  | { readonly kind: 'GraphSample'; readonly span: Span; readonly sample: TablePostfix }
  | GraphCall
  | GraphReturn
  | GraphInsert;

/** `GRAPH_TABLE(g MATCH ... COLUMNS (...))` or `GRAPH_TABLE(g MATCH ... RETURN ...)` in FROM. */
export type GraphTable = {
  readonly kind: 'GraphTable';
  readonly span: Span;
  readonly graph: ObjectName;
  readonly body:
    | GraphBlock
    /** one MATCH; without COLUMNS all its variables */
    | {
        readonly kind: 'GraphShape';
        readonly span: Span;
        readonly match: GraphMatch;
        readonly columns?: readonly SelectItem[];
      };
  readonly alias?: Identifier;
  readonly postfix: readonly TablePostfix[];
};

/** Every kind of node that only graph queries have. */
export type GraphNode =
  | GraphBlock
  | GraphLabel
  | GraphLinear
  | GraphOperator
  | GraphPathElement
  | GraphPathPattern
  | GraphPattern
  | GraphQuery
  | GraphSetOperation
  | Exclude<GraphTable['body'], GraphBlock>;
