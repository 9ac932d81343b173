import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import {
  type DevIssuer,
  devAudience,
  openDevIssuer,
} from '../../../functions/adapters/identity/dev-issuer.ts';
import { oidcIdentity } from '../../../functions/adapters/identity/oidc.ts';
import { openLocalKeys } from '../../../functions/adapters/keys/local.ts';
import type { Identity } from '../../../functions/ports/identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-identity-'));
let issuer: DevIssuer;
let identity: Identity;
let strict: Identity;
let fetches = 0;
const server = createServer((_req, res) => {
  fetches += 1;
  res.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks()));
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer = await openDevIssuer(folder, base);
  const keys = await openLocalKeys(folder);
  const trusted = {
    issuer: issuer.issuer,
    audience: devAudience,
    jwksUrl: `${base}/jwks`,
    algorithms: ['ES256'],
    groupsClaim: 'groups',
  } as const;
  identity = oidcIdentity([trusted], keys, systemClock);
  strict = oidcIdentity([{ ...trusted, authorizedParties: ['console'] }], keys, systemClock);
});
after(() => server.close());

const mint = (change: object = {}): Promise<string> =>
  issuer.mint({ subject: 'robot', groups: ['analysts'], ttlMs: 60_000, ...change });

test('a good token is its principal, and one token is one session', async () => {
  const token = await mint();
  const [one, two, other] = [
    await identity.verify(token),
    await identity.verify(token),
    await identity.verify(await mint()),
  ];
  assert.ok(one.ok && two.ok && other.ok);
  assert.deepEqual(one.caller.principal, {
    issuer: issuer.issuer,
    subject: 'robot',
    kind: 'person',
    groups: ['analysts'],
  });
  assert.equal(one.caller.session, two.caller.session);
  assert.notEqual(one.caller.session, other.caller.session);
  assert.equal(fetches, 1, 'keys are cached');
});

test('an agent that acts for a person is the principal, and both are known (RFC 8693)', async () => {
  const verified = await identity.verify(await mint({ actingFor: 'maria' }));
  assert.ok(verified.ok);
  const { principal } = verified.caller;
  assert.equal(principal.subject, 'robot');
  assert.equal(principal.kind, 'agent');
  assert.deepEqual(principal.actingFor, { issuer: issuer.issuer, subject: 'maria', groups: ['analysts'] });
});

/** A token with another key, or other claims, as an attacker or a wrong set-up would send it. */
async function forged(claims: JWTPayload, header: object = {}): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: issuer.issuer,
    aud: devAudience,
    sub: 'robot',
    iat: nowS,
    exp: nowS + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', ...header })
    .sign(privateKey);
}

const bad: readonly [string, () => Promise<string>, RegExp][] = [
  ['expired', () => mint({ ttlMs: -31_000 }), /expired.*sluice token/],
  ['for another audience', () => mint({ audience: 'elsewhere' }), /audience.*sluice/],
  ['signed with another key', () => forged({}), /signature|does not publish/],
  ['of another issuer', () => forged({ iss: 'http://evil' }), /issuer that this gateway trusts/],
  [
    'of the same issuer with a slash',
    () => forged({ iss: `${issuer.issuer}/` }),
    /issuer that this gateway trusts/,
  ],
  [
    'unsigned',
    async () =>
      new UnsecuredJWT({ sub: 'robot' })
        .setIssuer(issuer.issuer)
        .setAudience(devAudience)
        .setIssuedAt()
        .setExpirationTime('1m')
        .encode(),
    /algorithm|cannot be verified/,
  ],
  ['an opaque access token', async () => 'ya29.a0AfH6SMBx', /no JWT of an issuer/],
  ['a JSON array as claims', async () => `e30.${Buffer.from('[]').toString('base64url')}.x`, /no JWT/],
  ['enormous', async () => `e30.${'x'.repeat(20_000)}.x`, /longer than/],
  ['empty', async () => '', /no JWT/],
];
for (const [what, make, wanted] of bad) {
  test(`a token that is ${what} is refused, in one line that does not repeat it`, async () => {
    const token = await make();
    const verified = await identity.verify(token);
    assert.ok(!verified.ok);
    assert.match(verified.reason, wanted);
    assert.ok(
      !verified.reason.includes('\n') && (token === '' || !verified.reason.includes(token.slice(0, 30))),
    );
  });
}

test('thirty seconds of skew are borne, more are not', async () => {
  assert.ok((await identity.verify(await mint({ ttlMs: -20_000 }))).ok);
  assert.ok(!(await identity.verify(await mint({ ttlMs: -40_000 }))).ok);
});

test('an azp list is obeyed', async () => {
  const verified = await strict.verify(await mint());
  assert.ok(!verified.ok && /azp/.test(verified.reason));
});

test('an issuer keeps its key and name over restarts', async () => {
  const again = await openDevIssuer(folder, 'http://127.0.0.1:1');
  assert.equal(again.issuer, issuer.issuer);
  assert.ok((await identity.verify(await again.mint({ subject: 'a', groups: [], ttlMs: 1000 }))).ok);
  assert.ok(
    again.passwordMatches(issuer.password) &&
      !again.passwordMatches('x') &&
      !again.passwordMatches(`${issuer.password}x`),
  );
});
