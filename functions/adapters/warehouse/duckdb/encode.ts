import type { SqlType } from '../../../core/sql/types.ts';
import { textLiteral } from './data/load.ts';

/**
 * Follows the last row. DuckDB's streams do not tell an error in their midst from their end, so only a stream that ends
 * with this text is whole. No row is it: rows are JSON objects.
 */
export const END_OF_ROWS = 'end';

/**
 * DuckDB texts that turn one result row into BigQuery's JSON of it (`{"f":[{"v":"1"},...]}`): DuckDB builds the JSON in
 * its own threads and the process passes bytes on. TIMESTAMP is written as int64 microseconds; `timestamps.ts` rewrites
 * pages for clients that ask for another form.
 * Cells: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults
 */
export function rowJson(
  columns: readonly { readonly sql: string; readonly name: string; readonly type: SqlType }[],
): string {
  const cells = columns.map((c) => cell(c.sql, c.type, c.name, 0));
  return concatAll(['\'{"f":[\'', ...joined(cells), "']}'"]);
}

/** NULL if a part is. */
const concat = (parts: readonly string[]): string => `(${parts.join(' || ')})`;
/** Of parts that are never NULL: one copy of each, where a chain of `||` copies the first as often as there are parts. */
const concatAll = (parts: readonly string[]): string => `concat(${parts.join(', ')})`;
const joined = (cells: readonly string[]): string[] => cells.flatMap((c, i) => (i === 0 ? [c] : ["','", c]));

/** `{"v":...}` of a value. NULL is null, except that BigQuery shows a NULL array as an empty one. */
function cell(sql: string, type: SqlType, name: string, depth: number): string {
  if (type.kind === 'array') return concat([`'{"v":'`, arrayJson(sql, type.element, name, depth), `'}'`]);
  return `coalesce(${concat([`'{"v":'`, valueJson(sql, type, name, depth), `'}'`])}, '{"v":null}')`;
}

function arrayJson(sql: string, element: SqlType, name: string, depth: number): string {
  const x = `e${depth}`;
  const refusal = textLiteral(`Array cannot have a null element; error in writing field ${name}`);
  const item = `CASE WHEN ${x} IS NULL THEN error(${refusal}) ELSE ${cell(x, element, name, depth + 1)} END`;
  return `coalesce('[' || array_to_string(list_transform(${sql}, lambda ${x}: ${item}), ',') || ']', '[]')`;
}

/** JSON text of a value, NULL where the value is NULL. */
function valueJson(sql: string, type: SqlType, name: string, depth: number): string {
  if (type.kind === 'array') return arrayJson(sql, type.element, name, depth);
  if (type.kind === 'range') return rangeJson(sql, type.element);
  if (type.kind === 'struct') {
    const fields = type.fields.map((f, i) =>
      cell(`${sql}.f${i}`, f.type, f.name ? `${name}.${f.name}` : name, depth),
    );
    const text = concatAll(['\'{"f":[\'', ...joined(fields), "']}'"]);
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE ${text} END`;
  }
  switch (type.name) {
    case 'STRING':
    case 'JSON':
    case 'GEOGRAPHY':
    case 'UUID':
      return `CAST(to_json(${sql}) AS VARCHAR)`;
    case 'INT64':
      return quoted(`CAST(CAST(${sql} AS BIGINT) AS VARCHAR)`);
    case 'BOOL':
    case 'DATE':
    case 'BIGNUMERIC':
      return quoted(`CAST(${sql} AS VARCHAR)`);
    case 'NUMERIC':
      return quoted(`rtrim(rtrim(CAST(${sql} AS VARCHAR), '0'), '.')`);
    case 'BYTES':
      return quoted(`to_base64(${sql})`);
    case 'FLOAT64':
      return quoted(floatText(sql));
    case 'TIMESTAMP':
      return quoted(`CAST(epoch_us(${sql}) AS VARCHAR)`);
    case 'DATETIME':
      return quoted(datetimeText(sql));
    case 'TIME':
      return quoted(sixDigits(`CAST(${sql} AS VARCHAR)`, 15));
    case 'INTERVAL':
      return quoted(intervalText(sql));
  }
}

const quoted = (text: string): string => concat([`'"'`, text, `'"'`]);

/** A fraction is absent or has six digits: the Python client parses nothing else. `width` is the text's length with six. */
const sixDigits = (text: string, width: number): string =>
  `CASE WHEN contains(${text}, '.') THEN rpad(${text}, ${width}, '0') ELSE ${text} END`;

const datetimeText = (sql: string): string => sixDigits(`replace(CAST(${sql} AS VARCHAR), ' ', 'T')`, 26);

/** Shortest text that reads back as the same double; `1e+20` is BigQuery's `1.0E20`. */
function floatText(sql: string): string {
  const text = `CAST(${sql} AS VARCHAR)`;
  const exponent = `regexp_replace(regexp_replace(replace(${text}, 'e+', 'E'), 'e-0*', 'E-'), '^(-?[0-9])E', '\\1.0E')`;
  return `CASE WHEN ${sql} IS NULL THEN NULL WHEN isfinite(${sql}) THEN CASE WHEN contains(${text}, 'e') THEN ${exponent} ELSE ${text} END
    WHEN isnan(${sql}) THEN 'NaN' WHEN ${sql} > 0 THEN 'Infinity' ELSE '-Infinity' END`;
}

/** `Y-M D H:M:S[.F]`: three groups, each with its own sign; the fraction has three or six digits. */
function intervalText(sql: string): string {
  const months = `(datepart('year', ${sql}) * 12 + datepart('month', ${sql}))`;
  const days = `datepart('day', ${sql})`;
  const micros = `(datepart('hour', ${sql}) * 3600000000 + datepart('minute', ${sql}) * 60000000 + datepart('microsecond', ${sql}))`;
  const sign = (value: string): string => `CASE WHEN ${value} < 0 THEN '-' ELSE '' END`;
  const us = `abs(${micros})`;
  const part = (value: string): string => `CAST(${value} AS VARCHAR)`;
  const fraction = `CASE WHEN ${us} % 1000000 = 0 THEN '' WHEN ${us} % 1000 = 0
    THEN '.' || lpad(${part(`${us} // 1000 % 1000`)}, 3, '0') ELSE '.' || lpad(${part(`${us} % 1000000`)}, 6, '0') END`;
  return concat([
    sign(months),
    part(`abs(${months}) // 12`),
    "'-'",
    part(`abs(${months}) % 12`),
    "' '",
    part(days),
    "' '",
    sign(micros),
    part(`${us} // 3600000000`),
    "':'",
    part(`${us} // 60000000 % 60`),
    "':'",
    part(`${us} // 1000000 % 60`),
    fraction,
  ]);
}

function rangeJson(sql: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): string {
  const text = (end: string): string =>
    element === 'DATE'
      ? `CAST(${end} AS VARCHAR)`
      : element === 'DATETIME'
        ? datetimeText(end)
        : `CAST(epoch_us(${end}) AS VARCHAR)`;
  const end = (field: string): string => `coalesce(${text(`${sql}.${field}`)}, 'UNBOUNDED')`;
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE ${concat([`'"['`, end('s'), "', '", end('e'), `')"'`])} END`;
}
