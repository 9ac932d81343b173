import type { Query } from '../../core/query/query.ts';
import { listQueries } from '../../pipeline/find-query.ts';
import { type Answer, type Call, param, refuse, resource } from './call.ts';
import { withEtag } from './etag.ts';
import { type JobState, jobResource, jobState, statesOf } from './job-resource.ts';
import { pageTokens } from './page-token.ts';

const defaultResults = 50;
const maximumResults = 1000;
const chunk = 200;

type Position = { readonly receivedMs: number; readonly id: string };
type Filter = { readonly project: string; readonly minMs: number; readonly limit: number };

/** jobs.list, the caller's own jobs only: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/list */
export async function list(call: Call): Promise<Answer> {
  const { query: given, ports, caller } = call;
  const project = param(call, 'projectId');
  const states = readStates(given.all('stateFilter'));
  const limit = Math.min(given.integer('maxResults') ?? defaultResults, maximumResults);
  const [minMs, maxMs] = [given.integer('minCreationTime') ?? 0, given.integer('maxCreationTime')];
  const token = given.text('pageToken');
  if (given.boolean('allUsers')) {
    return refuse(
      'forbidden',
      'Access Denied: jobs of other principals are not shown. Leave allUsers out.',
      'allUsers',
    );
  }
  if (given.problems.first !== undefined) return { kind: 'refused', refusal: given.problems.first };
  if (states === undefined)
    return refuse('invalid', 'stateFilter is done, pending or running.', 'stateFilter');

  const tokens = await pageTokens(ports, [
    'jobs',
    caller.principal.issuer,
    caller.principal.subject,
    project,
  ]);
  const start = readPosition(token === undefined ? undefined : tokens.open(token), maxMs);
  if (token !== undefined && start === undefined)
    return refuse('invalid', 'Invalid page token.', 'pageToken');
  // No query here is part of a script, so no job has children.
  const none = given.text('parentJobId') !== undefined || limit === 0;
  const { jobs, next } = none
    ? { jobs: [], next: undefined }
    : await collect(call, { project, minMs, limit }, start, states);
  const nextPageToken =
    next === undefined ? {} : { nextPageToken: tokens.seal(`${next.receivedMs} ${next.id}`) };
  return resource(
    withEtag({
      kind: 'bigquery#jobList',
      ...nextPageToken,
      jobs: jobs.map((job) => entry(job, call.origin)),
    }),
  );
}

function entry(query: Query, origin: string) {
  const { etag: _etag, selfLink: _selfLink, ...job } = jobResource(query, origin);
  const errorResult = 'errorResult' in job.status ? { errorResult: job.status.errorResult } : {};
  return { ...job, state: jobState(query), ...errorResult };
}

function readStates(names: readonly string[]): readonly JobState[] | undefined {
  const states = names.map((name) =>
    (['PENDING', 'RUNNING', 'DONE'] as const).find((state) => state === name.toUpperCase()),
  );
  return states.includes(undefined) ? undefined : states.flatMap((state) => state ?? []);
}

function readPosition(value: string | undefined, maxMs: number | undefined): Position | undefined {
  const [receivedMs, id] = value?.split(' ') ?? [];
  if (receivedMs !== undefined && id !== undefined) return { receivedMs: Number(receivedMs), id };
  // Everything received up to and at that millisecond is before the first id of the next.
  return maxMs === undefined || maxMs === Number.MAX_SAFE_INTEGER
    ? undefined
    : { receivedMs: maxMs + 1, id: '' };
}

async function collect(
  call: Call,
  { project, minMs, limit }: Filter,
  start: Position | undefined,
  wanted: readonly JobState[],
): Promise<{ jobs: readonly Query[]; next: Position | undefined }> {
  const states = wanted.length === 0 ? {} : { states: wanted.flatMap(statesOf) };
  const jobs: Query[] = [];
  let before = start;
  for (;;) {
    const found = await listQueries(call.ports, call.caller, {
      limit: chunk,
      ...states,
      ...(before === undefined ? {} : { before }),
    });
    for (const query of found) {
      if (query.receivedMs < minMs) return { jobs, next: undefined };
      if (query.project === project && jobs.length === limit) return { jobs, next: before };
      before = { receivedMs: query.receivedMs, id: query.id };
      if (query.project === project) jobs.push(query);
    }
    if (found.length < chunk) return { jobs, next: undefined };
  }
}
