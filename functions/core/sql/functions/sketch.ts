import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});
const aggregate = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'aggregate',
  signatures,
});

const SKETCHED = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'STRING', 'BYTES'];

const hll: readonly FunctionEntry[] = [
  aggregate('HLL_COUNT.INIT', ...SKETCHED.map((t) => `${t}, LITERAL[10..24] INT64? -> BYTES`)),
  aggregate('HLL_COUNT.MERGE', 'BYTES -> INT64'),
  aggregate('HLL_COUNT.MERGE_PARTIAL', 'BYTES -> BYTES'),
  scalar('HLL_COUNT.EXTRACT', 'BYTES -> INT64'),
];

const kll = ['INT64', 'FLOAT64'].flatMap((type): readonly FunctionEntry[] => {
  const name = 'KLL_QUANTILES.';
  return [
    aggregate(`${name}INIT_${type}`, `${type}, LITERAL INT64?, weight => INT64? -> BYTES`),
    aggregate(`${name}MERGE_${type}`, `BYTES, LITERAL[1..] INT64 -> ARRAY<${type}>`),
    aggregate(`${name}MERGE_POINT_${type}`, `BYTES, LITERAL[0..1] FLOAT64 -> ${type}`),
    scalar(`${name}EXTRACT_${type}`, `BYTES, INT64 -> ARRAY<${type}>`),
    scalar(`${name}EXTRACT_POINT_${type}`, `BYTES, FLOAT64 -> ${type}`),
  ];
});

/** Sketches. Source: BigQuery reference, "HyperLogLog++ functions", "KLL functions". */
export const sketchFunctions: readonly FunctionEntry[] = [
  ...hll,
  ...kll,
  aggregate('KLL_QUANTILES.MERGE_PARTIAL', 'BYTES -> BYTES'),
];
