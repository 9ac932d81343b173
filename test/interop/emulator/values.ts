/** Literals to put into a template: `mild` ones rarely make a query fail, `edge` ones are the ends of a type. */
export type Pool = { readonly mild: readonly string[]; readonly edge: readonly string[] };

const typed = (type: string, values: readonly string[]): string[] =>
  values.map((v) => (v === 'NULL' ? `CAST(NULL AS ${type})` : v));
const quoted = (type: string, values: readonly string[]): string[] =>
  typed(
    type,
    values.map((v) => (v === 'NULL' ? v : `${type} '${v}'`)),
  );
const words = (text: string): string[] => text.trim().split(/\s+/);

const zones = words(
  'UTC America/New_York America/Los_Angeles Europe/Berlin Asia/Kolkata Asia/Kathmandu Australia/Lord_Howe Pacific/Apia America/Sao_Paulo +05:30 -08:00 +14:00',
);

/** Values by type of GoogleSQL. */
export const pools: Readonly<Record<string, Pool>> = {
  INT64: {
    mild: typed('INT64', words('0 1 2 3 -1 -2 7 10 -7 42 100 NULL')),
    edge: typed(
      'INT64',
      words(
        '9223372036854775807 -9223372036854775808 9223372036854775806 4611686018427387904 -4611686018427387905 9007199254740993 4294967296 1234567890123 -1 0 1 NULL',
      ),
    ),
  },
  FLOAT64: {
    mild: typed(
      'FLOAT64',
      words('0.0 1.0 -1.0 0.5 1.5 2.5 -0.5 -1.5 -2.5 3.14159 100.25 0.1 -7.75 1e3 NULL'),
    ),
    edge: [
      ...typed(
        'FLOAT64',
        words(
          '1e308 -1e308 5e-324 2.2250738585072014e-308 1.7976931348623157e308 0.49999999999999994 9007199254740993.0 1e15 1e16 1e20 123456789.125 1e-5 1e-4 0.3 2.675 1.005 -0.0 9223372036854775807.0 9.3e18 NULL',
        ),
      ),
      "CAST('nan' AS FLOAT64)",
      'IEEE_DIVIDE(1, 0)',
      'IEEE_DIVIDE(-1, 0)',
    ],
  },
  NUMERIC: {
    mild: quoted('NUMERIC', words('0 1 -1 0.5 1.5 2.5 -2.5 3.75 10 -7.25 100.01 0.000000001 NULL')),
    edge: quoted(
      'NUMERIC',
      words(
        '99999999999999999999999999999.999999999 -99999999999999999999999999999.999999999 0.000000001 -0.000000001 0.333333333 12345678901234567890.123456789 1e28 -0.0 0.5 NULL',
      ),
    ),
  },
  BIGNUMERIC: {
    mild: quoted('BIGNUMERIC', words('0 1 -1 0.5 1.5 2.5 -2.5 3.75 10 -7.25 100.01 NULL')),
    edge: quoted(
      'BIGNUMERIC',
      words(
        '578960446186580977117854925043439539266.34992332820282019728792003956564819967 -578960446186580977117854925043439539266.34992332820282019728792003956564819968 0.00000000000000000000000000000000000001 1e38 123456789012345678901234567890.123456789012345678901234567890 -0.5 NULL',
      ),
    ),
  },
  BOOL: { mild: typed('BOOL', words('TRUE FALSE NULL')), edge: typed('BOOL', words('TRUE FALSE NULL')) },
  STRING: {
    mild: typed('STRING', [
      "'abc'",
      "'Hello World'",
      "'a,b,,c'",
      "'banana'",
      "'x'",
      "'10'",
      "'foo bar baz'",
      "'AbC'",
      "'b'",
      "'an'",
      'NULL',
    ]),
    edge: typed('STRING', [
      "''",
      "' '",
      "'  pad\\t'",
      "'é'",
      "'e\\u0301'",
      "'😀a'",
      "'ß'",
      "'İ'",
      "'ﬁ'",
      "'日本語'",
      "'a\\u200Db'",
      "'\\\\'",
      "'%_'",
      "'it\\'s'",
      "'-12'",
      "'1e3'",
      "'\\u00a0x\\u00a0'",
      "'Ǆ'",
      "'ΑΣ'",
      "'tab\\there'",
      'NULL',
    ]),
  },
  BYTES: {
    mild: typed('BYTES', ["b'abc'", "b'Hello'", "b'a,b'", "b'x'", "b'banana'", 'NULL']),
    edge: typed('BYTES', [
      "b''",
      "b'\\xff\\x00'",
      "b'\\xc3\\xa9'",
      "b'\\xc3'",
      "b'\\xf0\\x9f\\x98\\x80'",
      'NULL',
    ]),
  },
  DATE: {
    mild: quoted(
      'DATE',
      words('2024-01-31 2024-02-29 2023-12-31 2024-12-30 2020-06-15 1999-10-01 1970-01-01 2026-01-01 NULL'),
    ),
    edge: quoted(
      'DATE',
      words('0001-01-01 9999-12-31 1900-02-28 2000-02-29 1969-12-31 1582-10-15 2021-01-03 2015-12-28 NULL'),
    ),
  },
  DATETIME: {
    mild: quoted('DATETIME', [
      '2024-02-29 12:34:56',
      '2023-12-31 23:59:59.999999',
      '2024-03-10 02:30:00',
      '1999-10-01 00:00:00',
      '2020-06-15 07:08:09.125',
      'NULL',
    ]),
    edge: quoted('DATETIME', [
      '0001-01-01 00:00:00',
      '9999-12-31 23:59:59.999999',
      '1969-12-31 23:59:59.5',
      '2024-11-03 01:30:00',
      '1900-01-01 00:00:00.000001',
      'NULL',
    ]),
  },
  TIME: {
    mild: quoted('TIME', ['12:34:56', '07:08:09.125', '23:30:00', 'NULL']),
    edge: quoted('TIME', ['00:00:00', '23:59:59.999999', '00:00:00.000001', '12:00:00.5', 'NULL']),
  },
  TIMESTAMP: {
    mild: quoted('TIMESTAMP', [
      '2024-02-29 12:34:56+00',
      '2023-12-31 23:59:59.999999+00',
      '2024-03-10 07:30:00+00',
      '2024-07-01 10:00:00 America/New_York',
      '1999-10-01 00:00:00+00',
      'NULL',
    ]),
    edge: quoted('TIMESTAMP', [
      '0001-01-01 00:00:00+00',
      '9999-12-31 23:59:59.999999+00',
      '1969-12-31 23:59:59.5+00',
      '2024-03-10 06:59:59.999999+00',
      '2024-03-10 07:00:00+00',
      '2024-11-03 05:30:00+00',
      '2024-11-03 06:30:00+00',
      '1883-11-18 17:00:00+00',
      '2011-12-30 09:59:59+00',
      'NULL',
    ]),
  },
  JSON: {
    mild: typed('JSON', [
      `JSON '{"a": 1, "b": [1, 2.5, "x", null, true], "c": {"d": "e"}}'`,
      `JSON '[1, "two", {"k": 3}]'`,
      `JSON '"text"'`,
      "JSON '10'",
      "JSON 'true'",
      "JSON 'null'",
      "JSON '1.5'",
      'NULL',
    ]),
    edge: typed('JSON', [
      "JSON '{}'",
      "JSON '[]'",
      "JSON '9223372036854775807'",
      "JSON '18446744073709551615'",
      "JSON '-0.0'",
      "JSON '1e20'",
      "JSON '1.0'",
      `JSON '{"z": 1, "a": 2, "": 3, "a.b": 4}'`,
      `JSON '"\\\\u00e9 \\\\n \\\\" /"'`,
      `JSON '[[1, 2], [], [null]]'`,
      `JSON '{"a": {"a": {"a": null}}}'`,
      `JSON '"10"'`,
      `JSON '"TRUE"'`,
      'NULL',
    ]),
  },
  'ARRAY<INT64>': {
    mild: typed('ARRAY<INT64>', ['[1, 2, 3]', '[3, 1, 2, 3]', '[10]', '[0, -1]', '[5, 5]']),
    edge: typed('ARRAY<INT64>', [
      'CAST([] AS ARRAY<INT64>)',
      '[9223372036854775807, -9223372036854775808]',
      '[1, NULL, 3]',
      '[CAST(NULL AS INT64)]',
      'NULL',
    ]),
  },
  'ARRAY<STRING>': {
    mild: typed('ARRAY<STRING>', ["['a', 'b', 'c']", "['x']", "['b', 'a', 'b']"]),
    edge: typed('ARRAY<STRING>', ['CAST([] AS ARRAY<STRING>)', "['', ' ', 'é']", "['a', NULL, 'c']", 'NULL']),
  },
  'ARRAY<FLOAT64>': {
    mild: typed('ARRAY<FLOAT64>', ['[1.0, 2.5]', '[0.5]', '[3.0, 4.0]', '[-1.5, 2.0]']),
    edge: typed('ARRAY<FLOAT64>', [
      'CAST([] AS ARRAY<FLOAT64>)',
      "[CAST('nan' AS FLOAT64), 1.0]",
      '[IEEE_DIVIDE(1, 0), -0.0]',
      '[1.5, NULL]',
      'NULL',
    ]),
  },
  INTERVAL: {
    mild: typed('INTERVAL', [
      'INTERVAL 1 DAY',
      'INTERVAL 2 MONTH',
      'INTERVAL -3 HOUR',
      "INTERVAL '1-2 3 4:5:6.5' YEAR TO SECOND",
      'INTERVAL 90 MINUTE',
      'NULL',
    ]),
    edge: typed('INTERVAL', [
      'INTERVAL 10000 YEAR',
      'INTERVAL -3660000 DAY',
      'INTERVAL 0 SECOND',
      "INTERVAL '-0.000001' SECOND",
      'INTERVAL 30 DAY',
      'INTERVAL 720 HOUR',
      'NULL',
    ]),
  },
  'STRUCT<a INT64, b STRING>': {
    mild: ["STRUCT(1 AS a, 'x' AS b)", "STRUCT(2 AS a, 'y' AS b)", "STRUCT(1 AS a, 'y' AS b)"],
    edge: [
      'STRUCT(CAST(NULL AS INT64) AS a, CAST(NULL AS STRING) AS b)',
      "STRUCT(NULL AS a, '' AS b)",
      'CAST(NULL AS STRUCT<a INT64, b STRING>)',
    ],
  },
  'RANGE<DATE>': {
    mild: [
      "RANGE(DATE '2024-01-01', DATE '2024-03-01')",
      "RANGE(DATE '2024-02-01', DATE '2024-02-15')",
      "RANGE(DATE '2024-03-01', DATE '2024-04-01')",
    ],
    edge: [
      "RANGE(NULL, DATE '2024-02-01')",
      "RANGE(DATE '2024-02-01', NULL)",
      'CAST(NULL AS RANGE<DATE>)',
      "RANGE<DATE> '[UNBOUNDED, UNBOUNDED)'",
    ],
  },
};

/** Named lists that are always written as they are, never as a column. */
export const lists: Readonly<Record<string, readonly string[]>> = {
  small: words('0 1 2 3 4 5 -1 -2 -3 10 NULL'),
  count: words('0 1 2 3 5 8'),
  digits: words('0 1 2 3 -1 -2 5 9 -20 20 38'),
  zone: zones.map((z) => `'${z}'`),
  datePart: words('DAY WEEK WEEK(MONDAY) WEEK(SATURDAY) ISOWEEK MONTH QUARTER YEAR ISOYEAR'),
  timePart: words('MICROSECOND MILLISECOND SECOND MINUTE HOUR'),
  dateField: words(
    'YEAR ISOYEAR QUARTER MONTH WEEK WEEK(MONDAY) WEEK(THURSDAY) ISOWEEK DAY DAYOFWEEK DAYOFYEAR',
  ),
  timeField: words('HOUR MINUTE SECOND MILLISECOND MICROSECOND'),
  dateUnit: words('DAY WEEK MONTH QUARTER YEAR'),
  timeUnit: words('MICROSECOND MILLISECOND SECOND MINUTE HOUR'),
  amount: words('0 1 -1 2 5 11 -13 30 365 100000'),
  bitOperator: ['&', '|', '^'],
  pattern: words(
    String.raw`r'a' r'[a-z]+' r'(b)' r'^a|b$' r'.' r'\w+' r'(?i)B' r'a*' r'(a)(n)' r'x?' r'[^a]' r'\bfoo' r'é' r'(?P<n>o+)' r'' r'(' r'\d+' r'\pL' r'(an)+' r'(?:an){2}' r'[[:alpha:]]+' r'\s' r'a.*?a' r'$' r'\x{62}'`,
  ),
  bytePattern: words(String.raw`rb'a' rb'[a-z]+' rb'(b)' rb'.' rb'a*' rb'' rb'[\x80-\xff]'`),
  replacement: words(String.raw`'-' '' r'[\0]' r'\1\1' r'\\' r'\x' 'é'`),
  jsonText: [
    `'{"a": 1, "b": [1, 2.5, "x", null, true], "c": {"d": "e"}}'`,
    `'{"b": 1, "a": [1.0, 1e2]}'`,
    `'{"a": 1, "a": 2}'`,
    `'[1, "two", {"k": 3}]'`,
    "'1'",
    "'[1,'",
    `'"\\u0041"'`,
    "'01'",
    "''",
    "' null '",
    "'123456789012345678901234567890'",
    "'1.1000000000000000000000001'",
    `'{"a.b": "x"}'`,
    "'nope'",
  ],
  json: [`JSON '{"a": 1, "b": [1, 2.5, "x", null, true], "c": {"d": "e"}}'`, `JSON '[1, "two", {"k": 3}]'`],
};
