import { arrayOf, type ScalarName, type SqlType, type StructField } from '../types.ts';

const NAMES: Readonly<Record<string, ScalarName>> = {
  INT64: 'INT64',
  INT: 'INT64',
  INTEGER: 'INT64',
  SMALLINT: 'INT64',
  BIGINT: 'INT64',
  TINYINT: 'INT64',
  BYTEINT: 'INT64',
  FLOAT64: 'FLOAT64',
  FLOAT: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  STRING: 'STRING',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  GEOGRAPHY: 'GEOGRAPHY',
  UUID: 'UUID',
};

/** A scalar type by any of its BigQuery names, in any case. */
export function scalarType(name: string): SqlType | undefined {
  const found = Object.hasOwn(NAMES, name.toUpperCase()) ? NAMES[name.toUpperCase()] : undefined;
  return found && { kind: 'scalar', name: found };
}

/** A type written as text, `ARRAY<STRUCT<sku STRING, qty INT64>>`; lengths and precisions are read over. */
export function parseTypeText(text: string): SqlType {
  const tokens = text.match(/[A-Za-z_]\w*|`[^`]+`|[<>,()]|\d+/g) ?? [];
  let at = 0;
  const expectToken = (wanted: string): void => {
    if (tokens[at] !== wanted) throw new Error(`Type text not understood: ${text}`);
    at++;
  };
  const type = (): SqlType => {
    const word = (tokens[at++] ?? '').toUpperCase();
    if (word === 'ARRAY' || word === 'RANGE') {
      expectToken('<');
      const element = type();
      expectToken('>');
      if (word === 'ARRAY') return arrayOf(element);
      const name = element.kind === 'scalar' ? element.name : '';
      if (name === 'DATE' || name === 'DATETIME' || name === 'TIMESTAMP')
        return { kind: 'range', element: name };
      throw new Error(`Type text not understood: ${text}`);
    }
    if (word === 'STRUCT') return struct();
    const scalar = scalarType(word);
    if (scalar === undefined) throw new Error(`Type text not understood: ${text}`);
    if (tokens[at] === '(') {
      while (at < tokens.length && tokens[at] !== ')') at++;
      expectToken(')');
    }
    return scalar;
  };
  const struct = (): SqlType => {
    const fields: StructField[] = [];
    expectToken('<');
    while (tokens[at] !== '>') {
      const following = tokens[at + 1] ?? '';
      const named = /^[A-Za-z_]/.test(following);
      const name = named ? (tokens[at++] ?? '').replaceAll('`', '') : undefined;
      fields.push(name === undefined ? { type: type() } : { name, type: type() });
      if (tokens[at] === ',') at++;
      else if (tokens[at] !== '>') throw new Error(`Type text not understood: ${text}`);
    }
    at++;
    return { kind: 'struct', fields };
  };
  const result = type();
  if (at !== tokens.length) throw new Error(`Type text not understood: ${text}`);
  return result;
}
