import type { Refusal } from '../../../../core/errors.ts';

/*
 * What an agent may read when a running query fails: the class of the failure in GoogleSQL's words, never a value. The
 * engine's whole text goes to the record.
 */
const classes: readonly (readonly [RegExp, string])[] = [
  [/division by zero/i, 'division by zero'],
  [
    /Scalar subquery|More than one row returned by a subquery/i,
    'Scalar subquery produced more than one element',
  ],
  [/Array cannot have a null element/i, 'Array cannot have a null element'],
  [/Array index .*out of bounds|out of bounds/i, 'Array index is out of bounds'],
  [
    /int64 overflow|Overflow in .*INT(64|128)|overflow in .*bigint|out of range for the destination type INT(64|128)|type HUGEINT .*BIGINT/i,
    'int64 overflow',
  ],
  [/numeric overflow|overflow in .*DECIMAL|DECIMAL\(38.* out of range/i, 'numeric overflow'],
  [/(double|floating point|float) .*(overflow|out of range)|overflow.*(double|float)/i, 'double overflow'],
  [/Bad int64 value|convert string .* to (INT64|'?BIGINT)/i, 'Bad int64 value'],
  [/Bad double value|convert string .* to '?DOUBLE/i, 'Bad double value'],
  [/Bad bool value|convert string .* to '?BOOL/i, 'Bad bool value'],
  [/(Invalid|Bad) NUMERIC value|convert string .* to '?DECIMAL/i, 'Invalid NUMERIC value'],
  [/(Invalid|Bad) BIGNUMERIC value/i, 'Invalid BIGNUMERIC value'],
  [/Invalid date|date field value out of range|invalid date field/i, 'Invalid date'],
  [/Invalid datetime/i, 'Invalid datetime'],
  [/Invalid timestamp|invalid timestamp field/i, 'Invalid timestamp'],
  [/Invalid time\b/i, 'Invalid time'],
  [/Invalid interval/i, 'Invalid interval'],
  [/Invalid time ?zone/i, 'Invalid time zone'],
  [/Failed to parse input string/i, 'Failed to parse input string'],
  [
    /more than 1 capturing group/i,
    'Regular expressions passed into extraction functions must not have more than 1 capturing group',
  ],
  [/regular expression|regex/i, 'Cannot parse regular expression'],
  [/Malformed JSON|Invalid JSON|JSON parsing/i, 'Invalid JSON'],
  [/base64/i, 'Failed to decode base64 value'],
  [/UTF-?8/i, 'Invalid UTF-8'],
  [/out of range/i, 'a value is out of range'],
];

/** The refusal of a query that failed in the engine with `detail`. */
export function executionError(detail: string): Refusal {
  if (/^(Error: )?Out of Memory Error|failed to allocate|could not allocate/i.test(detail))
    return {
      code: 'invalid_query',
      message:
        'Resources exceeded during query execution: it needs more memory than allowed; read fewer rows or columns',
    };
  if (/Resources exceeded: \w+ takes too long/.test(detail))
    return {
      code: 'invalid_query',
      message:
        'Resources exceeded during query execution: a function takes too long on values of this size, or makes too much of them; use shorter values',
    };
  const known = classes.find(([pattern]) => pattern.test(detail));
  return {
    code: 'invalid_query',
    message: known
      ? `Query error: ${known[1]}`
      : 'Query error: a value in the data does not fit an operation of the query',
    location: 'query',
  };
}
