import { verify } from 'node:crypto';
import { SluiceError } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KeyVersion, Kms, PublicKey } from './kms.ts';

export type LinkKeys = {
  sign(payload: Uint8Array): Promise<{ readonly kid: string; readonly signature: Uint8Array }>;
  verify(kid: string, payload: Uint8Array, signature: Uint8Array): Promise<boolean>;
  newest(): KeyVersion;
};

/** How long a rotation, or the end of a version, may go unnoticed. */
const refreshMs = 300_000;
/** A stranger's kid makes nobody look more often than that. */
const strangerMs = 30_000;

/**
 * Links are signed with the newest enabled version of a key and verified with any enabled one, here, with public keys that
 * were fetched once. `kid` is `v` and the version's number. Disabling a version ends its links.
 */
export async function linkKeys(kms: Kms, key: string, clock: Clock): Promise<LinkKeys> {
  const publicKeys = new Map<string, Promise<PublicKey>>();
  let versions: readonly KeyVersion[] = [];
  let lookedMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= (async () => {
      lookedMs = clock.nowMs();
      const found = await kms.enabledVersions(key);
      if (found.length === 0) throw noVersion(key);
      versions = found;
      for (const kid of publicKeys.keys())
        if (!found.some((one) => kidOf(one) === kid)) publicKeys.delete(kid);
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const publicKey = (version: KeyVersion): Promise<PublicKey> => {
    const kid = kidOf(version);
    const known = publicKeys.get(kid) ?? kms.publicKey(version.name);
    publicKeys.set(kid, known);
    known.catch(() => publicKeys.delete(kid));
    return known;
  };
  const aged = (limitMs: number): boolean => Math.abs(clock.nowMs() - lookedMs) >= limitMs;
  const newest = (): KeyVersion => {
    const last = versions.at(-1);
    if (last === undefined) throw noVersion(key);
    return last;
  };
  await look();
  await publicKey(newest());
  return {
    newest,
    async sign(payload) {
      if (aged(refreshMs)) await look();
      const version = newest();
      const signature = await kms.sign(version.name, payload, await publicKey(version));
      return { kid: kidOf(version), signature };
    },
    async verify(kid, payload, signature) {
      if (!/^v[1-9][0-9]{0,8}$/.test(kid) || signature.length !== 64) return false;
      const find = (): KeyVersion | undefined => versions.find((one) => kidOf(one) === kid);
      if (aged(refreshMs) || (find() === undefined && aged(strangerMs))) await look();
      const version = find();
      return version !== undefined && verify(null, payload, (await publicKey(version)).object, signature);
    },
  };
}

const kidOf = ({ number }: KeyVersion): string => `v${number}`;

const noVersion = (key: string): SluiceError =>
  new SluiceError('sink_unavailable', `${key} has no enabled version: run gcloud kms keys versions create`);
