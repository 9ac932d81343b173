import { templates } from '../template.ts';

const to: Readonly<Record<string, readonly string[]>> = {
  INT64: ['FLOAT64', 'NUMERIC', 'BIGNUMERIC', 'BOOL', 'STRING'],
  FLOAT64: ['INT64', 'NUMERIC', 'BIGNUMERIC', 'STRING'],
  NUMERIC: ['INT64', 'FLOAT64', 'BIGNUMERIC', 'STRING'],
  BIGNUMERIC: ['INT64', 'FLOAT64', 'NUMERIC', 'STRING'],
  BOOL: ['INT64', 'STRING'],
  STRING: ['INT64', 'FLOAT64', 'NUMERIC', 'BOOL', 'BYTES', 'DATE', 'TIMESTAMP'],
  BYTES: ['STRING'],
  DATE: ['STRING', 'DATETIME', 'TIMESTAMP'],
  DATETIME: ['STRING', 'DATE', 'TIME', 'TIMESTAMP'],
  TIME: ['STRING'],
  TIMESTAMP: ['STRING', 'DATE', 'DATETIME', 'TIME'],
  INTERVAL: ['STRING'],
};

/** Texts that look like a value of the type, and some that do not. */
const looks: Readonly<Record<string, string>> = {
  INT64:
    "'12'|'-0'|' 7 '|'+5'|'0x1F'|'-0X0a'|'9223372036854775808'|'-9223372036854775808'|''|'1.0'|'１'|'1_0'|'0x8000000000000000'",
  FLOAT64:
    "'1.5'|'1e3'|' -2.5e-3 '|'inf'|'-Infinity'|'NaN'|'+inf'|'.5'|'5.'|'1e400'|'1e-400'|'0x10'|'1,0'|'infinit'|'1d'",
  NUMERIC:
    "'1.5'|' 2 '|'1e3'|'-0.0000000005'|'0.0000000015'|'1e29'|'.5'|'5.'|'abc'|'+7'|'99999999999999999999999999999.9999999995'|'1E-9'",
  BIGNUMERIC: "'1.5'|'1e38'|'-1e-38'|'1e39'|' 3.25 '|'5e-39'|'abc'",
  BOOL: "'true'|'FALSE'|'tRuE'|'t'|'1'|' true'|''",
  DATE: "'2024-02-29'|'2023-02-29'|'2024-2-9'|'24-01-01'|'0000-01-01'|'10000-01-01'|' 2024-01-01'|'2024-01-01 10:00:00'|'2024/01/01'|'2024-01-01 00:00:00+00'",
  DATETIME:
    "'2024-02-29 12:34:56'|'2024-02-29T12:34:56.123456'|'2024-02-29 1:2:3'|'2024-02-29'|'2024-02-29 24:00:00'|'2024-02-29 12:34:60'|'2024-02-29 12:34:56.1234567'|'2024-02-29 12:34'|'2024-2-9t1:2:3'",
  TIME: "'12:34:56'|'1:2:3'|'23:59:59.999999'|'24:00:00'|'12:34:60'|'12:34'|'12:34:56.'",
  TIMESTAMP:
    "'2024-02-29 12:34:56+00'|'2024-02-29 12:34:56 America/New_York'|'2024-02-29T12:34:56Z'|'2024-02-29 12:34:56.123456-08:00'|'2024-02-29'|'2024-02-29 12:34:56+14:00'|'2024-02-29 12:34:56+15'|'2024-03-10 02:30:00 America/New_York'|'2024-02-29 12:34:60+00'|'2024-02-29 12:34:56 UTC'|'2024-02-29 +05:30'|'0001-01-01 00:00:00+01'|'9999-12-31 23:59:59-01'|'2024-02-29 12:34:56 Nowhere/City'",
  BYTES: "'abc'|'é'|'\\\\x41'",
};

const formats: Readonly<Record<string, string>> = {
  DATE: "'YYYY-MM-DD'|'MON DD, YYYY'|'DAY D DDD'|'YY/MM'|'MONTH'|'Dy'|'YYY'|'Month DD'",
  DATETIME: "'YYYY-MM-DD HH24:MI:SS'|'HH12:MI AM'|'SS.FF3'|'SSSSS'|'FF6'|'\"at\" HH24'|'P.M.'",
  TIMESTAMP: "'YYYY-MM-DD HH24:MI:SS TZH:TZM'|'TZH'|'HH:MI:SS.FF2'",
  TIME: "'HH24:MI:SS'|'HH12 AM'|'FF4'",
  INT64: "'999'|'0000'|'9,999'|'S999'|'X'|'XXXX'|'$999'|'999MI'|'999PR'|'TM'",
  FLOAT64: "'999.99'|'000.000'|'9.9EEEE'|'S9.9'|'B99.9'|'FM99.90'",
  NUMERIC: "'999.99'|'FM000.9'|'9,990.00'",
  BYTES: "'HEX'|'BASE64'|'BASE64M'|'ASCII'|'UTF-8'|'BASE2'|'BASE8'|'BASE32'",
};

/** CAST and SAFE_CAST between types, from texts and with formats. */
export const casts = [
  ...Object.entries(to).flatMap(([from, targets]) =>
    targets.flatMap((t) => templates(t, `CAST({${from}} AS ${t})`, `SAFE_CAST({${from}} AS ${t})`)),
  ),
  ...Object.entries(looks).flatMap(([t, texts]) =>
    templates(t, `CAST({${texts}} AS ${t})`, `SAFE_CAST({${texts}} AS ${t})`),
  ),
  ...Object.entries(formats).flatMap(([t, texts]) =>
    templates('STRING', `CAST({${t}} AS STRING FORMAT {${texts}})`),
  ),
  ...templates(
    'DATE',
    "CAST('{2024-02-29|2023-1-5|1999-12-31}' AS DATE FORMAT 'YYYY-MM-DD')",
    "CAST('{29 FEB 2024|1 jan 1999}' AS DATE FORMAT 'DD MON YYYY')",
    "CAST('{06/02/24|12/31/99}' AS DATE FORMAT '{MM/DD/YY|MM/DD/RR}')",
  ),
  ...templates(
    'TIMESTAMP',
    "CAST('2024-02-29 {12|01}:34:56 {+05:30|-08:00}' AS TIMESTAMP FORMAT 'YYYY-MM-DD HH24:MI:SS TZH:TZM')",
    "CAST({DATE|DATETIME} AS TIMESTAMP{| AT TIME ZONE 'Europe/Berlin'})".replace(
      '{DATE|DATETIME}',
      '{DATETIME}',
    ),
  ),
  ...templates(
    'STRING',
    "CAST({TIMESTAMP} AS STRING FORMAT {'YYYY-MM-DD HH24:MI TZH:TZM'} AT TIME ZONE {zone})",
  ),
  ...templates(
    'BYTES',
    "CAST({'616263'|'zz'|'ABcd'} AS BYTES FORMAT 'HEX')",
    "CAST({'YWJj'|'!!'} AS BYTES FORMAT 'BASE64')",
  ),
  ...templates('NUMERIC(5, 2)', 'CAST({NUMERIC} AS NUMERIC(5, 2))').map((t) => ({ ...t, gives: 'NUMERIC' })),
  ...templates('STRING', 'CAST({STRING} AS STRING({3|10}))'),
  ...templates('BYTES', 'CAST({BYTES} AS BYTES({3|10}))'),
  ...templates('NUMERIC', "PARSE_NUMERIC({'1.5'|' - 2 '|'1,234.5'|'1e3'|'+ 5'|'1.'|'--1'|'12 34'|'$5'})"),
  ...templates('BIGNUMERIC', "PARSE_BIGNUMERIC({'1.5'|' 2 -'|'1,234.5'|'1e38'|'.5-'|'abc'})"),
  ...templates('ARRAY<FLOAT64>', 'CAST({ARRAY<INT64>} AS ARRAY<FLOAT64>)'),
  ...templates('ARRAY<STRING>', 'CAST({ARRAY<INT64>} AS ARRAY<STRING>)'),
  ...templates('STRUCT<a STRING, b BYTES>', 'CAST({STRUCT<a INT64, b STRING>} AS STRUCT<a STRING, b BYTES>)'),
  ...templates(
    'STRUCT<a FLOAT64, b STRING>',
    'CAST({STRUCT<a INT64, b STRING>} AS STRUCT<a FLOAT64, b STRING>)',
  ),
  ...templates('INTERVAL', "CAST('{1-2 3 4:5:6|-0-1 0 0:0:0.5|P1Y2M3DT4H|1 2}' AS INTERVAL)"),
];
