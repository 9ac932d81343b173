/** Names of a kind of statement: BigQuery's, and GoogleSQL's parser node. */
export type StatementKind = { readonly statementType: string; readonly googleKind: string };

const kind = (statementType: string, googleKind: string): StatementKind => ({ statementType, googleKind });

export const dropKinds: readonly (readonly [words: readonly string[], kind: StatementKind])[] = [
  [['TABLE', 'FUNCTION'], kind('DROP_TABLE_FUNCTION', 'DropTableFunctionStatement')],
  [['TABLE'], kind('DROP_TABLE', 'DropStatement')],
  [['EXTERNAL', 'TABLE'], kind('DROP_EXTERNAL_TABLE', 'DropStatement')],
  [['EXTERNAL', 'SCHEMA'], kind('DROP_EXTERNAL_SCHEMA', 'DropStatement')],
  [['SNAPSHOT', 'TABLE'], kind('DROP_SNAPSHOT_TABLE', 'DropSnapshotTableStatement')],
  [['MATERIALIZED', 'VIEW'], kind('DROP_MATERIALIZED_VIEW', 'DropMaterializedViewStatement')],
  [['VIEW'], kind('DROP_VIEW', 'DropStatement')],
  [['SCHEMA'], kind('DROP_SCHEMA', 'DropStatement')],
  [['FUNCTION'], kind('DROP_FUNCTION', 'DropFunctionStatement')],
  [['PROCEDURE'], kind('DROP_PROCEDURE', 'DropStatement')],
  [['MODEL'], kind('DROP_MODEL', 'DropStatement')],
  [['ROW', 'ACCESS', 'POLICY'], kind('DROP_ROW_ACCESS_POLICY', 'DropRowAccessPolicyStatement')],
  [
    ['ALL', 'ROW', 'ACCESS', 'POLICIES'],
    kind('DROP_ALL_ROW_ACCESS_POLICIES', 'DropAllRowAccessPoliciesStatement'),
  ],
  [['ALL', 'ROW', 'POLICIES'], kind('DROP_ALL_ROW_ACCESS_POLICIES', 'DropAllRowAccessPoliciesStatement')],
  [['SEARCH', 'INDEX'], kind('DROP_SEARCH_INDEX', 'DropSearchIndexStatement')],
  [['VECTOR', 'INDEX'], kind('DROP_VECTOR_INDEX', 'DropVectorIndexStatement')],
  [['CAPACITY'], kind('DROP_CAPACITY', 'DropEntityStatement')],
  [['RESERVATION'], kind('DROP_RESERVATION', 'DropEntityStatement')],
  [['ASSIGNMENT'], kind('DROP_ASSIGNMENT', 'DropEntityStatement')],
  [['CONNECTION'], kind('DROP_CONNECTION', 'DropStatement')],
  [['PROPERTY', 'GRAPH'], kind('DROP_PROPERTY_GRAPH', 'DropStatement')],
];

export const alterKinds: readonly (readonly [words: readonly string[], kind: StatementKind])[] = [
  [['TABLE'], kind('ALTER_TABLE', 'AlterTableStatement')],
  [['VIEW'], kind('ALTER_VIEW', 'AlterViewStatement')],
  [['MATERIALIZED', 'VIEW'], kind('ALTER_MATERIALIZED_VIEW', 'AlterMaterializedViewStatement')],
  [['SCHEMA'], kind('ALTER_SCHEMA', 'AlterSchemaStatement')],
  [['EXTERNAL', 'SCHEMA'], kind('ALTER_EXTERNAL_SCHEMA', 'AlterExternalSchemaStatement')],
  [['MODEL'], kind('ALTER_MODEL', 'AlterModelStatement')],
  [['SEARCH', 'INDEX'], kind('ALTER_SEARCH_INDEX', 'AlterIndexStatement')],
  [['VECTOR', 'INDEX'], kind('ALTER_VECTOR_INDEX', 'AlterIndexStatement')],
  [['PROJECT'], kind('ALTER_PROJECT', 'AlterEntityStatement')],
  [['ORGANIZATION'], kind('ALTER_ORGANIZATION', 'AlterEntityStatement')],
  [['BI_CAPACITY'], kind('ALTER_BI_CAPACITY', 'AlterEntityStatement')],
  [['CAPACITY'], kind('ALTER_CAPACITY', 'AlterEntityStatement')],
  [['RESERVATION'], kind('ALTER_RESERVATION', 'AlterEntityStatement')],
  [['ASSIGNMENT'], kind('ALTER_ASSIGNMENT', 'AlterEntityStatement')],
  [['CONNECTION'], kind('ALTER_CONNECTION', 'AlterConnectionStatement')],
];
