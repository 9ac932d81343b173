import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { oidcIdentity, type TrustedIssuer } from '../../../functions/adapters/identity/oidc.ts';
import type { Principal } from '../../../functions/core/query/principal.ts';
import { memoryKeys } from '../../support/audit-log.ts';

const google = 'https://accounts.google.com';
const iap = 'https://cloud.google.com/iap';
const members = [
  { group: 'analysts', members: [{ issuer: google, email: 'bot@p.iam.gserviceaccount.com' }] },
  { group: 'staff', members: [{ issuer: google, domain: 'acme.example' }] },
  { group: 'approvers', members: [{ issuer: google, email: 'ada@acme.example' }] },
  { group: 'ci', members: [{ issuer: '', subject: 'repo:acme/x:ref:refs/heads/main' }] },
];

let server: Server;
let sign: (claims: JWTPayload) => Promise<string>;
let verify: (claims: JWTPayload) => Promise<Principal | string>;
let elsewhere = '';

before(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  server = createServer((req, res) => {
    const discovery = { issuer: elsewhere, jwks_uri: `${elsewhere}/keys` };
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(req.url?.includes('openid-configuration') ? discovery : { keys: [jwk] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwksUrl = `${elsewhere}/keys`;
  const trusted: readonly TrustedIssuer[] = [
    { issuer: google, audience: 'api', jwksUrl, algorithms: ['RS256'], principals: 'google' },
    { issuer: google, audience: 'client', jwksUrl, algorithms: ['RS256'], principals: 'google' },
    {
      issuer: iap,
      audience: 'iap',
      jwksUrl,
      algorithms: ['RS256'],
      principals: 'google',
      emailsAreVerified: true,
    },
    { issuer: elsewhere, audience: 'api', algorithms: ['RS256'], principals: 'agents' },
  ];
  const listed = members.map((group) => ({
    ...group,
    members: group.members.map((member) => ({ ...member, issuer: member.issuer || elsewhere })),
  }));
  const identity = oidcIdentity(trusted, memoryKeys(), systemClock, listed);
  sign = (claims) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  verify = async (claims) => {
    const verified = await identity.verify(await sign({ aud: 'api', sub: '1', ...claims }));
    return verified.ok ? verified.caller.principal : verified.reason;
  };
});
after(() => server.close());

const groupsOf = async (claims: JWTPayload): Promise<readonly string[]> => {
  const principal = await verify(claims);
  assert.ok(typeof principal !== 'string', String(principal));
  return principal.groups;
};

test('a verified address of Google is a member; an unverified one, or one of another issuer, is not', async () => {
  const email = 'ada@acme.example';
  assert.deepEqual(await groupsOf({ iss: google, email, email_verified: true }), ['approvers']);
  assert.deepEqual(await groupsOf({ iss: google, email: 'ADA@acme.example', email_verified: true }), [
    'approvers',
  ]);
  assert.deepEqual(await groupsOf({ iss: google, email, email_verified: false }), []);
  assert.deepEqual(await groupsOf({ iss: google, email }), []);
  assert.deepEqual(await groupsOf({ iss: elsewhere, email, email_verified: true }), []);
});

test("a domain is what Google's hd says, never what stands behind the @", async () => {
  const email = 'mallory@acme.example';
  assert.deepEqual(await groupsOf({ iss: google, email, email_verified: true }), []);
  assert.deepEqual(await groupsOf({ iss: google, email, email_verified: true, hd: 'acme.example' }), [
    'staff',
  ]);
});

test("IAP's assertion is a person of Google with a verified address", async () => {
  const claims = { iss: iap, aud: 'iap', email: 'ada@acme.example', hd: 'acme.example' };
  const principal = await verify(claims);
  assert.ok(typeof principal !== 'string');
  assert.deepEqual([principal.kind, principal.groups], ['person', ['staff', 'approvers']]);
});

test('a service account is an agent, also where its token has no address; a groups claim of Google counts nothing', async () => {
  const bot = await verify({ iss: google, email: 'bot@p.iam.gserviceaccount.com', email_verified: true });
  const silent = await verify({ iss: google, sub: '2', groups: ['approvers'] });
  assert.ok(typeof bot !== 'string' && typeof silent !== 'string');
  assert.deepEqual([bot.kind, bot.groups], ['agent', ['analysts']]);
  assert.deepEqual([silent.kind, silent.groups], ['agent', []]);
});

test('an issuer found by discovery: its subjects are agents and members by subject', async () => {
  const principal = await verify({
    iss: elsewhere,
    sub: 'repo:acme/x:ref:refs/heads/main',
    sluice_kind: 'person',
  });
  assert.ok(typeof principal !== 'string');
  assert.deepEqual([principal.kind, principal.groups], ['agent', ['ci']]);
  assert.deepEqual(await groupsOf({ iss: google, sub: 'repo:acme/x:ref:refs/heads/main' }), []);
});

test('one issuer with two audiences: each token by its own rules, a third audience is refused', async () => {
  assert.ok(typeof (await verify({ iss: google, aud: 'client' })) !== 'string');
  assert.ok(typeof (await verify({ iss: google, aud: ['other', 'client'] })) !== 'string');
  assert.match(String(await verify({ iss: google, aud: 'other' })), /for another audience/);
});

test('an actor has its own groups, never those of the person it acts for', async () => {
  const person = { iss: google, email: 'ada@acme.example', email_verified: true };
  const principal = await verify({ ...person, act: { sub: 'robot' } });
  assert.ok(typeof principal !== 'string');
  assert.deepEqual([principal.subject, principal.kind, principal.groups], ['robot', 'agent', []]);
  assert.deepEqual(principal.actingFor?.groups, ['approvers']);
  const lent = await verify({ ...person, act: { iss: elsewhere, sub: 'repo:acme/x:ref:refs/heads/main' } });
  assert.ok(typeof lent !== 'string');
  assert.deepEqual(lent.groups, [], "another issuer's agent is not a member on this issuer's word");
});
