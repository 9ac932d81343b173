import type { FunctionEntry } from './entry.ts';

const both = (name: string, result: string): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures: [`STRING -> ${result}`, `BYTES -> ${result}`],
});

/** Hash functions. Source: BigQuery reference, "Hash functions". */
export const hashFunctions: readonly FunctionEntry[] = [
  both('FARM_FINGERPRINT', 'INT64'),
  both('MD5', 'BYTES'),
  both('SHA1', 'BYTES'),
  both('SHA256', 'BYTES'),
  both('SHA512', 'BYTES'),
];
