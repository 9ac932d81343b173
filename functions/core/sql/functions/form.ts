import type { FunctionEntry } from './entry.ts';

/**
 * Functions of the reference whose calls are forms of the grammar: the parser makes expressions of their own of them,
 * so they have no signatures. Sources: BigQuery reference, "Conversion functions", "Array functions", "Date functions".
 */
export const formFunctions: readonly FunctionEntry[] = ['ARRAY', 'CAST', 'EXTRACT', 'SAFE_CAST'].map(
  (name): FunctionEntry => ({ name, kind: 'scalar', signatures: [] }),
);
