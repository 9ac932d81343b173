import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Range functions; RANGE_SESSIONIZE is a table function. Source: BigQuery reference, "Range functions". */
export const rangeFunctions: readonly FunctionEntry[] = [
  scalar(
    'GENERATE_RANGE_ARRAY',
    ...['TIMESTAMP', 'DATE', 'DATETIME'].map((t) => `RANGE<${t}>, INTERVAL, BOOL? -> ARRAY<RANGE<${t}>>`),
  ),
  scalar('RANGE', 'SAME RNG1, RNG1 -> RANGE<RNG1>'),
  scalar('RANGE_CONTAINS', 'RANGE<RNG1>, RANGE<RNG1> -> BOOL', 'RANGE<RNG1>, RNG1 -> BOOL'),
  scalar('RANGE_END', 'RANGE<RNG1> -> RNG1'),
  scalar('RANGE_INTERSECT', 'RANGE<RNG1>, RANGE<RNG1> -> RANGE<RNG1>'),
  scalar('RANGE_OVERLAPS', 'RANGE<RNG1>, RANGE<RNG1> -> BOOL'),
  scalar('RANGE_START', 'RANGE<RNG1> -> RNG1'),
];
