import type { FunctionEntry } from './entry.ts';

/** Bit functions. Source: BigQuery reference, "Bit functions". */
export const bitFunctions: readonly FunctionEntry[] = [
  { name: 'BIT_COUNT', kind: 'scalar', signatures: ['INT64 -> INT64', 'BYTES -> INT64'] },
];
