import type { Refusal } from '../core/errors.ts';
import type { QueryEvent } from '../core/query/events.ts';
import type { Query } from '../core/query/query.ts';
import type { JobFacts, Ports } from '../ports/index.ts';
import { advance, recordedQuery } from './advance.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import { start } from './run-query.ts';

/** A dispatch whose job the warehouse does not know is handed over again within this time; later its outcome is unknown. */
const redispatchMs = 10 * 60_000;

/**
 * Brings a running query up to the warehouse's facts, waiting at most `waitMs`. Anybody may call it at any time: a poll,
 * the sweep, or the next start after a crash.
 */
export async function settle(
  ports: Ports,
  query: Query,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Query> {
  if (query.state !== 'running') return query;
  const facts = await ports.warehouse.wait(query, waitMs, signal);
  const event = facts === undefined ? await orphaned(ports, query) : await conclusion(ports, query, facts);
  return event === undefined ? query : (await advance(ports, query, event)).query;
}

/** A dispatch that the warehouse has never heard of: a crash came between the record and the job. */
async function orphaned(ports: Ports, query: Query): Promise<QueryEvent | undefined> {
  const atMs = ports.clock.nowMs();
  if (atMs - (query.startedMs ?? query.receivedMs) <= redispatchMs) {
    const dispatched = await recordedQuery(ports, query);
    if (dispatched.state !== 'running') return undefined;
    const handedOver = await start(ports, dispatched);
    // A job that is there and cannot be seen is somebody else's: to hand the query over again would change nothing.
    if (handedOver === 'started' || (await ports.warehouse.job(query)) !== undefined) return undefined;
    const error: Refusal = {
      code: 'unknown_outcome',
      message:
        'The outcome of this query is unknown: a job with its id exists that is not one of this gateway. Submit it again under another job id.',
    };
    return { type: 'fail', atMs, error };
  }
  const error: Refusal = {
    code: 'unknown_outcome',
    message:
      'The outcome of this query is unknown: the gateway stopped while it was being started. Submit it again.',
  };
  return { type: 'fail', atMs, error };
}

async function conclusion(ports: Ports, query: Query, facts: JobFacts): Promise<QueryEvent | undefined> {
  const atMs = ports.clock.nowMs();
  switch (facts.state) {
    case 'running':
      return undefined;
    case 'failed':
      return { type: 'fail', atMs, error: facts.error, ...(facts.outcome ? { outcome: facts.outcome } : {}) };
    case 'done': {
      const hasRows = facts.schema.fields.length > 0;
      const error = withheld(query, facts) ?? (hasRows ? await changedMeanwhile(ports, query) : undefined);
      if (error === undefined) return { type: 'finish', atMs, outcome: facts.outcome };
      return { type: 'fail', atMs, error, outcome: facts.outcome };
    }
  }
}

/** Why no row of a finished job may leave: its own account differs from what was decided, or it has too many rows. */
function withheld(query: Query, facts: JobFacts & { state: 'done' }): Refusal | undefined {
  const wrong = disagreement(query, facts);
  if (wrong !== undefined) {
    const message = `The result is withheld: the warehouse's own account of the job differs from what was decided (${wrong}).`;
    return { code: 'disagreement', message };
  }
  const decision = query.evaluation?.decision;
  const most =
    decision === undefined || decision.outcome === 'deny' ? undefined : decision.limits.maximumRows;
  const { totalRows } = facts.outcome;
  if (most === undefined || totalRows <= most) return undefined;
  const message = `The result has ${totalRows} rows, and the policy lets at most ${most} out. Aggregate, or add a LIMIT.`;
  return { code: 'response_too_large', message };
}

/** Where the job's own statistics leave what was decided; no row may leave then. */
function disagreement(query: Query, facts: JobFacts & { state: 'done' }): string | undefined {
  const decided = query.evaluation;
  if (decided === undefined || decided.decision.outcome === 'deny') return 'it was never permitted';
  if (facts.statementType !== decided.statementType) return `statement type ${facts.statementType}`;
  if (facts.referencedRoutines[0] !== undefined) return `routine ${facts.referencedRoutines[0]}`;
  const known = new Set([...decided.tables.map((table) => table.name), ...decided.referenced]);
  const stranger = facts.referencedTables.find((table) => !known.has(table));
  if (stranger !== undefined) return `table ${stranger}`;
  if (facts.outcome.totalBytesBilled > decided.decision.limits.maximumBytesBilled)
    return 'bytes billed above the limit';
  if (JSON.stringify(names(facts.schema)) !== JSON.stringify(names(decided.schema))) return 'result schema';
  return undefined;
}

const names = (schema: { readonly fields: readonly { name: string; type: string }[] }): string[] =>
  schema.fields.map((field) => `${field.name} ${field.type}`);
