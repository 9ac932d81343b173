import { decodeRecord, openContent, type RecordHeader } from '../../../functions/core/audit/record-format.ts';
import { verifierKey } from '../../../functions/core/audit/signed-note.ts';
import { SluiceError } from '../../../functions/core/errors.ts';
import type { QueryEvent } from '../../../functions/core/query/events.ts';
import { apply, isFinal } from '../../../functions/core/query/lifecycle.ts';
import type { Query } from '../../../functions/core/query/query.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import type { Exchange } from './client.ts';
import { patience } from './instance.ts';
import { neverApproved } from './story.ts';
import type { World } from './world.ts';

/** What a case has left behind, for one look at all promises. */
export type Evidence = {
  readonly world: World;
  readonly exchanges: readonly Exchange[];
  /** Errors that an operator would read of. */
  readonly told: readonly unknown[];
  /** Statuses that this trouble explains beside those of every trouble: 401 of a wrong clock, 404 of a lost state. */
  readonly explained: readonly number[];
};

type Recorded = { readonly name: string; readonly header: RecordHeader; readonly content: Buffer };
type Life = { readonly query: Query; readonly events: readonly { event: QueryEvent; name: string }[] };

/** What a busy machine may add to an answer. */
const busyMs = 6_000;

/**
 * The promises of DESIGN section 1 (P1, P2, P5, P6, P7, P8), checked on the log, the warehouse's own list of jobs, and every
 * byte that anybody was sent. Gives one line for each that is broken.
 */
export async function brokenPromises(evidence: Evidence): Promise<readonly string[]> {
  const { exchanges, told, explained } = evidence;
  const world = readingOnce(evidence.world);
  const records = await recordsOf(world);
  const { lives, impossible } = livesOf(records);
  const broken = [
    ...impossible,
    ...(await jobsAreRecorded(world, lives)),
    ...bytesAreRecorded(records, exchanges),
    ...runAtMostOnce(world, lives),
    ...(await logVerifies(world)),
    ...exchanges.flatMap((exchange) => answerIsProper(exchange, explained)),
    ...nothingIsStuck(lives, explained.includes(404)),
    ...told.flatMap(isOurs),
  ];
  return [...new Set(broken)];
}

/** The same world, whose log is read once: nothing in it ever changes. */
function readingOnce(world: World): World {
  const { audit, keys } = world.witness;
  const known = new Map<string, ReturnType<typeof audit.read>>();
  const read = (name: string): ReturnType<typeof audit.read> => {
    const object = known.get(name) ?? audit.read(name);
    known.set(name, object);
    return object;
  };
  return { ...world, witness: { keys, audit: { ...audit, read } } };
}

async function recordsOf({ witness: { audit, keys } }: World): Promise<readonly Recorded[]> {
  const key = verifierKey(keys.logName, keys.publicKey);
  const data = new Map<string, Promise<Uint8Array | undefined>>();
  const found: Recorded[] = [];
  for await (const name of audit.list('rec/')) {
    const object = await audit.read(name);
    const decoded = decodeRecord(name, object?.bytes ?? new Uint8Array(), key);
    if ('problem' in decoded) throw new Error(`${name}: ${decoded.problem}`);
    const wrapped = decoded.header.content?.wrapped;
    const opened = wrapped === undefined ? undefined : (data.get(wrapped) ?? keys.unwrap(wrapped));
    if (wrapped !== undefined && opened !== undefined) data.set(wrapped, opened);
    const dataKey = await opened;
    const content = dataKey === undefined ? Buffer.alloc(0) : Buffer.from(openContent(decoded, dataKey));
    found.push({ name, header: decoded.header, content });
  }
  return found;
}

/** Each query as its records tell it, and the records that cannot follow the one before. */
function livesOf(records: readonly Recorded[]): {
  readonly lives: ReadonlyMap<string, Life>;
  readonly impossible: readonly string[];
} {
  const lives = new Map<string, Life>();
  const impossible: string[] = [];
  for (const { name, header, content } of records) {
    if (header.kind !== 'event' || header.query === undefined) continue;
    const { id } = header.query;
    const stored = JSON.parse(content.toString()) as { query?: Query; event?: QueryEvent };
    const before = lives.get(id);
    if (stored.query !== undefined) lives.set(id, { query: stored.query, events: [] });
    if (stored.event === undefined) continue;
    const query = before === undefined ? undefined : apply(before.query, stored.event);
    if (before === undefined || query === undefined)
      impossible.push(`P6: ${name}: ${stored.event.type} after ${before?.query.state ?? 'nothing'}`);
    else lives.set(id, { query, events: [...before.events, { event: stored.event, name }] });
  }
  return { lives, impossible };
}

/** P1, and P4's text: each job of the warehouse, by the warehouse's own account. */
async function jobsAreRecorded(world: World, lives: ReadonlyMap<string, Life>): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const job of world.warehouse.ran) {
    const life = lives.get(job.id);
    const dispatch = life?.events.find(({ event }) => event.type === 'dispatch');
    if (life === undefined || dispatch?.event.type !== 'dispatch') {
      broken.push(`P1: job ${job.id} ran, and no record lets it`);
      continue;
    }
    const { evaluation } = life.query;
    if ((await world.createdMs(dispatch.name)) >= job.atMs)
      broken.push(`P1: job ${job.id} ran before its record`);
    if (evaluation?.canonicalSql !== job.sql) broken.push(`P4: job ${job.id} ran another text`);
    if (dispatch.event.digest !== evaluation?.digest) broken.push(`P4: job ${job.id} has another digest`);
    const decision = evaluation?.decision;
    const limit = decision?.outcome === 'deny' ? undefined : decision?.limits.maximumBytesBilled;
    if (String(limit) !== job.maximumBytesBilled) broken.push(`P4: job ${job.id} ran with another limit`);
    if (job.email !== world.executionIdentity) broken.push(`P4: job ${job.id} ran as ${job.email}`);
    const approved = life.events.some(
      ({ event }) => event.type === 'approve' && event.approval.digest === evaluation?.digest,
    );
    if (decision?.outcome === 'deny' || (decision?.outcome === 'hold' && !approved))
      broken.push(`P1: job ${job.id} ran without permission`);
  }
  return broken;
}

/** Answers that are not recorded, because the log cannot be reached: fixed words that tell nothing. */
const unrecorded =
  /^(The audit log|The state store|The warehouse) cannot be reached|^The gateway (is not ready|did not finish|has more)|^Something that the gateway depends on|^An internal error/;

/** P2: of the agent's answers; what a person sees of a hold is recorded as a view. */
function bytesAreRecorded(records: readonly Recorded[], exchanges: readonly Exchange[]): readonly string[] {
  const deliveries = new Map<string, Recorded>();
  for (const record of records) {
    const { requestId } = record.header.clear;
    if (record.header.kind === 'delivery') deliveries.set(String(requestId), record);
  }
  return exchanges.flatMap(({ who, what, text, status, requestId }) => {
    if (who !== 'agent' || status === 0) return [];
    const record = requestId === undefined ? undefined : deliveries.get(requestId);
    if (record !== undefined)
      return record.content.toString() === text && record.header.clear.httpStatus === status
        ? []
        : [`P2: ${what} was answered with other bytes than were recorded: ${text.slice(0, 200)}`];
    const message = messageOf(text);
    return status >= 400 && unrecorded.test(message)
      ? []
      : [`P2: ${what} was answered ${status} without a record: ${text.slice(0, 200)}`];
  });
}

function messageOf(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: { message?: unknown } }).error?.message);
  } catch {
    return '';
  }
}

function runAtMostOnce({ warehouse }: World, lives: ReadonlyMap<string, Life>): readonly string[] {
  const ids = warehouse.ran.map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `P5: job ${id} ran twice`);
  const dispatched = [...lives].flatMap(([id, { events }]) =>
    events.filter(({ event }) => event.type === 'dispatch').length > 1
      ? [`P5: ${id} was dispatched twice`]
      : [],
  );
  return [...twice, ...dispatched];
}

async function logVerifies({ witness: { audit, keys } }: World): Promise<readonly string[]> {
  const key = verifierKey(keys.logName, keys.publicKey);
  const { ok, problems, unsealed } = await verifyLog(audit, key, { generations: true });
  const named = problems.map(({ name, problem }) => `P6: ${name}: ${problem}`);
  const left = unsealed > 0 ? [`P6: ${unsealed} records are not sealed at the end`] : [];
  return ok ? left : [...named, ...left];
}

/** What never belongs into an answer: stacks, files, addresses, names of the gateway's own parts. */
const internal =
  /\n\s+at |node:internal|\.ts:\d|node_modules|127\.0\.0\.1|ECONN|gs:\/\/|cryptoKeys|Firestore|Pub\/Sub|KMS|<html|GaxiosError|TypeError/;

/** Done; the id is known already; come again, with or without a wait. 0: the platform's call was given up. */
const usual: readonly number[] = [200, 409, 429, 503, 0];

/** A query that ended without rows tells its error wherever its rows are asked for. */
const isOfEndedQuery = ({ what, text }: Exchange): boolean =>
  /\/queries(\/|$)/.test(what) && /"reason":"(stopped|accessDenied)"/.test(text);

/** P7 and P8: an answer comes in time, says no more than it should, and blames nobody but what is away. */
function answerIsProper(exchange: Exchange, explained: readonly number[]): readonly string[] {
  const { who, what, status, text, tookMs } = exchange;
  const broken: string[] = [];
  const limitMs = patience.frontMs + patience.graceMs + busyMs;
  if (tookMs > limitMs) broken.push(`P8: ${what} took ${Math.round(tookMs)} ms, not ${limitMs}`);
  if (status >= 400 && internal.test(text))
    broken.push(`P7: ${what} tells what is inside: ${text.slice(0, 300)}`);
  if (!usual.includes(status) && !explained.includes(status) && !isOfEndedQuery(exchange))
    broken.push(`P7: ${what} is answered ${status} ${text.slice(0, 200)}`);
  if (status === 0 && who !== 'scheduler') broken.push(`P8: ${what} is never answered`);
  return broken;
}

/**
 * After the end of all trouble, every query has come to its end, or waits for a person. A state store that has lost
 * everything (`forgotten`) leads the sweep to nothing: what nobody asks for again stays where it was, and has not run.
 */
function nothingIsStuck(lives: ReadonlyMap<string, Life>, forgotten: boolean): readonly string[] {
  return [...lives.values()].flatMap(({ query }) => {
    const { id, state, request } = query;
    const undecided = state === 'received' || state === 'evaluated';
    if (request.sql === neverApproved)
      return state === 'held' || state === 'denied' || (forgotten && undecided)
        ? []
        : [`P7: ${id}, which nobody approved, is ${state}`];
    return isFinal(state) ? [] : [`P8: ${id} (${query.jobId}) is ${state} for ever`];
  });
}

/** An operator reads of lost parts; what is no error of ours, or an internal one, is a fault in the code. */
function isOurs(error: unknown): readonly string[] {
  if (!(error instanceof SluiceError))
    return [`P7: an error that nobody translated: ${error instanceof Error ? error.stack : String(error)}`];
  const expected =
    error.code.endsWith('_unavailable') || ['overloaded', 'timeout', 'unauthenticated'].includes(error.code);
  return expected ? [] : [`P7: an internal error: ${error.code} ${error.message}`];
}
