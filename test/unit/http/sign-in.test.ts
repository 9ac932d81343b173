import assert from 'node:assert/strict';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { oidcIdentity } from '../../../functions/adapters/identity/oidc.ts';
import { approvalsHandler } from '../../../functions/http/approvals/handler.ts';
import type { SignIn } from '../../../functions/http/approvals/session.ts';
import { createServer } from '../../../functions/http/server.ts';
import type { Ports } from '../../../functions/ports/index.ts';
import { fieldsOf, type Visitor, visitor } from '../../support/cloud/client.ts';
import { startTestProvider, type TestProvider } from '../../support/cloud/provider.ts';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

const audience = '/projects/1/global/backendServices/2';
let provider: TestProvider;
let gateway: TestGateway;
let pages: Server;
let url = '';
let signIn: SignIn;
let held = '';

before(async () => {
  provider = await startTestProvider();
  const field = { name: 'n', type: 'INTEGER', mode: 'NULLABLE' } as const;
  gateway = await openTestGateway(
    [{ ref: { project: 'local', dataset: 'shop', table: 't' }, fields: [field], rows: [] }],
    [{ includes: 'SELECT', fields: [field], rows: [['1']], bytes: 5000 }],
    { publicUrl: () => url },
  );
  pages = createServer((req, res) => approvalsHandler(gateway.ports as Ports, signIn)(req, res));
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  const job = { query: 'SELECT 1 AS n', useLegacySql: false, timeoutMs: 0 };
  await gateway.call('/bigquery/v2/projects/local/queries', { body: job });
  held = (await gateway.ports.state.listByState(['held'], 1))[0]?.id ?? '';
});
after(async () => {
  pages.closeAllConnections();
  pages.close();
  await gateway.close();
  await provider.stop();
});

const trusted = (aud: string) => ({
  issuer: provider.issuer,
  audience: aud,
  jwksUrl: provider.jwksUrl,
  algorithms: ['ES256' as const],
  groupsClaim: 'groups',
  principals: 'people' as const,
});
const notSignedIn = async (browser: Visitor, why: RegExp): Promise<void> => {
  const page = await browser.get(`${url}/approvals`);
  assert.equal(page.status, 403, page.text);
  assert.match(page.text, why);
};

describe('with an OpenID provider', () => {
  let browser: Visitor;
  beforeEach(() => {
    browser = visitor(url);
    provider.signsIn({ subject: 'ada', groups: ['approvers'] });
    signIn = {
      kind: 'oidc',
      clientId: provider.clientId,
      clientSecret: async () => provider.clientSecret,
      scope: 'openid email',
      identity: oidcIdentity([trusted(provider.clientId)], gateway.ports.keys, systemClock),
      endpoints: async () => ({
        authorization: `${provider.issuer}/authorize`,
        token: `${provider.issuer}/token`,
        secretIn: 'header',
      }),
    };
  });

  test('a person comes back signed in to the page that was asked for', async () => {
    const page = await browser.get(`${url}/approvals/${held}`);
    assert.equal(page.status, 200, page.text);
    assert.match(page.url, new RegExp(`/approvals/${held}$`));
    assert.match(page.text, /name="csrf"/);
  });

  test('a token for another client, without our nonce, of another time or none at all signs nobody in', async () => {
    const tokens = [
      await provider.token('another-client', { sub: 'ada', groups: ['approvers'] }),
      await provider.token(provider.clientId, { sub: 'ada', groups: ['approvers'], nonce: 'stolen' }),
      await provider.token(provider.clientId, { sub: 'ada', groups: ['approvers'] }, -3600),
      'no token',
    ];
    for (const token of tokens) {
      provider.spoil(token);
      await notSignedIn(browser, /did not confirm the sign-in/);
    }
  });

  test('a wrong client secret, a refusal of the provider and a provider that is away are told without detail', async () => {
    signIn = { ...(signIn as SignIn & { kind: 'oidc' }), clientSecret: async () => 'wrong' };
    await notSignedIn(browser, /did not confirm the sign-in/);
    const started = await fetch(`${url}/approvals`, { redirect: 'manual' });
    const state = new URL(started.headers.get('location') ?? '').searchParams.get('state');
    const login = started.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const back = `${url}/approvals/callback?state=${state}&error=access_denied&error_description=<b>`;
    const refused = await fetch(back, { headers: { cookie: login } });
    assert.match(await refused.text(), /did not let you in/);
    signIn = {
      ...(signIn as SignIn & { kind: 'oidc' }),
      endpoints: async () => ({
        authorization: `${provider.issuer}/authorize`,
        token: 'http://127.0.0.1:9/',
        secretIn: 'body',
      }),
    };
    await notSignedIn(browser, /did not confirm the sign-in/);
  });

  test("an answer to a sign-in that this browser did not start, or with another's state, signs nobody in", async () => {
    for (const query of ['code=x&state=y', 'code=x', ''])
      assert.match(await (await fetch(`${url}/approvals/callback?${query}`)).text(), /another browser/);
  });

  test('a token that no cookie can hold is refused in words', async () => {
    provider.signsIn({
      subject: 'ada',
      groups: Array.from({ length: 150 }, (_, at) => `a-rather-long-group-name-${at}`),
    });
    await notSignedIn(browser, /too large for a cookie/);
  });

  test('the cookie is not for scripts or other sites, and only for these pages', async () => {
    const started = await fetch(`${url}/approvals`, { redirect: 'manual' });
    assert.match(started.headers.getSetCookie()[0] ?? '', /; Path=\/approvals; HttpOnly; SameSite=Lax$/);
    const target = new URL(started.headers.get('location') ?? '');
    assert.equal(target.searchParams.get('scope'), 'openid email');
    assert.equal(target.searchParams.get('code_challenge_method'), 'S256');
    assert.ok(!target.href.includes(encodeURIComponent(provider.clientSecret)));
  });
});

describe('with a proxy in front that says who it is', () => {
  before(() => {
    const identity = oidcIdentity([trusted(audience)], gateway.ports.keys, systemClock);
    signIn = { kind: 'proxy', header: 'x-goog-iap-jwt-assertion', identity };
  });
  const assertion = (sub = 'ada', aud = audience) => provider.token(aud, { sub, groups: ['approvers'] });

  /** Headers as they are: fetch would join two of a name. */
  function raw(
    path: string,
    headers: Record<string, string | string[]>,
    body?: string,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const req = httpRequest(
        `${url}${path}`,
        { method: body === undefined ? 'GET' : 'POST', headers },
        (res) => {
          let text = '';
          res.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
        },
      );
      req.on('error', reject);
      req.end(body);
    });
  }

  test('an assertion is a sign-in; without one, with two, or with one for another service nobody is signed in', async () => {
    const good = await assertion();
    assert.equal((await raw('/approvals', { 'x-goog-iap-jwt-assertion': good })).status, 200);
    const bad: Record<string, string | string[]>[] = [
      {},
      { 'x-goog-iap-jwt-assertion': [good, good] },
      { 'x-goog-iap-jwt-assertion': await assertion('ada', '/projects/1/other') },
      { 'x-goog-iap-jwt-assertion': `${good.slice(0, -4)}AAAA` },
      { cookie: `sluice_session=${good}` },
    ];
    for (const headers of bad) {
      const page = await raw('/approvals', headers);
      assert.equal(page.status, 401, page.text);
      assert.match(page.text, /did not say who you are/);
    }
    assert.equal((await raw('/approvals/callback?code=x&state=y', {})).status, 404);
  });

  test('each request has a new assertion, and a decision still needs our Origin and the form of this person', async () => {
    const page = await raw(`/approvals/${held}`, { 'x-goog-iap-jwt-assertion': await assertion() });
    const form = new URLSearchParams({
      ...fieldsOf(page.text),
      decision: 'reject',
      reason: 'not today',
    }).toString();
    const post = async (headers: Record<string, string>, sub = 'ada') =>
      raw(
        `/approvals/${held}/decide`,
        {
          'x-goog-iap-jwt-assertion': await assertion(sub),
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        form,
      );
    assert.equal((await post({})).status, 403, 'no Origin');
    assert.equal((await post({ origin: 'https://elsewhere.example' })).status, 403);
    assert.equal((await post({ origin: url }, 'bob')).status, 403, "another person's form");
    assert.equal((await post({ origin: url })).status, 303);
    assert.equal((await gateway.ports.state.get(held as `sluice_${string}`))?.state, 'rejected');
  });
});
