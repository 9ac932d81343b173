import { dateText, datetimeText, timeText } from '../../values/date-text.ts';
import { numberOf, writeJson } from '../json/text.ts';
import type { Udf } from '../udf.ts';
import { strict } from './make.ts';
import { fail } from './numbers.ts';

const LOSSLESS = 2n ** 53n;

const int64 = (v: bigint): string => (v > LOSSLESS || v < -LOSSLESS ? `"${v}"` : String(v));

/** A decimal as JSON's own number, or undefined where FLOAT64 would change it. */
function number(text: string): string | undefined {
  const value = numberOf(text, false);
  return value === undefined ? undefined : writeJson(value);
}

/** A decimal as TO_JSON has it. */
const numeric = (text: string): string =>
  number(text) ?? fail(`${text} cannot be a JSON number without losing digits`);

/** A decimal as TO_JSON_STRING has it: quoted unless it is an integer that FLOAT64 holds. */
const numericString = (text: string): string =>
  /^-?\d{1,16}$/.test(text) && !int64(BigInt(text)).startsWith('"') ? text : `"${text}"`;

/** Fractions of seconds have none, three or six digits. */
const fraction = (text: string): string =>
  text.replace(/\.(\d{1,6})$/, (_, digits: string) => `.${digits.padEnd(digits.length <= 3 ? 3 : 6, '0')}`);

export const jsonValueUdfs: readonly Udf[] = [
  strict('json_int64', ['BIGINT'], 'VARCHAR', int64),
  strict('json_numeric', ['VARCHAR'], 'VARCHAR', numeric),
  strict('json_numeric_wide', ['VARCHAR'], 'VARCHAR', (text: string) => number(text) ?? `"${text}"`),
  strict('json_numeric_string', ['VARCHAR'], 'VARCHAR', numericString),
  strict('json_date', ['DATE'], 'VARCHAR', (days: bigint) => `"${dateText(Number(days))}"`),
  strict(
    'json_datetime',
    ['TIMESTAMP'],
    'VARCHAR',
    (micros: bigint) => `"${fraction(datetimeText(micros))}"`,
  ),
  strict(
    'json_timestamp',
    ['TIMESTAMP'],
    'VARCHAR',
    (micros: bigint) => `"${fraction(datetimeText(micros))}Z"`,
  ),
  strict('json_time', ['TIME'], 'VARCHAR', (micros: bigint) => `"${fraction(timeText(Number(micros)))}"`),
];
