import type { Effect, FunctionEntry, NamedThing } from './entry.ts';

/** A table function of the given shape (table-signature.ts); all of these read data. */
export const table = (
  name: string,
  shape: string,
  effects: readonly Effect[] = [],
  names: readonly NamedThing[] = [],
): FunctionEntry => ({
  name,
  kind: 'table',
  signatures: [],
  table: shape,
  effects: ['data', ...effects],
  ...(names.length > 0 ? { names } : {}),
});

const SEARCH_OPTIONS = 'top_k => INT64?, distance_type => STRING?, options => ANY?';
const PERIOD = 'start_timestamp TIMESTAMP?, end_timestamp TIMESTAMP?';

/**
 * Table functions that are neither ML. nor AI. Sources: BigQuery reference, "Table functions (built in)", "Time series
 * functions", "Range functions", "Search functions", "Federated query functions", "ObjectRef functions", "Graphs
 * within SQL".
 */
export const tableFunctions: readonly FunctionEntry[] = [
  table('APPENDS', `table TABLE_NAME, ${PERIOD} -> *table, _CHANGE_TYPE STRING, _CHANGE_TIMESTAMP TIMESTAMP`),
  table('CHANGES', `table TABLE_NAME, ${PERIOD} -> *table, _CHANGE_TYPE STRING, _CHANGE_TIMESTAMP TIMESTAMP`),
  table(
    'EXTERNAL_OBJECT_TRANSFORM',
    'object_table TABLE_NAME, transform_types ARRAY<STRING> -> *object_table, signed_url STRING',
    ['network'],
  ),
  table(
    'EXTERNAL_QUERY',
    'connection_id STRING, external_query STRING, options STRING? -> ...',
    ['network'],
    [{ what: 'connection', argument: 'connection_id', position: 0 }],
  ),
  table(
    'GAP_FILL',
    'input TABLE, ts_column STRING, bucket_width INTERVAL, partitioning_columns => ARRAY<STRING>?, value_columns => ARRAY<STRUCT<STRING, STRING>>?, origin => ANY?, ignore_null_values => BOOL? -> ...',
  ),
  table(
    'GRAPH_EXPAND',
    'graph_name STRING, start_node => STRING?, flatten_results => BOOL? -> ...',
    [],
    [{ what: 'graph', argument: 'graph_name', position: 0 }],
  ),
  table('GRAPH_TABLE', 'graph GRAPH -> ...'),
  table(
    'OBJ.LIST',
    'uri STRING, authorizer STRING? -> ...',
    ['network'],
    [
      { what: 'object', argument: 'uri', position: 0 },
      { what: 'connection', argument: 'authorizer', position: 1 },
    ],
  ),
  table(
    'RANGE_SESSIONIZE',
    'input TABLE, range_column STRING, partitioning_columns ARRAY<STRING>, sessionize_option STRING? -> *input, ...',
  ),
  table('VECTOR_INDEX.STATISTICS', 'table TABLE_NAME -> ...'),
  table(
    'VECTOR_SEARCH',
    `base_table TABLE, column_to_search STRING, query_table TABLE, query_column_to_search => STRING?, ${SEARCH_OPTIONS} -> query ROW<query_table>, base ROW<base_table>, distance FLOAT64`,
  ),
];
