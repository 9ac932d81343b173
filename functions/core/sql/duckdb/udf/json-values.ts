import { dateText, datetimeText, timeText } from '../../values/date-text.ts';
import { jsonDouble, numberOf, writeJson } from '../json/text.ts';
import type { Udf } from '../udf.ts';
import { strict } from './make.ts';

const LOSSLESS = 2n ** 53n;

const int64 = (v: bigint): string => (v > LOSSLESS || v < -LOSSLESS ? `"${v}"` : String(v));

/** A decimal as TO_JSON has it: an integer, or the FLOAT64 next to it. */
function numeric(text: string): string {
  const value = numberOf(text, true);
  return value === undefined ? jsonDouble(Number(text)) : writeJson(value);
}

/** A decimal as TO_JSON_STRING has it: quoted unless it is an integer that FLOAT64 holds. */
const numericString = (text: string): string =>
  /^-?\d{1,16}$/.test(text) && !int64(BigInt(text)).startsWith('"') ? text : `"${text}"`;

/** Fractions of seconds have none, three or six digits. */
const fraction = (text: string): string =>
  text.replace(/\.(\d{1,6})$/, (_, digits: string) => `.${digits.padEnd(digits.length <= 3 ? 3 : 6, '0')}`);

export const jsonValueUdfs: readonly Udf[] = [
  strict('json_int64', ['BIGINT'], 'VARCHAR', int64),
  strict('json_numeric', ['VARCHAR'], 'VARCHAR', numeric),
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
