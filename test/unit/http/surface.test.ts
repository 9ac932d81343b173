import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { methods } from '../../../functions/http/bigquery/methods.ts';
import { openTestGateway, type TestGateway, type TestReply } from '../../support/test-gateway.ts';
import { answers, ask, base, tables } from './shop.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await openTestGateway(tables, answers);
});
after(() => gateway.close());

function assertError(reply: TestReply, status: number, reason: string, message: RegExp): void {
  const { error } = reply.json;
  assert.equal(reply.status, status, JSON.stringify(error));
  assert.equal(error.code, status);
  assert.equal(error.errors[0].reason, reason);
  assert.equal(error.errors[0].domain, 'global');
  assert.match(error.message, message);
  assert.equal(error.errors[0].message, error.message);
  assert.match(String(reply.headers['x-sluice-request-id']), /^r_[0-9a-f]+$/);
}

test('the discovery document is at every path that clients look for it, with the host they used', async () => {
  const paths = [
    '/$discovery/rest?version=v2',
    '/%24discovery/rest?version=v2',
    '/discovery/v1/apis/bigquery/v2/rest',
  ];
  for (const path of paths) {
    const { status, json } = await gateway.call(path, { token: null });
    assert.equal(status, 200);
    assert.equal(json.id, 'bigquery:v2');
    assert.equal(json.rootUrl, `${gateway.url}/`);
    for (const { id } of methods) {
      const [resource = '', name = ''] = id.split('.');
      assert.equal(json.resources[resource].methods[name].id, `bigquery.${id}`);
    }
    for (const name of ['Job', 'QueryRequest', 'Any']) assert.ok(json.schemas[name], name);
  }
});

test('every method that is not served is refused by its name, with what to do instead, and recorded', async () => {
  const refused = methods.filter(({ use }) => use.kind === 'refused');
  assert.ok(refused.length >= 30);
  for (const { id, verb, path } of refused) {
    const before = gateway.audit.objects.size;
    const url = `/bigquery/v2/${path.replaceAll(/\{\w+\}/g, 'x')}`;
    const reply = await gateway.call(url, {
      method: verb,
      ...(verb === 'GET' || verb === 'DELETE' ? {} : { body: {} }),
    });
    assert.ok([400, 403].includes(reply.status), id);
    assert.match(
      reply.json.error.message,
      new RegExp(`^bigquery\\.${id} is not accepted by this gateway\\. [A-Z]`),
    );
    assert.ok(gateway.audit.objects.size > before, `${id} is recorded`);
  }
});

test('uploads, batches and other APIs are refused in the same shape', async () => {
  const calls: [string, string, number][] = [
    ['POST', '/upload/bigquery/v2/projects/local/jobs?uploadType=multipart', 403],
    ['PUT', '/resumable/upload/bigquery/v2/projects/local/jobs?upload_id=x', 403],
    ['POST', '/batch/bigquery/v2', 400],
    ['POST', '/v1/projects/local/locations/eu/connections', 404],
    ['POST', '/google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession', 404],
    ['GET', '/debug', 404],
    ['GET', '/', 404],
  ];
  for (const [method, path, status] of calls) {
    const reply = await gateway.call(path, { method });
    assert.equal(reply.status, status, path);
    assert.ok(reply.json.error.errors[0].reason, path);
  }
});

test('a wrong verb is 405 and names the right ones', async () => {
  const reply = await gateway.call(`${base}/queries`, { method: 'DELETE' });
  assertError(reply, 405, 'httpMethodNotAllowed', /DELETE is not a method of this path\. Use POST/);
  assert.equal(reply.headers.allow, 'POST, OPTIONS');
  assertError(
    await gateway.call('/$discovery/rest', { method: 'POST' }),
    405,
    'httpMethodNotAllowed',
    /Use GET/,
  );
});

test('X-HTTP-Method-Override changes nothing', async () => {
  const reply = await gateway.call(`${base}/datasets/shop`, {
    headers: { 'x-http-method-override': 'DELETE' },
  });
  assert.equal(reply.status, 200);
});

test('both with and without /bigquery/v2 the methods answer', async () => {
  for (const path of ['/bigquery/v2/projects', '/projects']) {
    const { json } = await gateway.call(path);
    assert.deepEqual(
      json.projects.map((p: { id: string }) => p.id),
      ['local'],
    );
  }
});

test('paths that could mean two things are refused before anything is routed', async () => {
  const paths = [
    '/projects/p/../../v1/projects',
    '/projects/%2e%2e/jobs',
    '/projects/a%2fb/jobs',
    '/projects/%zz/jobs',
    '/projects/a%00/jobs',
    '/projects//jobs',
  ];
  for (const path of paths) assertError(await gateway.call(path), 400, 'invalid', /^Bad request: /);
});

test('without a good token the answer is 401 and says what to do', async () => {
  const path = `${base}/datasets`;
  assertError(await gateway.call(path, { token: null }), 401, 'authError', /Authorization: Bearer TOKEN/);
  assertError(await gateway.call(path, { token: 'wrong' }), 401, 'authError', /Get a new one/);
  assertError(
    await gateway.call(path, { token: null, headers: { authorization: 'Basic YTpi' } }),
    401,
    'authError',
    /not a bearer/,
  );
  const two = { authorization: ['Bearer token-ada', 'Bearer token-bob'] };
  assertError(await gateway.call(path, { token: null, headers: two }), 401, 'authError', /exactly one/);
  const reply = await gateway.call(path, { token: null });
  assert.match(String(reply.headers['www-authenticate']), /^Bearer /);
  assert.equal(reply.json.error.errors[0].location, 'Authorization');
});

test('a token in the URL is refused and neither echoed nor recorded', async () => {
  const reply = await gateway.call(`${base}/queries/x?access_token=ya29.secret`);
  assertError(reply, 400, 'invalid', /never in the URL/);
  assert.ok(!reply.bytes.includes('ya29'));
  assert.ok([...gateway.audit.objects.values()].every((bytes) => !Buffer.from(bytes).includes('ya29')));
});

test('OPTIONS allows no other origin, HEAD has no body', async () => {
  const headers = { origin: 'https://evil.test', 'access-control-request-method': 'POST' };
  const options = await gateway.call(`${base}/queries`, { method: 'OPTIONS', headers });
  assert.equal(options.status, 204);
  assert.equal(options.headers.allow, 'POST, OPTIONS');
  assert.equal(options.headers['access-control-allow-origin'], undefined);
  const head = await gateway.call(`${base}/datasets`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
});

test('answers carry security headers and no banner', async () => {
  const { headers } = await gateway.call(`${base}/datasets`);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers.server, undefined);
  assert.equal(headers['x-powered-by'], undefined);
});

test('large answers are compressed where the client takes it, small ones and others are not', async () => {
  const body = ask('SELECT n FROM shop.numbers');
  const zipped = await gateway.call(`${base}/queries`, {
    ...body,
    headers: { 'accept-encoding': 'gzip, deflate' },
  });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.equal(zipped.json.rows.length, 1000);
  for (const accept of ['identity', 'gzip;q=0', 'br']) {
    const plain = await gateway.call(`${base}/queries`, { ...body, headers: { 'accept-encoding': accept } });
    assert.equal(plain.headers['content-encoding'], undefined, accept);
    assert.equal(Number(plain.headers['content-length']), plain.bytes.length);
  }
});

test('bodies that two readers could read differently are refused', async () => {
  const send = (text: string) => gateway.call(`${base}/queries`, { raw: Buffer.from(text) });
  assertError(
    await send('{"query":"SELECT 1","query":"DROP TABLE shop.orders"}'),
    400,
    'parseError',
    /"query" comes twice/,
  );
  assertError(
    await send('{"QUERY":"DROP TABLE x","query":"SELECT 1","useLegacySql":false}'),
    400,
    'invalid',
    /Unknown name "QUERY"/,
  );
  assertError(
    await send('{"query":"SELECT 1","__proto__":{"useLegacySql":true}}'),
    400,
    'invalid',
    /Unknown name "__proto__"/,
  );
  assertError(
    await send('{"query":["SELECT 1","DROP TABLE x"],"useLegacySql":false}'),
    400,
    'invalid',
    /a string is wanted, this is a list/,
  );
  assertError(await send('[1]'), 400, 'parseError', /must be a JSON object/);
  assertError(await send('{"query":'), 400, 'parseError', /at character 9/);
  assertError(
    await gateway.call(`${base}/queries`, { raw: Buffer.from([0x7b, 0xff]) }),
    400,
    'parseError',
    /UTF-8 at byte 1/,
  );
});

test('a compressed body is inflated, up to the limit', async () => {
  const text = Buffer.from(JSON.stringify(ask("SELECT 'x' AS word").body));
  const headers = { 'content-encoding': 'gzip' };
  assert.equal((await gateway.call(`${base}/queries`, { raw: gzipSync(text), headers })).status, 200);
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 0x20));
  assertError(
    await gateway.call(`${base}/queries`, { raw: bomb, headers }),
    413,
    'invalid',
    /over 10485760 bytes/,
  );
  assertError(
    await gateway.call(`${base}/queries`, { raw: text, headers }),
    400,
    'parseError',
    /does not inflate/,
  );
  const brotli = { 'content-encoding': 'br' };
  assertError(
    await gateway.call(`${base}/queries`, { raw: text, headers: brotli }),
    400,
    'invalid',
    /gzip or deflate/,
  );
});

test('a body over the limit is 413 and the connection is closed, with or without a length', async () => {
  const raw = Buffer.alloc(20 * 1024 * 1024, 0x20);
  const reply = await gateway.call(`${base}/queries`, { raw });
  assertError(reply, 413, 'invalid', /over 10485760 bytes/);
  assert.equal(reply.headers.connection, 'close');
  const chunked = await gateway.call(`${base}/queries`, {
    raw,
    headers: { 'content-length': [], 'transfer-encoding': 'chunked' },
  });
  assertError(chunked, 413, 'invalid', /over 10485760 bytes/);
});

test('a purpose that is no text is refused', async () => {
  const purpose = { 'x-sluice-purpose': 'x'.repeat(501) };
  assertError(
    await gateway.call(`${base}/datasets`, { headers: purpose }),
    400,
    'invalid',
    /X-Sluice-Purpose/,
  );
});
