import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import {
  BIGNUMERIC,
  BOOL,
  BYTES,
  DATE,
  DATETIME,
  FLOAT64,
  INT64,
  INTERVAL,
  JSON_TYPE,
  NUMERIC,
  type SqlType,
  STRING,
  sameType,
  TIME,
  TIMESTAMP,
  typeText,
} from '../../../../core/sql/types.ts';
import { identifier } from './load.ts';

/** A column of a Parquet file in GoogleSQL, and the DuckDB text that gives its physical type (render.ts). */
export type Converted = { readonly type: SqlType; readonly sql: string };

/** Why a column has no GoogleSQL type; the caller names the file and column. */
export class NoType extends Error {
  override readonly name = 'NoType';
}

const scalarTypes: Readonly<Partial<Record<DuckDBTypeId, SqlType>>> = {
  [DuckDBTypeId.BOOLEAN]: BOOL,
  [DuckDBTypeId.TINYINT]: INT64,
  [DuckDBTypeId.SMALLINT]: INT64,
  [DuckDBTypeId.INTEGER]: INT64,
  [DuckDBTypeId.BIGINT]: INT64,
  [DuckDBTypeId.UTINYINT]: INT64,
  [DuckDBTypeId.USMALLINT]: INT64,
  [DuckDBTypeId.UINTEGER]: INT64,
  [DuckDBTypeId.FLOAT]: FLOAT64,
  [DuckDBTypeId.DOUBLE]: FLOAT64,
  [DuckDBTypeId.VARCHAR]: STRING,
  [DuckDBTypeId.ENUM]: STRING,
  [DuckDBTypeId.UUID]: STRING,
  [DuckDBTypeId.BLOB]: BYTES,
  [DuckDBTypeId.DATE]: DATE,
  [DuckDBTypeId.TIME]: TIME,
  [DuckDBTypeId.INTERVAL]: INTERVAL,
  [DuckDBTypeId.TIMESTAMP]: DATETIME,
  [DuckDBTypeId.TIMESTAMP_S]: DATETIME,
  [DuckDBTypeId.TIMESTAMP_MS]: DATETIME,
  [DuckDBTypeId.TIMESTAMP_NS]: DATETIME,
  [DuckDBTypeId.TIMESTAMP_TZ]: TIMESTAMP,
  [DuckDBTypeId.UBIGINT]: NUMERIC,
};

/** Types that lie in DuckDB as GoogleSQL's do: their columns are read as they are, with every pushdown. */
const asTheyAre = new Set<DuckDBTypeId>([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.BLOB,
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIME,
  DuckDBTypeId.INTERVAL,
  DuckDBTypeId.TIMESTAMP,
]);

const casts: Readonly<Record<string, string>> = {
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  STRING: 'VARCHAR',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMP',
  NUMERIC: 'DECIMAL(38,9)',
};

/** `sql` has DuckDB type `from`; `declared` is what a schema file says it is. `depth` keeps lambda names apart. */
export function convert(from: DuckDBType, sql: string, declared?: SqlType, depth = 0): Converted {
  if (from.typeId === DuckDBTypeId.LIST) return convertList(from, sql, declared, depth);
  if (from.typeId === DuckDBTypeId.MAP) return convertMap(from, sql, declared, depth);
  if (from.typeId === DuckDBTypeId.STRUCT) return convertStruct(from, sql, declared, depth);
  const natural = from.typeId === DuckDBTypeId.DECIMAL ? decimal(from, sql) : scalar(from, sql);
  return declared === undefined || sameType(declared, natural.type) ? natural : redeclare(natural, declared);
}

function scalar(from: DuckDBType, sql: string): Converted {
  if (from.alias === 'JSON') return { type: JSON_TYPE, sql: `CAST(json(${sql}) AS VARCHAR)` };
  const type = scalarTypes[from.typeId];
  if (type === undefined) throw new NoType(`the Parquet type ${from.toString()} has no GoogleSQL type`);
  if (asTheyAre.has(from.typeId)) return { type, sql };
  const to = type.kind === 'scalar' ? casts[type.name] : undefined;
  return { type, sql: `CAST(${sql} AS ${to})` };
}

/** NUMERIC where the digits fit it, else BIGNUMERIC as its canonical text. */
function decimal(from: Extract<DuckDBType, { typeId: DuckDBTypeId.DECIMAL }>, sql: string): Converted {
  if (from.scale <= 9 && from.width - from.scale <= 29)
    return {
      type: NUMERIC,
      sql: from.width === 38 && from.scale === 9 ? sql : `CAST(${sql} AS DECIMAL(38,9))`,
    };
  const text = `CAST(${sql} AS VARCHAR)`;
  return { type: BIGNUMERIC, sql: from.scale === 0 ? text : `rtrim(rtrim(${text}, '0'), '.')` };
}

function redeclare(natural: Converted, declared: SqlType): Converted {
  const to = declared.kind === 'scalar' ? declared.name : '';
  switch (`${typeText(natural.type)} ${to}`) {
    case 'DATETIME TIMESTAMP':
    case 'TIMESTAMP DATETIME':
    case 'STRING GEOGRAPHY':
      return { type: declared, sql: natural.sql };
    case 'STRING JSON':
      return { type: declared, sql: `CAST(json(${natural.sql}) AS VARCHAR)` };
    case 'INT64 FLOAT64':
      return { type: declared, sql: `CAST(${natural.sql} AS DOUBLE)` };
    case 'INT64 NUMERIC':
      return { type: declared, sql: `CAST(${natural.sql} AS DECIMAL(38,9))` };
    case 'INT64 BIGNUMERIC':
      return { type: declared, sql: `CAST(${natural.sql} AS VARCHAR)` };
    case 'NUMERIC BIGNUMERIC':
      return { type: declared, sql: `rtrim(rtrim(CAST(${natural.sql} AS VARCHAR), '0'), '.')` };
    default:
      throw new NoType(`the schema says ${typeText(declared)} but the file has ${typeText(natural.type)}`);
  }
}

/** BigQuery stores no NULL arrays: they are empty. */
function convertList(
  from: Extract<DuckDBType, { typeId: DuckDBTypeId.LIST }>,
  sql: string,
  declared: SqlType | undefined,
  depth: number,
): Converted {
  if (declared !== undefined && declared.kind !== 'array')
    throw new NoType(`the schema says ${typeText(declared)} but the file has a list`);
  const variable = `x${depth}`;
  const element = convert(from.valueType, variable, declared?.element, depth + 1);
  if (element.type.kind === 'array') throw new NoType('a list of lists has no GoogleSQL type');
  const items = element.sql === variable ? sql : `list_transform(${sql}, lambda ${variable}: ${element.sql})`;
  return { type: { kind: 'array', element: element.type }, sql: `coalesce(${items}, [])` };
}

/** A map is an array of key and value, as BigQuery loads it. */
function convertMap(
  from: Extract<DuckDBType, { typeId: DuckDBTypeId.MAP }>,
  sql: string,
  declared: SqlType | undefined,
  depth: number,
): Converted {
  const variable = `x${depth}`;
  const wanted =
    declared?.kind === 'array' && declared.element.kind === 'struct' ? declared.element.fields : undefined;
  if (declared !== undefined && wanted?.length !== 2)
    throw new NoType(
      `the schema says ${typeText(declared)} but the file has a map (repeated record of key and value)`,
    );
  const key = convert(from.keyType, `${variable}.key`, wanted?.[0]?.type, depth + 1);
  const value = convert(from.valueType, `${variable}.value`, wanted?.[1]?.type, depth + 1);
  const fields = [
    { name: wanted?.[0]?.name ?? 'key', type: key.type },
    { name: wanted?.[1]?.name ?? 'value', type: value.type },
  ];
  const pack = `struct_pack(f0 := ${key.sql}, f1 := ${value.sql})`;
  return {
    type: { kind: 'array', element: { kind: 'struct', fields } },
    sql: `coalesce(list_transform(map_entries(${sql}), lambda ${variable}: ${pack}), [])`,
  };
}

function convertStruct(
  from: Extract<DuckDBType, { typeId: DuckDBTypeId.STRUCT }>,
  sql: string,
  declared: SqlType | undefined,
  depth: number,
): Converted {
  if (
    declared !== undefined &&
    (declared.kind !== 'struct' || declared.fields.length !== from.entryNames.length)
  )
    throw new NoType(
      `the schema says ${typeText(declared)} but the file has a record of ${from.entryNames.join(', ')}`,
    );
  const wanted =
    declared?.kind === 'struct'
      ? declared.fields
      : from.entryNames.map((name) => ({ name, type: undefined }));
  const fields = wanted.map((field) => {
    const index = from.entryNames.findIndex((name) => name.toLowerCase() === field.name?.toLowerCase());
    const entry = from.entryTypes[index];
    if (entry === undefined) throw new NoType(`the file has no field ${field.name}`);
    const path = `${sql}.${identifier(from.entryNames[index] as string)}`;
    return { name: field.name as string, ...convert(entry, path, field.type, depth + 1) };
  });
  const pack = fields.map((f, i) => `f${i} := ${f.sql}`).join(', ');
  return {
    type: { kind: 'struct', fields: fields.map(({ name, type }) => ({ name, type })) },
    sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${pack}) END`,
  };
}
