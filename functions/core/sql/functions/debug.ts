import type { FunctionEntry } from './entry.ts';

/**
 * Debugging functions. ERROR's type is whatever its place wants; it is listed as STRING.
 * Source: BigQuery reference, "Debugging functions".
 */
export const debugFunctions: readonly FunctionEntry[] = [
  { name: 'ERROR', kind: 'scalar', signatures: ['STRING -> T1'], effects: ['error'] },
];
