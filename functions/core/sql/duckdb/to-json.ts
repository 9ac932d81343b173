import type { SqlType } from '../types.ts';
import { jsonString } from './json/text.ts';
import { compareKeys } from './json/value.ts';
import { letIn } from './let.ts';
import { stringLiteral } from './literal.ts';

/** `json`: what TO_JSON gives (keys sorted); `wide`: the same, numbers that FLOAT64 does not hold quoted. `string`: what TO_JSON_STRING gives (keys in order, wide numbers quoted). */
export type JsonStyle = 'json' | 'wide' | 'string';

const decimalStyle = { json: '', wide: '_wide', string: '_string' } as const;

const quoted = (text: string): string => `concat('"', ${text}, '"')`;

/** DuckDB text that makes JSON text of a value; NULL becomes `null`. undefined where a type has no known form. */
export function toJsonText(x: string, type: SqlType, style: JsonStyle, depth = 0): string | undefined {
  if (type.kind === 'scalar') {
    const text = scalarText(x, type.name, style);
    return text && `coalesce(${text}, 'null')`;
  }
  if (type.kind === 'range') return undefined;
  return type.kind === 'array' ? arrayText(x, type.element, style, depth) : structText(x, type, style, depth);
}

function scalarText(x: string, name: string, style: JsonStyle): string | undefined {
  const json = style !== 'string';
  switch (name) {
    case 'BOOL':
      return `CAST(${x} AS VARCHAR)`;
    case 'INT64':
      return style === 'json' ? `CAST(${x} AS VARCHAR)` : `sluice_json_int64(${x})`;
    case 'FLOAT64':
      return json ? `sluice_json_double(${x})` : `sluice_json_double_string(${x})`;
    case 'NUMERIC':
      return `sluice_json_numeric${decimalStyle[style]}(sluice_numeric_to_string(${x}))`;
    case 'BIGNUMERIC':
      return `sluice_json_numeric${decimalStyle[style]}(${x})`;
    case 'STRING':
      return `sluice_json_quote(${x})`;
    case 'BYTES':
      return `CASE WHEN ${x} IS NULL THEN NULL ELSE ${quoted(`to_base64(${x})`)} END`;
    case 'DATE':
      return `sluice_json_date(${x})`;
    case 'DATETIME':
      return `sluice_json_datetime(${x})`;
    case 'TIMESTAMP':
      return `sluice_json_timestamp(${x})`;
    case 'TIME':
      return `sluice_json_time(${x})`;
    case 'JSON':
      return `sluice_json_canonical(${x})`;
    default: // a name of types; INTERVAL, GEOGRAPHY and UUID are refused by the caller
      return undefined;
  }
}

function arrayText(x: string, element: SqlType, style: JsonStyle, depth: number): string | undefined {
  const name = `sl_j${depth}`;
  const inner = toJsonText(name, element, style, depth + 1);
  if (inner === undefined) return undefined;
  const items = `array_to_string(list_transform(${x}, lambda ${name}: ${inner}), ',')`;
  return `coalesce('[' || ${items} || ']', 'null')`;
}

type StructType = Extract<SqlType, { kind: 'struct' }>;

/** In the JSON type a name is there once, with its first value; in text every field is there. */
function members(type: StructType, style: JsonStyle): { name: string; index: number }[] {
  const all = type.fields.map((f, index) => ({ name: f.name ?? '', index }));
  if (style === 'string') return all;
  const first = all.filter((m, i) => all.findIndex((other) => other.name === m.name) === i);
  return first.sort((a, b) => compareKeys(a.name, b.name));
}

function structText(x: string, type: StructType, style: JsonStyle, depth: number): string | undefined {
  let complete = true;
  const text = letIn(`sl_t${depth}`, x, (s) => {
    const parts = members(type, style).map(({ name, index }, i) => {
      const value = toJsonText(
        `struct_extract(${s}, 'f${index}')`,
        type.fields[index]!.type,
        style,
        depth + 1,
      );
      if (value === undefined) complete = false;
      return `${stringLiteral(`${i === 0 ? '{' : ','}${jsonString(name)}:`)}, ${value}`;
    });
    return `(CASE WHEN ${s} IS NULL THEN 'null' ELSE concat(${parts.join(', ')}, '}') END)`;
  });
  return complete ? text : undefined;
}
