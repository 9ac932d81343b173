import { createHash } from 'node:crypto';
import { isFinal } from '../../core/query/lifecycle.ts';
import type { Query, QueryState } from '../../core/query/query.ts';
import type { FieldSchema } from '../../core/query/schema.ts';
import { getTable } from '../../pipeline/browse.ts';
import { awaitQuery } from '../../pipeline/find-query.ts';
import { submitQuery } from '../../pipeline/submit-query.ts';
import type { ResultPage, TableInfo } from '../../ports/index.ts';
import { type Answer, type Call, param, refuse } from './call.ts';
import { etagOf } from './etag.ts';
import { resultsDataset } from './job-resource.ts';
import { pageOf } from './queries.ts';
import { answerRows, timestampFormat, type Wanted } from './results.ts';
import { resultOf, selectFields, tableNotFound } from './tables.ts';

/** How long one reading of a table stands for all its pages; then the table is read anew. */
const readingMs = 3600 * 1000;
const waitMs = 200_000;
/** A reading that ended in one of these may be tried again. */
const retried: readonly QueryState[] = ['failed', 'cancelled', 'expired', 'stale'];
const maximumAttempts = 4;

/**
 * tabledata.list: https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list
 * The rows of a table are a query like any other: decided, masked and recorded. All pages come from one job.
 */
export async function list(call: Call): Promise<Answer> {
  const { query: given } = call;
  const timestamps = timestampFormat(
    given.boolean('formatOptions.useInt64Timestamp'),
    given.text('formatOptions.timestampOutputFormat'),
  );
  const page = pageOf(call);
  if (given.problems.first !== undefined) return { kind: 'refused', refusal: given.problems.first };
  if (!timestamps.ok) return { kind: 'refused', refusal: timestamps.refusal };
  const wanted = { ...page, timestamps: timestamps.value };
  return param(call, 'datasetId') === resultsDataset ? listResult(call, wanted) : listTable(call, wanted);
}

const head = (query: Query) => (page: ResultPage) => ({
  kind: 'bigquery#tableDataList',
  etag: etagOf({ id: query.id, rows: page.totalRows }),
});

/** The rows of the caller's own finished job, as its `destinationTable`. */
async function listResult(call: Call, wanted: Wanted): Promise<Answer> {
  const query = await resultOf(call);
  if (query === undefined) return tableNotFound(call);
  const fields = query.evaluation?.schema.fields ?? [];
  const selected = call.query.text('selectedFields');
  const picked = selected === undefined ? fields : selectFields(fields, selected);
  if (picked === undefined || JSON.stringify(picked) !== JSON.stringify(fields)) {
    return refuse(
      'unsupported',
      'The rows of a job are given whole. Leave selectedFields out, or select in the query.',
      'selectedFields',
    );
  }
  return answerRows(call, query, wanted, head(query));
}

async function listTable(call: Call, wanted: Wanted): Promise<Answer> {
  const ref = {
    project: param(call, 'projectId'),
    dataset: param(call, 'datasetId'),
    table: param(call, 'tableId'),
  };
  const found = await getTable(call.ports, call.caller, ref);
  if (!found.ok) return { kind: 'refused', refusal: found.refusal };
  if (found.value.kind === 'view') {
    return refuse(
      'invalid',
      'Cannot list a table of type VIEW. Query it: SELECT * FROM the view.',
      'tableId',
    );
  }
  const columns = readColumns(found.value, call.query.text('selectedFields'));
  if (typeof columns === 'string') return refuse('invalid', columns, 'selectedFields');
  const result = await readTable(call, found.value, columns);
  if ('kind' in result) return result;
  if (!isFinal(result.state)) return waiting(result);
  return answerRows(call, result, wanted, head(result));
}

function readColumns(info: TableInfo, selected: string | undefined): readonly string[] | string {
  if (selected === undefined) return info.schema.fields.map(({ name }) => name);
  if (selected.includes('.'))
    return 'selectedFields takes whole columns here. To read nested fields, query the table.';
  const fields: readonly FieldSchema[] | undefined = selectFields(info.schema.fields, selected);
  return fields?.map(({ name }) => name) ?? 'selectedFields names a column that the table does not have.';
}

const quoted = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

/** The one job that reads these columns of the table as it is now, under the policy of now. */
async function readTable(call: Call, info: TableInfo, columns: readonly string[]): Promise<Query | Answer> {
  const { ports, caller } = call;
  const { project, dataset, table } = info.ref;
  const sql = `SELECT ${columns.map(quoted).join(', ')} FROM ${[project, dataset, table].map(quoted).join('.')}`;
  const reading = Math.floor(ports.clock.nowMs() / readingMs);
  const request = {
    sql,
    parameters: [],
    labels: {},
    ...(call.purpose === undefined ? {} : { purpose: call.purpose }),
  };
  for (let attempt = 1; ; attempt++) {
    const basis = JSON.stringify([request, info.etag, ports.policy().identity.hash, reading, attempt]);
    const requestId = `tabledata.list ${createHash('sha256').update(basis).digest('hex')}`;
    const result = await submitQuery(ports, { caller, project, door: 'tabledata.list', requestId, request });
    if (result.kind === 'refused') return { kind: 'refused', refusal: result.refusal };
    const { query, repeated } = result;
    const ends = query.state === 'held' || isFinal(query.state);
    const current = ends ? query : await awaitQuery(ports, caller, project, query.jobId, waitMs, call.signal);
    const settled = current ?? query;
    if (repeated && retried.includes(settled.state) && attempt < maximumAttempts) continue;
    return settled;
  }
}

/** This method cannot say "wait": it says where the rows will be. */
function waiting(query: Query): Answer {
  const where = `Its job is ${query.jobId}: read its rows with jobs.getQueryResults (bq head -j ${query.jobId}) once it is done, or ask again.`;
  return query.state === 'running'
    ? refuse('timeout', `Reading this table takes longer than a request may. ${where}`)
    : refuse('forbidden', `Reading this table waits for a person's approval. ${where}`);
}
