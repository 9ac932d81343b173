import type { TableElement } from './columns.ts';
import type { Expression, Literal, OrderingItem } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { Query, RecursionDepth, SelectItem, TableExpression } from './queries.ts';
import type { ConnectionClause, Determinism, RoutineParameter, Security, TableType } from './routines.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName, Statement } from './statements.ts';
import type { TypeNode } from './types.ts';

export type CreateScope = 'TEMP' | 'PUBLIC' | 'PRIVATE';

/** What stands in every `CREATE [OR REPLACE] [scope] kind [IF NOT EXISTS] name ... [OPTIONS (...)]`. */
type Created = {
  readonly span: Span;
  readonly orReplace: boolean;
  readonly scope?: CreateScope;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly options?: OptionsList;
};

/** The table after CLONE or COPY. */
export type TableSource = {
  readonly kind: 'TableSource';
  readonly span: Span;
  readonly object: ObjectName;
  readonly systemTime?: Expression;
  readonly where?: Expression;
};

/** A column in the list after a view's name. */
export type ViewColumn = {
  readonly kind: 'ViewColumn';
  readonly span: Span;
  readonly name: Identifier;
  readonly options?: OptionsList;
};

/** One of several queries that a model is made from. */
export type NamedQuery = {
  readonly kind: 'NamedQuery';
  readonly span: Span;
  readonly name: Identifier;
  readonly query: Query;
  readonly depth?: RecursionDepth;
};

export type CreateTableStatement = Created & {
  readonly kind: 'CreateTableStatement';
  readonly elements: readonly TableElement[];
  readonly like?: ObjectName;
  readonly clone?: TableSource;
  readonly copy?: TableSource;
  readonly defaultCollate?: Expression;
  readonly partitionBy: readonly Expression[];
  readonly clusterBy: readonly Expression[];
  readonly connection?: ConnectionClause;
  readonly query?: Query;
};

export type CreateLiveTableStatement = Created & {
  readonly kind: 'CreateLiveTableStatement';
  readonly elements: readonly TableElement[];
  readonly defaultCollate?: Expression;
  readonly partitionBy: readonly Expression[];
  readonly clusterBy: readonly Expression[];
  readonly connection?: ConnectionClause;
  readonly query: Query;
};

export type CreateExternalTableStatement = Created & {
  readonly kind: 'CreateExternalTableStatement';
  readonly elements: readonly TableElement[];
  readonly like?: ObjectName;
  readonly defaultCollate?: Expression;
  /** `WITH PARTITION COLUMNS`, with no element where the columns are found in the files' paths */
  readonly partitionColumns?: readonly TableElement[];
  readonly connection?: ConnectionClause;
};

/** `CREATE SNAPSHOT TABLE name CLONE source` */
export type CreateSnapshotTableStatement = Created & {
  readonly kind: 'CreateSnapshotTableStatement';
  readonly clone: TableSource;
};

/** `CREATE SNAPSHOT SCHEMA name CLONE source` */
export type CreateSnapshotStatement = Created & {
  readonly kind: 'CreateSnapshotStatement';
  readonly clone: TableSource;
};

type CreatedView = Created & {
  readonly recursive: boolean;
  readonly columns: readonly ViewColumn[];
  readonly security?: Security;
};

export type CreateViewStatement = CreatedView & {
  readonly kind: 'CreateViewStatement' | 'CreateApproxViewStatement';
  readonly query: Query;
};

export type CreateMaterializedViewStatement = CreatedView & {
  readonly kind: 'CreateMaterializedViewStatement';
  readonly partitionBy: readonly Expression[];
  readonly clusterBy: readonly Expression[];
  /** one of the two: what it computes, or the view it is a replica of */
  readonly query?: Query;
  readonly replicaOf?: ObjectName;
};

export type CreateFunctionStatement = Created & {
  readonly kind: 'CreateFunctionStatement';
  readonly aggregate: boolean;
  readonly parameters: readonly RoutineParameter[];
  readonly returns?: TypeNode;
  readonly security?: Security;
  readonly determinism?: Determinism;
  readonly language?: Identifier;
  readonly remote: boolean;
  readonly connection?: ConnectionClause;
  /** `AS (expression)` */
  readonly body?: Expression;
  /** `AS "code"` */
  readonly code?: Literal;
};

export type CreateTableFunctionStatement = Created & {
  readonly kind: 'CreateTableFunctionStatement';
  readonly parameters: readonly RoutineParameter[];
  readonly returns?: TableType;
  readonly security?: Security;
  readonly language?: Identifier;
  readonly query?: Query;
  readonly code?: Literal;
};

export type CreateProcedureStatement = Created & {
  readonly kind: 'CreateProcedureStatement';
  readonly parameters: readonly RoutineParameter[];
  readonly security?: Security;
  readonly connection?: ConnectionClause;
  /** BEGIN ... END; the others have a language instead */
  readonly body?: Statement;
  readonly language?: Identifier;
  readonly code?: Literal;
};

export type CreateModelStatement = Created & {
  readonly kind: 'CreateModelStatement';
  /** `INPUT (...) OUTPUT (...)` */
  readonly input?: readonly TableElement[];
  readonly output?: readonly TableElement[];
  readonly transform?: readonly SelectItem[];
  readonly remote: boolean;
  readonly connection?: ConnectionClause;
  readonly query?: Query;
  /** `AS (name AS (query), ...)` */
  readonly queries?: readonly NamedQuery[];
};

/** A column or expression of an index, with its order and options. */
export type IndexItem = {
  readonly kind: 'IndexItem';
  readonly span: Span;
  readonly item: OrderingItem;
  readonly options?: OptionsList;
};

export type CreateIndexStatement = Created & {
  readonly kind: 'CreateIndexStatement';
  readonly unique: boolean;
  readonly type?: 'SEARCH' | 'VECTOR' | 'AI';
  readonly table: ObjectName;
  readonly alias?: Identifier;
  readonly unnest: readonly TableExpression[];
  /** `ALL COLUMNS` (then `items` is its WITH COLUMN OPTIONS list) or `AUTO COLUMNS` instead of a list */
  readonly columns?: 'ALL' | 'AUTO';
  readonly items: readonly IndexItem[];
  readonly storing: readonly Expression[];
  readonly partitionBy: readonly Expression[];
  readonly connection?: ConnectionClause;
};

export type CreateSchemaStatement = Created & {
  readonly kind: 'CreateSchemaStatement';
  readonly defaultCollate?: Expression;
};

export type CreateExternalSchemaStatement = Created & {
  readonly kind: 'CreateExternalSchemaStatement';
  readonly connection?: ConnectionClause;
};

/** Statements that say no more than a name and options. */
export type CreateNamedStatement = Created & {
  readonly kind:
    | 'CreateConnectionStatement'
    | 'CreateDatabaseStatement'
    | 'CreateLocalityGroupStatement'
    | 'CreateSequenceStatement';
};

export type CreateConstantStatement = Created & {
  readonly kind: 'CreateConstantStatement';
  readonly value: Expression;
};

export type CreateRowAccessPolicyStatement = Omit<Created, 'name'> & {
  readonly kind: 'CreateRowAccessPolicyStatement';
  /** `ROW ACCESS POLICY` rather than `ROW POLICY` */
  readonly access: boolean;
  readonly name?: ObjectName;
  readonly table: ObjectName;
  readonly grantees?: readonly Expression[];
  /** `GRANT TO (...)` rather than `TO ...` */
  readonly grantKeyword: boolean;
  /** `FILTER USING` rather than `USING` */
  readonly filterKeyword: boolean;
  readonly filter: Expression;
};

export type RestrictedPrivilege = {
  readonly kind: 'RestrictedPrivilege';
  readonly span: Span;
  readonly name: Identifier;
  readonly columns: readonly ObjectName[];
};

export type CreatePrivilegeRestrictionStatement = Created & {
  readonly kind: 'CreatePrivilegeRestrictionStatement';
  readonly privileges: readonly RestrictedPrivilege[];
  readonly objectType: Identifier;
  readonly restrictTo?: readonly Expression[];
};

/** `CREATE CAPACITY name ... AS JSON '{...}'` and other kinds of objects that only their name tells apart. */
export type CreateEntityStatement = Created & {
  readonly kind: 'CreateEntityStatement';
  /** as written: `CAPACITY`, `RESERVATION`, `ASSIGNMENT`, `DATA_POLICY` */
  readonly entity: Identifier;
  readonly body?: Literal;
  /** `WITH CONDITION (...)` of a data policy */
  readonly condition?: Expression;
};

export type CreateStatement =
  | CreateConstantStatement
  | CreateEntityStatement
  | CreateExternalSchemaStatement
  | CreateExternalTableStatement
  | CreateFunctionStatement
  | CreateIndexStatement
  | CreateLiveTableStatement
  | CreateMaterializedViewStatement
  | CreateModelStatement
  | CreateNamedStatement
  | CreatePrivilegeRestrictionStatement
  | CreateProcedureStatement
  | CreateRowAccessPolicyStatement
  | CreateSchemaStatement
  | CreateSnapshotStatement
  | CreateSnapshotTableStatement
  | CreateTableFunctionStatement
  | CreateTableStatement
  | CreateViewStatement;

export type CreateNode = IndexItem | NamedQuery | RestrictedPrivilege | TableSource | ViewColumn;
