import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

const ELEMENTS = ['DATE', 'DATETIME', 'TIMESTAMP'];
const each = (shape: (element: string) => string): string[] => ELEMENTS.map(shape);

/** Range functions. Source: BigQuery reference, "Range functions". */
export const rangeFunctions: readonly FunctionEntry[] = [
  scalar('GENERATE_RANGE_ARRAY', ...each((t) => `RANGE<${t}>, INTERVAL, BOOL? -> ARRAY<RANGE<${t}>>`)),
  scalar('RANGE', ...each((t) => `${t}, ${t} -> RANGE<${t}>`)),
  scalar(
    'RANGE_CONTAINS',
    ...each((t) => `RANGE<${t}>, RANGE<${t}> -> BOOL`),
    ...each((t) => `RANGE<${t}>, ${t} -> BOOL`),
  ),
  scalar('RANGE_END', ...each((t) => `RANGE<${t}> -> ${t}`)),
  scalar('RANGE_INTERSECT', ...each((t) => `RANGE<${t}>, RANGE<${t}> -> RANGE<${t}>`)),
  scalar('RANGE_OVERLAPS', ...each((t) => `RANGE<${t}>, RANGE<${t}> -> BOOL`)),
  scalar('RANGE_START', ...each((t) => `RANGE<${t}> -> ${t}`)),
];
