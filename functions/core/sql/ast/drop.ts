import type { RestrictedPrivilege } from './create.ts';
import type { Expression } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { RoutineParameter } from './routines.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName } from './statements.ts';

/** What DROP, ALTER and UNDROP name by words of the grammar; TABLE and what belongs to a table apart. */
export type ObjectKind =
  | 'AGGREGATE FUNCTION'
  | 'AI INDEX'
  | 'APPROX VIEW'
  | 'CONNECTION'
  | 'CONSTANT'
  | 'DATABASE'
  | 'EXTERNAL SCHEMA'
  | 'EXTERNAL TABLE'
  | 'FUNCTION'
  | 'INDEX'
  | 'LIVE TABLE'
  | 'MATERIALIZED VIEW'
  | 'MODEL'
  | 'PROCEDURE'
  | 'PROPERTY GRAPH'
  | 'PROPERTY GRAPH TYPE'
  | 'SCHEMA'
  | 'SEARCH INDEX'
  | 'SEQUENCE'
  | 'VECTOR INDEX'
  | 'VIEW';

type Dropped = { readonly span: Span; readonly ifExists: boolean; readonly name: ObjectName };

/** `DROP kind [IF EXISTS] name [CASCADE | RESTRICT]` of every kind that has no statement of its own */
export type DropStatement = Dropped & {
  readonly kind: 'DropStatement';
  readonly object: ObjectKind | 'TABLE';
  readonly mode?: 'CASCADE' | 'RESTRICT';
};

export type DropFunctionStatement = Dropped & {
  readonly kind: 'DropFunctionStatement';
  /** without them every function of the name is dropped */
  readonly parameters?: readonly RoutineParameter[];
};

export type DropNamedStatement = Dropped & {
  readonly kind:
    | 'DropMaterializedViewStatement'
    | 'DropSnapshotTableStatement'
    | 'DropTableFunctionStatement';
};

export type DropIndexStatement = Dropped & {
  readonly kind: 'DropAiIndexStatement' | 'DropSearchIndexStatement' | 'DropVectorIndexStatement';
  readonly table?: ObjectName;
};

export type DropRowAccessPolicyStatement = Dropped & {
  readonly kind: 'DropRowAccessPolicyStatement';
  readonly table: ObjectName;
};

export type DropAllRowAccessPoliciesStatement = {
  readonly kind: 'DropAllRowAccessPoliciesStatement';
  readonly span: Span;
  /** `ROW ACCESS POLICIES` rather than `ROW POLICIES` */
  readonly access: boolean;
  readonly table: ObjectName;
};

export type DropPrivilegeRestrictionStatement = Dropped & {
  readonly kind: 'DropPrivilegeRestrictionStatement';
  readonly privileges: readonly RestrictedPrivilege[];
  readonly objectType: Identifier;
};

/** `DROP CAPACITY name` and other kinds of objects that only their name tells apart */
export type DropEntityStatement = Dropped & {
  readonly kind: 'DropEntityStatement';
  /** as written: `CAPACITY`, `RESERVATION`, `ASSIGNMENT`, `DATA_POLICY` */
  readonly entity: Identifier;
};

/** `UNDROP SCHEMA [IF NOT EXISTS] name [FOR SYSTEM_TIME AS OF time] [OPTIONS (...)]` */
export type UndropStatement = {
  readonly kind: 'UndropStatement';
  readonly span: Span;
  readonly ifNotExists: boolean;
  readonly name: ObjectName;
  readonly systemTime?: Expression;
  readonly options?: OptionsList;
};

export type DropFamilyStatement =
  | DropAllRowAccessPoliciesStatement
  | DropEntityStatement
  | DropFunctionStatement
  | DropIndexStatement
  | DropNamedStatement
  | DropPrivilegeRestrictionStatement
  | DropRowAccessPolicyStatement
  | DropStatement
  | UndropStatement;
