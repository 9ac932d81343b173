/**
 * What a failure of DuckDB means: `query`, the query itself fails on its data, in GoogleSQL's words where there are
 * any; `unsupported`, the printed SQL asks what DuckDB cannot do; `resources`, memory or time ran out; `engine`, else.
 */
export type DuckdbFailure = {
  readonly kind: 'query' | 'unsupported' | 'resources' | 'engine';
  readonly message: string;
};

const translations: readonly (readonly [pattern: RegExp, message: string])[] = [
  [
    /^Invalid Input Error: More than one row returned by a subquery/,
    'Scalar subquery produced more than one element',
  ],
  [/^Out of Range Error: Overflow in .* of INT64/, 'int64 overflow'],
  [/^Out of Range Error: Overflow in .* of DECIMAL/, 'numeric overflow'],
  [/^Out of Range Error: Overflow (?:on|in) (?:abs|negation)/, 'int64 overflow'],
  [/^Conversion Error: Type (?:INT128|HUGEINT) with value .* can't be cast/, 'int64 overflow'],
  [/^Out of Range Error: Overflow in HUGEINT/, 'numeric overflow'],
  [
    /^Conversion Error: .*(?:blob|BLOB|utf-?8|UTF-?8|unicode)/i,
    'Invalid UTF-8 in a conversion of BYTES to STRING',
  ],
  [
    /^Out of Range Error: Cannot offset|LIMIT .* negative|OFFSET .* negative/i,
    'LIMIT and OFFSET must not be negative',
  ],
];

/** Reads the text of an error that DuckDB threw. Never contains row data except what our own functions put in. */
export function duckdbFailure(text: string): DuckdbFailure {
  const line = text.split('\n')[0] ?? '';
  for (const [pattern, message] of translations) if (pattern.test(line)) return { kind: 'query', message };
  const [, type = '', rest = ''] = /^([A-Za-z ]+ Error|[A-Z]+): (.*)$/s.exec(line) ?? [];
  switch (type) {
    case 'Invalid Input Error':
      return { kind: 'query', message: rest };
    case 'Out of Range Error':
      return { kind: 'query', message: 'A value is out of range' };
    case 'Conversion Error':
      return { kind: 'query', message: 'A value cannot be converted' };
    case 'Binder Error':
    case 'Not implemented Error':
    case 'Parser Error':
    case 'Catalog Error':
      return { kind: 'unsupported', message: `The embedded warehouse cannot run this query (${type})` };
    case 'Out of Memory Error':
      return {
        kind: 'resources',
        message: 'The query needs more memory than the embedded warehouse may use',
      };
    case 'INTERRUPT Error':
      return { kind: 'resources', message: 'The query was interrupted' };
    default: // DuckDB's words, an open set: what is not known is no failure of the query
      return { kind: 'engine', message: 'The embedded warehouse failed' };
  }
}
