import type { Attributes, RequestScope, RequestStart } from '../../ports/telemetry.ts';

/** One request's notes and stopwatch. `nowMs` is a clock that never goes back. */
export function openScope(start: RequestStart, nowMs: () => number): RequestScope {
  const startedMs = nowMs();
  const noted: Record<string, unknown> = {};
  let rows = 0;
  let under = 0;
  let sinceMs = 0;
  let waitedMs = 0;
  return {
    function: start.function,
    route: start.route,
    noted: noted as Attributes,
    note(attributes) {
      Object.assign(noted, attributes);
    },
    addRows(count) {
      rows += count;
      noted.rows = rows;
    },
    enter() {
      if (under === 0) sinceMs = nowMs();
      under += 1;
    },
    leave() {
      under -= 1;
      if (under === 0) waitedMs += nowMs() - sinceMs;
    },
    ownMs() {
      const now = nowMs();
      const waiting = under > 0 ? now - sinceMs : 0;
      return Math.max(0, now - startedMs - waitedMs - waiting);
    },
  };
}
