import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { SluiceError } from '../../../core/errors.ts';
import type { Keys } from '../../../ports/keys.ts';
import { newestOf, type Secrets, type SecretVersion } from '../../../ports/secrets.ts';

type Purpose = Parameters<Keys['hmac']>[0];

/** Which version of the root a purpose uses, and so what a rotation changes: docs/adr/0006. */
const versionFor: Readonly<Record<Purpose, 'oldest' | 'newest'>> = {
  'query-id': 'oldest',
  session: 'oldest',
  commitment: 'oldest',
  'page-token': 'oldest',
  csrf: 'oldest',
  mask: 'newest',
};

const cacheLimit = 64;

/** HMAC-SHA256 with keys that HKDF makes, one for each purpose, of a 32-byte root in a secret. */
export function keyedHash(secrets: Secrets, secretName: string): Keys['hmac'] {
  const keys = new Map<string, KeyObject>();
  return async (purpose, bytes) => {
    const versions = await secrets.read(secretName);
    const version = versionFor[purpose] === 'oldest' ? versions[0] : newestOf(versions);
    const name = `${version.id} ${purpose}`;
    const key = keys.get(name) ?? derive(secretName, version, purpose);
    if (keys.size >= cacheLimit) keys.clear();
    keys.set(name, key);
    return createHmac('sha256', key).update(bytes).digest();
  };
}

function derive(secretName: string, version: SecretVersion, purpose: Purpose): KeyObject {
  const text = Buffer.from(version.bytes).toString('latin1').trim();
  const root = Buffer.from(text, 'base64');
  if (root.length !== 32 || root.toString('base64') !== text) {
    const remedy = `run openssl rand -base64 32 | gcloud secrets versions add ${secretName.split('/').at(-1)} --data-file=-`;
    throw new SluiceError('sink_unavailable', `${version.id} is not a 32-byte key in base64: ${remedy}`);
  }
  const bytes = hkdfSync('sha256', root, new Uint8Array(), `sluice hmac ${purpose}`, 32);
  return createSecretKey(new Uint8Array(bytes));
}
