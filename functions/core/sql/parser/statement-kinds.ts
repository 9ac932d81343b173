/** Names of a kind of statement: BigQuery's, and GoogleSQL's parser node. */
export type StatementKind = { readonly statementType: string; readonly googleKind: string };

const kind = (statementType: string, googleKind: string): StatementKind => ({ statementType, googleKind });

/** What `CREATE [OR REPLACE] [TEMP]` can create, longest words first where one begins with another. */
export const createKinds: readonly (readonly [words: readonly string[], kind: StatementKind])[] = [
  [['TABLE', 'FUNCTION'], kind('CREATE_TABLE_FUNCTION', 'CreateTableFunctionStatement')],
  [['TABLE'], kind('CREATE_TABLE', 'CreateTableStatement')],
  [['EXTERNAL', 'TABLE'], kind('CREATE_EXTERNAL_TABLE', 'CreateExternalTableStatement')],
  [['EXTERNAL', 'SCHEMA'], kind('CREATE_EXTERNAL_SCHEMA', 'CreateExternalSchemaStatement')],
  [['SNAPSHOT', 'TABLE'], kind('CREATE_SNAPSHOT_TABLE', 'CreateSnapshotTableStatement')],
  [['MATERIALIZED', 'VIEW'], kind('CREATE_MATERIALIZED_VIEW', 'CreateMaterializedViewStatement')],
  [['RECURSIVE', 'VIEW'], kind('CREATE_VIEW', 'CreateViewStatement')],
  [['VIEW'], kind('CREATE_VIEW', 'CreateViewStatement')],
  [['SCHEMA'], kind('CREATE_SCHEMA', 'CreateSchemaStatement')],
  [['AGGREGATE', 'FUNCTION'], kind('CREATE_FUNCTION', 'CreateFunctionStatement')],
  [['FUNCTION'], kind('CREATE_FUNCTION', 'CreateFunctionStatement')],
  [['PROCEDURE'], kind('CREATE_PROCEDURE', 'CreateProcedureStatement')],
  [['MODEL'], kind('CREATE_MODEL', 'CreateModelStatement')],
  [['ROW', 'ACCESS', 'POLICY'], kind('CREATE_ROW_ACCESS_POLICY', 'CreateRowAccessPolicyStatement')],
  [['SEARCH', 'INDEX'], kind('CREATE_SEARCH_INDEX', 'CreateIndexStatement')],
  [['VECTOR', 'INDEX'], kind('CREATE_VECTOR_INDEX', 'CreateIndexStatement')],
  [['CAPACITY'], kind('CREATE_CAPACITY', 'CreateEntityStatement')],
  [['RESERVATION'], kind('CREATE_RESERVATION', 'CreateEntityStatement')],
  [['ASSIGNMENT'], kind('CREATE_ASSIGNMENT', 'CreateEntityStatement')],
  [['CONNECTION'], kind('CREATE_CONNECTION', 'CreateConnectionStatement')],
];

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
