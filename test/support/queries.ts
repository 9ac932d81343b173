import type { Evaluation, Query } from '../../functions/core/query/query.ts';

/** A held-for-approval evaluation with believable facts. */
export function evaluationOf(change: Partial<Evaluation> = {}): Evaluation {
  return {
    statementType: 'SELECT',
    canonicalSql: 'SELECT 1',
    tables: [{ name: 'local.shop.orders', etag: 'e1', schemaHash: 'sha256:00' }],
    referenced: ['local.shop.orders'],
    masking: { columns: [] },
    schema: { fields: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] },
    estimate: { bytes: 1000, accuracy: 'PRECISE' },
    policy: { version: '1', hash: 'sha256:11' },
    decision: {
      outcome: 'hold',
      rules: [{ rule: 'default#expensive', effect: 'hold' }],
      limits: { maximumBytesBilled: 10_000_000, timeoutMs: 60_000 },
      hold: { approverGroups: ['approvers'], quorum: 1, holdMs: 3_600_000, reason: 'expensive' },
    },
    digest: 'sha256:22',
    ...change,
  };
}

/** A query that has just been received. */
export function queryOf(change: Partial<Query> = {}): Query {
  return {
    id: 'sluice_0000000000000000000000000000000000000001',
    version: 0,
    state: 'received',
    project: 'local',
    location: 'US',
    executionIdentity: 'embedded',
    jobId: 'job_1',
    caller: {
      principal: { issuer: 'http://issuer', subject: 'robot', kind: 'agent', groups: ['analysts'] },
      session: 's_1',
      tokenExpiresMs: 2_000_000_000_000,
    },
    door: 'jobs.query',
    request: { sql: 'SELECT 1', parameters: [], labels: {} },
    receivedMs: 1_000,
    approvals: [],
    ...change,
  };
}
