import type { CreateStatement } from './index.ts';

/** BigQuery's word for a CREATE statement; engines' own kinds are named in the same manner. */
export function createType(statement: CreateStatement): string {
  switch (statement.kind) {
    case 'CreateTableStatement':
      return statement.query === undefined ? 'CREATE_TABLE' : 'CREATE_TABLE_AS_SELECT';
    case 'CreateLiveTableStatement':
      return 'CREATE_LIVE_TABLE';
    case 'CreateExternalTableStatement':
      return 'CREATE_EXTERNAL_TABLE';
    case 'CreateSnapshotTableStatement':
      return 'CREATE_SNAPSHOT_TABLE';
    case 'CreateSnapshotStatement':
      return 'CREATE_SNAPSHOT_SCHEMA';
    case 'CreateViewStatement':
      return 'CREATE_VIEW';
    case 'CreateApproxViewStatement':
      return 'CREATE_APPROX_VIEW';
    case 'CreateMaterializedViewStatement':
      return 'CREATE_MATERIALIZED_VIEW';
    case 'CreateFunctionStatement':
      return 'CREATE_FUNCTION';
    case 'CreateTableFunctionStatement':
      return 'CREATE_TABLE_FUNCTION';
    case 'CreateProcedureStatement':
      return 'CREATE_PROCEDURE';
    case 'CreateModelStatement':
      return 'CREATE_MODEL';
    case 'CreateIndexStatement':
      return statement.type === undefined ? 'CREATE_INDEX' : `CREATE_${statement.type}_INDEX`;
    case 'CreateSchemaStatement':
      return 'CREATE_SCHEMA';
    case 'CreateExternalSchemaStatement':
      return 'CREATE_EXTERNAL_SCHEMA';
    case 'CreateConnectionStatement':
      return 'CREATE_CONNECTION';
    case 'CreateDatabaseStatement':
      return 'CREATE_DATABASE';
    case 'CreateLocalityGroupStatement':
      return 'CREATE_LOCALITY_GROUP';
    case 'CreateSequenceStatement':
      return 'CREATE_SEQUENCE';
    case 'CreateConstantStatement':
      return 'CREATE_CONSTANT';
    case 'CreateRowAccessPolicyStatement':
      return 'CREATE_ROW_ACCESS_POLICY';
    case 'CreatePrivilegeRestrictionStatement':
      return 'CREATE_PRIVILEGE_RESTRICTION';
    case 'CreateEntityStatement':
      return `CREATE_${statement.entity.name.toUpperCase()}`;
  }
}
