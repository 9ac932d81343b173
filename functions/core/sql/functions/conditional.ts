import type { FunctionEntry } from './entry.ts';

/** Conditional functions; CASE itself is the operator `$case`. */
export const conditionalFunctions: readonly FunctionEntry[] = [
  { name: 'COALESCE', kind: 'scalar', signatures: ['T1, T1... -> T1'] },
  { name: 'IF', kind: 'scalar', signatures: ['BOOL, T1, T1 -> T1'] },
  { name: 'IFNULL', kind: 'scalar', signatures: ['T1, T1 -> T1'] },
  { name: 'NULLIF', kind: 'scalar', signatures: ['T1, T1 -> T1'] },
];
