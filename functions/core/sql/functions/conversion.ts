import type { FunctionEntry } from './entry.ts';

/** Conversion functions; CAST and SAFE_CAST are expressions of their own. */
export const conversionFunctions: readonly FunctionEntry[] = [
  { name: 'PARSE_NUMERIC', kind: 'scalar', signatures: ['STRING -> NUMERIC'] },
  { name: 'PARSE_BIGNUMERIC', kind: 'scalar', signatures: ['STRING -> BIGNUMERIC'] },
];
