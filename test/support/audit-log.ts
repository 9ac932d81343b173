import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { AuditEntry } from '../../functions/core/audit/entry.ts';
import { type VerifierKey, verifierKey } from '../../functions/core/audit/signed-note.ts';
import type { LogPorts } from '../../functions/pipeline/log-memory.ts';
import { record } from '../../functions/pipeline/record.ts';
import { sealLog } from '../../functions/pipeline/seal-log.ts';
import type { Clock } from '../../functions/ports/clock.ts';
import type { Keys } from '../../functions/ports/keys.ts';
import { type MemoryAuditStore, memoryAuditStore } from './memory-audit-store.ts';

/** Keys in memory that never change hour; `destroy` forgets the data key. */
export function memoryKeys(logName = 'sluice.test/audit'): Keys & { destroy(): void } {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const secret = randomBytes(32);
  let data: Uint8Array | undefined = randomBytes(32);
  const signed = async (bytes: Uint8Array): Promise<Uint8Array> => sign(null, bytes, pair.privateKey);
  return {
    logName,
    publicKey,
    sign: signed,
    recordSigner: async () => ({ sign: signed }),
    signLink: async (payload) => ({ kid: 'k', signature: await signed(payload) }),
    verifyLink: async () => false,
    dataKey: async () => ({ id: 'dk_1', key: data ?? randomBytes(32), wrapped: 'dk_1' }),
    unwrap: async () => data,
    hmac: async (purpose, bytes) => createHmac('sha256', secret).update(purpose).update(bytes).digest(),
    destroy: () => {
      data = undefined;
    },
  };
}

/** Time that moves only when told; it never runs out by itself. */
export function steppedClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    sleep: () => new Promise(() => {}),
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export type TestLog = LogPorts & {
  readonly audit: MemoryAuditStore;
  readonly clock: ReturnType<typeof steppedClock>;
  readonly keys: ReturnType<typeof memoryKeys>;
  readonly key: VerifierKey;
};

export function testLog(): TestLog {
  const keys = memoryKeys();
  return {
    audit: memoryAuditStore(),
    clock: steppedClock(1_790_000_000_000),
    keys,
    key: verifierKey(keys.logName, keys.publicKey),
  };
}

const who = { issuer: 'https://issuer.test', subject: 'ada' };

export const delivery = (log: LogPorts, number: number, body: string): AuditEntry => ({
  kind: 'delivery',
  name: `d/2026-09-21/${String(number).padStart(6, '0')}`,
  timeMs: log.clock.nowMs(),
  session: 's_one',
  principal: who,
  clear: { method: 'GET', path: `/queries/${number}`, httpStatus: 200, jobId: `job_${number}` },
  content: Buffer.from(body),
});

export const event = (
  log: LogPorts,
  id: string,
  version: number,
  clear: AuditEntry['clear'],
): AuditEntry => ({
  kind: 'event',
  name: `q/${id}/${String(version).padStart(4, '0')}`,
  timeMs: log.clock.nowMs(),
  session: 's_one',
  principal: who,
  query: { id, jobId: `job_${id}`, version },
  clear,
  content: Buffer.from(JSON.stringify({ event: clear.event, sql: `SELECT ${version}` })),
});

/** The events of a query that was held, approved and run. */
export const heldLife = (digest = 'sha256:aa'): readonly AuditEntry['clear'][] => [
  { event: 'receive', state: 'received' },
  { event: 'evaluate', state: 'evaluated', digest },
  { event: 'hold', state: 'held' },
  { event: 'approve', state: 'approved', digest, complete: true },
  { event: 'dispatch', state: 'running', digest },
  { event: 'finish', state: 'done' },
];

export async function recordLife(
  log: LogPorts,
  id: string,
  life: readonly AuditEntry['clear'][],
): Promise<void> {
  for (const [version, clear] of life.entries()) await record(log, event(log, id, version, clear));
}

/** Three seals over deliveries and two whole queries, and two records that are not sealed yet. */
export async function filledLog(): Promise<TestLog> {
  const log = testLog();
  await recordLife(log, 'sluice_a', heldLife());
  await record(log, delivery(log, 1, '{"rows":[1]}'));
  await sealLog(log);
  log.clock.advance(1_000);
  await record(log, delivery(log, 2, `{"rows":[${'2,'.repeat(400)}2]}`));
  await sealLog(log);
  log.clock.advance(1_000);
  await recordLife(log, 'sluice_b', heldLife('sha256:bb'));
  await record(log, delivery(log, 3, ''));
  await sealLog(log);
  log.clock.advance(1_000);
  await record(log, delivery(log, 4, 'four'));
  await record(log, delivery(log, 5, 'five'));
  return log;
}
