import type { Answer } from './exchange.ts';
import * as jobs from './job-methods.ts';
import * as metadata from './metadata.ts';
import * as routines from './routine-methods.ts';
import type { Call, Service } from './service.ts';
import { listTableData } from './table-data.ts';
import * as writes from './writes.ts';

/** Answers a call, or undefined where the emulator is to answer. */
type Method = (service: Service, call: Call) => Promise<Answer | undefined>;

type Route = { readonly method: string; readonly pattern: RegExp; readonly answer: Method };

/** `{}` in a path catches a name. */
const route = (method: string, path: string, answer: Method): Route => ({
  method,
  pattern: new RegExp(`^/projects/${path.replaceAll('{}', '([^/]+)')}/?$`),
  answer,
});

const none =
  (body: object): Method =>
  async () => ({ status: 200, body });

const routes: readonly Route[] = [
  route('POST', '{}/queries', jobs.queryJob),
  route('GET', '{}/queries/{}', jobs.getResults),
  route('POST', '{}/jobs', jobs.insertJob),
  route('GET', '{}/jobs', jobs.listJobs),
  route('GET', '{}/jobs/{}', jobs.getJob),
  route('POST', '{}/jobs/{}/cancel', jobs.cancelJob),
  route('DELETE', '{}/jobs/{}/delete', jobs.deleteJob),
  route('GET', '{}/datasets', metadata.listDatasets),
  route('POST', '{}/datasets', writes.insertDataset),
  route('GET', '{}/datasets/{}', metadata.getDataset),
  route('DELETE', '{}/datasets/{}', writes.deleteDataset),
  route('GET', '{}/datasets/{}/tables', metadata.listTables),
  route('POST', '{}/datasets/{}/tables', writes.insertTable),
  route('GET', '{}/datasets/{}/tables/{}', metadata.getTable),
  route('PATCH', '{}/datasets/{}/tables/{}', writes.changeTable),
  route('PUT', '{}/datasets/{}/tables/{}', writes.changeTable),
  route('DELETE', '{}/datasets/{}/tables/{}', writes.deleteTable),
  route('GET', '{}/datasets/{}/tables/{}/data', listTableData),
  route('POST', '{}/datasets/{}/tables/{}/insertAll', writes.insertRows),
  route('GET', '{}/datasets/{}/tables/{}/rowAccessPolicies', none({})),
  route('GET', '{}/datasets/{}/routines', routines.listRoutines),
  route('POST', '{}/datasets/{}/routines', routines.insertRoutine),
  route('GET', '{}/datasets/{}/routines/{}', routines.getRoutine),
  route('GET', '{}/datasets/{}/models', none({})),
];

/** The repaired answer; undefined for what is handed on as it is. */
export async function answerOf(service: Service, call: Omit<Call, 'names'>): Promise<Answer | undefined> {
  for (const { method, pattern, answer } of routes) {
    if (method !== call.exchange.method) continue;
    const names = pattern.exec(call.exchange.path)?.slice(1);
    if (names !== undefined) return answer(service, { ...call, names });
  }
  return undefined;
}
