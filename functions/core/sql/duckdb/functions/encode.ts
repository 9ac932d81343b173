import type { SqlType } from '../../types.ts';

/**
 * A value of any type as JSON text in DuckDB SQL, exact and without types: `null`, a JSON string of the scalar's text,
 * or an array of elements or fields. `typeCode` says what the texts are. Undefined for types that have no text here.
 */
export function encodeValue(value: string, type: SqlType, depth = 0): string | undefined {
  switch (type.kind) {
    case 'scalar': {
      const text = scalarText(value, type.name);
      return text === undefined ? undefined : `coalesce(${text}, 'null')`;
    }
    case 'array': {
      const element = `e${depth}`;
      const inner = encodeValue(element, type.element, depth + 1);
      if (inner === undefined) return undefined;
      const list = `array_to_string(list_transform(${value}, lambda ${element}: ${inner}), ',')`;
      return `CASE WHEN ${value} IS NULL THEN 'null' ELSE '[' || ${list} || ']' END`;
    }
    case 'struct': {
      const fields = type.fields.map((f, i) => encodeValue(`(${value}).f${i}`, f.type, depth + 1));
      if (fields.includes(undefined) || fields.length === 0) return undefined;
      return `CASE WHEN ${value} IS NULL THEN 'null' ELSE '[' || ${fields.join(" || ',' || ")} || ']' END`;
    }
    case 'range':
      return undefined;
  }
}

const bare = (text: string): string => `'"' || ${text} || '"'`;

type ScalarName = Extract<SqlType, { kind: 'scalar' }>['name'];

function scalarText(value: string, name: ScalarName): string | undefined {
  switch (name) {
    case 'STRING':
    case 'JSON':
      return `CAST(to_json(${value}) AS VARCHAR)`;
    case 'INT64':
    case 'FLOAT64':
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'BOOL':
    case 'DATE':
      return bare(`CAST(${value} AS VARCHAR)`);
    case 'BYTES':
      return bare(`hex(${value})`);
    case 'TIME':
      return bare(`sluice_time_text(${value})`);
    case 'DATETIME':
      return bare(`sluice_datetime_text(${value}, ' ')`);
    case 'TIMESTAMP':
      return bare(`sluice_timestamp_text(${value}, 'UTC')`);
    case 'INTERVAL':
      return bare(`sluice_interval_text(${value})`);
    case 'GEOGRAPHY':
    case 'UUID':
      return undefined;
  }
}

/** `INT64`, `["ARRAY", "STRING"]`, `["STRUCT", "INT64", "DATE"]` */
export type TypeCode = string | readonly TypeCode[];

export function typeCode(type: SqlType): TypeCode {
  if (type.kind === 'scalar') return type.name;
  if (type.kind === 'array') return ['ARRAY', typeCode(type.element)];
  if (type.kind === 'struct') return ['STRUCT', ...type.fields.map((f) => typeCode(f.type))];
  return 'RANGE';
}
