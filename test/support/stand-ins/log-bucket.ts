/** What `infra/` makes of the log's bucket: kept for 400 days, locked, no access lists, never public. */
export const lockedBucket = {
  retentionPolicy: {
    retentionPeriod: String(400 * 86_400),
    effectiveTime: '2026-01-01T00:00:00Z',
    isLocked: true,
  },
  iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
};
