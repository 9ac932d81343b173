import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Does, failure, ok, scripted, spec, warehouseOn } from './server.ts';

const dry = (query: object, more: object = {}): Does =>
  ok({
    jobReference: { projectId: 'p', location: 'EU' },
    status: { state: 'DONE' },
    statistics: { query, ...more },
  });

const select = { statementType: 'SELECT', totalBytesProcessed: '7', totalBytesProcessedAccuracy: 'PRECISE' };

test('a dry run is marked as one, has no id, and asks about exactly the text', async () => {
  const server = await scripted(() => dry({ ...select, schema: { fields: [{ name: 'x', type: 'INT64' }] } }));
  const job = spec({ sql: 'SELECT @k', secrets: { k: 's' } });
  const result = await (await warehouseOn(server)).dryRun(job);
  assert.deepEqual(result, {
    ok: true,
    statementType: 'SELECT',
    schema: { fields: [{ name: 'x', type: 'INTEGER', mode: 'NULLABLE' }] },
    referencedTables: [],
    referencedRoutines: [],
    estimate: { bytes: 1048576, accuracy: 'PRECISE' },
  });
  const [seen] = server.seen;
  assert.deepEqual(seen?.body.jobReference, { projectId: 'p', location: 'EU' });
  const configuration = seen?.body.configuration as { dryRun: boolean; query: { query: string } };
  assert.equal(configuration.dryRun, true);
  assert.equal(configuration.query.query, 'SELECT @k');
  assert.equal(seen?.headers.authorization, `Bearer ${job.executionIdentity}`);
});

test('no bytes and no word on how sure that is: unknown, not free; a size is told in whole MiB', async () => {
  for (const [query, statistics, estimate] of [
    [
      { totalBytesProcessed: '0', totalBytesProcessedAccuracy: 'UNKNOWN' },
      {},
      { bytes: 0, accuracy: 'UNKNOWN' },
    ],
    [{}, {}, { bytes: 0, accuracy: 'UNKNOWN' }],
    [{ totalBytesProcessed: '5' }, {}, { bytes: 1048576, accuracy: 'UNKNOWN' }],
    [
      { totalBytesProcessedAccuracy: 'UPPER_BOUND' },
      { totalBytesProcessed: '1048577' },
      { bytes: 2097152, accuracy: 'UPPER_BOUND' },
    ],
    [
      { totalBytesProcessed: '0', totalBytesProcessedAccuracy: 'PRECISE' },
      {},
      { bytes: 0, accuracy: 'PRECISE' },
    ],
  ] as const) {
    const server = await scripted(() => dry({ statementType: 'SELECT', ...query }, statistics));
    const result = await (await warehouseOn(server)).dryRun(spec());
    assert.deepEqual(result.ok && result.estimate, estimate);
  }
});

test('writes have no columns, whatever schema comes along', async () => {
  const schema = { fields: [{ name: 'ssn', type: 'STRING' }] };
  const server = await scripted(() => dry({ ...select, statementType: 'INSERT', schema }));
  const result = await (await warehouseOn(server)).dryRun(spec());
  assert.deepEqual(result.ok && [result.statementType, result.schema], ['INSERT', { fields: [] }]);
});

test('a parameter without a value is refused by its name', async () => {
  const server = await scripted(() => dry({ ...select, undeclaredQueryParameters: [{ name: 'day' }] }));
  const result = await (await warehouseOn(server)).dryRun(spec({ sql: 'SELECT @day' }));
  assert.ok(!result.ok);
  assert.equal(result.error.code, 'invalid_query');
  assert.match(result.error.message, /'day' not found/);
});

test('errors of the text are values: our words, names of the text alone, and the place', async () => {
  const sql = 'SELECT `nope`, FOO(1) FROM `p`.`d`.`t` AS `t`';
  for (const [status, reason, message, wanted] of [
    [400, 'invalidQuery', 'Unrecognized name: nope at [1:8]', 'Unrecognized name: nope at [1:8]'],
    [
      400,
      'invalidQuery',
      'Unrecognized name: nope; Did you mean ssn_secret? at [1:8]',
      'Unrecognized name: nope at [1:8]',
    ],
    [
      400,
      'invalidQuery',
      'Unrecognized name: ssn_secret at [3:1]',
      'The warehouse does not accept this query; write it more simply at [3:1]',
    ],
    [400, 'invalidQuery', 'Function not found: FOO at [1:14]', 'Function not found: FOO at [1:14]'],
    [404, 'notFound', 'Not found: Table p:d.t was not found in location EU', 'Not found: p:d.t'],
    [404, 'notFound', 'Not found: Table p:secret.base was not found in location EU', 'Not found'],
    [
      400,
      'invalidQuery',
      'Syntax error: Unexpected identifier "ssn_secret" at [1:2]',
      'Syntax error at [1:2]',
    ],
    [
      400,
      'invalidQuery',
      'Could not cast literal "123-45-6789" to type INT64 at [1:2]',
      'The warehouse does not accept this query; write it more simply at [1:2]',
    ],
    [
      400,
      'invalidQuery',
      'No matching signature for function FOO for argument types: STRUCT<ssn_secret STRING>. at [1:1]',
      'No matching signature for FOO at [1:1]',
    ],
    [
      400,
      'invalidQuery',
      "Cannot query over table 'p.secret.t' without a filter over column(s) 'ssn_secret'",
      'A partitioned table needs a filter over its partition column',
    ],
  ] as const) {
    const server = await scripted(() => failure(status, reason, message));
    const result = await (await warehouseOn(server)).dryRun(spec({ sql }));
    assert.deepEqual(result, {
      ok: false,
      error: {
        code: 'invalid_query',
        ...(reason === 'notFound' ? {} : { location: 'query' }),
        message: wanted,
      },
    });
  }
});

test('a right that is missing names no table', async () => {
  const message =
    'Access Denied: Table p:secret.base: User does not have permission to query table p:secret.base';
  const server = await scripted(() => failure(403, 'accessDenied', message));
  const result = await (await warehouseOn(server)).dryRun(spec());
  assert.equal(!result.ok && result.error.code, 'forbidden');
  assert.doesNotMatch(result.ok ? '' : result.error.message, /secret/);
});

test('a value that is not of its type is told by the name of its parameter', async () => {
  const server = await scripted(() => failure(400, 'invalid', 'Invalid value for INT64: 123-45-6789'));
  const parameters = [{ name: 'n', type: { type: 'INT64' }, value: { value: '123-45-6789' } }];
  const result = await (await warehouseOn(server)).dryRun(spec({ sql: 'SELECT @n', parameters }));
  assert.deepEqual(result, {
    ok: false,
    error: {
      code: 'invalid_query',
      location: 'parameters',
      message: 'The value of query parameter "n" is not a valid INT64',
    },
  });
});

test('answers that are no dry run are errors', async () => {
  for (const wrong of [
    { status: 200, text: '<html></html>' },
    ok({}),
    ok({ statistics: { query: {} } }),
    dry({ ...select, totalBytesProcessed: -1 }),
    dry({ ...select, totalBytesProcessedAccuracy: 'SOMEWHAT' }),
    dry({ ...select, referencedTables: [{ projectId: 'p' }] }),
    dry({ ...select, schema: { fields: [{ name: 'x', type: 'STRING', mode: 'SOMETIMES' }] } }),
    'reset',
  ] as const) {
    const warehouse = await warehouseOn(await scripted(() => wrong));
    await assert.rejects(warehouse.dryRun(spec()), { name: 'SluiceError', code: 'warehouse_unavailable' });
  }
});

test('a server that does not answer is given up after the time of an attempt', async () => {
  const server = await scripted(() => 'hang');
  const warehouse = await warehouseOn(server, { patience: { attemptMs: 60, attempts: 2, firstPauseMs: 1 } });
  const startMs = Date.now();
  await assert.rejects(warehouse.dryRun(spec()), { code: 'warehouse_unavailable' });
  assert.ok(Date.now() - startMs < 2000);
  assert.equal(server.seen.length, 2);
});
