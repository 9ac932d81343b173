import { quoteIdentifier } from '../sql/print/quote.ts';
import type { ScalarName, SqlType } from '../sql/types.ts';
import { type MaskingRule, maskKeyParameter } from './plan.ts';

/** A type with its field names between backticks, as it can stand in a query whatever the names are. */
export function quotedType(type: SqlType): string {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'array':
      return `ARRAY<${quotedType(type.element)}>`;
    case 'range':
      return `RANGE<${type.element}>`;
    case 'struct': {
      const fields = type.fields.map((field) => {
        const name = field.name === undefined ? '' : `${quoteIdentifier(field.name)} `;
        return `${name}${quotedType(field.type)}`;
      });
      return `STRUCT<${fields.join(', ')}>`;
    }
  }
}

/** BigQuery's default masking values: https://cloud.google.com/bigquery/docs/column-data-masking-intro#masking_options */
const defaults: Readonly<Partial<Record<ScalarName, string>>> = {
  STRING: "''",
  BYTES: "b''",
  INT64: '0',
  FLOAT64: 'CAST(0 AS FLOAT64)',
  NUMERIC: "NUMERIC '0'",
  BIGNUMERIC: "BIGNUMERIC '0'",
  BOOL: 'FALSE',
  DATE: "DATE '1970-01-01'",
  DATETIME: "DATETIME '1970-01-01 00:00:00'",
  TIME: "TIME '00:00:00'",
  TIMESTAMP: "TIMESTAMP '1970-01-01 00:00:00+00'",
};

const key = `@${maskKeyParameter}`;

/**
 * A keyed hash of a STRING or BYTES value. The key goes in twice, around an inner hash, as in HMAC: a plain prefix could
 * be extended. `domain` keeps hashes of different rules apart, so that one cannot be looked up in the other.
 */
function keyedHash(value: string, type: SqlType, domain: string): string {
  const bytes = type.kind === 'scalar' && type.name === 'BYTES' ? value : `CAST(${value} AS BYTES)`;
  const inner = `SHA256(CONCAT(CAST(${key} AS BYTES), b'${domain}', ${bytes}))`;
  return `SHA256(CONCAT(CAST(${key} AS BYTES), ${inner}))`;
}

const isBytes = (type: SqlType): boolean => type.kind === 'scalar' && type.name === 'BYTES';

const hexHash = (value: string, type: SqlType): string => `TO_HEX(${keyedHash(value, type, 'sha256:')})`;

/** Up to four characters would be shown whole, so they are hashed instead, as BigQuery does. */
const shortened = (value: string, type: SqlType, shown: string): string =>
  `IF(CHAR_LENGTH(${value}) <= 4, ${hexHash(value, type)}, ${shown})`;

function emailMask(value: string, type: SqlType): string {
  const at = `STRPOS(${value}, '@')`;
  const domain = `SUBSTR(${value}, ${at} + 1)`;
  const valid = `${at} > 1 AND CHAR_LENGTH(${domain}) > 0 AND STRPOS(${domain}, '@') = 0`;
  return `IF(${valid}, CONCAT('XXXXX@', ${domain}), ${hexHash(value, type)})`;
}

function yearOf(value: string, type: SqlType): string {
  const name = type.kind === 'scalar' ? type.name : '';
  return `${name}_TRUNC(${value}, YEAR)`;
}

/**
 * GoogleSQL text that gives an agent what `rule` leaves of a scalar. `value` is an expression that may be repeated; the
 * rule fits the type (`ruleFits`). None of these can fail on any value, so no error tells one.
 */
function scalarMask(rule: MaskingRule, value: string, type: SqlType): string {
  switch (rule) {
    case 'ALWAYS_NULL':
      return `CAST(NULL AS ${quotedType(type)})`;
    case 'DEFAULT_MASKING_VALUE':
      return (
        (type.kind === 'scalar' ? defaults[type.name] : undefined) ?? `CAST(NULL AS ${quotedType(type)})`
      );
    case 'SHA256':
      return isBytes(type) ? keyedHash(value, type, 'sha256:') : hexHash(value, type);
    case 'KEYED_TOKEN': {
      const hash = keyedHash(value, type, 'token:');
      return isBytes(type) ? hash : `CONCAT('tok_', SUBSTR(TO_HEX(${hash}), 1, 32))`;
    }
    case 'FIRST_FOUR_CHARACTERS':
      return shortened(value, type, `CONCAT(SUBSTR(${value}, 1, 4), 'XXXXX')`);
    case 'LAST_FOUR_CHARACTERS':
      return shortened(value, type, `CONCAT('XXXXX', SUBSTR(${value}, -4))`);
    case 'EMAIL_MASK':
      return emailMask(value, type);
    case 'DATE_YEAR_MASK':
      return yearOf(value, type);
  }
}

/** `scalarMask`, and for arrays element by element in their order. `name` makes aliases that nothing else has. */
export function maskText(
  rule: MaskingRule,
  value: string,
  type: SqlType,
  name: (stem: string) => string,
): string {
  if (type.kind !== 'array' || rule === 'ALWAYS_NULL') return scalarMask(rule, value, type);
  if (rule === 'DEFAULT_MASKING_VALUE') return `${quotedType(type)}[]`;
  const element = name('element');
  return arrayText(value, element, name('offset'), scalarMask(rule, element, type.element));
}

/** Each element of `array` through `mapped`, in order. */
export const arrayText = (array: string, element: string, offset: string, mapped: string): string =>
  `ARRAY(SELECT ${mapped} FROM UNNEST(${array}) AS ${element} WITH OFFSET AS ${offset} ORDER BY ${offset})`;
