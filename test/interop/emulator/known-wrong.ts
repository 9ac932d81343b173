import type { Known } from './known.ts';

const rows = /^\[/;
const ours = (query: RegExp, what: string, theirs?: RegExp): Known => ({
  query,
  ours: rows,
  theirs: theirs ?? rows,
  why: `ours: ${what}`,
});

/**
 * What bigquery-emulator computes wrongly, by the construct that it does not understand; each was looked up in Google's
 * reference or its compliance tests. These rules name constructs, so a mistake of ours in the same construct would pass
 * here: Google's own compliance tests (`compliance.ts`) hold those.
 */
const expressions: readonly Known[] = [
  // three-valued logic
  ours(/\b(NOT )?IN \(/, 'IN with a NULL is NULL; the emulator says FALSE'),
  ours(/\bBETWEEN\b/, 'FALSE AND NULL is FALSE; the emulator says NULL'),
  ours(/IS (NOT )?(TRUE|FALSE)/, 'IS TRUE of a NULL is FALSE; the emulator says NULL'),
  ours(/STRUCT<a INT64, b STRING>.*=/, 'structs with a NULL field are neither equal nor unequal'),
  // texts and bytes
  ours(/\bLIKE\b/, '_ and bytes in LIKE'),
  ours(/ (>>|<<) (\d|NULL|c\d|-|\()/, 'a shift to the right fills with zeros'),
  ours(/\bASCII\(/, 'bytes are no texts in base64', /\d/),
  ours(/REGEXP_\w+\(/, 'bytes, \\\\0 and empty patterns of regular expressions'),
  ours(/\bREPLACE\(/, 'an empty search text replaces nothing'),
  ours(/INITCAP\(/, 'a tab ends a word'),
  ours(/NORMALIZE_AND_CASEFOLD\(/, 'full case folding'),
  ours(/CHR\(|CODE_POINTS_TO_STRING\(/, 'U+0000 is a character'),
  ours(/(UPPER|LOWER|REVERSE|LPAD|RPAD)\(/, 'bytes that are no UTF-8 stay as they are'),
  ours(/FORMAT\(/, 'FORMAT: NULL, booleans, widths, dates and whole numbers of FLOAT64'),
  ours(/CAST\(.* FORMAT /, 'CAST with FORMAT; the emulator ignores the format'),
  ours(/\b(RTRIM|LTRIM|TRIM)\(/, 'bytes to be cut off are a set'),
  ours(/SUBSTR\(/, 'a place before the beginning is the beginning'),
  ours(/RANGE_(CONTAINS|OVERLAPS)\(/, 'a range without bounds contains the others'),
  ours(/TO_CODE_POINTS\(/, 'code points of NULL are NULL'),
  // numbers
  ours(
    /\b(ABS|SAFE_\w+|MOD|DIV|LOG|ROUND|LOG10|TRUNC|IEEE_DIVIDE|CEIL|FLOOR|RANGE_BUCKET|POW|POWER|NULLIF|LN)\(/,
    'the emulator computes INT64 and decimals in FLOAT64',
  ),
  ours(
    /CAST\(.* AS (INT64|NUMERIC|BIGNUMERIC|BOOL|FLOAT64)\)/,
    'CAST of decimals and texts; the emulator takes the numerator of the fraction, or 0',
  ),
  ours(/\b(AVG|SUM|ARRAY_AVG|ARRAY_SUM)\(/, 'the emulator forgets fractions when the first value is whole'),
  ours(/NUMERIC '/, 'the emulator does not check the range of decimals, or computes them in FLOAT64'),
  ours(/FLOAT64/, 'a whole FLOAT64 counts as an INT64: 1.0 * 0.1 is 0, 0.0 = 1e-5', /FLOAT|BOOLEAN/),
  ours(/~/, 'the complement of no bytes is no bytes'),
  // dates and times
  ours(
    /CAST\(.* AS (STRING|TIMESTAMP|DATETIME|DATE|TIME)\)/,
    'CAST of dates and times; the emulator uses the zone of Los Angeles and its own texts',
  ),
  ours(
    /\bSTRING\((DATE|TIME|c0|LAST_DAY|CAST|SAFE|PARSE|EXTRACT|\()/,
    'STRING of dates and times; the emulator adds +00',
  ),
  ours(
    /\bSTRING\(|FORMAT_(TIMESTAMP|TIME|DATE|DATETIME)\(/,
    'zones with seconds, years before 1000, %E*S, %I',
  ),
  ours(
    /_(DIFF|TRUNC|BUCKET)\(|LAST_DAY\(/,
    'DIFF, TRUNC and BUCKET of weeks, ISO years and beyond 292 years',
  ),
  ours(
    /_(ADD|SUB)\(|\bINTERVAL\b|\) - |c\d - |' - /,
    'arithmetic of INTERVAL: signs, quarters, days and beyond 292 years',
  ),
  ours(/DATE_FROM_UNIX_DATE\(/, 'days beyond 292 years'),
  ours(/MAKE_INTERVAL\(/, 'negative parts'),
  ours(/GENERATE_(DATE|TIMESTAMP)_ARRAY\(/, 'steps of quarters and years, the zone of Los Angeles'),
  ours(
    /PARSE_(TIMESTAMP|DATE|DATETIME|TIME)\(/,
    'times that a zone leaves out, and parts that have no default',
  ),
  ours(/EXTRACT\(|\bTIMESTAMP\(|\bDATETIME\(|\bTIME\(|\bDATE\(/, 'zones with seconds and parts of weeks'),
  // JSON
  ours(/TO_JSON(_STRING)?\(|JSON_(ARRAY|OBJECT)\(/, 'JSON of booleans, dates, decimals, FLOAT64 and NULL'),
  ours(/JSON|\.a\b|\['/, 'paths into scalars, numbers beyond FLOAT64, one canonical text of JSON'),
].map((rule) => ({ ...rule, test: (query) => !query.startsWith('WITH') }));

/** The same in queries over tables, where a rule has to say more. */
const tables: readonly Known[] = [
  ours(/LEFT JOIN UNNEST/, 'rows without elements stay'),
  ours(/SELECT AS STRUCT/, 'the fields of a value table are the columns', /\$struct/),
  ours(/HAVING (MIN|MAX)/, 'aggregates with HAVING; the emulator ignores it'),
  ours(/TO_JSON_STRING\(/, 'JSON of booleans, dates, decimals and FLOAT64'),
  ours(/CAST\(n AS INT64\)/, 'CAST of decimals; the emulator takes the numerator of the fraction'),
  ours(/CAST\((y|ts) AS STRING\)/, 'CAST of bytes and moments to texts'),
  ours(/\b(AVG|SUM)\(|SUM.*COUNT/, 'the emulator forgets fractions when the first value is whole', /FLOAT/),
  ours(/LIKE/, 'an underscore in LIKE'),
  ours(
    /(SUM|STRING_AGG|LAST_VALUE|NTH_VALUE|FIRST_VALUE|PERCENTILE_\w+)\(.*OVER/,
    'frames that begin after or end before their row',
  ),
  ours(/\b(AVG|SUM)\(n\).*OVER/, 'decimals over windows; the emulator gives 0'),
  ours(/\b(BIT_XOR|MIN\(y\)|MAX\(y\)).*OVER \(.*BETWEEN/, 'frames with NULL, and bytes in base64'),
  ours(/t\.f = u\.f/, 'a whole FLOAT64 counts as an INT64: 0.5 = 0'),
  ours(/UPPER\(s\)/, 'capitals of ß and ligatures', /[ßﬁ]/),
  { ours: /"-0"/, theirs: rows, query: /PIVOT/, why: 'ours: the emulator has no NaN and no -0' },
  ours(/\|> ORDER BY .*\|> LIMIT/, 'a limit takes the first rows of the order before it'),
  ours(/GROUP BY (CUBE|ROLLUP|GROUPING)/, 'rows that tie have no order'),
];

export const wrong: readonly Known[] = [...expressions, ...tables];
