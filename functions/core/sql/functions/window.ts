import type { FunctionEntry } from './entry.ts';

const numbering = (name: string, result: string): FunctionEntry => ({
  name,
  kind: 'window',
  signatures: [`VOID -> ${result}`],
  window: { frame: false, orderRequired: name !== 'ROW_NUMBER' },
});

const navigation = (name: string, signatures: readonly string[], frame: boolean): FunctionEntry => ({
  name,
  kind: 'window',
  signatures,
  window: { frame, orderRequired: true },
  ...(frame ? { clauses: ['nulls'] as const } : {}),
});

const percentile = (name: string, signatures: readonly string[]): FunctionEntry => ({
  name,
  kind: 'window',
  signatures,
  window: { frame: false, orderRequired: false },
  clauses: ['nulls'],
});

/** Numbering and navigation functions. Source: BigQuery reference, "Window functions". */
export const windowFunctions: readonly FunctionEntry[] = [
  numbering('ROW_NUMBER', 'INT64'),
  numbering('RANK', 'INT64'),
  numbering('DENSE_RANK', 'INT64'),
  numbering('PERCENT_RANK', 'FLOAT64'),
  numbering('CUME_DIST', 'FLOAT64'),
  { ...numbering('NTILE', 'INT64'), signatures: ['LITERAL[1..] INT64 -> INT64'] },
  navigation('FIRST_VALUE', ['T1 -> T1'], true),
  navigation('LAST_VALUE', ['T1 -> T1'], true),
  navigation('NTH_VALUE', ['T1, LITERAL[1..] INT64 -> T1'], true),
  navigation('LEAD', ['T1, LITERAL INT64?, T1? -> T1'], false),
  navigation('LAG', ['T1, LITERAL INT64?, T1? -> T1'], false),
  percentile('PERCENTILE_CONT', [
    'FLOAT64, LITERAL[0..1] FLOAT64 -> FLOAT64',
    'DECIMAL NUMERIC, LITERAL[0..1] NUMERIC -> NUMERIC',
    'DECIMAL BIGNUMERIC, LITERAL[0..1] BIGNUMERIC -> BIGNUMERIC',
  ]),
  percentile('PERCENTILE_DISC', [
    'ORD1, LITERAL[0..1] FLOAT64 -> ORD1',
    'ORD1, LITERAL[0..1] NUMERIC -> ORD1',
    'ORD1, LITERAL[0..1] BIGNUMERIC -> ORD1',
  ]),
];
