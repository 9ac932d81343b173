import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { formatVerifierKey, verifierKey } from '../../../core/audit/signed-note.ts';
import { SluiceError } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Keys } from '../../../ports/keys.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { dataKeys, type KeyObjects } from './data-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { openKms } from './kms.ts';
import { linkKeys } from './link-keys.ts';
import { recordSigners } from './record-signers.ts';

export type CloudKeysOptions = {
  /** The log's name in checkpoints, e.g. `sluice.example.com/audit`. */
  readonly logName: string;
  /** `projects/.../cryptoKeys/KEY/cryptoKeyVersions/N`, EC_SIGN_ED25519: one version, since auditors hold its public key. */
  readonly logKeyVersion: string;
  /** `projects/.../cryptoKeys/KEY`, EC_SIGN_ED25519: rotates by new versions. */
  readonly linkKey: string;
  /** `projects/.../cryptoKeys/KEY`, for ENCRYPT_DECRYPT: rotates by itself. */
  readonly wrappingKey: string;
  /** Where wrapped data keys lie: `openKeyObjects` of the derived bucket. */
  readonly objects: KeyObjects;
  readonly secrets: Secrets;
  /** The secret that holds the root of keyed hashes: 32 bytes in base64. */
  readonly hmacSecret: string;
  readonly clock: Clock;
  readonly auth?: AuthClient | GoogleAuth;
  /** Where KMS answers: `https://cloudkms.googleapis.com`, or another, for tests `http://host:port`. */
  readonly apiEndpoint?: string;
  readonly deadlineMs?: number;
};
export type CloudKeys = Keys & {
  /** The log's public key as an auditor keeps it: `name+keyid+base64`. */
  readonly publicKeyText: string;
  /** Makes everything that was encrypted with this data key unreadable for ever. False where it was gone already. */
  destroyDataKey(id: string): Promise<boolean>;
  /** How old each key is that a person rotates. */
  ages(): readonly { readonly name: string; readonly createdMs: number }[];
};

const keyName = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;
const versionName = new RegExp(`${keyName.source.slice(0, -1)}/cryptoKeyVersions/[1-9][0-9]*$`);

/**
 * Keys of Cloud KMS and Secret Manager. Opening asks for everything once and throws SluiceError `sink_unavailable`, with a
 * remedy, where a key is missing, of another kind or not permitted. After that a record needs no call:
 * its signing and data keys, each good for an hour, the public keys and the root of hashes are in memory.
 */
export async function openCloudKeys(options: CloudKeysOptions): Promise<CloudKeys> {
  checkNames(options);
  const { clock, logName, logKeyVersion } = options;
  const kms = openKms({
    world: clock,
    deadlineMs: options.deadlineMs ?? 4_000,
    ...(options.auth === undefined ? {} : { auth: options.auth }),
    ...(options.apiEndpoint === undefined ? {} : { apiEndpoint: options.apiEndpoint }),
  });
  const data = dataKeys(kms, options.wrappingKey, options.objects);
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => kms.sign(logKeyVersion, bytes, await logKey);
  const logKey = kms.publicKey(logKeyVersion);
  logKey.catch(() => {});
  const recordSigner = recordSigners(logName, sign);
  const hmac = keyedHash(options.secrets, options.hmacSecret);
  const [log, logVersion, links] = await Promise.all([
    logKey,
    kms.version(logKeyVersion),
    linkKeys(kms, options.linkKey, clock),
    recordSigner(clock.nowMs()),
    data.current(clock.nowMs()),
    hmac('csrf', new Uint8Array()),
  ]);
  return {
    logName,
    publicKey: log.raw,
    publicKeyText: formatVerifierKey(verifierKey(logName, log.raw)),
    sign,
    recordSigner,
    signLink: links.sign,
    verifyLink: links.verify,
    dataKey: data.current,
    unwrap: data.read,
    hmac,
    destroyDataKey: data.destroy,
    ages: () => [logVersion, links.newest()].map(({ name, createdMs }) => ({ name, createdMs })),
  };
}

function checkNames({ logKeyVersion, linkKey, wrappingKey }: CloudKeysOptions): void {
  const wanted = 'projects/P/locations/L/keyRings/R/cryptoKeys/K';
  const refuse = (what: string, name: string, form: string): never => {
    throw new SluiceError('sink_unavailable', `the ${what} "${name}" must be named ${form}`);
  };
  if (!versionName.test(logKeyVersion)) refuse("log's key", logKeyVersion, `${wanted}/cryptoKeyVersions/N`);
  if (!keyName.test(linkKey)) refuse('key for links', linkKey, wanted);
  if (!keyName.test(wrappingKey)) refuse('wrapping key', wrappingKey, wanted);
  // A signed link must never pass for a signed checkpoint.
  if (logKeyVersion.startsWith(`${linkKey}/`))
    refuse('key for links', linkKey, 'otherwise than the key of the log');
}
