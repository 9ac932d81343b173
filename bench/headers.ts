// How fast headers for SQL are derived: node bench/headers.ts (Node 24). A log in a folder, of records as the gateway writes
// them; once by the process that wrote them, once by another that reads each record again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryAuditStore } from '../functions/adapters/audit-store/directory.ts';
import { systemClock } from '../functions/adapters/clock/system.ts';
import { directoryDerivedStore } from '../functions/adapters/derived-store/directory.ts';
import { openLocalKeys } from '../functions/adapters/keys/local.ts';
import { headerMembers } from '../functions/core/audit/header-lines.ts';
import type { RecordHeader } from '../functions/core/audit/record-format.ts';
import { type DerivePorts, deriveHeaders } from '../functions/pipeline/derive-headers.ts';
import { keepHeaders } from '../functions/pipeline/log-memory.ts';
import { record } from '../functions/pipeline/record.ts';
import { sealLog } from '../functions/pipeline/seal-log.ts';
import { verifyHeaders } from '../functions/pipeline/verify-headers.ts';

const count = Number(process.argv[2] ?? 20_000);
const bodyBytes = Number(process.argv[3] ?? 2_000);
const state = mkdtempSync(join(tmpdir(), 'sluice-headers-'));
const keys = await openLocalKeys(state);
const open = (derived: string): DerivePorts => ({
  clock: systemClock,
  keys,
  audit: directoryAuditStore(state),
  derived: directoryDerivedStore(join(state, derived)),
});
const body = Buffer.from(Array.from({ length: bodyBytes }, (_, at) => 33 + ((at * 7919) % 90)));
const entry = (number: number) => ({
  kind: 'delivery' as const,
  name: `d/2026-11-23/${1_795_392_000_000 + number}-r_${String(number).padStart(16, '0')}`,
  timeMs: 1_795_392_000_000 + number,
  session: 's_0123456789abcdef',
  principal: { issuer: 'https://accounts.google.com', subject: '123456789012345678901' },
  clear: {
    ...{
      requestId: `r_${String(number).padStart(16, '0')}`,
      method: 'GET',
      httpStatus: 200,
      bytes: bodyBytes,
    },
    ...{ path: '/bigquery/v2/projects/acme/queries/job_1', jobId: 'job_1', queryId: 'sluice_7c1d' },
    ...{ startIndex: 0, rows: 100, totalRows: 100 },
  },
  content: body,
});

const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
  const startMs = performance.now();
  await work();
  const ms = performance.now() - startMs;
  process.stdout.write(`${what}: ${Math.round(ms)} ms, ${Math.round((count / ms) * 1000)} records/s\n`);
};

try {
  const writer = open('derived');
  keepHeaders(writer);
  await timed('written', async () => {
    for (let at = 0; at < count; at += 50)
      await Promise.all(Array.from({ length: 50 }, (_, n) => record(writer, entry(at + n))));
  });
  await timed('sealed', () => sealLog(writer));
  await timed('derived from memory', () => deriveHeaders(writer));
  const other = open('again');
  await sealLog(other);
  await timed('derived from the records', () => deriveHeaders(other));
  await timed('compared with the log', () => verifyHeaders(other.audit, other.derived));
  const header = { ...entry(1), sealed: 0, writer: { instance: 'x', seq: 1 } } as unknown as RecordHeader;
  await timed('lines made', async () => {
    for (let at = 0; at < count; at++) headerMembers(header);
  });
} finally {
  rmSync(state, { recursive: true, force: true });
}
