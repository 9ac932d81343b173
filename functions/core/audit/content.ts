import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

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

export type Packed = { readonly encoding: ContentHeader['encoding']; readonly bytes: Uint8Array };

const tagBytes = 16;
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
const compressAsync = promisify(zstdCompress);

/** Compresses where that helps. Large contents are compressed off the main thread. */
export async function pack(content: Uint8Array): Promise<Packed> {
  if (content.length < 256) return { encoding: 'identity', bytes: content };
  const bytes =
    content.length < 32_768
      ? zstdCompressSync(content, { params })
      : await compressAsync(content, { params, chunkSize: content.length >> 2 });
  return bytes.length < content.length
    ? { encoding: 'zstd', bytes }
    : { encoding: 'identity', bytes: content };
}

export const encryptedLength = (packed: Packed): number => packed.bytes.length + tagBytes;

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
  return [cipher.update(packed.bytes), cipher.final(), cipher.getAuthTag()];
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
