import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affectedRows, jobResource } from '../../../functions/http/bigquery/job-resource.ts';
import { evaluationOf, queryOf } from '../../support/queries.ts';

const outcome = {
  totalRows: 0,
  totalBytesProcessed: 1_048_576,
  totalBytesBilled: 10_485_760,
  cacheHit: false,
  startMs: 1,
  endMs: 2,
};

test('a job that changed rows says how many, and one that read says nothing of it', () => {
  const evaluation = evaluationOf({ statementType: 'UPDATE' });
  const changed = queryOf({ state: 'done', evaluation, outcome: { ...outcome, dmlAffectedRows: 3 } });
  assert.equal(
    (jobResource(changed, 'http://here').statistics.query as Record<string, unknown>).numDmlAffectedRows,
    '3',
  );
  assert.ok(!('numDmlAffectedRows' in jobResource({ ...changed, outcome }, 'http://here').statistics.query));
  assert.deepEqual(affectedRows(undefined), {});
});
