import { type PlainTables, plainCatalog } from '../../../../functions/core/sql/resolve/plain-catalog.ts';

/** One column of every kind of type, so that a call can be made with any of them. */
export const columns = {
  i: 'INT64',
  f: 'FLOAT64',
  n: 'NUMERIC',
  bn: 'BIGNUMERIC',
  b: 'BOOL',
  s: 'STRING',
  y: 'BYTES',
  d: 'DATE',
  dt: 'DATETIME',
  tm: 'TIME',
  ts: 'TIMESTAMP',
  iv: 'INTERVAL',
  j: 'JSON',
  g: 'GEOGRAPHY',
  rd: 'RANGE<DATE>',
  rdt: 'RANGE<DATETIME>',
  rts: 'RANGE<TIMESTAMP>',
  st: 'STRUCT<a INT64, b STRING>',
  st2: 'STRUCT<x INT64, y STRING>',
  st3: 'STRUCT<a FLOAT64, b STRING>',
  sj: 'STRUCT<a INT64, j JSON>',
  ai: 'ARRAY<INT64>',
  af: 'ARRAY<FLOAT64>',
  an: 'ARRAY<NUMERIC>',
  az: 'ARRAY<STRING>',
  ay: 'ARRAY<BYTES>',
  ad: 'ARRAY<DATE>',
  ats: 'ARRAY<TIMESTAMP>',
  ag: 'ARRAY<GEOGRAPHY>',
  aj: 'ARRAY<JSON>',
  ast: 'ARRAY<STRUCT<a INT64, b STRING>>',
  asf: 'ARRAY<STRUCT<a STRING, b FLOAT64>>',
} as const;

export type ColumnName = keyof typeof columns;
export const columnNames = Object.keys(columns) as ColumnName[];

/** Literals and the like: what takes on a type in places where a column does not. */
export const literals = [
  '1',
  '-1',
  '1.5',
  'TRUE',
  "'abc'",
  "'2024-01-02'",
  "'12:34:56'",
  "'2024-01-02 03:04:05'",
  "b'abc'",
  'NULL',
  '[]',
  '[1]',
  "['a']",
  '[1.5]',
  '@p',
  "DATE '2024-01-02'",
  "NUMERIC '1.5'",
  'STRUCT(1, NULL)',
  "(1, 'x')",
  'INTERVAL 1 DAY',
  'CAST(NULL AS STRING)',
  'CAST(1 AS INT64)',
  'IF(b, 1, 2)',
] as const;

const tables: PlainTables = {
  'd.t': { columns: Object.entries(columns).map(([name, type]) => ({ name, type })) },
};

/** The same table for our resolver and, as JSON, for the oracle. */
export const catalog = plainCatalog(tables, 'p');
export const oracleCatalog = {
  project: 'p',
  tables: { 'd.t': { columns: tables['d.t']?.columns } },
};
