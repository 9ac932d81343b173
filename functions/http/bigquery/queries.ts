import { canonicalJson } from '../../core/json.ts';
import { isFinal } from '../../core/query/lifecycle.ts';
import type { Query } from '../../core/query/query.ts';
import { dryRunQuery } from '../../pipeline/dry-run-query.ts';
import { awaitQuery } from '../../pipeline/find-query.ts';
import { submitQuery } from '../../pipeline/submit-query.ts';
import type { ResultPage } from '../../ports/index.ts';
import { type Answer, type Call, param, refuse, resource } from './call.ts';
import { dryRunResponse } from './dry-run-resource.ts';
import { etagOf } from './etag.ts';
import { Fields, Problems } from './fields.ts';
import { affectedRows, jobReference } from './job-resource.ts';
import { locationOf, otherProject } from './place.ts';
import { readQueryRequest, settingNames } from './query-settings.ts';
import { answerRows, timestampFormat, type Wanted } from './results.ts';

/** How long a request waits for its query, unless it says. Some clients ask again without a pause. */
const defaultWaitMs = 10_000;
/** The longest that a request is kept waiting, whatever it says. */
const maximumWaitMs = 200_000;
const requestIdShape = /^[\x21-\x7e]{1,36}$/;

const requestNames = [
  ...settingNames,
  'kind',
  'dryRun',
  'formatOptions',
  'jobTimeoutMs',
  'labels',
  'location',
  'maxResults',
  'requestId',
  'timeoutMs',
];

/** jobs.query: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query */
export async function query(call: Call): Promise<Answer> {
  const problems = new Problems();
  const fields = new Fields(call.body, '', problems);
  fields.only(requestNames);
  const project = param(call, 'projectId');
  const request = readQueryRequest(fields, fields, project, call.purpose);
  const requestId = fields.text('requestId');
  if (requestId !== undefined && !requestIdShape.test(requestId)) {
    problems.add('requestId has at most 36 printable ASCII characters.', 'requestId');
  }
  const location = fields.text('location');
  const waitMs = fields.integer('timeoutMs') ?? defaultWaitMs;
  const dryRun = fields.boolean('dryRun') === true;
  const wanted = wantedRows(fields);
  if (problems.first !== undefined) return { kind: 'refused', refusal: problems.first };
  const elsewhere = await otherProject(call.ports, project);
  if (elsewhere !== undefined) return { kind: 'refused', refusal: elsewhere };
  const place = locationOf(call.ports, location);
  if (!place.ok) return { kind: 'refused', refusal: place.refusal };

  const { ports, caller } = call;
  const submission = {
    caller,
    project,
    door: 'jobs.query',
    request,
    location: place.value,
    ...(requestId === undefined ? {} : { requestId }),
  } as const;
  if (dryRun) {
    const result = await dryRunQuery(ports, submission);
    return result.ok
      ? resource(dryRunResponse(project, place.value, result))
      : { kind: 'refused', refusal: result.refusal };
  }
  const result = await submitQuery(ports, submission);
  if (result.kind === 'refused') return { kind: 'refused', refusal: result.refusal };
  if (result.repeated && canonicalJson(result.query.request) !== canonicalJson(request)) {
    return refuse('duplicate', 'This requestId was used for another query. Send a new one.', 'requestId');
  }
  const current = isFinal(result.query.state)
    ? result.query
    : await awaitQuery(ports, caller, project, result.query.jobId, patience(call, waitMs), call.signal);
  return answerQuery(call, current ?? result.query, wanted, 'bigquery#queryResponse');
}

/** How long this request may be kept waiting, milliseconds: never past the end of the token that it came with. */
function patience({ ports, caller }: Call, waitMs: number): number {
  const tokenMs = caller.tokenExpiresMs - ports.clock.nowMs();
  return Math.max(0, Math.min(waitMs, maximumWaitMs, tokenMs));
}

function wantedRows(fields: Fields): Wanted {
  const format = fields.object('formatOptions');
  format?.only(['useInt64Timestamp', 'timestampOutputFormat']);
  const timestamps = timestampFormat(
    format?.boolean('useInt64Timestamp'),
    format?.text('timestampOutputFormat'),
  );
  if (!timestamps.ok) fields.problems.add(timestamps.refusal.message, 'formatOptions');
  const maxResults = fields.integer('maxResults');
  return {
    ...(maxResults === undefined ? {} : { maxResults }),
    timestamps: timestamps.ok ? timestamps.value : 'FLOAT64',
  };
}

/** jobs.getQueryResults: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
export async function getQueryResults(call: Call): Promise<Answer> {
  const { query: given, ports, caller } = call;
  const wanted = {
    ...pageOf(call),
    timestamps: given.text('formatOptions.timestampOutputFormat'),
  };
  const timestamps = timestampFormat(given.boolean('formatOptions.useInt64Timestamp'), wanted.timestamps);
  const waitMs = given.integer('timeoutMs') ?? defaultWaitMs;
  if (given.problems.first !== undefined) return { kind: 'refused', refusal: given.problems.first };
  if (!timestamps.ok) return { kind: 'refused', refusal: timestamps.refusal };
  const [project, jobId] = [param(call, 'projectId'), param(call, 'jobId')];
  const found = locationOf(ports, given.text('location')).ok
    ? await awaitQuery(ports, caller, project, jobId, patience(call, waitMs), call.signal)
    : undefined;
  if (found === undefined) return jobNotFound(call);
  return answerQuery(
    call,
    found,
    { ...wanted, timestamps: timestamps.value },
    'bigquery#getQueryResultsResponse',
  );
}

/** Paging fields of a query string, without those that are absent. */
export function pageOf(call: Call): Pick<Wanted, 'maxResults' | 'startIndex' | 'pageToken'> {
  const [maxResults, startIndex] = [call.query.integer('maxResults'), call.query.integer('startIndex')];
  const pageToken = call.query.text('pageToken');
  return {
    ...(maxResults === undefined ? {} : { maxResults }),
    ...(startIndex === undefined ? {} : { startIndex }),
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}

/** As BigQuery says it of a job that is not there, or not the caller's. */
export function jobNotFound(call: Call): Answer {
  const name = `${param(call, 'projectId')}:${param(call, 'jobId')}`;
  return refuse('not_found', `Not found: Job ${name.slice(0, 1200)}`);
}

type Kind = 'bigquery#queryResponse' | 'bigquery#getQueryResultsResponse';

/** The rows of a query that is done, its error if it ended badly, or that it is not complete yet. */
async function answerQuery(call: Call, found: Query, wanted: Wanted, kind: Kind): Promise<Answer> {
  if (!isFinal(found.state)) {
    return resource({ kind, jobReference: jobReference(found), jobComplete: false }, found.jobId);
  }
  return answerRows(call, found, wanted, (page) => queryHead(found, kind, page));
}

/** Everything of a query's answer but the rows. */
function queryHead(found: Query, kind: Kind, page: ResultPage): object {
  const { outcome, evaluation, startedMs, endedMs } = found;
  return {
    kind,
    ...(kind === 'bigquery#getQueryResultsResponse'
      ? { etag: etagOf({ id: found.id, rows: page.totalRows }) }
      : {}),
    schema: evaluation?.schema ?? { fields: [] },
    jobReference: jobReference(found),
    jobComplete: true,
    totalBytesProcessed: String(outcome?.totalBytesProcessed ?? 0),
    cacheHit: outcome?.cacheHit ?? false,
    ...affectedRows(outcome),
    ...(kind === 'bigquery#queryResponse'
      ? {
          queryId: found.jobId,
          location: found.location,
          totalBytesBilled: String(outcome?.totalBytesBilled ?? 0),
          creationTime: String(found.receivedMs),
          ...(startedMs === undefined ? {} : { startTime: String(startedMs) }),
          ...(endedMs === undefined ? {} : { endTime: String(endedMs) }),
        }
      : {}),
  };
}
