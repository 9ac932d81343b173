import { setTimeout as pause } from 'node:timers/promises';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import { type Analysis, analyzeQuery } from './analysis.ts';
import { askBackend } from './backend.ts';
import type { World } from './catalog.ts';
import { define } from './define.ts';
import { BigqueryError, unsupported } from './errors.ts';
import { type Changed, endJob, type Job, protoOf } from './jobs.ts';
import { isDml } from './statement-type.ts';
import { repairRow } from './values.ts';
import { joinWildcards } from './wildcards.ts';
import type { Row, TableReference } from './wire.ts';

/** How the proxy runs jobs. */
export type Runner = {
  readonly world: World;
  /** Milliseconds between a job's start and the emulator's, for tests of jobs that take time. */
  readonly delayMs: (sql: string) => number;
  /** Called with every table whose rows or definition changed. */
  readonly changed: (table: TableReference) => void;
  /** Statements that change something run one after the other. */
  queue: Promise<unknown>;
};

const megabyte = 1_048_576;

/** BigQuery bills whole megabytes and at least ten of each table. */
export function billedBytes(analysis: Analysis): number {
  if (analysis.bytes === 0) return 0;
  const least = 10 * megabyte * analysis.referencedTables.length;
  return Math.max(least, Math.ceil(analysis.bytes / megabyte) * megabyte);
}

/** Runs a job to its end; whatever goes wrong is the job's error. */
export async function runJob(runner: Runner, job: Job): Promise<void> {
  const timeoutMs = Number(job.configuration.jobTimeoutMs ?? 0);
  const timer = timeoutMs > 0 ? setTimeout(() => timeOut(job, timeoutMs), timeoutMs) : undefined;
  try {
    const query = job.configuration.query ?? {};
    const analysis = await analyzeQuery(runner.world, query, job.id.projectId);
    if (analysis.undeclared.length > 0) throw notDeclared(analysis);
    job.analysis = analysis;
    if (job.state === 'DONE') return;
    job.state = 'RUNNING';
    job.startedMs = Date.now();
    checkLimit(analysis, query.maximumBytesBilled);
    const waitMs = runner.delayMs(query.query ?? '');
    if (waitMs > 0) await pause(waitMs, undefined, { signal: job.stop.signal });
    if (job.stop.signal.aborted) return;
    await execute(runner, job, analysis);
    endJob(job, undefined);
  } catch (error) {
    if (!job.stop.signal.aborted) endJob(job, protoOf(error));
  } finally {
    clearTimeout(timer);
  }
}

function timeOut(job: Job, timeoutMs: number): void {
  stopJob(job, `Job execution was cancelled: Job timed out after ${timeoutMs / 1000}s`);
}

/** Cancels what has not begun to change anything; as in BigQuery, the rest runs to its end. */
export function stopJob(job: Job, message: string): void {
  if (job.state === 'DONE' || job.changing) return;
  job.stop.abort();
  endJob(job, { reason: 'stopped', message });
}

function notDeclared({ undeclared }: Analysis): BigqueryError {
  const name = undeclared[0] === '?' ? 'a positional parameter' : `'${undeclared[0]}'`;
  return new BigqueryError(400, 'invalidQuery', `Query parameter ${name} not found`, 'query');
}

function checkLimit(analysis: Analysis, limit: string | number | undefined): void {
  const billed = billedBytes(analysis);
  if (limit === undefined || billed <= Number(limit)) return;
  const message = `Query exceeded limit for bytes billed: ${limit}. ${billed} or higher required.`;
  throw new BigqueryError(400, 'bytesBilledLimitExceeded', message);
}

async function execute(runner: Runner, job: Job, analysis: Analysis): Promise<void> {
  if (analysis.statementType === 'SCRIPT') {
    throw unsupported('scripts: what they declare would leak into every later query');
  }
  if (analysis.statementType === 'SELECT') {
    if (job.configuration.query?.destinationTable) throw unsupported('query results in a named table');
    const { rows } = await ask(runner, analysis, analysis.text);
    const plain = analysis.unwrap ? rows.map(unwrapped) : rows;
    const repaired = plain.map((row) => repairRow(row, analysis.fields));
    job.rows = repaired;
    return;
  }
  const turn = runner.queue.then(() => change(runner, job, analysis));
  runner.queue = turn.catch(() => undefined);
  await turn;
}

const unwrapped = (row: Row): Row => {
  const value = row.f[0]?.v;
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : { f: [] };
};

const ask = async ({ world }: Runner, { defaults }: Analysis, sql: string) =>
  askBackend(world.backend, defaults, await joinWildcards(world.referee, sql, defaults));

async function change(runner: Runner, job: Job, analysis: Analysis): Promise<void> {
  if (job.stop.signal.aborted) return;
  job.changing = true;
  const { statementType, target } = analysis;
  if (isDml(statementType) && target !== undefined) {
    job.changed = await countChanges(runner, analysis, target);
  } else {
    job.ddlOperation = await define(runner.world, analysis);
  }
  if (target !== undefined) runner.changed(target);
}

const rowCount = async (runner: Runner, analysis: Analysis, sql: string): Promise<number> =>
  Number((await ask(runner, analysis, sql)).rows[0]?.f[0]?.v ?? 0);

/** Runs DML and counts by looking before and after: the emulator does not say what it changed. */
async function countChanges(
  runner: Runner,
  analysis: Analysis,
  { projectId, datasetId, tableId }: TableReference,
): Promise<Changed | undefined> {
  const { statementType, text } = analysis;
  const count = `SELECT COUNT(*) FROM \`${projectId}\`.\`${datasetId}\`.\`${tableId}\``;
  const matched = statementType === 'UPDATE' ? updateCount(text) : undefined;
  const updated = matched === undefined ? 0 : await rowCount(runner, analysis, matched);
  const before = await rowCount(runner, analysis, count);
  await ask(runner, analysis, text);
  const difference = (await rowCount(runner, analysis, count)) - before;
  if (statementType === 'MERGE') return undefined;
  return { inserted: Math.max(0, difference), deleted: Math.max(0, -difference), updated };
}

/** The query that counts the rows which an UPDATE is about to change. */
function updateCount(text: string): string | undefined {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  if (statement?.kind !== 'UpdateStatement') return undefined;
  const slice = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  const { target, alias, from, where } = statement;
  const as = alias === undefined ? '' : ` AS ${slice(alias.span)}`;
  const more = from === undefined ? '' : `, ${slice(from.span)}`;
  return `SELECT COUNT(*) FROM ${slice(target.span)}${as}${more} WHERE ${where ? slice(where.span) : 'TRUE'}`;
}
