import { SluiceError } from '../../core/errors.ts';
import type { Ports } from '../../ports/index.ts';
import { type PortCall, type PortName, portCalls, type Telemetry } from '../../ports/telemetry.ts';
import { copyOf } from './copy.ts';
import { watchAudit } from './watch-audit.ts';
import { watchNotifier } from './watch-notifier.ts';
import { type HoldTimes, watchState } from './watch-state.ts';

/**
 * The same ports, each call timed, and what passes them counted: the pipeline stays as it is and knows nothing of it. Call it
 * once, right after the ports are opened: what the process knows of a log hangs on the store's identity.
 */
export function withTelemetry(ports: Ports, telemetry: Telemetry): Ports {
  if (!telemetry.observes) return ports;
  const holds: HoldTimes = new Map();
  const timed = <P extends PortName>(name: P): Ports[P] => timedPort(name, ports[name], telemetry);
  return {
    ...ports,
    warehouse: timed('warehouse'),
    state: watchState(timed('state'), telemetry, holds),
    queue: timed('queue'),
    audit: watchAudit(timed('audit'), telemetry, ports.clock),
    keys: timed('keys'),
    identity: timed('identity'),
    notifier: watchNotifier(timed('notifier'), telemetry, ports.clock, holds),
  };
}

/** Calls that never leave the process once keys are loaded: timed, but no span each. */
const withoutSpan: ReadonlySet<PortCall> = new Set<PortCall>(['hmac', 'dataKey', 'recordSigner']);

/** A copy of a port whose listed methods are timed; everything else of it is as it was. */
function timedPort<T extends object>(port: PortName, target: T, telemetry: Telemetry): T {
  const copy = copyOf(target) as Record<string, unknown>;
  for (const call of portCalls[port]) {
    const method = (target as Record<string, unknown>)[call];
    if (typeof method === 'function')
      copy[call] = timedMethod(port, call, target, method as Method, telemetry);
  }
  return copy as T;
}

type Method = (...given: unknown[]) => Promise<unknown>;

function timedMethod(
  port: PortName,
  call: PortCall,
  target: object,
  method: Method,
  telemetry: Telemetry,
): Method {
  const name = `${port}.${call}` as const;
  const spans = !withoutSpan.has(call);
  return async (...given) => {
    const scope = telemetry.scope();
    const span = spans ? telemetry.span(name) : undefined;
    const startedMs = performance.now();
    const end = (code: SluiceError['code'] | 'ok'): void => {
      scope?.leave();
      span?.end({ code });
      telemetry.measure('sluice_port_call_seconds', (performance.now() - startedMs) / 1000, {
        port,
        call,
        code,
      });
    };
    scope?.enter();
    try {
      const result = await method.apply(target, given);
      end('ok');
      return result;
    } catch (error) {
      end(error instanceof SluiceError ? error.code : 'internal');
      throw error;
    }
  };
}
