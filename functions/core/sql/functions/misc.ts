import type { FunctionEntry } from './entry.ts';

/** Sources: BigQuery reference, "Utility functions", "Security functions". */
export const miscFunctions: readonly FunctionEntry[] = [
  { name: 'GENERATE_UUID', kind: 'scalar', signatures: ['VOID -> STRING'], effects: ['random'] },
  { name: 'SESSION_USER', kind: 'scalar', signatures: ['VOID -> STRING'], effects: ['identity'] },
  { name: 'TYPEOF', kind: 'scalar', signatures: ['T1 -> STRING'] },
];
