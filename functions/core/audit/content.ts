import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Bytes, joined, lengthOf, partsOf, sha256 } from './bytes.ts';

/** How a record's encrypted part is packed; stands in the record's header. */
export type ContentHeader = {
  readonly encoding: 'zstd' | 'identity';
  /** Bytes of the encrypted part, its 16-byte GCM tag included. */
  readonly lengthBytes: number;
  /** Bytes of the content itself. */
  readonly plainBytes: number;
  /** HMAC-SHA256, base64, with the log's commitment key over the record's name and the content's SHA-256. */
  readonly commitment: string;
  readonly key: string;
  readonly wrapped: string;
  /** 12 bytes, base64. */
  readonly nonce: string;
};

export type Packed = {
  readonly encoding: ContentHeader['encoding'];
  readonly parts: readonly Uint8Array[];
  /** Length and SHA-256 of the content itself. */
  readonly plainBytes: number;
  readonly sha256: Uint8Array;
};

const tagBytes = 16;
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

/** Compresses where that helps. Large contents are compressed off the main thread. */
export async function pack(content: Bytes): Promise<Packed> {
  const plainBytes = lengthOf(content);
  // Begun first: other threads compress while this one hashes.
  const compressed = plainBytes < 256 ? partsOf(content) : compress(content, plainBytes);
  const about = { plainBytes, sha256: sha256(...partsOf(content)) };
  const parts = await compressed;
  return lengthOf(parts) < plainBytes
    ? { encoding: 'zstd', parts, ...about }
    : { encoding: 'identity', parts: partsOf(content), ...about };
}

const compress = async (content: Bytes, plainBytes: number): Promise<readonly Uint8Array[]> =>
  plainBytes < 32_768
    ? [zstdCompressSync(joined(content), { params })]
    : compressParts(partsOf(content), plainBytes >> 3);

/** One Zstandard frame over all parts. A few large pieces come out, so that the main thread is hardly asked. */
function compressParts(parts: readonly Uint8Array[], chunkSize: number): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const compressed: Uint8Array[] = [];
    const stream = createZstdCompress({ params, chunkSize });
    stream.on('data', (chunk: Buffer) => compressed.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve(compressed));
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

export const encryptedLength = (packed: Packed): number => lengthOf(packed.parts) + tagBytes;

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/** Node takes bytes as a key too, but looks at them for longer than a small record takes to encrypt. */
function keyObject(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(key);
  keyObjects.set(key, known);
  return known;
}

/** AES-256-GCM over the packed content, bound to `head` (all bytes of the record before it). Ciphertext, then tag. */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  head: Uint8Array,
  packed: Packed,
): readonly Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce);
  cipher.setAAD(head);
  const encrypted = packed.parts.map((part) => cipher.update(part));
  return [...encrypted, cipher.final(), cipher.getAuthTag()];
}

/** The content again. Throws where the key is not the right one or a bit has changed. */
export function decrypt(
  key: Uint8Array,
  head: Uint8Array,
  header: ContentHeader,
  bytes: Uint8Array,
): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(header.nonce, 'base64'), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(head);
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const packed = Buffer.concat([
    decipher.update(bytes.subarray(0, bytes.length - tagBytes)),
    decipher.final(),
  ]);
  if (header.encoding === 'identity') return packed;
  return zstdDecompressSync(packed, { maxOutputLength: Math.max(header.plainBytes, 1) });
}
