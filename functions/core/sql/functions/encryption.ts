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

const CHAIN = 'STRUCT<kms_resource_name STRING, first_level_keyset BYTES, second_level_keyset BYTES>';
const TYPE = 'OF(AEAD_AES_GCM_256|DETERMINISTIC_AEAD_AES_SIV_CMAC_256) STRING';

/** The same for a keyset and for what KEYS.KEYSET_CHAIN gives. */
const keyset = (...shapes: string[]): string[] =>
  ['BYTES', CHAIN].flatMap((k) => shapes.map((s) => `${k}, ${s}`));

const ENCRYPT = keyset('STRING, STRING -> BYTES', 'BYTES, BYTES -> BYTES');

/** Keysets and what is encrypted with them. Sources: BigQuery reference, "AEAD encryption", "DLP encryption". */
export const encryptionFunctions: readonly FunctionEntry[] = [
  uses('AEAD.DECRYPT_BYTES', keyset('BYTES, BYTES -> BYTES')),
  uses('AEAD.DECRYPT_STRING', keyset('BYTES, STRING -> STRING')),
  uses('AEAD.ENCRYPT', ENCRYPT, 'random'),
  uses('DETERMINISTIC_DECRYPT_BYTES', keyset('BYTES, BYTES -> BYTES')),
  uses('DETERMINISTIC_DECRYPT_STRING', keyset('BYTES, STRING -> STRING')),
  uses('DETERMINISTIC_ENCRYPT', ENCRYPT),
  uses('DLP_DETERMINISTIC_DECRYPT', ['BYTES, STRING, STRING, STRING? -> STRING'], 'network'),
  uses('DLP_DETERMINISTIC_ENCRYPT', ['BYTES, STRING, STRING, STRING? -> STRING'], 'network'),
  wrapped('DLP_KEY_CHAIN', 'STRING, BYTES -> BYTES'),
  uses('KEYS.ADD_KEY_FROM_RAW_BYTES', ['BYTES, OF(AES_CBC_PKCS|AES_GCM) STRING, BYTES -> BYTES']),
  {
    ...wrapped('KEYS.KEYSET_CHAIN', ''),
    signatures: [
      `LITERAL STRING, LITERAL BYTES, CONST BYTES -> ${CHAIN}`,
      `LITERAL STRING, LITERAL BYTES -> ${CHAIN}`,
    ],
  },
  uses('KEYS.KEYSET_FROM_JSON', ['STRING -> BYTES']),
  uses('KEYS.KEYSET_LENGTH', ['BYTES -> INT64']),
  uses('KEYS.KEYSET_TO_JSON', ['BYTES -> STRING']),
  uses('KEYS.NEW_KEYSET', [`${TYPE} -> BYTES`], 'random'),
  wrapped('KEYS.NEW_WRAPPED_KEYSET', `STRING, ${TYPE} -> BYTES`, 'random'),
  {
    ...wrapped('KEYS.REWRAP_KEYSET', 'STRING, STRING, BYTES -> BYTES', 'random'),
    names: [
      { what: 'key', argument: 'source_kms_resource_name', position: 0 },
      { what: 'key', argument: 'target_kms_resource_name', position: 1 },
    ],
  },
  uses('KEYS.ROTATE_KEYSET', [`BYTES, ${TYPE} -> BYTES`], 'random'),
  wrapped('KEYS.ROTATE_WRAPPED_KEYSET', `STRING, BYTES, ${TYPE} -> BYTES`, 'random'),
];
