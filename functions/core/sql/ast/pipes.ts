import type { Argument, Hint, OrderingItem, WindowSpec } from './calls.ts';
import type { Expression } from './expressions.ts';
import type {
  GroupBy,
  JoinSides,
  Query,
  RecursionDepth,
  Select,
  SelectItem,
  SetOperationHead,
  TableClause,
  TablePostfix,
  Unpack,
  WithClause,
} from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { Statement } from './statements.ts';

/** Pipe operators without a query before them: in parentheses inside an operator, or a statement of its own. */
export type Subpipeline = {
  readonly kind: 'Subpipeline';
  readonly span: Span;
  readonly pipes: readonly PipeOperator[];
};

/** A statement that is nothing but pipe operators: `|> WHERE x |> SELECT y`. */
export type SubpipelineStatement = {
  readonly kind: 'SubpipelineStatement';
  readonly span: Span;
  readonly pipeline: Subpipeline;
};

/** `CALL p() |> WHERE x`: pipe operators on what a statement that is no query returns. */
export type StatementWithPipeOperators = {
  readonly kind: 'StatementWithPipeOperators';
  readonly span: Span;
  readonly statement: Statement;
  readonly suffix: SubpipelineStatement;
};

export type PipeStatement = SubpipelineStatement | StatementWithPipeOperators;

export type PipeSelect = { readonly kind: 'PipeSelect'; readonly span: Span; readonly select: Select };

export type PipeExtend = {
  readonly kind: 'PipeExtend';
  readonly span: Span;
  readonly items: readonly SelectItem[];
  readonly windows: readonly { readonly name: Identifier; readonly spec: WindowSpec }[];
};

/** `|> WINDOW SUM(x) OVER (...)`: the older way to add columns that are calculated over windows. */
export type PipeWindow = {
  readonly kind: 'PipeWindow';
  readonly span: Span;
  readonly items: readonly SelectItem[];
};

export type PipeSet = {
  readonly kind: 'PipeSet';
  readonly span: Span;
  readonly items: readonly { readonly name: Identifier; readonly value: Expression }[];
};

export type PipeDrop = {
  readonly kind: 'PipeDrop';
  readonly span: Span;
  readonly columns: readonly (Identifier | Unpack)[];
};

export type PipeRename = {
  readonly kind: 'PipeRename';
  readonly span: Span;
  readonly items: readonly { readonly from: Identifier; readonly to: Identifier }[];
};

export type PipeLimit = {
  readonly kind: 'PipeLimit';
  readonly span: Span;
  readonly limit?: Expression;
  /** `LIMIT ALL`: no limit */
  readonly limitAll?: true;
  readonly offset?: Expression;
};

export type PipeAggregate = {
  readonly kind: 'PipeAggregate';
  readonly span: Span;
  readonly withModifier?: NonNullable<Select['withModifier']>;
  readonly items: readonly { readonly item: SelectItem; readonly order?: OrderingItem }[];
  readonly groupBy?: GroupBy;
  /** ordering marks on grouping items, by index; `GROUP AND ORDER BY` sets `andOrder` */
  readonly groupOrder: readonly (OrderingItem | undefined)[];
  readonly andOrder: boolean;
};

export type PipeOrderBy = {
  readonly kind: 'PipeOrderBy';
  readonly span: Span;
  readonly orderHint?: Hint;
  readonly items: readonly OrderingItem[];
};

export type PipeJoin = Omit<JoinSides, 'left'> & { readonly kind: 'PipeJoin'; readonly span: Span };

/** The pipe's rows and those of the given queries, all with one set operator. */
export type PipeSetOperation = Omit<SetOperationHead, 'kind'> & {
  readonly kind: 'PipeSetOperation';
  readonly queries: readonly (Query | TableClause)[];
};

/** `|> RECURSIVE UNION ALL (...) AS x`: repeats its input on its own rows until none are new. */
export type PipeRecursiveUnion = Omit<SetOperationHead, 'kind'> & {
  readonly kind: 'PipeRecursiveUnion';
  readonly depth?: RecursionDepth;
  readonly input: Query | Subpipeline;
  readonly alias?: Identifier;
};

export type PipeCall = {
  readonly kind: 'PipeCall';
  readonly span: Span;
  readonly name: Path;
  readonly arguments: readonly Argument[];
  readonly hint?: Hint;
  readonly alias?: Identifier;
};

/** Fails the query for a row where `condition` is not true; the payload goes into the message. */
export type PipeAssert = {
  readonly kind: 'PipeAssert';
  readonly span: Span;
  readonly condition: Expression;
  readonly payload: readonly Expression[];
};

/** Sends copies of the rows into pipelines; FORK ends the pipe, TEE passes the rows on. */
export type PipeBranches = {
  readonly kind: 'PipeFork' | 'PipeTee';
  readonly span: Span;
  readonly hint?: Hint;
  readonly branches: readonly Subpipeline[];
};

export type PipeIf = {
  readonly kind: 'PipeIf';
  readonly span: Span;
  readonly hint?: Hint;
  readonly cases: readonly { readonly condition: Expression; readonly pipeline: Subpipeline }[];
  readonly else?: Subpipeline;
};

export type PipeLog = {
  readonly kind: 'PipeLog';
  readonly span: Span;
  readonly hint?: Hint;
  readonly pipeline?: Subpipeline;
};

/** `|> CREATE TABLE`, `|> EXPORT DATA`, `|> INSERT`: the statement without its query, which the pipe is. */
export type PipeWrite = {
  readonly kind: 'PipeCreateTable' | 'PipeExportData' | 'PipeInsert';
  readonly span: Span;
  readonly statement: Statement;
};

export type PipeOperator =
  | PipeSelect
  | PipeExtend
  | PipeWindow
  | PipeSet
  | PipeDrop
  | PipeRename
  | { readonly kind: 'PipeAs'; readonly span: Span; readonly alias: Identifier }
  | { readonly kind: 'PipeWhere'; readonly span: Span; readonly condition: Expression }
  | PipeLimit
  | PipeAggregate
  | { readonly kind: 'PipeDistinct'; readonly span: Span }
  | PipeOrderBy
  | PipeJoin
  | PipeSetOperation
  | PipeRecursiveUnion
  | { readonly kind: 'PipePostfix'; readonly span: Span; readonly postfix: TablePostfix }
  | PipeCall
  | { readonly kind: 'PipeWith'; readonly span: Span; readonly with: WithClause }
  | PipeAssert
  | PipeBranches
  | PipeIf
  | PipeLog
  | PipeWrite
  | { readonly kind: 'PipeDescribe' | 'PipeStaticDescribe'; readonly span: Span }
  | { readonly kind: 'PipeFinish'; readonly span: Span; readonly hint?: Hint };
