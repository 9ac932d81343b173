import type { ErrorCode, Refusal } from '../../../../core/errors.ts';
import { wholeMebibytes } from '../../../../core/query/public-bytes.ts';

/*
 * What an agent may read when BigQuery refuses or fails a query. BigQuery's own text can quote values of a table ("Bad int64
 * value: 123-45-6789") or name columns of tables that the agent cannot see ("Did you mean ssn?"), so none of it is passed on:
 * a known text becomes words of ours, with names only where the query's own text has them. The whole text goes to the record.
 */

/** An error as BigQuery gives it: `reason` of a fixed list, `message` in words. */
export type WarehouseError = { readonly reason: string; readonly message: string };

/** Why the warehouse does not accept a text: what is wrong with it, and where. */
export function analysisError(error: WarehouseError, sql: string): Refusal {
  const about = reasonRefusal(error, sql);
  if (about) return about;
  const place = / at \[\d{1,7}:\d{1,7}\]/.exec(error.message)?.[0] ?? '';
  const known = ofTheText(error.message, sql);
  const message = known ?? 'The warehouse does not accept this query; write it more simply';
  return { code: 'invalid_query', location: 'query', message: `${message}${place}` };
}

/** Why a running query failed. */
export function executionError(error: WarehouseError, sql: string): Refusal {
  const about = reasonRefusal(error, sql);
  if (about) return about;
  const known = ofTheText(error.message, sql);
  if (known) return { code: 'invalid_query', location: 'query', message: known };
  const kind = ofTheData.find(([pattern]) => pattern.test(error.message))?.[1];
  const message = `Query error: ${kind ?? 'a value in the data does not fit an operation of the query'}`;
  return { code: 'invalid_query', location: 'query', message };
}

/** Errors that the reason alone explains. */
function reasonRefusal({ reason, message }: WarehouseError, sql: string): Refusal | undefined {
  const bytes = /Query exceeded limit for bytes billed: (\d{1,20})\. (\d{1,20}) or higher required\./.exec(
    message,
  );
  if (bytes) {
    const required = wholeMebibytes(Number(bytes[2]));
    const words = `Query exceeded limit for bytes billed: ${bytes[1]}. ${required} or higher required.`;
    return { code: 'bytes_over_limit', message: words };
  }
  const known = Object.hasOwn(byReason, reason) ? byReason[reason] : undefined;
  if (known === undefined) {
    if (Object.hasOwn(aboutTheQuery, reason)) return undefined;
    const word = /^[A-Za-z]{1,40}$/.test(reason) ? reason : 'unknown reason';
    return { code: 'invalid', message: `The warehouse refused the query (${word}).` };
  }
  if (reason === 'stopped' && /timed? ?out/i.test(message)) return timedOut;
  const named = /(?:Table|Dataset|Routine|Model) ([^\s]+?)(?:[.,]? |[.,]?$)/.exec(message)?.[1];
  const name = (reason === 'notFound' || reason === 'duplicate') && mentions(sql, named) ? `: ${named}` : '';
  return { code: known[0], message: `${known[1]}${name}${known[2] ?? ''}` };
}

const timedOut: Refusal = {
  code: 'timeout',
  message: 'Operation timed out; ask for less or a longer timeout',
};

/** Reasons whose text says more. */
const aboutTheQuery: Readonly<Record<string, true>> = { invalidQuery: true, invalid: true, parseError: true };

const busy =
  'The warehouse has no room for this query now (a rate or quota of its project is used up); try again later.';
const broken = 'The warehouse failed; nothing of the query took effect. Submit it again.';

const byReason: Readonly<Record<string, readonly [ErrorCode, string, string?]>> = {
  stopped: ['stopped', 'Job execution was cancelled: User requested cancellation'],
  timeout: [timedOut.code, timedOut.message],
  bytesBilledLimitExceeded: ['bytes_over_limit', 'Query exceeded limit for bytes billed.'],
  accessDenied: [
    'forbidden',
    'Access Denied: the identity that this query runs as may not do what it asks. Ask the operator of this gateway.',
  ],
  notFound: ['invalid_query', 'Not found'],
  duplicate: ['invalid_query', 'Already exists'],
  responseTooLarge: ['response_too_large', 'Response too large to return; aggregate, or add a LIMIT.'],
  resourcesExceeded: [
    'invalid_query',
    'Resources exceeded during query execution: read fewer rows or columns, or sort and group less at once',
  ],
  quotaExceeded: ['overloaded', busy],
  rateLimitExceeded: ['overloaded', busy],
  jobRateLimitExceeded: ['overloaded', busy],
  backendError: ['warehouse_unavailable', broken],
  internalError: ['warehouse_unavailable', broken],
  jobBackendError: ['warehouse_unavailable', broken],
  jobInternalError: ['warehouse_unavailable', broken],
  tableUnavailable: ['warehouse_unavailable', broken],
};

const name = '`?([^\\s`;,]{1,300}?)`?';

/** Errors that GoogleSQL's analyzer makes of a text. What is captured is a name, and must stand in the text. */
const textErrors: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`Unrecognized name: ${name}(?:;| at |$)`), 'Unrecognized name: %'],
  [
    new RegExp(`(?:Table not found|Table-valued function not found): ${name}(?:;| at |$)`),
    'Table not found: %',
  ],
  [new RegExp(`Not found: (?:Table|Dataset) ${name} (?:was not found|at )`), 'Not found: %'],
  [new RegExp(`(?:Function|Procedure) not found: ${name}(?:;| at |$)`), 'Function not found: %'],
  [new RegExp(`Name ${name} not found inside `), 'Name % not found'],
  [new RegExp(`Field name ${name} does not exist`), 'Field name % does not exist'],
  [new RegExp(`Column name ${name} is ambiguous`), 'Column name % is ambiguous'],
  [new RegExp(`Column ${name} is not present in`), 'Column % is not present'],
  [
    new RegExp(`(?:references column|expression references) ${name} which is neither`),
    'Column % is neither grouped nor aggregated',
  ],
  [new RegExp(`Aggregate function ${name} not allowed in`), 'Aggregate function % is not allowed here'],
  [new RegExp(`Analytic function ${name} not allowed`), 'Analytic function % is not allowed here'],
  [new RegExp(`Duplicate column name ${name} `), 'Duplicate column name %'],
  [new RegExp(`Query parameter '${name}' not found`), "Query parameter '%' not found"],
  [
    new RegExp(`Table "${name}" must be qualified with a dataset`),
    'Table % must be qualified with a dataset',
  ],
  [
    new RegExp(`No matching signature for (?:aggregate |analytic )?(?:function|operator) ${name} for`),
    'No matching signature for %',
  ],
  [/Duplicate column names in the result/, 'Duplicate column names in the result'],
  [/Scalar subquery cannot have more than one column/, 'Scalar subquery cannot have more than one column'],
  [
    /Cannot query over table .* without a filter over column/,
    'A partitioned table needs a filter over its partition column',
  ],
  [
    /Correlated subqueries that reference other tables are not supported/,
    'Correlated subqueries that reference other tables are not supported unless they can be de-correlated',
  ],
  [/Syntax error/, 'Syntax error'],
];

/** Our words for a known error of the text, if every name in it is one of the text's own. */
function ofTheText(message: string, sql: string): string | undefined {
  for (const [pattern, words] of textErrors) {
    const found = pattern.exec(message);
    if (!found) continue;
    const [, captured] = found;
    if (captured === undefined) return words;
    if (mentions(sql, captured)) return words.replace('%', () => captured);
  }
  return undefined;
}

/** Whether every part of a dotted name stands in the text; a table's project may be that of the job. */
function mentions(sql: string, dotted: string | undefined): boolean {
  if (dotted === undefined) return false;
  const written = sql.toLowerCase();
  return dotted
    .toLowerCase()
    .split(/[.:]/)
    .every((part) => written.includes(part));
}

/** Classes of failures while a query runs, in GoogleSQL's words and without a value. */
const ofTheData: readonly (readonly [RegExp, string])[] = [
  [/division by zero/i, 'division by zero'],
  [/Scalar subquery produced more than one element/i, 'Scalar subquery produced more than one element'],
  [/Array cannot have a null element/i, 'Array cannot have a null element'],
  [/Array index .*(out of bounds|out of range)/i, 'Array index is out of bounds'],
  [/int64 overflow|integer overflow/i, 'int64 overflow'],
  [/BIGNUMERIC overflow/i, 'bignumeric overflow'],
  [/numeric overflow/i, 'numeric overflow'],
  [/(double|float\w*|floating point) overflow/i, 'double overflow'],
  [/(Bad|Invalid) int64 value|Could not cast .* to type INT64/i, 'Bad int64 value'],
  [/(Bad|Invalid) (double|float64) value|Could not cast .* to type FLOAT64/i, 'Bad double value'],
  [/(Bad|Invalid) bool value|Could not cast .* to type BOOL/i, 'Bad bool value'],
  [/(Bad|Invalid) BIGNUMERIC value/i, 'Invalid BIGNUMERIC value'],
  [/(Bad|Invalid) NUMERIC value/i, 'Invalid NUMERIC value'],
  [/Invalid datetime/i, 'Invalid datetime'],
  [/Invalid date/i, 'Invalid date'],
  [/Invalid timestamp|Timestamp .*(overflow|out of range)/i, 'Invalid timestamp'],
  [/Invalid time ?zone/i, 'Invalid time zone'],
  [/Invalid time\b/i, 'Invalid time'],
  [/Invalid interval/i, 'Invalid interval'],
  [/Failed to parse input string|Mismatch between format/i, 'Failed to parse input string'],
  [
    /capturing group/i,
    'Regular expressions passed into extraction functions must not have more than 1 capturing group',
  ],
  [/regular expression|regex/i, 'Cannot parse regular expression'],
  [/(Malformed|Invalid) JSON|JSON parsing|syntax error while parsing/i, 'Invalid JSON'],
  [/base64/i, 'Failed to decode base64 value'],
  [/UTF-?8/i, 'Invalid UTF-8'],
  [
    /UPDATE\/MERGE must match at most one source row/i,
    'UPDATE/MERGE must match at most one source row for each target row',
  ],
  [
    /concurrent update|Could not serialize access/i,
    'Could not serialize access to a table because of a concurrent update; submit it again',
  ],
  [/Resources exceeded/i, 'Resources exceeded during query execution: read fewer rows or columns'],
  [/Required field .* cannot be null|cannot be null/i, 'a required field cannot be null'],
  [/out of range|overflow/i, 'a value is out of range'],
];
