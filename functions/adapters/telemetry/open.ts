import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../ports/clock.ts';
import type {
  Attributes,
  FunctionName,
  LogLine,
  RequestScope,
  RequestStart,
  Telemetry,
} from '../../ports/telemetry.ts';
import { errorFacts } from './error-text.ts';
import { type Entry, jsonLines, type Lines, terminalLines } from './lines.ts';
import { type Env, type Exporter, openExporter, type RootSpan, wantsOtel } from './otel.ts';
import { openScope } from './scope.ts';
import { type TraceContext, traceContextOf } from './trace-context.ts';

export type TelemetryOptions = {
  readonly function: FunctionName;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The project whose traces the lines belong to. */
  readonly project?: string;
  /** Where lines go; the process's standard error without it. */
  readonly write?: (text: string) => void;
};

/**
 * What operators see of this process. Lines are JSON on Cloud Run (it sets K_SERVICE) and short texts at a terminal;
 * traces and metrics go to OTEL_EXPORTER_OTLP_ENDPOINT where that is set. `env` is the process's: the SDK reads its own
 * variables from there. Throws SluiceError `invalid` for a protocol that is not built in.
 */
export async function openTelemetry(env: Env, options: TelemetryOptions): Promise<Telemetry> {
  return telemetryOf(
    env,
    options,
    wantsOtel(env) ? await openExporter(env, serviceOf(env, options)) : undefined,
  );
}

/** Lines only, at once: for what has to be told before anything is open. */
export const linesOnly = (env: Env, options: TelemetryOptions): Telemetry =>
  telemetryOf(env, options, undefined);

const serviceOf = (env: Env, options: TelemetryOptions): string =>
  env.OTEL_SERVICE_NAME ?? env.K_SERVICE ?? `sluice-${options.function}`;

function telemetryOf(env: Env, options: TelemetryOptions, exporter: Exporter | undefined): Telemetry {
  const write = options.write ?? ((text: string) => void process.stderr.write(text));
  const project = options.project ?? env.GOOGLE_CLOUD_PROJECT;
  const service = serviceOf(env, options);
  const json = env.K_SERVICE !== undefined;
  const lines = json ? jsonLines({ write, project, service, version: env.K_REVISION }) : terminalLines(write);
  const debug = env.SLUICE_DEBUG && !json ? write : undefined;
  return assemble({
    lines,
    exporter,
    clock: options.clock,
    function: options.function,
    debug,
    requests: json,
  });
}

type Parts = {
  readonly lines: Lines;
  readonly exporter: Exporter | undefined;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly function: FunctionName;
  /** Gets broken promises whole, messages included: for developers, on their own machine. */
  readonly debug: ((text: string) => void) | undefined;
  /** Whether requests have lines. */
  readonly requests: boolean;
};
type Frame = {
  readonly scope: RequestScope;
  readonly trace: TraceContext | undefined;
  readonly root: RootSpan | undefined;
};

/** Between two exports that requests start, at least: see `exportBeside`. */
const exportEveryMs = 10_000;
const nowMs = (): number => performance.now();

function assemble(parts: Parts): Telemetry {
  const { lines, exporter } = parts;
  const frames = new AsyncLocalStorage<Frame>();
  const told = new WeakSet<object>();
  const exportBeside = exporter === undefined ? () => {} : exportsBeside(exporter);

  const say = (entry: Omit<Entry, 'timeMs' | 'trace'>, trace = frames.getStore()?.trace): void =>
    lines({ ...entry, timeMs: parts.clock.nowMs(), trace });
  const measure: Telemetry['measure'] = (name, value, attributes) =>
    exporter?.measure(name, value, attributes as Attributes);

  function countDelivered(name: FunctionName, { rows = 0, bytes = 0 }: Attributes): void {
    if (rows > 0) measure('sluice_rows_delivered_total', rows, { function: name });
    if (bytes > 0) measure('sluice_bytes_delivered_total', bytes, { function: name });
  }

  function fault(error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (told.has(error)) return;
      told.add(error);
    }
    const facts = errorFacts(error);
    measure('sluice_faults_total', 1, { code: facts.code as NonNullable<Attributes['code']> });
    say({ severity: 'ERROR', event: 'fault', attributes: { function: parts.function }, error: facts });
    parts.debug?.(`${error instanceof Error ? error.stack : String(error)}\n`);
  }

  function finish({ scope, root, trace }: Frame, startedMs: number, code: Attributes['code']): void {
    const durationMs = nowMs() - startedMs;
    const ownMs = Math.round(scope.ownMs() * 1000) / 1000;
    scope.note({ ...(code === undefined ? {} : { code }), ownMs });
    const { function: name, route, noted } = scope;
    root?.end({ function: name, route, ...noted });
    const status = noted.status === undefined ? {} : { status: noted.status };
    measure('sluice_request_duration_seconds', durationMs / 1000, { function: name, route, ...status });
    measure('sluice_request_own_seconds', ownMs / 1000, { function: name, route });
    if ((noted.status ?? 500) < 300) countDelivered(name, noted);
    if (!parts.requests) return;
    const severity = (noted.status ?? 200) >= 500 || code !== undefined ? 'ERROR' : 'INFO';
    say({ severity, event: 'request', attributes: { function: name, route, ...noted }, durationMs }, trace);
  }

  return {
    observes: parts.requests || exporter !== undefined,
    scope: () => frames.getStore()?.scope,
    measure,
    async request<T>(start: RequestStart, work: (scope: RequestScope) => Promise<T>): Promise<T> {
      exportBeside();
      const startedMs = nowMs();
      const parent = traceContextOf(start.traceparent, start.cloudTraceContext);
      const root = exporter?.root(start, parent);
      const frame: Frame = { scope: openScope(start, nowMs), root, trace: root?.trace ?? parent };
      return frames.run(frame, async () => {
        try {
          const result = await work(frame.scope);
          finish(frame, startedMs, undefined);
          return result;
        } catch (error) {
          fault(error);
          finish(frame, startedMs, errorFacts(error).code as Attributes['code']);
          throw error;
        }
      });
    },
    span(name) {
      return frames.getStore()?.root?.child(name) ?? noSpan;
    },
    log(line: LogLine) {
      say(line);
    },
    fault,
    flush: async () => exporter?.flush(),
    close: async () => exporter?.close(),
  };
}

const noSpan = { end: () => {} };

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
