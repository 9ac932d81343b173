import type { ColumnDefinition, ColumnField, IdentityColumn, TableConstraint } from './columns.ts';
import type { RestrictedPrivilege } from './create.ts';
import type { Expression, Literal } from './expressions.ts';
import type { OptionsList } from './options.ts';
import type { Identifier, Span } from './span.ts';
import type { ObjectName } from './statements.ts';

/** `[IF [NOT] EXISTS] name` of a part of a table. */
type Part = { readonly span: Span; readonly ifExists: boolean; readonly name: Identifier };

/** What follows `ALTER COLUMN name`. */
export type AlterColumnAction = Part &
  (
    | { readonly kind: 'AlterColumnTypeAction'; readonly type: ColumnField }
    | { readonly kind: 'AlterColumnOptionsAction'; readonly options: OptionsList }
    | { readonly kind: 'AlterColumnSetDefaultAction'; readonly value: Expression }
    | {
        readonly kind:
          | 'AlterColumnDropDefaultAction'
          | 'AlterColumnDropNotNullAction'
          | 'AlterColumnDropGeneratedAction';
      }
    | {
        readonly kind: 'AlterColumnSetGeneratedAction';
        readonly mode: 'ALWAYS' | 'BY_DEFAULT';
        readonly identity: IdentityColumn;
      }
  );

/** What follows the words for a part of a table other than a column. */
export type AlterPartAction =
  | (Part & { readonly kind: 'DropConstraintAction' | 'DropColumnAction' })
  | (Part & { readonly kind: 'AlterConstraintEnforcementAction'; readonly enforced: boolean })
  | (Part & { readonly kind: 'AlterConstraintSetOptionsAction'; readonly options: OptionsList })
  | (Part & { readonly kind: 'RenameColumnAction'; readonly newName: Identifier });

/** `ADD`, `DROP` and `ALTER` of things that only their kind's name tells apart: `ADD REPLICA r OPTIONS (...)` */
export type SubEntityAction =
  | {
      readonly kind: 'AddSubEntityAction';
      readonly span: Span;
      readonly entity: Identifier;
      readonly ifNotExists: boolean;
      readonly name: Identifier;
      readonly options?: OptionsList;
    }
  | (Part & { readonly kind: 'DropSubEntityAction'; readonly entity: Identifier })
  | (Part & {
      readonly kind: 'AlterSubEntityAction';
      readonly entity: Identifier;
      readonly action: AlterAction;
    });

/** One of the changes of an ALTER statement. */
export type AlterAction =
  | AlterColumnAction
  | AlterPartAction
  | SubEntityAction
  | { readonly kind: 'SetOptionsAction'; readonly span: Span; readonly options: OptionsList }
  | { readonly kind: 'SetAsAction'; readonly span: Span; readonly body: Literal }
  | { readonly kind: 'SetCollateClause'; readonly span: Span; readonly collate: Expression }
  | {
      readonly kind: 'AddConstraintAction';
      readonly span: Span;
      readonly ifNotExists: boolean;
      /** its name is in it; without one it was no `ADD CONSTRAINT` */
      readonly constraint: TableConstraint;
    }
  | { readonly kind: 'DropPrimaryKeyAction'; readonly span: Span; readonly ifExists: boolean }
  | {
      readonly kind: 'AddColumnAction';
      readonly span: Span;
      readonly ifNotExists: boolean;
      readonly column: ColumnDefinition;
      readonly position?: { readonly side: 'PRECEDING' | 'FOLLOWING'; readonly column: Identifier };
      readonly fill?: Expression;
    }
  | { readonly kind: 'RenameToClause'; readonly span: Span; readonly name: ObjectName }
  | { readonly kind: 'RebuildAction'; readonly span: Span }
  | { readonly kind: 'SetConditionAction'; readonly span: Span; readonly condition: Expression };

/** One of the changes of a row access policy. */
export type PolicyAction =
  | { readonly kind: 'GrantToClause'; readonly span: Span; readonly grantees: readonly Expression[] }
  | { readonly kind: 'FilterUsingClause'; readonly span: Span; readonly condition: Expression }
  | {
      readonly kind: 'RevokeFromClause';
      readonly span: Span;
      /** none for ALL */
      readonly grantees?: readonly Expression[];
    }
  | Extract<AlterAction, { kind: 'RenameToClause' }>;

/** One of the changes of a privilege restriction. */
export type RestrictionAction =
  | { readonly kind: 'RestrictToClause'; readonly span: Span; readonly grantees: readonly Expression[] }
  | {
      readonly kind: 'AddToRestricteeListClause' | 'RemoveFromRestricteeListClause';
      readonly span: Span;
      /** IF NOT EXISTS, IF EXISTS */
      readonly conditional: boolean;
      readonly grantees: readonly Expression[];
    };

type Altered = {
  readonly span: Span;
  readonly ifExists: boolean;
  readonly name: ObjectName;
  readonly actions: readonly AlterAction[];
};

export type AlterObjectStatement = Altered & {
  readonly kind:
    | 'AlterApproxViewStatement'
    | 'AlterConnectionStatement'
    | 'AlterDatabaseStatement'
    | 'AlterExternalSchemaStatement'
    | 'AlterMaterializedViewStatement'
    | 'AlterModelStatement'
    | 'AlterSchemaStatement'
    | 'AlterSequenceStatement'
    | 'AlterTableStatement'
    | 'AlterViewStatement';
};

export type AlterIndexStatement = Altered & {
  readonly kind: 'AlterIndexStatement';
  readonly type: 'AI' | 'SEARCH' | 'VECTOR';
  readonly table?: ObjectName;
};

/** `ALTER PROJECT name SET OPTIONS (...)`; the project or organization of the session has no name. */
export type AlterEntityStatement = Omit<Altered, 'name'> & {
  readonly kind: 'AlterEntityStatement';
  /** as written: `PROJECT`, `ORGANIZATION`, `CAPACITY`, `DATA_POLICY` */
  readonly entity: Identifier;
  readonly name?: ObjectName;
};

export type AlterRowAccessPolicyStatement = {
  readonly kind: 'AlterRowAccessPolicyStatement';
  readonly span: Span;
  readonly ifExists: boolean;
  readonly name: Identifier;
  readonly table: ObjectName;
  readonly actions: readonly PolicyAction[];
};

export type AlterAllRowAccessPoliciesStatement = {
  readonly kind: 'AlterAllRowAccessPoliciesStatement';
  readonly span: Span;
  readonly table: ObjectName;
  readonly action: PolicyAction;
};

export type AlterPrivilegeRestrictionStatement = {
  readonly kind: 'AlterPrivilegeRestrictionStatement';
  readonly span: Span;
  readonly ifExists: boolean;
  readonly privileges: readonly RestrictedPrivilege[];
  readonly objectType: Identifier;
  readonly name: ObjectName;
  readonly actions: readonly RestrictionAction[];
};

export type AlterStatement =
  | AlterAllRowAccessPoliciesStatement
  | AlterEntityStatement
  | AlterIndexStatement
  | AlterObjectStatement
  | AlterPrivilegeRestrictionStatement
  | AlterRowAccessPolicyStatement;

/** Nodes that only these statements hold. */
export type AlterPart = AlterAction | PolicyAction | RestrictionAction;
