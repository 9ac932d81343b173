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
  aggregate('HLL_COUNT.INIT', ...SKETCHED.map((t) => `${t}, CONST INT64? -> BYTES`)),
  aggregate('HLL_COUNT.MERGE', 'BYTES -> INT64'),
  aggregate('HLL_COUNT.MERGE_PARTIAL', 'BYTES -> BYTES'),
  scalar('HLL_COUNT.EXTRACT', 'BYTES -> INT64'),
];

const kll = ['INT64', 'FLOAT64'].flatMap((type): readonly FunctionEntry[] => {
  const name = 'KLL_QUANTILES.';
  return [
    aggregate(`${name}INIT_${type}`, `${type}, CONST INT64?, weight => INT64? -> BYTES`),
    aggregate(`${name}MERGE_${type}`, `BYTES, INT64 -> ARRAY<${type}>`),
    aggregate(`${name}MERGE_POINT_${type}`, `BYTES, FLOAT64 -> ${type}`),
    scalar(`${name}EXTRACT_${type}`, `BYTES, INT64 -> ARRAY<${type}>`),
    scalar(`${name}EXTRACT_POINT_${type}`, `BYTES, FLOAT64 -> ${type}`),
  ];
});

const encryption: readonly FunctionEntry[] = [
  scalar('AEAD.DECRYPT_BYTES', 'BYTES, BYTES, BYTES -> BYTES', 'BYTES, BYTES, STRING -> BYTES'),
  scalar('AEAD.DECRYPT_STRING', 'BYTES, BYTES, STRING -> STRING'),
  scalar('AEAD.ENCRYPT', 'BYTES, STRING, STRING -> BYTES', 'BYTES, BYTES, BYTES -> BYTES'),
  scalar('DETERMINISTIC_DECRYPT_BYTES', 'BYTES, BYTES, BYTES -> BYTES', 'BYTES, BYTES, STRING -> BYTES'),
  scalar('DETERMINISTIC_DECRYPT_STRING', 'BYTES, BYTES, STRING -> STRING'),
  scalar('DETERMINISTIC_ENCRYPT', 'BYTES, STRING, STRING -> BYTES', 'BYTES, BYTES, BYTES -> BYTES'),
  scalar('KEYS.ADD_KEY_FROM_RAW_BYTES', 'BYTES, STRING, BYTES -> BYTES'),
  scalar('KEYS.KEYSET_CHAIN', 'STRING, BYTES -> BYTES'),
  scalar('KEYS.KEYSET_FROM_JSON', 'STRING -> BYTES'),
  scalar('KEYS.KEYSET_LENGTH', 'BYTES -> INT64'),
  scalar('KEYS.KEYSET_TO_JSON', 'BYTES -> STRING'),
  { name: 'KEYS.NEW_KEYSET', kind: 'scalar', signatures: ['STRING -> BYTES'], effects: ['random'] },
  {
    name: 'KEYS.NEW_WRAPPED_KEYSET',
    kind: 'scalar',
    signatures: ['STRING, STRING -> BYTES'],
    effects: ['random', 'network'],
  },
  {
    name: 'KEYS.REWRAP_KEYSET',
    kind: 'scalar',
    signatures: ['STRING, STRING, BYTES -> BYTES'],
    effects: ['network'],
  },
  { name: 'KEYS.ROTATE_KEYSET', kind: 'scalar', signatures: ['BYTES, STRING -> BYTES'], effects: ['random'] },
  {
    name: 'KEYS.ROTATE_WRAPPED_KEYSET',
    kind: 'scalar',
    signatures: ['STRING, BYTES, STRING -> BYTES'],
    effects: ['random', 'network'],
  },
];

/** Sources: BigQuery reference, "Utility", "Security", "HyperLogLog++", "KLL", "AEAD encryption", "DLP encryption". */
export const miscFunctions: readonly FunctionEntry[] = [
  { name: 'GENERATE_UUID', kind: 'scalar', signatures: ['VOID -> STRING'], effects: ['random'] },
  { name: 'SESSION_USER', kind: 'scalar', signatures: ['VOID -> STRING'], effects: ['identity'] },
  {
    name: 'DLP_DETERMINISTIC_ENCRYPT',
    kind: 'scalar',
    signatures: ['BYTES, STRING, STRING, STRING? -> STRING'],
    effects: ['network'],
  },
  {
    name: 'DLP_DETERMINISTIC_DECRYPT',
    kind: 'scalar',
    signatures: ['BYTES, STRING, STRING, STRING? -> STRING'],
    effects: ['network'],
  },
  { name: 'DLP_KEY_CHAIN', kind: 'scalar', signatures: ['STRING, BYTES -> BYTES'], effects: ['network'] },
  ...hll,
  ...kll,
  ...encryption,
];
