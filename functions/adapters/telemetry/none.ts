import type { RequestScope, Telemetry } from '../../ports/telemetry.ts';

const scope: RequestScope = {
  function: 'embedded',
  route: 'none',
  noted: {},
  note: () => {},
  addRows: () => {},
  enter: () => {},
  leave: () => {},
  ownMs: () => 0,
};
const span = { end: () => {} };

/** Telemetry that keeps nothing. Ports and handlers are not wrapped for it, so that it costs nothing. */
export const noTelemetry: Telemetry = {
  observes: false,
  request: (_start, work) => work(scope),
  scope: () => undefined,
  span: () => span,
  measure: () => {},
  log: () => {},
  fault: () => {},
  flush: async () => {},
  close: async () => {},
};
