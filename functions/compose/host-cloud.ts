import type { FunctionName } from '../config/function-names.ts';
import type { Env } from '../config/variables.ts';
import { SluiceError } from '../core/errors.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Host, hostFunction } from './host.ts';

/** A function of the cloud in this process, and how its broken promises are told. */
export type HostedFunction = { readonly host: Host; readonly report: (error: unknown) => void };

/**
 * Hosts one of the four functions. Nothing of Google's is loaded before this returns; all that the function needs is opened
 * in the background then.
 */
export function hostCloudFunction(name: FunctionName, env: Env): HostedFunction {
  const telemetry = openedTelemetry(name, env);
  const report = (error: unknown): void => {
    telemetry.then(
      (opened) => opened.fault(error),
      () => process.stderr.write('sluice: telemetry cannot be opened, and a promise broke\n'),
    );
  };
  const open = async () => {
    const told = await telemetry;
    const { openCloudFunction } = await import('./cloud-function.ts');
    const opened = await openCloudFunction(name, env, told);
    told.log({ severity: 'NOTICE', event: 'ready', attributes: { function: name } });
    return opened;
  };
  const onFailedStart = (error: unknown): void => {
    if (error instanceof SluiceError) telemetry.then((told) => tellWhy(told, error), report);
    else report(error);
  };
  const host = hostFunction({
    ...{ name, env, open, onFailedStart },
    onError: report,
    onStop: stopping(name, telemetry),
  });
  return { host, report };
}

async function openedTelemetry(name: FunctionName, env: Env): Promise<Telemetry> {
  const [{ openTelemetry }, { systemClock }] = await Promise.all([
    import('../adapters/telemetry/open.ts'),
    import('../adapters/clock/system.ts'),
  ]);
  const project = env.SLUICE_PROJECT === undefined ? {} : { project: env.SLUICE_PROJECT };
  return openTelemetry(env, { function: name, clock: systemClock, ...project });
}

/** Every problem of a configuration is a line of its own, since a line of a log is one line. */
function tellWhy(telemetry: Telemetry, error: SluiceError): void {
  for (const detail of error.message.split('\n'))
    telemetry.log({ severity: 'CRITICAL', event: 'not-ready', detail: detail.trim() });
}

const stopping =
  (name: FunctionName, telemetry: Promise<Telemetry>) =>
  (event: 'stopping' | 'stopped'): void => {
    telemetry.then(
      (told) => told.log({ severity: 'INFO', event, attributes: { function: name } }),
      () => {},
    );
  };
