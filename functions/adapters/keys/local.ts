import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { formatVerifierKey, verifierKey } from '../../core/audit/signed-note.ts';
import type { DataKey, Keys } from '../../ports/keys.ts';
import { type DataKeyStore, dataKeyStore } from './data-keys.ts';
import { type KeyFiles, openKeyFiles, type SigningKey, verifyWith } from './key-files.ts';

export type LocalKeys = Keys & {
  /** The log's public key as an auditor keeps it: `name+keyid+base64`. */
  readonly publicKeyText: string;
  /** Makes everything that was encrypted with this data key unreadable for ever. False where it was gone already. */
  destroyDataKey(id: string): Promise<boolean>;
};

const hourMs = 3_600_000;

/**
 * Keys in `<stateDir>/keys` (folder 0700, files 0600), made on the first start unless `create` is false; the public key
 * lies in `<stateDir>/audit.pub`. Wrapped data keys lie in `keys/data/<id>`, and a record's `wrapped` is that id: erasing
 * the file erases the content. Throws SluiceError `sink_unavailable` with a one-line remedy where a key is missing, broken
 * or readable by others.
 */
export async function openLocalKeys(
  stateDir: string,
  options: { readonly logName?: string; readonly create?: boolean } = {},
): Promise<LocalKeys> {
  const logName = options.logName ?? 'sluice.local/audit';
  const files = await openKeyFiles(stateDir, logName, options.create ?? true);
  const store = dataKeyStore(stateDir, files.encryptionKey);
  const hmacKeys = new Map<string, KeyObject>();
  return {
    logName,
    publicKey: files.log.publicKey,
    publicKeyText: formatVerifierKey(verifierKey(logName, files.log.publicKey)),
    sign: async (bytes) => signWith(files.log, bytes),
    recordSigner: async () => ({ sign: async (bytes) => signWith(files.log, bytes) }),
    signLink: async (payload) => ({ kid: files.link.kid, signature: signWith(files.link, payload) }),
    verifyLink: async (kid, payload, signature) =>
      kid === files.link.kid && verifyWith(files.link, payload, signature),
    dataKey: hourly(store),
    unwrap: (wrapped) => store.read(wrapped),
    hmac: async (purpose, bytes) =>
      createHmac('sha256', hmacKey(files, hmacKeys, purpose))
        .update(bytes)
        .digest(),
    destroyDataKey: (id) => store.destroy(id),
  };
}

const signWith = (key: SigningKey, bytes: Uint8Array): Uint8Array => sign(null, bytes, key.privateKey);

function hmacKey(files: KeyFiles, cache: Map<string, KeyObject>, purpose: string): KeyObject {
  const known = cache.get(purpose);
  if (known !== undefined) return known;
  const info = `sluice hmac ${purpose}`;
  const bytes = hkdfSync('sha256', files.hmacMaster, new Uint8Array(), info, 32);
  const key = createSecretKey(new Uint8Array(bytes));
  cache.set(purpose, key);
  return key;
}

/** One data key for each hour of this process; a destroyed one is never used again. */
function hourly(store: DataKeyStore): (nowMs: number) => Promise<DataKey> {
  let current: { readonly hour: number; readonly id: string; readonly key: Promise<DataKey> } | undefined;
  return (nowMs) => {
    const hour = Math.floor(nowMs / hourMs);
    if (current !== undefined && current.hour === hour && !store.isDestroyed(current.id)) return current.key;
    const when = new Date(hour * hourMs).toISOString().slice(0, 13).replace(/[-T]/g, '');
    const id = `dk_${when}_${randomBytes(8).toString('hex')}`;
    const made = { hour, id, key: store.make(id) };
    current = made;
    made.key.catch(() => {
      if (current === made) current = undefined;
    });
    return made.key;
  };
}
