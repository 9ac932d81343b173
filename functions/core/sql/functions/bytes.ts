import type { FunctionEntry } from './entry.ts';

/** Functions of BYTES that the reference lists outside its string page: text search over tokens. */
export const bytesFunctions: readonly FunctionEntry[] = [
  {
    name: 'BAG_OF_WORDS',
    kind: 'scalar',
    signatures: ['ARRAY<STRING> -> ARRAY<STRUCT<term STRING, count INT64>>'],
  },
  {
    name: 'TEXT_ANALYZE',
    kind: 'scalar',
    signatures: ['STRING, analyzer => CONST STRING?, analyzer_options => CONST STRING? -> ARRAY<STRING>'],
  },
  {
    name: 'SEARCH',
    kind: 'scalar',
    signatures: [
      'T1, CONST STRING, json_scope => CONST STRING?, analyzer => CONST STRING?, analyzer_options => CONST STRING? -> BOOL',
    ],
  },
];
