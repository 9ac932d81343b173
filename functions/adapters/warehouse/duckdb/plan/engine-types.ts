import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import type { SqlType } from '../../../../core/sql/types.ts';

const scalarIds: Readonly<Record<string, readonly DuckDBTypeId[]>> = {
  // A HUGEINT sum is cast to BIGINT when it is written, with an error where it does not fit.
  INT64: [DuckDBTypeId.BIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.INTEGER],
  FLOAT64: [DuckDBTypeId.DOUBLE],
  BOOL: [DuckDBTypeId.BOOLEAN],
  BYTES: [DuckDBTypeId.BLOB],
  DATE: [DuckDBTypeId.DATE],
  TIME: [DuckDBTypeId.TIME],
  DATETIME: [DuckDBTypeId.TIMESTAMP],
  TIMESTAMP: [DuckDBTypeId.TIMESTAMP],
  INTERVAL: [DuckDBTypeId.INTERVAL],
  NUMERIC: [DuckDBTypeId.DECIMAL],
  STRING: [DuckDBTypeId.VARCHAR],
  BIGNUMERIC: [DuckDBTypeId.VARCHAR],
  JSON: [DuckDBTypeId.VARCHAR],
  GEOGRAPHY: [DuckDBTypeId.VARCHAR],
  UUID: [DuckDBTypeId.VARCHAR],
};

/** Whether what DuckDB says a printed column is, is how the resolver's type lies in DuckDB (core/sql/duckdb/render.ts). */
export function liesAs(engine: DuckDBType, type: SqlType): boolean {
  // An untyped NULL.
  if (engine.typeId === DuckDBTypeId.SQLNULL) return true;
  switch (type.kind) {
    case 'array':
      return engine.typeId === DuckDBTypeId.LIST && liesAs(engine.valueType, type.element);
    case 'struct':
      return (
        engine.typeId === DuckDBTypeId.STRUCT &&
        engine.entryTypes.length === type.fields.length &&
        type.fields.every(
          (f, i) => engine.entryNames[i] === `f${i}` && liesAs(engine.entryTypes[i] as DuckDBType, f.type),
        )
      );
    case 'range':
      return (
        engine.typeId === DuckDBTypeId.STRUCT &&
        engine.entryTypes.length === 2 &&
        engine.entryTypes.every((end) => liesAs(end, { kind: 'scalar', name: type.element }))
      );
    case 'scalar':
      return scalarIds[type.name]?.includes(engine.typeId) ?? false;
  }
}
