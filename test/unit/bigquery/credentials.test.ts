import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { OAuth2Client } from 'google-auth-library';
import { googleCredentials } from '../../../functions/adapters/warehouse/bigquery/credentials.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { type Does, failure, ok, type Seen, scripted, spec, warehouseOn } from './server.ts';

const a = 'analyst@p.iam.gserviceaccount.com';
const b = 'batch@p.iam.gserviceaccount.com';

/** The gateway's own credential, as the environment would give it. */
function gateway(): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'gateway-token', expiry_date: Date.now() + 3_600_000 });
  return client;
}

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

async function iam(answer: (seen: Seen, nth: number) => Does = granted) {
  const server = await scripted(answer);
  const credentials = googleCredentials({ iamEndpoint: server.url, source: gateway() });
  const headerOf = async (identity: string) =>
    (await (await credentials.as(identity)).getRequestHeaders()).get('authorization');
  return { server, credentials, headerOf };
}

const granted = ({ path }: Seen, nth: number): Does => {
  const identity = /serviceAccounts\/(.*):generateAccessToken$/.exec(path)?.[1];
  return ok({ accessToken: `${identity} ${nth}`, expireTime: inSeconds(3600) });
};

test('each identity has its own token, asked for as the gateway, for BigQuery alone', async () => {
  const { server, headerOf, credentials } = await iam();
  assert.equal(await headerOf(a), `Bearer ${a} 1`);
  assert.equal(await headerOf(b), `Bearer ${b} 2`);
  assert.equal(await headerOf(a), `Bearer ${a} 1`);
  const own = await (await credentials.metadata()).getRequestHeaders();
  assert.equal(own.get('authorization'), 'Bearer gateway-token');
  assert.equal(server.seen.length, 2);
  for (const { headers, body } of server.seen) {
    assert.equal(headers.authorization, 'Bearer gateway-token');
    assert.deepEqual(body, { scope: ['https://www.googleapis.com/auth/bigquery'], lifetime: '3600s' });
  }
});

test('however many wait, a token is asked for once', async () => {
  const { server, headerOf } = await iam();
  const all = await Promise.all(Array.from({ length: 20 }, () => headerOf(a)));
  assert.deepEqual([...new Set(all)], [`Bearer ${a} 1`]);
  assert.equal(server.seen.length, 1);
});

test('a token near its end is renewed before it ends, and one without time left is no token', async () => {
  const short = await iam((_, nth) =>
    ok({ accessToken: `t${nth}`, expireTime: inSeconds(nth === 1 ? 0.2 : 3600) }),
  );
  assert.equal(await short.headerOf(a), 'Bearer t1');
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(await short.headerOf(a), 'Bearer t2');
  const ended = await iam(() => ok({ accessToken: 't', expireTime: inSeconds(-5) }));
  await assert.rejects(ended.headerOf(a), { code: 'warehouse_unavailable' });
});

test('a failure is not kept', async () => {
  const { headerOf, server } = await iam((seen, nth) =>
    nth === 1 ? { status: 403, json: {} } : granted(seen, nth),
  );
  await assert.rejects(headerOf(a), { name: 'SluiceError', code: 'warehouse_unavailable' });
  assert.equal(await headerOf(a), `Bearer ${a} 2`);
  assert.equal(server.seen.length, 2);
});

test('what is no service account is refused before anything is sent', async () => {
  const { credentials, server } = await iam();
  for (const identity of [
    '',
    'embedded',
    'me@example.com',
    `${a}/../x`,
    `x y@p.iam.gserviceaccount.com`,
    `${a}:signJwt?`,
  ])
    await assert.rejects(credentials.as(identity), { name: 'SluiceError', code: 'forbidden' }, identity);
  assert.equal(server.seen.length, 0);
});

test('wrong answers give no token', async () => {
  for (const wrong of [
    { status: 200, text: '<html>' },
    ok({}),
    ok({ accessToken: '', expireTime: inSeconds(60) }),
    ok({ accessToken: 't', expireTime: 'soon' }),
  ] as const)
    await assert.rejects((await iam(() => wrong)).headerOf(a));
});

test('a job and its metadata go out with the right one of them; IAM that stumbles is asked again', async () => {
  const { credentials } = await iam((seen, nth) =>
    nth === 1 ? { status: 503, json: {} } : granted(seen, nth),
  );
  const bigquery = await scripted(({ path }) =>
    ok(path.endsWith('/jobs') ? { jobReference: { jobId: 'none' } } : {}),
  );
  const warehouse = await warehouseOn(bigquery, { credentials });
  await assert.rejects(warehouse.insert(spec({ executionIdentity: b })));
  await assert.rejects(warehouse.dataset('p', 'd'));
  const sent = new Set(bigquery.seen.map(({ method, headers }) => `${method} ${headers.authorization}`));
  assert.deepEqual([...sent], [`POST Bearer ${b} 2`, 'GET Bearer gateway-token']);
});

test('workload identity federation: the gateway is whoever its subject token says', async () => {
  const sts = await scripted(({ body, path }) =>
    path === '/token'
      ? ok({
          access_token: `federated ${String(body.scope)}`,
          expires_in: 3600,
          token_type: 'Bearer',
          issued_token_type: 'x',
        })
      : failure(404, 'notFound'),
  );
  const folder = await temporaryFolder();
  const subject = join(folder, 'subject');
  await writeFile(subject, 'subject token');
  const keyFile = join(folder, 'federation.json');
  const configuration = {
    type: 'external_account',
    audience:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${sts.url}/token`,
    credential_source: { file: subject },
  };
  await writeFile(keyFile, JSON.stringify(configuration));
  const server = await scripted(granted);
  const credentials = googleCredentials({ iamEndpoint: server.url, keyFile });
  const headers = await (await credentials.as(a)).getRequestHeaders();
  assert.equal(headers.get('authorization'), `Bearer ${a} 1`);
  assert.equal(sts.seen[0]?.body.subject_token, 'subject token');
  assert.match(server.seen[0]?.headers.authorization ?? '', /^Bearer federated .*cloud-platform$/);
  const own = await (await credentials.metadata()).getRequestHeaders();
  assert.match(own.get('authorization') ?? '', /^Bearer federated .*bigquery\.readonly$/);
});
