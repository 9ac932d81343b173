import { createHash } from 'node:crypto';
import type { Analysis } from './analysis.ts';
import { BigqueryError, notFound } from './errors.ts';
import type { ErrorProto, JobConfiguration, Row } from './wire.ts';

export type JobId = { readonly projectId: string; readonly jobId: string; readonly location: string };

export type Changed = { readonly inserted: number; readonly updated: number; readonly deleted: number };

/** A query job; the proxy keeps all of it, the emulator only runs its text. */
export type Job = {
  readonly id: JobId;
  readonly email: string;
  readonly configuration: JobConfiguration;
  readonly createdMs: number;
  readonly done: Promise<void>;
  readonly stop: AbortController;
  state: 'PENDING' | 'RUNNING' | 'DONE';
  startedMs?: number;
  endedMs?: number;
  analysis?: Analysis;
  rows: readonly Row[];
  changed?: Changed;
  ddlOperation?: string;
  /** a statement that changes something was sent: nothing stops it any more */
  changing?: boolean;
  error?: ErrorProto;
};

export type Jobs = {
  add(job: Job): void;
  /** Throws `notFound` as BigQuery words it; a location that is named must be the job's. */
  get(projectId: string, jobId: string, location: string | undefined): Job;
  find(projectId: string, jobId: string, location: string | undefined): Job | undefined;
  byAnonymousTable(datasetId: string, tableId: string): Job | undefined;
  /** newest first */
  all(projectId: string): readonly Job[];
  delete(job: Job): void;
};

const text = ({ projectId, jobId }: JobId): string => `${projectId}:${jobId}`;

export function newJobs(): Jobs {
  const jobs = new Map<string, Job>();
  const key = (projectId: string, location: string, jobId: string) => `${projectId}/${location}/${jobId}`;
  const find: Jobs['find'] = (projectId, jobId, location) => {
    if (location !== undefined) return jobs.get(key(projectId, location.toUpperCase(), jobId));
    return [...jobs.values()].find(({ id }) => id.projectId === projectId && id.jobId === jobId);
  };
  return {
    add(job) {
      jobs.set(key(job.id.projectId, job.id.location.toUpperCase(), job.id.jobId), job);
    },
    find,
    get(projectId, jobId, location) {
      const job = find(projectId, jobId, location);
      if (job === undefined) throw notFound(`Job ${projectId}:${location ?? 'US'}.${jobId}`);
      return job;
    },
    byAnonymousTable: (datasetId, tableId) =>
      [...jobs.values()].find((job) => {
        const table = anonymousTable(job);
        return table.datasetId === datasetId && table.tableId === tableId;
      }),
    all: (projectId) =>
      [...jobs.values()]
        .filter(({ id }) => id.projectId === projectId)
        .sort((a, b) => b.createdMs - a.createdMs),
    delete(job) {
      jobs.delete(key(job.id.projectId, job.id.location.toUpperCase(), job.id.jobId));
    },
  };
}

const hash = (value: string): string => createHash('sha1').update(value).digest('hex');

/** Where the result of a SELECT lies: a hidden data set of the one who asked, a table of the job. */
export const anonymousTable = (job: Job) => ({
  projectId: job.id.projectId,
  datasetId: `_${hash(job.email)}`,
  tableId: `anon${hash(`${text(job.id)}.${job.id.location}`)}`,
});

/** Ends a job that still runs; false when it was done. */
export function endJob(job: Job, error: ErrorProto | undefined): boolean {
  if (job.state === 'DONE') return false;
  job.state = 'DONE';
  job.endedMs = Date.now();
  job.startedMs ??= job.endedMs;
  if (error !== undefined) job.error = error;
  return true;
}

export function protoOf(error: unknown): ErrorProto {
  if (error instanceof BigqueryError) return error.proto;
  return { reason: 'backendError', message: `The backend gave no answer: ${(error as Error).message}` };
}
