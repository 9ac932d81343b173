/** What Cloud Storage says of a bucket, as far as it matters here. https://cloud.google.com/storage/docs/json_api/v1/buckets */
export type BucketFacts = {
  readonly retentionPolicy?: { readonly retentionPeriod?: string | number; readonly isLocked?: boolean };
  readonly iamConfiguration?: {
    readonly uniformBucketLevelAccess?: { readonly enabled?: boolean };
    readonly publicAccessPrevention?: string;
  };
  readonly lifecycle?: { readonly rule?: readonly LifecycleRule[] };
  readonly versioning?: { readonly enabled?: boolean };
  readonly softDeletePolicy?: { readonly retentionDurationSeconds?: string | number };
};
type LifecycleRule = {
  readonly action?: { readonly type?: string };
  readonly condition?: { readonly age?: number };
};

const dayMs = 86_400_000;
const clockLimitMs = 30_000;

/** Why this bucket must not hold the log, each in one line with the command that mends it. */
export function logBucketReasons(
  bucket: string,
  facts: BucketFacts,
  minimumRetentionMs: number,
): readonly string[] {
  return [
    ...retentionReasons(bucket, facts, minimumRetentionMs),
    ...accessReasons(bucket, facts),
    ...lifecycleReasons(bucket, facts, minimumRetentionMs),
  ];
}

const update = (bucket: string, flags: string): string =>
  `gcloud storage buckets update gs://${bucket} ${flags}`;

function retentionReasons(bucket: string, facts: BucketFacts, minimumRetentionMs: number): readonly string[] {
  const wantedSeconds = Math.ceil(minimumRetentionMs / 1000);
  const seconds = Number(facts.retentionPolicy?.retentionPeriod ?? 0);
  const reasons: string[] = [];
  if (!(seconds > 0)) {
    reasons.push(
      `gs://${bucket} has no retention policy: run ${update(bucket, `--retention-period=${wantedSeconds}s`)}`,
    );
  } else if (seconds < wantedSeconds) {
    reasons.push(
      `gs://${bucket} keeps objects for ${seconds} s, less than ${wantedSeconds} s: run ${update(bucket, `--retention-period=${wantedSeconds}s`)}`,
    );
  }
  if (facts.retentionPolicy?.isLocked !== true) {
    reasons.push(
      `the retention policy of gs://${bucket} is not locked: run ${update(bucket, '--lock-retention-period')} and answer y (it cannot be undone; with --quiet it locks nothing)`,
    );
  }
  return reasons;
}

function accessReasons(bucket: string, facts: BucketFacts): readonly string[] {
  const reasons: string[] = [];
  if (facts.iamConfiguration?.uniformBucketLevelAccess?.enabled !== true) {
    reasons.push(
      `gs://${bucket} allows access lists on single objects: run ${update(bucket, '--uniform-bucket-level-access')}`,
    );
  }
  if (facts.iamConfiguration?.publicAccessPrevention !== 'enforced') {
    reasons.push(`gs://${bucket} could be made public: run ${update(bucket, '--public-access-prevention')}`);
  }
  return reasons;
}

/** All conditions of a rule must hold at once, so an age that is high enough is enough. */
function lifecycleReasons(bucket: string, facts: BucketFacts, minimumRetentionMs: number): readonly string[] {
  const early = (facts.lifecycle?.rule ?? []).filter(
    (rule) => rule.action?.type === 'Delete' && (rule.condition?.age ?? 0) * dayMs < minimumRetentionMs,
  );
  if (early.length === 0) return [];
  const days = Math.ceil(minimumRetentionMs / dayMs);
  return [
    `gs://${bucket} has a lifecycle rule that deletes objects before they are ${days} days old: give it the condition age >= ${days}, or run ${update(bucket, '--clear-lifecycle')}`,
  ];
}

/**
 * Why this bucket must not hold wrapped data keys: a key that a rule deletes is content that nobody meant to erase, and one
 * that stays recoverable after its deletion is content that was not erased.
 */
export function keyBucketReasons(bucket: string, facts: BucketFacts): readonly string[] {
  const reasons = [...accessReasons(bucket, facts)];
  if (Number(facts.softDeletePolicy?.retentionDurationSeconds ?? 0) > 0)
    reasons.push(
      `gs://${bucket} keeps deleted keys recoverable: run ${update(bucket, '--clear-soft-delete')}`,
    );
  if (facts.versioning?.enabled === true)
    reasons.push(`gs://${bucket} keeps old versions of keys: run ${update(bucket, '--no-versioning')}`);
  if (Number(facts.retentionPolicy?.retentionPeriod ?? 0) > 0)
    reasons.push(
      `gs://${bucket} does not let keys be destroyed: run ${update(bucket, '--clear-retention-period')}`,
    );
  if ((facts.lifecycle?.rule ?? []).some((rule) => rule.action?.type === 'Delete'))
    reasons.push(
      `gs://${bucket} has a lifecycle rule that deletes keys, and so content: run ${update(bucket, '--clear-lifecycle')}`,
    );
  return reasons;
}

/** Why this machine's clock must not date records: `date` is the service's own header, `nowMs` ours in the middle of the call. */
export function clockReasons(date: string | undefined, nowMs: number): readonly string[] {
  const servedMs = Date.parse(date ?? '');
  if (!Number.isFinite(servedMs))
    return ['Cloud Storage did not say what time it is, so the clock cannot be checked'];
  // The header has no fraction of a second: its middle is the better guess.
  const offMs = Math.round(nowMs - (servedMs + 500));
  if (Math.abs(offMs) <= clockLimitMs) return [];
  const direction = offMs > 0 ? 'ahead of' : 'behind';
  return [
    `the clock of this machine is ${Math.round(Math.abs(offMs) / 1000)} s ${direction} Cloud Storage's: set it (timedatectl set-ntp true)`,
  ];
}
