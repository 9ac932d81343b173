import { SluiceError } from '../core/errors.ts';
import type { Query } from '../core/query/query.ts';
import type { JobSpec, Ports } from '../ports/index.ts';
import { type Advance, advance } from './advance.ts';
import { settle } from './settle.ts';

/** How long a submission waits for a job to finish before it answers that it runs. */
const firstWaitMs = 50;

/** Starts the job of a decided query. The dispatch is recorded before the warehouse hears of it. */
export async function runQuery(ports: Ports, query: Query): Promise<Advance> {
  const digest = query.evaluation?.digest;
  if (digest === undefined)
    throw new SluiceError('internal', `${query.id} cannot run: it has not been evaluated`);
  const dispatched = await advance(ports, query, { type: 'dispatch', atMs: ports.clock.nowMs(), digest });
  if (dispatched.kind === 'overtaken') return dispatched;
  await start(ports, dispatched.query);
  return { kind: 'advanced', query: await settle(ports, dispatched.query, firstWaitMs) };
}

/** Hands a dispatched query to the warehouse. Safe to repeat: the job id is the query's, and one id runs once. */
export async function start(ports: Ports, query: Query): Promise<'started' | 'duplicate'> {
  return ports.warehouse.insert(await jobSpec(ports, query));
}

/** The job that a decided query is: canonical text, limits, and the secrets that only the warehouse may see. */
export async function jobSpec(ports: Ports, query: Query): Promise<JobSpec> {
  const { evaluation, request } = query;
  if (evaluation === undefined || evaluation.decision.outcome === 'deny') {
    throw new SluiceError('internal', `${query.id} has no decision that lets it run`);
  }
  const { limits } = evaluation.decision;
  return {
    id: query.id,
    project: query.project,
    location: query.location,
    executionIdentity: query.executionIdentity,
    sql: evaluation.canonicalSql,
    parameters: namedParameters(request.parameters),
    secrets: await maskSecrets(ports),
    maximumBytesBilled: limits.maximumBytesBilled,
    timeoutMs: limits.timeoutMs,
    labels: request.labels,
  };
}

/** The masking key as a query parameter: derived, so that it never lies anywhere. */
export async function maskSecrets(ports: Ports): Promise<Readonly<Record<string, string>>> {
  const key = await ports.keys.hmac('mask', new TextEncoder().encode('v1'));
  return { sluice_mask_key: Buffer.from(key).toString('hex') };
}

/** The canonical text names every parameter; positional ones became `sluice_p1`, `sluice_p2`, ... */
export const namedParameters = (parameters: Query['request']['parameters']): Query['request']['parameters'] =>
  parameters.map((parameter, index) =>
    parameter.name === undefined ? { ...parameter, name: `sluice_p${index + 1}` } : parameter,
  );
