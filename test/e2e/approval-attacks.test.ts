import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { canaryShop } from '../support/canary-shop.ts';
import { call, type GatewayProcess, getJob, insertJob, startGateway } from '../support/gateway.ts';

// What somebody tries who wants a query approved that nobody meant to approve. Every query here has two joins without a
// condition, which the shipped policy holds.

const costly = 'SELECT COUNT(*) AS n FROM shop.orders AS a, shop.orders AS b, shop.orders AS c';
let gateway: GatewayProcess;
let robot = '';
let ada = '';

before(async () => {
  gateway = await startGateway({ data: canaryShop().folder });
  robot = gateway.token('robot', 'analysts');
  ada = gateway.token('ada', 'approvers');
});
after(async () => {
  assert.equal(await gateway.stop(), 0);
});

type Hold = { readonly id: string; readonly digest: string; readonly link: string };
let count = 0;

/** A held query of the robot's, as an approver finds it. */
async function newHold(token = robot): Promise<Hold & { readonly jobId: string }> {
  const jobId = `held_${++count}`;
  const { status } = await insertJob(gateway.url, token, jobId, `${costly} LIMIT ${count}`);
  assert.equal(status, 200);
  const { body } = await call(gateway.url, ada, 'GET', '/approvals/v1/holds');
  const found = (body.holds as (Hold & { sql: string })[]).find(({ sql }) => sql.includes(`LIMIT ${count}`));
  assert.ok(found);
  return { ...found, jobId };
}

const stateOf = async (hold: { jobId: string }): Promise<unknown> =>
  ((await getJob(gateway.url, robot, hold.jobId)).body.status as { state: string }).state;
const stillWaits = async (hold: { jobId: string }): Promise<void> => {
  assert.equal(await stateOf(hold), 'PENDING');
};
const decide = (token: string | undefined, id: string, body: object, action = 'approve') =>
  call(gateway.url, token, 'POST', `/approvals/v1/holds/${id}/${action}`, body);

/** A browser that follows no redirects; `cookie` is what it sends. */
const browse = (
  path: string,
  cookie: string,
  more: RequestInit & { headers?: Record<string, string> } = {},
) => fetch(`${gateway.url}${path}`, { redirect: 'manual', ...more, headers: { cookie, ...more.headers } });
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (
  path: string,
  cookie: string,
  fields: Record<string, string>,
  headers: Record<string, string>,
) =>
  browse(path, cookie, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { ...formType, ...headers },
  });

const fieldOf = (page: string, name: string): string =>
  new RegExp(`name="${name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="${name}"`)
    .exec(page)
    ?.slice(1)
    .find((each) => each !== undefined) ?? '';

test('the JSON API takes no cookie, no other digest, and nobody who may not decide', async () => {
  const hold = await newHold();
  const good = { reason: 'looks fine', digest: hold.digest };
  const cookie = `sluice_session=${ada}`;
  const byCookie = await browse(`/approvals/v1/holds/${hold.id}/approve`, cookie, {
    method: 'POST',
    body: JSON.stringify(good),
    headers: { 'content-type': 'application/json', origin: gateway.url },
  });
  assert.equal(byCookie.status, 401);

  const token = (as: string, groups: string, ...more: string[]) => gateway.token(as, groups, ...more);
  const refused: readonly (readonly [string | undefined, object, number])[] = [
    [undefined, good, 401],
    ['e30.e30.e30', good, 401],
    [robot, good, 404],
    [token('robot', 'approvers'), good, 403],
    [token('helper', 'approvers', '--acting-for', 'ada'), good, 403],
    [token('bob', 'analysts'), good, 404],
    [token('bob', 'Approvers'), good, 404],
    [ada, { ...good, digest: hold.digest.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }, 409],
    [ada, { ...good, digest: hold.digest.toUpperCase() }, 409],
    [ada, { ...good, digest: [hold.digest] }, 400],
    [ada, { ...good, digest: '' }, 409],
    [ada, { reason: '  x  ', digest: hold.digest }, 400],
    [ada, { digest: hold.digest }, 400],
  ];
  for (const [who, body, status] of refused) {
    const answer = await decide(who, hold.id, body);
    assert.equal(answer.status, status, `${JSON.stringify(body)}: ${answer.text}`);
  }
  await stillWaits(hold);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
    const answer = await browse(`/approvals/v1/holds/${hold.id}/approve`, '', {
      method,
      headers: { authorization: `Bearer ${ada}` },
    });
    assert.ok(answer.status >= 400, method);
  }
  await stillWaits(hold);
});

test('an approval is for one query and works once', async () => {
  const [one, other] = [await newHold(), await newHold()];
  assert.equal((await decide(ada, other.id, { reason: 'for the other', digest: one.digest })).status, 409);
  await stillWaits(other);
  assert.equal((await decide(ada, one.id, { reason: 'once', digest: one.digest })).status, 200);
  assert.equal((await decide(ada, one.id, { reason: 'twice', digest: one.digest })).status, 409);
  assert.equal(
    (await decide(ada, one.id, { reason: 'after all not', digest: one.digest }, 'reject')).status,
    409,
  );
  await stillWaits(other);
  const cancelled = await call(
    gateway.url,
    robot,
    'POST',
    `/bigquery/v2/projects/local/jobs/${other.jobId}/cancel`,
  );
  assert.equal(cancelled.status, 200);
  assert.equal((await decide(ada, other.id, { reason: 'too late', digest: other.digest })).status, 409);
});

test('a requester who is an approver, too, does not decide the own query', async () => {
  const both = gateway.token('eve', 'analysts,approvers');
  const hold = await newHold(both);
  assert.equal((await decide(both, hold.id, { reason: 'my own', digest: hold.digest })).status, 403);
  const forEve = gateway.token('minion', 'analysts', '--acting-for', 'eve');
  const delegated = await newHold(forEve);
  assert.equal(
    (await decide(both, delegated.id, { reason: 'mine, too', digest: delegated.digest })).status,
    403,
  );
});

test('a link shows nothing without a sign-in, and an altered one nothing at all', async () => {
  const hold = await newHold();
  const path = hold.link.slice(gateway.url.length);
  const outside = await browse(path, '');
  assert.equal(outside.status, 303);
  assert.ok(!(await outside.text()).includes('shop'));
  const cookie = `sluice_session=${ada}`;
  const [place, token = ''] = path.split('?t=');
  assert.equal((await browse(path, cookie)).status, 200);
  for (let at = 0; at < token.length; at += 9) {
    const altered = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    assert.equal((await browse(`${place}?t=${altered}`, cookie)).status, 410, altered);
  }
  const other = await newHold();
  assert.equal((await browse(`/approvals/${other.id}?t=${token}`, cookie)).status, 410);
  assert.equal((await browse(path, `sluice_session=${robot}`)).status, 404);
  assert.notEqual((await browse(path, `${cookie}; sluice_session=${robot}`)).status, 200);
  for (const more of ['&decision=approve', '&decision=approve&reason=clicked'])
    await browse(path + more, cookie);
  await browse(path, cookie, { method: 'HEAD' });
  await stillWaits(hold);
});

test('a decision is only taken from the own page: Origin, CSRF token, one field each, the own session', async () => {
  const [hold, other] = [await newHold(), await newHold()];
  const cookie = `sluice_session=${ada}`;
  const page = await (await browse(`/approvals/${hold.id}`, cookie)).text();
  const fields = {
    csrf: fieldOf(page, 'csrf'),
    digest: hold.digest,
    decision: 'approve',
    reason: 'looks fine',
  };
  assert.ok(fields.csrf.length > 20);
  const path = `/approvals/${hold.id}/decide`;
  const own = { origin: gateway.url };
  const otherPage = await (await browse(`/approvals/${other.id}`, cookie)).text();
  const tries: readonly (readonly [string, Record<string, string>, Record<string, string>, number])[] = [
    [cookie, fields, {}, 403],
    [cookie, fields, { origin: 'null' }, 403],
    [cookie, fields, { origin: 'https://evil.example' }, 403],
    [cookie, fields, { origin: gateway.url.replace('127.0.0.1', 'localhost') }, 403],
    [cookie, fields, { origin: `${gateway.url}.evil.example` }, 403],
    [cookie, { ...fields, csrf: '' }, own, 403],
    [cookie, { ...fields, csrf: fieldOf(otherPage, 'csrf') }, own, 403],
    [`sluice_session=${gateway.token('ann', 'approvers')}`, fields, own, 403],
    ['', fields, own, 401],
    [`${cookie}; ${cookie}`, fields, own, 401],
    [cookie, { ...fields, decision: 'yes' }, own, 400],
    [cookie, { ...fields, digest: other.digest }, own, 409],
  ];
  for (const [sent, form, headers, status] of tries) {
    const answer = await post(path, sent, form, headers);
    assert.equal(answer.status, status, JSON.stringify([form, headers]));
  }
  const asJson = await browse(path, cookie, {
    method: 'POST',
    body: JSON.stringify(fields),
    headers: { ...own, 'content-type': 'text/plain' },
  });
  assert.equal(asJson.status, 400);
  const twice = `${new URLSearchParams(fields)}&decision=reject`;
  assert.equal(
    (await browse(path, cookie, { method: 'POST', body: twice, headers: { ...own, ...formType } })).status,
    400,
  );
  await stillWaits(hold);
  assert.equal((await post(path, cookie, fields, own)).status, 303);
  assert.equal((await post(path, cookie, fields, own)).status, 409);
});

test('the sign-in: no other way back, no code without its proof, none twice', async () => {
  const start = await browse('/approvals', '');
  const target = new URL(start.headers.get('location') ?? '');
  const login = (start.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const authorize = (change: Record<string, string>) => {
    const url = new URL(target);
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
    return `${url.pathname}${url.search}`;
  };
  const broken: readonly Record<string, string>[] = [
    { redirect_uri: 'https://evil.example/approvals/callback' },
    { redirect_uri: `${gateway.url}/approvals/callback/../../x` },
    { redirect_uri: `${gateway.url}/approvals/callback?x=1` },
    { redirect_uri: `${gateway.url}@evil.example/approvals/callback` },
    { client_id: 'other' },
    { response_type: 'token' },
    { code_challenge: '' },
    { code_challenge_method: 'plain' },
    { state: '' },
    { nonce: '' },
  ];
  const form = { name: 'ada', groups: 'approvers', password: gateway.password };
  for (const change of broken) {
    assert.equal((await browse(authorize(change), '')).status, 400, JSON.stringify(change));
    assert.equal((await post(authorize(change), '', form, {})).status, 400, JSON.stringify(change));
  }
  assert.equal((await post(authorize({}), '', { ...form, password: 'guess' }, {})).status, 403);

  const codeOf = async (): Promise<URL> => {
    const answer = await post(authorize({}), '', form, {});
    return new URL(answer.headers.get('location') ?? '');
  };
  const exchange = (fields: Record<string, string>) =>
    post(
      '/oidc/token',
      '',
      {
        grant_type: 'authorization_code',
        client_id: 'sluice-approvals',
        redirect_uri: `${gateway.url}/approvals/callback`,
        ...fields,
      },
      {},
    );
  const verifier = JSON.parse(Buffer.from(login.split('=')[1] ?? '', 'base64url').toString())
    .verifier as string;
  assert.equal(
    createHash('sha256').update(verifier).digest('base64url'),
    target.searchParams.get('code_challenge'),
  );

  const wrongs: readonly Record<string, string>[] = [
    {},
    { code_verifier: 'x'.repeat(64) },
    { code_verifier: verifier, client_id: 'other' },
    { code_verifier: verifier, redirect_uri: 'https://evil.example' },
  ];
  for (const wrong of wrongs) {
    const code = (await codeOf()).searchParams.get('code') ?? '';
    assert.equal((await exchange({ code, ...wrong })).status, 400);
    // One wrong try ends the code.
    assert.equal((await exchange({ code, code_verifier: verifier })).status, 400);
  }
  const back = await codeOf();
  const path = `${back.pathname}${back.search}`;
  // Somebody else's sign-in, put into this browser: its cookie does not fit.
  assert.equal((await browse(path, '')).status, 403);
  assert.equal(
    (await browse(path.replace(/state=[^&]+/, 'state=0123456789abcdef0123456789abcdef'), login)).status,
    403,
  );
  const done = await browse(path, login);
  assert.equal(done.status, 303);
  assert.equal(done.headers.get('location'), '/approvals');
  assert.equal((await browse(path, login)).status, 403);

  // The way back is written in a cookie, which may be anybody's.
  const kept = JSON.parse(Buffer.from(login.split('=')[1] ?? '', 'base64url').toString()) as object;
  for (const evil of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/approvals/../../x',
    '/approvals//evil',
  ]) {
    const forged = `sluice_login=${Buffer.from(JSON.stringify({ ...kept, path: evil })).toString('base64url')}`;
    const again = await codeOf();
    const answer = await browse(`${again.pathname}${again.search}`, forged);
    assert.equal(answer.status, 403, evil);
  }
});
