import { parsePlan } from '../../core/audit/leaf.ts';
import { decodeTrusted, type RecordHeader } from '../../core/audit/record-format.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { copyOf, quietly } from './copy.ts';

/** When records that were read were written: names of events do not say it. */
type Times = Map<string, number>;
const timesLimit = 20_000;

/** Derives what was delivered, and how the log is sealed, from the objects that are written and read. */
export function watchAudit(audit: AuditStore, telemetry: Telemetry, clock: Pick<Clock, 'nowMs'>): AuditStore {
  const times: Times = new Map();
  return Object.assign(copyOf(audit), {
    async create(name, bytes) {
      const done = await audit.create(name, bytes);
      if (done === 'exists') return done;
      quietly(telemetry, () => {
        if (name.startsWith('plan/')) countPlan(telemetry, times, bytes, clock.nowMs());
        else if (name.startsWith('cp/')) telemetry.measure('sluice_seals_total', 1, {});
        else if (name.startsWith('rec/d/')) noteDelivery(telemetry, name, bytes);
      });
      return done;
    },
    async read(name) {
      const found = await audit.read(name);
      if (found !== undefined && name.startsWith('rec/q/'))
        quietly(telemetry, () => rememberTime(times, name, found.bytes));
      return found;
    },
  } satisfies Partial<AuditStore>);
}

const headerOf = (name: string, bytes: Uint8Array): RecordHeader | undefined => {
  const record = decodeTrusted(name, bytes);
  return 'problem' in record ? undefined : record.header;
};

/** Only numbers and the record's own id are taken from the header. */
function noteDelivery(telemetry: Telemetry, name: string, bytes: Uint8Array): void {
  const scope = telemetry.scope();
  const requestId = /-(r_[0-9a-f]{16})$/.exec(name)?.[1];
  if (scope === undefined || requestId === undefined) return;
  scope.note({ requestId });
  const rows = headerOf(name, bytes)?.clear.rows;
  if (typeof rows === 'number') scope.addRows(rows);
}

function rememberTime(times: Times, name: string, bytes: Uint8Array): void {
  const timeMs = headerOf(name, bytes)?.timeMs;
  if (timeMs === undefined) return;
  times.set(name, timeMs);
  const oldest = times.keys().next();
  if (times.size > timesLimit && !oldest.done) times.delete(oldest.value);
}

function countPlan(telemetry: Telemetry, times: Times, bytes: Uint8Array, nowMs: number): void {
  const leaves = parsePlan(bytes);
  if ('problem' in leaves) return;
  telemetry.measure('sluice_sealed_records_total', leaves.length, {});
  let oldestMs = nowMs;
  for (const { name } of leaves) {
    oldestMs = Math.min(oldestMs, timeInName(name) ?? times.get(name) ?? nowMs);
    times.delete(name);
  }
  telemetry.measure('sluice_seal_lag_seconds', (nowMs - oldestMs) / 1000, {});
}

/** Answers, views, heartbeats, starts and stops carry their time in their names; events of queries do not. */
const timeInName = (name: string): number | undefined => {
  const digits = /^rec\/(?:d|heartbeat)\/[0-9-]{10}\/([0-9]{10,15})-/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
