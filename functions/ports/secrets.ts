/** One enabled version of a secret. `id` never names another value. */
export type SecretVersion = {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly createdMs: number;
};

/** The versions of a secret that are in use, oldest first; there is at least one. */
export type SecretVersions = readonly [SecretVersion, ...SecretVersion[]];

/**
 * Secrets that have no better place: what KMS cannot hold, and a service account's key where there is no other way. They
 * change without a restart. Failure to reach them throws SluiceError `sink_unavailable` once the last good value is too old.
 */
export type Secrets = {
  /** At least the oldest and the newest enabled version. From memory but the first time. */
  read(name: string): Promise<SecretVersions>;
  /** Looks for new versions now. */
  refresh(): Promise<void>;
  /** How old the newest version of each secret is that was read. */
  ages(): readonly { readonly name: string; readonly createdMs: number }[];
};

/** The version that new things are made with. */
export const newestOf = (versions: SecretVersions): SecretVersion =>
  versions[versions.length - 1] ?? versions[0];
