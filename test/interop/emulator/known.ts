import { wrong } from './known-wrong.ts';

/** A difference that has been looked into: where the query and both answers match, `why` says who is right. */
export type Known = {
  readonly query?: RegExp;
  readonly ours?: RegExp;
  readonly theirs?: RegExp;
  readonly test?: (query: string, ours: string, theirs: string) => boolean;
  readonly why: string;
};

/** Without what the emulator does not have: NaN, which it sends as null, and the sign of zero. */
const plain = (answer: string): string => answer.replaceAll('"nan"', 'null').replaceAll('"-0"', '"0"');

/** Whether two answers differ only in digits of numbers, each by less than `share` of its size. */
function near(ours: string, theirs: string, share: number): boolean {
  const number = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;
  const [a, b] = [plain(ours), plain(theirs)];
  if (a.replace(number, '#') !== b.replace(number, '#')) return false;
  const [x, y] = [a.match(number) ?? [], b.match(number) ?? []];
  return x.every((v, i) => v === y[i] || Math.abs(Number(v) - Number(y[i])) <= share * Math.abs(Number(v)));
}

/** Failures of the emulator itself: it gives no answer to compare with. */
const unable: readonly Known[] = [
  [/no such function: googlesqlite_|no such column|SQL logic error/, 'a function is missing'],
  [/invalid memory address|slice bounds|index out of range|reflect: call/, 'it crashes'],
  [/no answer:/, 'it does not end'],
  [/json: unsupported value/, 'infinities in arrays and structs'],
  [/error: .*(strconv\.|unexpected numeric literal)/, 'it reads a value as a number'],
  [/error: .*invalid number of arguments/, 'an overload is missing'],
  [/unsupported \w+ operator for|operator for (interval|range)/, 'operators of INTERVAL and RANGE'],
  [/failed to analyze: .*array\[position\] is not supported/, 'array[position]'],
  [/failed to analyze: (GROUP BY ALL|BY NAME for set operations) is not supported/, 'newer syntax'],
  [
    /error: .*(illegal base64|JSON_TYPE: failed to convert <nil>|unexpected returnLength)/,
    'what it checks too early',
  ],
  [/error: .*(zero divided|failed to convert -?\d+ to bool)/, 'tiny divisors, and numbers as BOOL'],
  [
    /failed to analyze: INVALID_ARGUMENT: Could not cast literal/,
    'casts of texts that are never evaluated, or have blanks',
  ],
  [/failed to analyze: Casting between arrays with incompatible element types/, 'CAST between arrays'],
  [/failed to analyze: No matching signature for function EDIT_DISTANCE/, 'EDIT_DISTANCE of BYTES'],
  [
    /error: .*(unexpected interval part|unexpected part|unimplemented \w+ part|unexpected argument type <nil>)/,
    'parts of dates',
  ],
  [
    /error: .*(currently doesn't support|invalid argument type: (decimal|octal|hex|scientific))/,
    'flags of FORMAT',
  ],
  [/error: .*invalid position number/, 'INSTR beyond the end'],
  [/error: .*failed to convert .* to time\.Time/, 'CAST with FORMAT'],
  [
    /error: .*(json: invalid|invalid character|failed to format json|unexpected character|unexpected end of JSON)/,
    'JSON it cannot read',
  ],
  [/error: .*out of the supported range \[-2147483648/, 'LOG of a large number'],
].map(([theirs, what]) => ({ theirs: theirs as RegExp, why: `emulator cannot: ${what}` }));

/** Failures that GoogleSQL prescribes and the emulator does not look for. */
const unchecked: readonly Known[] = [
  [
    /error: (Sequence step cannot be 0|Illegal conversion of non-finite|LIKE pattern ends with a backslash)/,
    'steps, casts and patterns are checked',
  ],
  [/error: Array cannot have a null element/, 'NULL elements of a result are refused'],
  [
    /error: (int64|numeric|bignumeric|double) (overflow|out of range)|error: A value is out of range/,
    'numbers are checked',
  ],
  [/error: Floating point error in function/, 'functions of FLOAT64 are checked'],
  [/error: (division by zero|Division by zero)/, 'division by zero is checked'],
  [
    /error: .*causes overflow|error: Truncating|error: .*out of range date|error: Cannot convert Datetime|error: Invalid (date|datetime|time|timestamp|interval)\b|error: Input calculates to invalid/,
    'dates and times are checked',
  ],
  [
    /error: (Bad (bool|int64|double)|Invalid (NUMERIC|BIGNUMERIC)) value|error: Invalid UTF-8|error: Could not cast|error: Value .* has (length|maximum)/,
    'texts are checked',
  ],
  [/error: (Provided RANGE inputs do not overlap|RANGE start element)/, 'ranges are checked'],
  [
    /error: The provided JSON (input|number)|error: .*cannot (be a JSON number|round-trip)/,
    'JSON is checked',
  ],
  [
    /error: (Failed to decode|Bucket (is|for) |Duplicate character|Interval field|Mismatch between format|FORMAT |Format |Bitwise|Invalid input|Second argument|Negative|The (third|second))/,
    'arguments are checked',
  ],
  [
    /error: (Argument to ASCII|Invalid codepoint|ARRAY_(FIRST|LAST)|Elements in input array)/,
    'arguments are checked',
  ],
  [
    /error: (Regular expressions passed|Invalid REGEXP_REPLACE pattern|Cannot parse regular)/,
    'regular expressions are checked',
  ],
].map(([ours, what]) => ({ ours: ours as RegExp, theirs: /^\[/, why: `ours: ${what}` }));

/** Texts that are no JSON: the emulator keeps them. */
const parsed: Known = {
  query: /PARSE_JSON\(/,
  ours: /error: syntax error while parsing JSON/,
  why: 'ours: JSON is checked',
};

/** Wrong values of the emulator, by what it does not understand. */
const values: readonly Known[] = [
  { test: (_, a, b) => plain(a) === plain(b), why: 'ours: the emulator has no NaN and no -0' },
  {
    query:
      /\b(A?(SIN|COS|TAN)H?|POW(ER)?|EXP|LN|LOG|LOG10|C(SC|OT)H?|SECH?|SQRT|CBRT|ATAN2|STDDEV\w*|VAR\w*|COVAR\w*|CORR|AVG|\w+_DISTANCE|\w+_CONT)\(/,
    test: (_, a, b) => near(a, b, 1e-14),
    why: 'both: the last digit of a FLOAT64 function',
  },
  {
    query: /NUMERIC/,
    test: (_, a, b) => near(a, b, 1e-8),
    why: 'ours: the emulator computes decimals in FLOAT64',
  },
  {
    query: /\b(ABS|SAFE_\w+|ROUND|DIV|MOD|JSON_\w+|SIGN)\(/,
    test: (_, a, b) => near(a, b, 1e-8),
    why: 'ours: the emulator computes INT64 in FLOAT64',
  },
];

export const known: readonly Known[] = [...unable, ...unchecked, parsed, ...values, ...wrong];

/** The reason for a difference, where there is one. */
export const reasonFor = (query: string, ours: string, theirs: string): string | undefined =>
  known.find(
    (k) =>
      (k.query?.test(query) ?? true) &&
      (k.ours?.test(ours) ?? true) &&
      (k.theirs?.test(theirs) ?? true) &&
      (k.test?.(query, ours, theirs) ?? true),
  )?.why;
