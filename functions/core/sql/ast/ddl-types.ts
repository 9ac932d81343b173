import type { AlterStatement, DataStatement, DropFamilyStatement, UtilityStatement } from './index.ts';

/** `DropMaterializedViewStatement` is `DROP_MATERIALIZED_VIEW`. */
const fromKind = (kind: string): string =>
  kind
    .replace(/Statement$/, '')
    .replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase();

/** BigQuery's word for a DROP or UNDROP statement. */
export function dropType(statement: DropFamilyStatement): string {
  switch (statement.kind) {
    case 'DropStatement':
      return `DROP_${statement.object.replaceAll(' ', '_')}`;
    case 'DropEntityStatement':
      return `DROP_${statement.entity.name.toUpperCase()}`;
    case 'UndropStatement':
      return 'UNDROP_SCHEMA';
    default:
      return fromKind(statement.kind);
  }
}

/** BigQuery's word for an ALTER statement. */
export function alterType(statement: AlterStatement): string {
  switch (statement.kind) {
    case 'AlterEntityStatement':
      return `ALTER_${statement.entity.name.toUpperCase()}`;
    case 'AlterIndexStatement':
      return `ALTER_${statement.type}_INDEX`;
    default:
      return fromKind(statement.kind);
  }
}

/** BigQuery's word for a statement that moves data, or what it would be called. */
export function dataType(statement: DataStatement | UtilityStatement): string {
  switch (statement.kind) {
    case 'TruncateStatement':
      return 'TRUNCATE_TABLE';
    case 'AuxLoadDataStatement':
      return 'LOAD_DATA';
    default:
      return fromKind(statement.kind);
  }
}
