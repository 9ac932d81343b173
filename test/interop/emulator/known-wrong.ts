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
export const wrong: readonly Known[] = [
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
  ours(/TO_CODE_POINTS\(/, 'code points of NULL are NULL'),
  // numbers
  ours(
    /\b(ABS|SAFE_\w+|MOD|DIV|LOG|ROUND|TRUNC|IEEE_DIVIDE|CEIL|FLOOR|RANGE_BUCKET|POW|POWER|NULLIF|LN)\(/,
    'the emulator computes INT64 and decimals in FLOAT64',
  ),
  ours(
    /CAST\(.* AS (INT64|NUMERIC|BIGNUMERIC|BOOL|FLOAT64)\)/,
    'CAST of decimals and texts; the emulator takes the numerator of the fraction, or 0',
  ),
  ours(/\b(AVG|SUM|ARRAY_AVG|ARRAY_SUM)\(/, 'the emulator forgets fractions when the first value is whole'),
  ours(/NUMERIC '/, 'the emulator does not check the range of decimals, or computes them in FLOAT64'),
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
  // queries
  ours(/LEFT JOIN UNNEST/, 'rows without elements stay'),
  ours(/SELECT AS STRUCT/, 'the fields of a value table are the columns', /\$struct/),
  ours(/HAVING (MIN|MAX)/, 'aggregates with HAVING; the emulator ignores it'),
  ours(/OVER \(/, 'windows: frames and NULL; the emulator gives 0 or NULL'),
  ours(/\|> ORDER BY .*\|> LIMIT/, 'a limit takes the first rows of the order before it'),
  ours(/GROUP BY (CUBE|ROLLUP|GROUPING)|LIMIT \d/, 'rows that tie have no order'),
];
