import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../ports/clock.ts';
import type { Attributes, Code, FunctionName, RequestScope, Telemetry } from '../../ports/telemetry.ts';
import { errorFacts } from './error-text.ts';
import type { Entry, Lines } from './lines.ts';
import type { Exporter, RootSpan } from './otel.ts';
import { openScope } from './scope.ts';
import { type TraceContext, traceContextOf } from './trace-context.ts';

export type Parts = {
  readonly lines: Lines;
  readonly exporter: Exporter | undefined;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly function: FunctionName;
  /** Gets broken promises whole, messages included: for developers, on their own machine. */
  readonly debug: ((text: string) => void) | undefined;
  /** Whether requests have lines. */
  readonly requests: boolean;
};

/** What a request carries with it, however deep its work goes. */
type Frame = {
  readonly scope: RequestScope;
  readonly startedMs: number;
  readonly trace: TraceContext | undefined;
  readonly root: RootSpan | undefined;
};
type Frames = AsyncLocalStorage<Frame>;
type Say = (entry: Omit<Entry, 'timeMs' | 'trace'>) => void;
type Measure = Telemetry['measure'];

/** Between two exports that requests start, at least: see `exportsBeside`. */
const exportEveryMs = 10_000;
const nowMs = (): number => performance.now();
const noSpan = { end: () => {} };

/** Telemetry from lines and, where there is one, an exporter. */
export function assemble(parts: Parts): Telemetry {
  const { exporter } = parts;
  const frames: Frames = new AsyncLocalStorage();
  const say: Say = (entry) =>
    parts.lines({ ...entry, timeMs: parts.clock.nowMs(), trace: frames.getStore()?.trace });
  const measure: Measure = (name, value, attributes) =>
    exporter?.measure(name, value, attributes as Attributes);
  const fault = faults(parts, frames, say, measure);
  return {
    observes: parts.requests || exporter !== undefined,
    scope: () => frames.getStore()?.scope,
    measure,
    request: requests(parts, frames, fault, finishing(parts, say, measure)),
    span: (name) => frames.getStore()?.root?.child(name) ?? noSpan,
    log: say,
    fault,
    flush: async () => exporter?.flush(),
    close: async () => exporter?.close(),
  };
}

type Finish = (frame: Frame, code: Code | undefined) => void;

function requests(
  { exporter }: Parts,
  frames: Frames,
  fault: Telemetry['fault'],
  finish: Finish,
): Telemetry['request'] {
  const exportBeside = exporter === undefined ? () => {} : exportsBeside(exporter);
  return (start, work) => {
    exportBeside();
    const parent = traceContextOf(start.traceparent, start.cloudTraceContext);
    const root = exporter?.root(start, parent);
    const scope = openScope(start, nowMs);
    const frame: Frame = { scope, root, startedMs: nowMs(), trace: root?.trace ?? parent };
    return frames.run(frame, async () => {
      try {
        const result = await work(scope);
        finish(frame, undefined);
        return result;
      } catch (error) {
        fault(error);
        finish(frame, errorFacts(error).code as Code);
        throw error;
      }
    });
  };
}

/** The end of a request: its span, its share of the metrics, its line. */
function finishing({ requests: hasLines }: Parts, say: Say, measure: Measure): Finish {
  return ({ scope, root, startedMs }, code) => {
    const durationMs = nowMs() - startedMs;
    const ownMs = Math.round(scope.ownMs() * 1000) / 1000;
    scope.note({ ...(code === undefined ? {} : { code }), ownMs });
    const { function: name, route, noted } = scope;
    const { status, rows = 0, bytes = 0 } = noted;
    root?.end({ function: name, route, ...noted });
    const answered = { function: name, route, ...(status === undefined ? {} : { status }) };
    measure('sluice_request_duration_seconds', durationMs / 1000, answered);
    measure('sluice_request_own_seconds', ownMs / 1000, { function: name, route });
    const delivered = status !== undefined && status < 300;
    if (delivered && rows > 0) measure('sluice_rows_delivered_total', rows, { function: name });
    if (delivered && bytes > 0) measure('sluice_bytes_delivered_total', bytes, { function: name });
    if (!hasLines) return;
    const severity = code !== undefined || (status ?? 200) >= 500 ? 'ERROR' : 'INFO';
    say({ severity, event: 'request', attributes: { function: name, route, ...noted }, durationMs });
  };
}

/** Tells each broken promise once, however many hear of it. */
function faults(parts: Parts, frames: Frames, say: Say, measure: Measure): Telemetry['fault'] {
  const told = new WeakSet<object>();
  const attributes = { function: parts.function };
  return (error) => {
    if (typeof error === 'object' && error !== null) {
      if (told.has(error)) return;
      told.add(error);
    }
    const facts = errorFacts(error);
    if (frames.getStore() !== undefined && isForeignCall(parts.function, facts.code)) {
      say({ severity: 'WARNING', event: 'push-refused', attributes, detail: facts.message });
      return;
    }
    measure('sluice_faults_total', 1, { code: facts.code as Code });
    say({ severity: 'ERROR', event: 'fault', attributes, error: facts });
    parts.debug?.(`${error instanceof Error ? error.stack : String(error)}\n`);
  };
}

/** `resume` and `sweep` are called by services of Google's only: whoever else calls has broken no promise of ours. */
const isForeignCall = (name: FunctionName, code: string): boolean =>
  (name === 'resume' || name === 'sweep') && (code === 'unauthenticated' || code === 'invalid');

/**
 * Cloud Run takes the CPU away once an answer is out, so timers of the SDK may sleep for long there. So a request starts an
 * export if the last one is ten seconds old, and does not wait for it: it runs beside the durable records that every
 * request awaits, which take longer. What is gathered after the last export goes with the next request, or with `close` on
 * SIGTERM, for which the platform gives CPU again.
 */
function exportsBeside(exporter: Exporter): () => void {
  let lastMs = nowMs();
  let running = false;
  return () => {
    const now = nowMs();
    if (running || now - lastMs < exportEveryMs) return;
    lastMs = now;
    running = true;
    void exporter.flush().finally(() => {
      running = false;
    });
  };
}
