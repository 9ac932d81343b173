import type { Udf } from '../udf.ts';
import { farmFingerprint } from './farm.ts';
import { strict } from './make.ts';
import { utf8 } from './text.ts';

/** Hashes without cryptography; the others are DuckDB's or the engine's. */
export const hashUdfs: readonly Udf[] = [
  strict('farm_fingerprint', ['VARCHAR'], 'BIGINT', (text: string) => farmFingerprint(utf8(text))),
  strict('farm_fingerprint_bytes', ['BLOB'], 'BIGINT', farmFingerprint),
];
