import type { Clock } from '../../ports/clock.ts';
import type { FunctionName, Telemetry } from '../../ports/telemetry.ts';
import { assemble } from './assemble.ts';
import { jsonLines, terminalLines } from './lines.ts';
import { type Env, type Exporter, openExporter, wantsOtel } from './otel.ts';

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
