import { jsonApiError, type Reply } from './serve.ts';

/** A bucket's metadata as Cloud Storage keeps it; the rest of what a client sets is kept as it came. */
export type BucketMetadata = {
  name: string;
  metageneration: number;
  retentionPolicy?: { retentionPeriod: string; effectiveTime: string; isLocked?: boolean };
  iamConfiguration: {
    uniformBucketLevelAccess: { enabled: boolean };
    publicAccessPrevention: string;
  };
  lifecycle?: { rule?: readonly object[] };
  [other: string]: unknown;
};

export function newBucket(name: string, given: Record<string, unknown> = {}): BucketMetadata {
  const bucket: BucketMetadata = {
    kind: 'storage#bucket',
    id: name,
    location: 'US',
    storageClass: 'STANDARD',
    timeCreated: new Date().toISOString(),
    name,
    metageneration: 0,
    iamConfiguration: { uniformBucketLevelAccess: { enabled: false }, publicAccessPrevention: 'inherited' },
  };
  patch(bucket, given);
  const { isLocked } = (given.retentionPolicy ?? {}) as { isLocked?: boolean };
  if (isLocked !== undefined && bucket.retentionPolicy !== undefined)
    bucket.retentionPolicy.isLocked = isLocked;
  return bucket;
}

export const shown = (bucket: BucketMetadata): object => ({
  ...bucket,
  metageneration: String(bucket.metageneration),
});

/** Changes the metadata, or says why the lock does not allow it. */
export function patch(bucket: BucketMetadata, change: Record<string, unknown>): Reply | undefined {
  const { retentionPolicy, iamConfiguration, name: _name, metageneration: _meta, ...rest } = change;
  if (retentionPolicy !== undefined) {
    const wanted = (retentionPolicy as { retentionPeriod?: string | number } | null)?.retentionPeriod;
    const refused = lockRefuses(bucket, wanted);
    if (refused !== undefined) return refused;
    if (wanted === undefined) delete bucket.retentionPolicy;
    else {
      bucket.retentionPolicy = {
        ...bucket.retentionPolicy,
        retentionPeriod: String(wanted),
        effectiveTime: bucket.retentionPolicy?.effectiveTime ?? new Date().toISOString(),
      };
    }
  }
  if (iamConfiguration !== undefined) {
    bucket.iamConfiguration = { ...bucket.iamConfiguration, ...(iamConfiguration as object) };
  }
  Object.assign(bucket, rest);
  for (const [key, value] of Object.entries(bucket)) if (value === null) delete bucket[key];
  bucket.metageneration++;
  return undefined;
}

function lockRefuses(bucket: BucketMetadata, wanted: string | number | undefined): Reply | undefined {
  const { retentionPolicy } = bucket;
  if (retentionPolicy?.isLocked !== true) return undefined;
  if (wanted !== undefined && Number(wanted) >= Number(retentionPolicy.retentionPeriod)) return undefined;
  const message = `Cannot reduce retention duration of a locked Retention Policy for bucket '${bucket.name}'.`;
  return { status: 403, body: jsonApiError(403, 'forbidden', message) };
}

export function lock(bucket: BucketMetadata, ifMetagenerationMatch: string | null): Reply {
  if (ifMetagenerationMatch === null) {
    return { status: 400, body: jsonApiError(400, 'required', 'Required parameter: ifMetagenerationMatch') };
  }
  if (ifMetagenerationMatch !== String(bucket.metageneration)) return preconditionFailed;
  if (bucket.retentionPolicy === undefined) {
    const message = `Bucket '${bucket.name}' does not have a retention policy.`;
    return { status: 400, body: jsonApiError(400, 'invalid', message) };
  }
  bucket.retentionPolicy.isLocked = true;
  bucket.metageneration++;
  return { status: 200, body: shown(bucket) };
}

export const preconditionFailed: Reply = {
  status: 412,
  body: {
    error: {
      code: 412,
      message: 'At least one of the pre-conditions you specified did not hold.',
      errors: [
        {
          message: 'At least one of the pre-conditions you specified did not hold.',
          domain: 'global',
          reason: 'conditionNotMet',
          locationType: 'header',
          location: 'If-Match',
        },
      ],
    },
  },
};

/** Google's refusal to delete or replace an object that the retention policy still holds, or undefined. */
export function retentionRefuses(
  bucket: BucketMetadata,
  object: string,
  createdMs: number,
  nowMs: number,
): Reply | undefined {
  const { retentionPolicy } = bucket;
  if (retentionPolicy === undefined) return undefined;
  const untilMs = createdMs + Number(retentionPolicy.retentionPeriod) * 1000;
  if (nowMs >= untilMs) return undefined;
  const until = new Date(untilMs).toISOString();
  const message = `Object '${bucket.name}/${object}' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until ${until}`;
  return { status: 403, body: jsonApiError(403, 'retentionPolicyNotMet', message) };
}
