import { systemClock } from '../adapters/clock/system.ts';
import { googleServiceIdentity } from '../adapters/identity/google-service.ts';
import { type CloudConfig, readCloudConfig } from '../config/cloud.ts';
import type { FunctionName } from '../config/function-names.ts';
import type { Env } from '../config/variables.ts';
import { SluiceError } from '../core/errors.ts';
import { observedHandler } from '../http/observed.ts';
import type { Handler } from '../http/server.ts';
import { markProcess } from '../pipeline/mark-process.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type CloudPorts, openCloudPorts } from './cloud.ts';
import type { OpenFunction } from './host.ts';

/** Opens one function of the cloud: its configuration, its ports, and only the front door that it serves. */
export async function openCloudFunction(
  name: FunctionName,
  env: Env,
  telemetry: Telemetry,
): Promise<OpenFunction> {
  const config = readCloudConfig(name, env);
  // Google's libraries look for the project in the environment, and where it is not there they start `gcloud` to ask.
  process.env.GOOGLE_CLOUD_PROJECT ??= config.SLUICE_PROJECT;
  const cloud = await openCloudPorts(config, telemetry);
  const [handler] = await Promise.all([
    handlerOf(config, cloud, telemetry),
    markProcess(cloud.ports, 'start'),
  ]);
  return {
    handler: observedHandler(handler, telemetry, name),
    readiness: cloud.readiness,
    async close() {
      await markProcess(cloud.ports, 'stop').catch(telemetry.fault);
      await cloud.close();
      await telemetry.close();
    },
  };
}

async function handlerOf(config: CloudConfig, cloud: CloudPorts, telemetry: Telemetry): Promise<Handler> {
  switch (config.name) {
    case 'api': {
      const { bigqueryHandler } = await import('../http/bigquery/handler.ts');
      return bigqueryHandler(cloud.ports, { onError: (error) => telemetry.fault(error) });
    }
    case 'approvals': {
      const { approvalsFunction } = await import('./approvals-function.ts');
      return approvalsFunction(config, cloud);
    }
    case 'resume': {
      const [{ pushHandler }, { handleMessage }] = await Promise.all([
        import('../http/push/push.ts'),
        import('../pipeline/handle-message.ts'),
      ]);
      return pushHandler({
        ...serviceOf(config, telemetry),
        onMessage: (message) => handleMessage(cloud.ports, message),
      });
    }
    case 'sweep': {
      const [{ taskHandler }, { sweepRun }] = await Promise.all([
        import('../http/push/task.ts'),
        import('./sweep-function.ts'),
      ]);
      return taskHandler({
        ...serviceOf(config, telemetry),
        run: sweepRun(config, cloud, telemetry),
      });
    }
  }
}

/** Who may call, and how long the work may take before the caller is told to come again. */
function serviceOf({ service, limits }: CloudConfig, telemetry: Telemetry) {
  if (service === undefined) throw new SluiceError('internal', 'the function has no caller');
  const { audience, serviceAccount, keysUrl } = service;
  const identity = googleServiceIdentity(
    { audience, emails: [serviceAccount], jwksUrl: keysUrl },
    systemClock,
  );
  return {
    verify: (token: string) => identity.verify(token),
    report: (error: unknown) => telemetry.fault(error),
    deadlineMs: limits.deadlineMs,
  };
}
