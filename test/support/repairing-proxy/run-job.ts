import { setTimeout as pause } from 'node:timers/promises';
import { parseScript } from '../../../functions/core/sql/parser/parse.ts';
import { type Analysis, analyzeQuery } from './analysis.ts';
import type { World } from './catalog.ts';
import { routineOf, viewQuery } from './definitions.ts';
import { BigqueryError, unsupported } from './errors.ts';
import { type Changed, endJob, type Job, protoOf } from './jobs.ts';
import { keyOf } from './places.ts';
import { isDml } from './statement-type.ts';
import { repairRow } from './values.ts';
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

const ask = (runner: Runner, analysis: Analysis, sql: string) => {
  const { project, dataset } = analysis.defaults;
  const defaultDataset = dataset && { projectId: dataset.project, datasetId: dataset.dataset };
  return runner.world.backend.query(project, sql, defaultDataset);
};

async function change(runner: Runner, job: Job, analysis: Analysis): Promise<void> {
  if (job.stop.signal.aborted) return;
  job.changing = true;
  const { statementType, target } = analysis;
  if (isDml(statementType) && target !== undefined) {
    job.changed = await countChanges(runner, analysis, target);
  } else {
    await define(runner, job, analysis);
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

/** Runs DDL and remembers what the emulator will not give back. */
async function define(runner: Runner, job: Job, analysis: Analysis): Promise<void> {
  const { statementType, target, text } = analysis;
  const { views, routines } = runner.world.definitions;
  const key = target && keyOf(target);
  const replaces = /^\s*CREATE\s+OR\s+REPLACE\b/i.test(text);
  // the emulator keeps the old body of a function that is replaced
  if (replaces && statementType === 'CREATE_FUNCTION' && key !== undefined && routines.has(key)) {
    await ask(runner, analysis, `DROP FUNCTION \`${key.split('.').join('`.`')}\``);
  }
  const existed = target !== undefined && (await exists(runner, target));
  await ask(runner, analysis, text);
  job.ddlOperation = operation(statementType, replaces && existed, existed);
  if (target === undefined || key === undefined) return;
  if (statementType === 'CREATE_VIEW') views.set(key, viewQuery(text) ?? '');
  if (statementType === 'DROP_VIEW' || statementType === 'DROP_TABLE') views.delete(key);
  if (statementType === 'DROP_FUNCTION' || statementType === 'DROP_TABLE_FUNCTION') routines.delete(key);
  if (statementType === 'CREATE_FUNCTION' || statementType === 'CREATE_TABLE_FUNCTION') {
    const routine = routineOf(text, target);
    if (routine !== undefined) routines.set(key, routine);
  }
  if (statementType === 'DROP_SCHEMA') {
    runner.world.definitions.forgetDataset(target.projectId, target.datasetId);
  }
}

async function exists(runner: Runner, target: TableReference): Promise<boolean> {
  const { definitions, backend } = runner.world;
  if (target.tableId === '') return (await backend.dataset(target.projectId, target.datasetId)) !== undefined;
  return definitions.routines.has(keyOf(target)) || (await backend.table(target)) !== undefined;
}

/** Only `IF NOT EXISTS` creates what exists, and only `IF EXISTS` drops what does not: then nothing happened. */
function operation(statementType: string, replaced: boolean, existed: boolean): string {
  const [verb = 'CREATE'] = statementType.split('_');
  if (replaced) return 'REPLACE';
  if (verb === 'CREATE' && existed) return 'SKIP';
  if (verb === 'DROP' && !existed) return 'SKIP';
  return verb;
}
