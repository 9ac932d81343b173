import { createHash } from 'node:crypto';
import type { CatalogColumn, CatalogTable, TableRef } from '../../../../core/sql/catalog.ts';
import { DATE, STRING, TIMESTAMP } from '../../../../core/sql/types.ts';
import type { DatasetInfo, TableInfo } from '../../../../ports/warehouse.ts';
import { columnsFrom, schemaFrom, UnknownType } from '../fields.ts';
import { count, type Fields, flag, object, required, text } from '../rest/json.ts';

/** A table's resource in both forms that the port gives it. */
export type KnownTable = { readonly info: TableInfo; readonly table: CatalogTable };

/** Reads a Table resource: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#resource:-table */
export function tableFrom(fields: Fields, etag: string | undefined): KnownTable {
  const reference = required(object(fields, 'tableReference'), 'tableReference');
  const ref: TableRef = {
    project: required(text(reference, 'projectId'), 'projectId'),
    dataset: required(text(reference, 'datasetId'), 'datasetId'),
    table: required(text(reference, 'tableId'), 'tableId'),
  };
  const definition = definitionOf(fields);
  const schema = object(fields, 'schema');
  const description = text(fields, 'description');
  const state = etagOf(fields, etag);
  const { columns, problem } = readColumns(schema);
  const unusable = definition.problem ?? problem;
  const info: TableInfo = {
    ref,
    kind: definition.kind,
    schema: schemaFrom(schema, true),
    ...(definition.viewSql === undefined ? {} : { viewSql: definition.viewSql }),
    rows: count(fields, 'numRows') ?? 0,
    bytes: count(fields, 'numBytes') ?? 0,
    createdMs: count(fields, 'creationTime') ?? 0,
    modifiedMs: count(fields, 'lastModifiedTime') ?? count(fields, 'creationTime') ?? 0,
    etag: state,
    location: text(fields, 'location') ?? '',
    ...(description ? { description } : {}),
  };
  const table: CatalogTable = {
    ref,
    kind: definition.kind,
    columns,
    pseudoColumns: pseudoColumnsOf(fields),
    ...(definition.viewSql === undefined ? {} : { viewSql: definition.viewSql }),
    ...(unusable === undefined ? {} : { unusable }),
    etag: state,
  };
  return { info, table };
}

type Definition = {
  readonly kind: 'table' | 'view';
  readonly viewSql?: string;
  readonly problem?: string;
};

function definitionOf(fields: Fields): Definition {
  const type = text(fields, 'type') ?? 'TABLE';
  switch (type) {
    case 'TABLE':
    case 'EXTERNAL':
    case 'SNAPSHOT':
    case 'CLONE':
      return { kind: 'table' };
    case 'VIEW': {
      const view = object(fields, 'view') ?? {};
      // The API's own default for a view made long ago.
      if (flag(view, 'useLegacySql') === true) return { kind: 'view', problem: 'is a view in legacy SQL' };
      return viewOf(text(view, 'query'));
    }
    case 'MATERIALIZED_VIEW':
      return viewOf(text(object(fields, 'materializedView') ?? {}, 'query'));
    default:
      return { kind: 'view', problem: `is of a kind that this gateway does not know (${type})` };
  }
}

const viewOf = (viewSql: string | undefined): Definition =>
  viewSql === undefined
    ? { kind: 'view', problem: 'is a view whose definition cannot be read' }
    : { kind: 'view', viewSql };

function readColumns(schema: Fields | undefined): {
  readonly columns: readonly CatalogColumn[];
  readonly problem?: string;
} {
  try {
    return { columns: columnsFrom(schema) };
  } catch (cause) {
    if (!(cause instanceof UnknownType)) throw cause;
    return {
      columns: [],
      problem: `has a column of a type that this gateway does not know: ${cause.message}`,
    };
  }
}

/** Columns that `*` leaves out. https://cloud.google.com/bigquery/docs/querying-partitioned-tables */
function pseudoColumnsOf(fields: Fields): readonly CatalogColumn[] {
  const pseudo = (name: string, type: CatalogColumn['type']): CatalogColumn => ({
    name,
    type,
    mode: 'NULLABLE',
  });
  if (text(fields, 'type') === 'EXTERNAL') return [pseudo('_FILE_NAME', STRING)];
  const partitioning = object(fields, 'timePartitioning');
  if (partitioning === undefined || text(partitioning, 'field') !== undefined) return [];
  const time = pseudo('_PARTITIONTIME', TIMESTAMP);
  return (text(partitioning, 'type') ?? 'DAY') === 'DAY' ? [time, pseudo('_PARTITIONDATE', DATE)] : [time];
}

/**
 * Changes with the schema, the definition and the content: the API's etag, when the table was last modified, and how much it
 * holds, what is still in its streaming buffer included.
 */
function etagOf(fields: Fields, etag: string | undefined): string {
  const buffer = object(fields, 'streamingBuffer') ?? {};
  const state = [
    etag ?? JSON.stringify(fields),
    fields.lastModifiedTime,
    fields.numRows,
    fields.numBytes,
    buffer.estimatedRows,
    buffer.oldestEntryTime,
  ];
  return createHash('sha256').update(state.map(String).join('\n')).digest('base64url').slice(0, 27);
}

/** Reads a Dataset resource: https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets#resource:-dataset */
export function datasetFrom(fields: Fields, etag: string | undefined): DatasetInfo {
  const reference = required(object(fields, 'datasetReference'), 'datasetReference');
  const description = text(fields, 'description');
  const createdMs = count(fields, 'creationTime') ?? 0;
  return {
    project: required(text(reference, 'projectId'), 'projectId'),
    dataset: required(text(reference, 'datasetId'), 'datasetId'),
    location: text(fields, 'location') ?? '',
    createdMs,
    modifiedMs: count(fields, 'lastModifiedTime') ?? createdMs,
    etag: createHash('sha256')
      .update(etag ?? JSON.stringify(fields))
      .digest('base64url')
      .slice(0, 27),
    ...(description ? { description } : {}),
  };
}
