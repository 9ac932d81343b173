import type { Clock } from '../../ports/clock.ts';
import type { Notifier } from '../../ports/notifier.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { copyOf } from './copy.ts';
import type { HoldTimes } from './watch-state.ts';

/** How long approvers hear nothing of a hold. */
export function watchNotifier(
  notifier: Notifier,
  telemetry: Telemetry,
  clock: Pick<Clock, 'nowMs'>,
  holds: HoldTimes,
): Notifier {
  return Object.assign(copyOf(notifier), {
    async held(note) {
      await notifier.held(note);
      const heldMs = holds.get(note.queryId);
      holds.delete(note.queryId);
      if (heldMs === undefined) return;
      telemetry.measure('sluice_hold_notify_seconds', Math.max(0, clock.nowMs() - heldMs) / 1000, {});
    },
  } satisfies Partial<Notifier>);
}
