import type { Exchange } from './exchange.ts';
import type { Jobs } from './jobs.ts';
import type { Runner } from './run-job.ts';
import type { TableReference } from './wire.ts';

/** What the handlers of all methods share. */
export type Service = {
  readonly runner: Runner;
  readonly jobs: Jobs;
  /** the proxy's own address */
  readonly url: () => string;
  /** where data sets and jobs are that name no place */
  readonly location: string;
  /** jobs.query deduplicates by request id: project and id to job id */
  readonly requestIds: Map<string, { readonly jobId: string; readonly atMs: number }>;
  /** when a table was last changed, by `project.dataset.table` */
  readonly changedMs: Map<string, number>;
  readonly datasetLocations: Map<string, string>;
  readonly tableChanged: (table: TableReference) => void;
};

/** A request of somebody: `email` is the identity that its token stands for. */
export type Call = {
  readonly exchange: Exchange;
  readonly email: string;
  /** what the route's pattern caught */
  readonly names: readonly string[];
};

export const numberOf = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  return text === null || text === '' ? undefined : Number(text);
};

/** Rows and lists start where a token or an index says. */
export const pageRequest = (query: URLSearchParams) => ({
  ...(query.has('maxResults') ? { maxResults: numberOf(query, 'maxResults') ?? 0 } : {}),
  ...(query.has('startIndex') ? { startIndex: numberOf(query, 'startIndex') ?? 0 } : {}),
  ...(query.get('pageToken') ? { pageToken: query.get('pageToken') ?? '' } : {}),
});
