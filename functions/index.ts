import * as framework from '@google-cloud/functions-framework';
import { onServer, targetOf } from './compose/framework.ts';
import { type HostedFunction, hostCloudFunction } from './compose/host-cloud.ts';
import { liveAndDie } from './compose/life.ts';
import { type FunctionName, functionNames } from './config/function-names.ts';

/**
 * The Cloud Run functions `api`, `approvals`, `resume` and `sweep`, as Google's functions framework starts them. Importing
 * this prints nothing and loads no client of Google's: what a function needs is opened right after, in the background.
 */
const hosted = new Map<FunctionName, HostedFunction>();

function hostOf(name: FunctionName): HostedFunction {
  const known = hosted.get(name) ?? hostCloudFunction(name, process.env);
  hosted.set(name, known);
  return known;
}

for (const name of functionNames) framework.http(name, (req, res) => hostOf(name).host.handler(req, res));

const target = targetOf(process.argv.slice(2), process.env);
if (target !== undefined) {
  onServer(
    process.env.HOST,
    (server) => hostOf(target).host.serve(server),
    () => liveAndDie(hostOf(target).host, hostOf(target).report),
  );
}
