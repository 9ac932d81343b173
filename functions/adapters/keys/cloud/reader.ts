import type { AuthClient, GoogleAuth } from 'google-auth-library';
import type { Clock } from '../../../ports/clock.ts';
import type { Keys } from '../../../ports/keys.ts';
import { dataKeys, type KeyObjects } from './data-keys.ts';
import { openKms } from './kms.ts';

export type RecordKeysOptions = {
  /** `projects/.../cryptoKeys/KEY` that wraps data keys; the caller may decrypt with it, and nothing else. */
  readonly wrappingKey: string;
  readonly objects: KeyObjects;
  readonly clock: Clock;
  readonly auth?: AuthClient | GoogleAuth;
  readonly apiEndpoint?: string;
};

/** What it takes to read records and no more: for people who look at what an agent saw. */
export function openRecordKeys(options: RecordKeysOptions): Pick<Keys, 'unwrap'> {
  const { wrappingKey, objects, clock, auth, apiEndpoint } = options;
  const kms = openKms({
    world: clock,
    deadlineMs: 10_000,
    ...(auth === undefined ? {} : { auth }),
    ...(apiEndpoint === undefined ? {} : { apiEndpoint }),
  });
  return { unwrap: dataKeys(kms, wrappingKey, objects).read };
}
