import type { Literal } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { ObjectName, Statement } from './statements.ts';

/** `EXPLAIN statement` */
export type ExplainStatement = {
  readonly kind: 'ExplainStatement';
  readonly span: Span;
  readonly statement: Statement;
};

/** `DESCRIBE [kind] name [FROM path]` */
export type DescribeStatement = {
  readonly kind: 'DescribeStatement';
  readonly span: Span;
  readonly objectType?: Identifier;
  readonly name: ObjectName;
  readonly from?: Path;
};

/** `SHOW target [FROM path] [LIKE 'pattern']` */
export type ShowStatement = {
  readonly kind: 'ShowStatement';
  readonly span: Span;
  /** `MATERIALIZED VIEWS` has two words */
  readonly target: readonly Identifier[];
  readonly from?: ObjectName;
  readonly like?: Literal;
};

/** `ANALYZE [OPTIONS (...)] [table (columns), ...]` */
export type AnalyzeStatement = {
  readonly kind: 'AnalyzeStatement';
  readonly span: Span;
  readonly options?: OptionsList;
  readonly tables: readonly AnalyzedTable[];
};

export type AnalyzedTable = {
  readonly kind: 'AnalyzedTable';
  readonly span: Span;
  readonly name: ObjectName;
  readonly columns: readonly Identifier[];
};

export type BatchStatement =
  | { readonly kind: 'StartBatchStatement'; readonly span: Span; readonly type?: Identifier }
  | { readonly kind: 'RunBatchStatement'; readonly span: Span }
  | { readonly kind: 'AbortBatchStatement'; readonly span: Span };

/** `RUN path (name = 'value')`; the path may be a string. */
export type RunStatement = {
  readonly kind: 'RunStatement';
  readonly span: Span;
  readonly script: ObjectName | Literal;
  readonly arguments: readonly RunArgument[];
};

export type RunArgument = {
  readonly kind: 'RunArgument';
  readonly span: Span;
  readonly name: Identifier;
  readonly value: Literal;
};

/** `RENAME kind name TO path` */
export type RenameStatement = {
  readonly kind: 'RenameStatement';
  readonly span: Span;
  readonly objectType: Identifier;
  readonly name: ObjectName;
  readonly newName: Path;
};

/** `IMPORT MODULE path [AS alias]`, `IMPORT PROTO 'file' [INTO name]` */
export type ImportStatement = {
  readonly kind: 'ImportStatement';
  readonly span: Span;
  readonly type: 'MODULE' | 'PROTO';
  readonly name: ObjectName | Literal;
  readonly alias?: Identifier;
  readonly into?: Identifier;
  readonly options?: OptionsList;
};

export type ModuleStatement = {
  readonly kind: 'ModuleStatement';
  readonly span: Span;
  readonly name: ObjectName;
  readonly options?: OptionsList;
};

/** `DEFINE TABLE name (option = value)` */
export type DefineTableStatement = {
  readonly kind: 'DefineTableStatement';
  readonly span: Span;
  readonly name: ObjectName;
  readonly options: OptionsList;
};

/** What tells about a text or runs one; no statement of BigQuery's is among them. */
export type UtilityStatement =
  | AnalyzeStatement
  | BatchStatement
  | DefineTableStatement
  | DescribeStatement
  | ExplainStatement
  | ImportStatement
  | ModuleStatement
  | RenameStatement
  | RunStatement
  | ShowStatement;

/** Nodes that only these statements hold. */
export type UtilityPart = AnalyzedTable | RunArgument;
