import type { TableElement } from './columns.ts';
import type { TableSource } from './create.ts';
import type { Expression } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { Query } from './queries.ts';
import type { ConnectionClause } from './routines.ts';
import type { Span } from './span.ts';
import type { ObjectName } from './statements.ts';

export type TruncateStatement = {
  readonly kind: 'TruncateStatement';
  readonly span: Span;
  readonly name: ObjectName;
  readonly where?: Expression;
};

/** `EXPORT DATA [WITH CONNECTION c] [OPTIONS (...)] AS query` */
export type ExportDataStatement = {
  readonly kind: 'ExportDataStatement';
  readonly span: Span;
  readonly connection?: ConnectionClause;
  readonly options?: OptionsList;
  /** none where the rows come from a pipe */
  readonly query?: Query;
};

/** `EXPORT MODEL name ...`, `EXPORT TABLE METADATA FROM name ...` */
export type ExportObjectStatement = {
  readonly kind: 'ExportModelStatement' | 'ExportMetadataStatement';
  readonly span: Span;
  readonly name: ObjectName;
  readonly connection?: ConnectionClause;
  readonly options?: OptionsList;
};

/** `[OVERWRITE] PARTITIONS (condition)` */
export type LoadPartitions = {
  readonly kind: 'LoadPartitions';
  readonly span: Span;
  readonly overwrite: boolean;
  readonly condition: Expression;
};

/** `LOAD DATA INTO | OVERWRITE table ... FROM FILES (...)` */
export type AuxLoadDataStatement = {
  readonly kind: 'AuxLoadDataStatement';
  readonly span: Span;
  readonly overwrite: boolean;
  readonly temporary: boolean;
  readonly name: ObjectName;
  readonly elements: readonly TableElement[];
  readonly partitions?: LoadPartitions;
  readonly collate?: Expression;
  readonly partitionBy: readonly Expression[];
  readonly clusterBy: readonly Expression[];
  readonly options?: OptionsList;
  readonly files: OptionsList;
  /** `WITH PARTITION COLUMNS`, with no element where the columns are found in the files' paths */
  readonly partitionColumns?: readonly TableElement[];
  readonly connection?: ConnectionClause;
};

/** `CLONE DATA INTO table FROM source UNION ALL source` */
export type CloneDataStatement = {
  readonly kind: 'CloneDataStatement';
  readonly span: Span;
  readonly name: ObjectName;
  readonly sources: readonly TableSource[];
};

/** Statements that move data between tables and files, or empty a table. */
export type DataStatement =
  | AuxLoadDataStatement
  | CloneDataStatement
  | ExportDataStatement
  | ExportObjectStatement
  | TruncateStatement;

/** Nodes that only these statements hold. */
export type DataPart = LoadPartitions;
