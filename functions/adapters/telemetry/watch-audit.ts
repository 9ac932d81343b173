import { parsePlan } from '../../core/audit/leaf.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { copyOf } from './copy.ts';

/** Derives how the log is sealed from the plans and checkpoints that are written. */
export function watchAudit(audit: AuditStore, telemetry: Telemetry, clock: Pick<Clock, 'nowMs'>): AuditStore {
  return Object.assign(copyOf(audit), {
    async create(name, bytes) {
      const done = await audit.create(name, bytes);
      if (done === 'exists') return done;
      if (name.startsWith('plan/')) countPlan(telemetry, bytes, clock.nowMs());
      else if (name.startsWith('cp/')) telemetry.measure('sluice_seals_total', 1, {});
      else noteDelivery(telemetry, name);
      return done;
    },
  } satisfies Partial<AuditStore>);
}

/** The record of an answer: `rec/d/<day>/<ms>-r_<hex>`. */
function noteDelivery(telemetry: Telemetry, name: string): void {
  const requestId = /^rec\/d\/[0-9-]{10}\/[0-9]+-(r_[0-9a-f]{16})$/.exec(name)?.[1];
  if (requestId !== undefined) telemetry.scope()?.note({ requestId });
}

function countPlan(telemetry: Telemetry, bytes: Uint8Array, nowMs: number): void {
  const leaves = parsePlan(bytes);
  if ('problem' in leaves) return;
  telemetry.measure('sluice_sealed_records_total', leaves.length, {});
  const times = leaves.flatMap(({ name }) => timeInName(name) ?? []);
  if (times.length === 0) return;
  const oldestMs = times.reduce((oldest, timeMs) => Math.min(oldest, timeMs), nowMs);
  telemetry.measure('sluice_seal_lag_seconds', (nowMs - oldestMs) / 1000, {});
}

/** Answers, views, heartbeats, starts and stops carry their time in their names; events of queries do not. */
const timeInName = (name: string): number | undefined => {
  const digits = /^rec\/(?:d|heartbeat)\/[0-9-]{10}\/([0-9]{10,15})-/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
