import type { Effect, FunctionEntry } from './entry.ts';

const uses = (name: string, signatures: readonly string[], ...more: Effect[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
  effects: ['keys', ...more],
});

/** Opens or wraps a keyset with a key that Cloud KMS holds and the first argument names. */
const wrapped = (name: string, signature: string, ...more: Effect[]): FunctionEntry => ({
  ...uses(name, [signature], 'network', ...more),
  names: [{ what: 'key', argument: 'kms_resource_name', position: 0 }],
});

/** Keysets and what is encrypted with them. Sources: BigQuery reference, "AEAD encryption", "DLP encryption". */
export const encryptionFunctions: readonly FunctionEntry[] = [
  uses('AEAD.DECRYPT_BYTES', ['BYTES, BYTES, BYTES -> BYTES', 'BYTES, BYTES, STRING -> BYTES']),
  uses('AEAD.DECRYPT_STRING', ['BYTES, BYTES, STRING -> STRING']),
  uses('AEAD.ENCRYPT', ['BYTES, STRING, STRING -> BYTES', 'BYTES, BYTES, BYTES -> BYTES'], 'random'),
  uses('DETERMINISTIC_DECRYPT_BYTES', ['BYTES, BYTES, BYTES -> BYTES', 'BYTES, BYTES, STRING -> BYTES']),
  uses('DETERMINISTIC_DECRYPT_STRING', ['BYTES, BYTES, STRING -> STRING']),
  uses('DETERMINISTIC_ENCRYPT', ['BYTES, STRING, STRING -> BYTES', 'BYTES, BYTES, BYTES -> BYTES']),
  uses('DLP_DETERMINISTIC_DECRYPT', ['BYTES, STRING, STRING, STRING? -> STRING'], 'network'),
  uses('DLP_DETERMINISTIC_ENCRYPT', ['BYTES, STRING, STRING, STRING? -> STRING'], 'network'),
  wrapped('DLP_KEY_CHAIN', 'STRING, BYTES -> BYTES'),
  uses('KEYS.ADD_KEY_FROM_RAW_BYTES', ['BYTES, STRING, BYTES -> BYTES']),
  wrapped('KEYS.KEYSET_CHAIN', 'STRING, BYTES -> BYTES'),
  uses('KEYS.KEYSET_FROM_JSON', ['STRING -> BYTES']),
  uses('KEYS.KEYSET_LENGTH', ['BYTES -> INT64']),
  uses('KEYS.KEYSET_TO_JSON', ['BYTES -> STRING']),
  uses('KEYS.NEW_KEYSET', ['STRING -> BYTES'], 'random'),
  wrapped('KEYS.NEW_WRAPPED_KEYSET', 'STRING, STRING -> BYTES', 'random'),
  {
    ...wrapped('KEYS.REWRAP_KEYSET', 'STRING, STRING, BYTES -> BYTES', 'random'),
    names: [
      { what: 'key', argument: 'source_kms_resource_name', position: 0 },
      { what: 'key', argument: 'target_kms_resource_name', position: 1 },
    ],
  },
  uses('KEYS.ROTATE_KEYSET', ['BYTES, STRING -> BYTES'], 'random'),
  wrapped('KEYS.ROTATE_WRAPPED_KEYSET', 'STRING, BYTES, STRING -> BYTES', 'random'),
];
