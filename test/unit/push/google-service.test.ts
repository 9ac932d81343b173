import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { googleServiceIdentity } from '../../../functions/adapters/identity/google-service.ts';
import { type GoogleIssuer, startGoogleIssuer, type TokenChange } from '../../support/google-issuer.ts';

const audience = 'https://resume.example';
const account = 'push@example.iam.gserviceaccount.com';
const nowMs = 1_800_000_000_000;
let issuer: GoogleIssuer;
before(async () => {
  issuer = await startGoogleIssuer();
});
after(() => issuer.stop());

const identity = (atMs = nowMs) =>
  googleServiceIdentity(
    { audience, emails: [account, 'other@example.iam.gserviceaccount.com'], jwksUrl: issuer.jwksUrl },
    { nowMs: () => atMs },
  );
const verify = async (change: TokenChange & { audience?: string; email?: string }, atMs = nowMs) =>
  identity(atMs).verify(
    await issuer.token(change.audience ?? audience, change.email ?? account, { issuedMs: nowMs, ...change }),
  );

test('a token of the account for this function is believed', async () => {
  assert.deepEqual(await verify({}), { ok: true, email: account });
  assert.deepEqual(await verify({ claims: { iss: 'accounts.google.com' } }), { ok: true, email: account });
  assert.equal((await verify({}, nowMs + 3_629_000)).ok, true, '29 s late');
  assert.equal((await verify({}, nowMs - 29_000)).ok, true, '29 s early');
});

const refused: readonly [string, Parameters<typeof verify>[0], RegExp, number?][] = [
  ['forged', { forged: true }, /signature does not fit/],
  ['of another key', { kid: 'key_2' }, /does not publish/],
  ['expired', {}, /expired/, nowMs + 3_631_000],
  ['of the future', {}, /future/, nowMs - 31_000],
  ['not valid yet', { claims: { nbf: nowMs / 1000 + 60 } }, /nbf/],
  ['for another audience', { audience: 'https://api.example' }, /another audience/],
  ['for an audience that begins the same', { audience: `${audience}/` }, /another audience/],
  ['for two audiences', { claims: { aud: [audience, 'https://api.example'] } }, /another audience/],
  ['of another account', { email: 'mallory@example.iam.gserviceaccount.com' }, /account that may not/],
  ['of an account in other letters', { email: account.toUpperCase() }, /account that may not/],
  ['of an unverified e-mail', { claims: { email_verified: false } }, /verified e-mail/],
  ['of an e-mail verified in words', { claims: { email_verified: 'true' } }, /verified e-mail/],
  ['of an e-mail that nobody verified', { without: ['email_verified'] }, /verified e-mail/],
  ['without an e-mail', { without: ['email'] }, /email/],
  ['without an end', { without: ['exp'] }, /exp/],
  ['without a beginning', { without: ['iat'] }, /iat/],
  ['of another issuer', { claims: { iss: 'https://accounts.google.com.evil.example' } }, /iss/],
];
for (const [what, change, reason, atMs] of refused) {
  test(`a token ${what} is not`, async () => {
    const result = await verify(change, atMs);
    assert.equal(result.ok, false);
    assert.match(result.ok ? '' : result.reason, reason);
  });
}

test('a token that is not signed as Google signs is not believed, and never repeated', async () => {
  const genuine = await issuer.token(audience, account, { issuedMs: nowMs });
  const [header = '', claims = '', signature = ''] = genuine.split('.');
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hs256 = `${encoded({ alg: 'HS256', kid: 'key_1', typ: 'JWT' })}.${claims}`;
  const texts = [
    '',
    'x',
    `${header}.${claims}`,
    `${header}.${claims}.`,
    `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    `${hs256}.${createHmac('sha256', await (await fetch(issuer.jwksUrl)).text())
      .update(hs256)
      .digest('base64url')}`,
    `${header}.${encoded({ sub: 'x' })}.${signature}`,
    `${header}.${claims}.${signature.slice(2)}`,
    'x'.repeat(9000),
  ];
  for (const token of texts) {
    const result = await identity().verify(token);
    assert.equal(result.ok, false, token);
    if (token.length > 5) assert.ok(!JSON.stringify(result).includes(token));
  }
  const removed = await identity().verify(`${header}.${claims}.SIGNATURE_REMOVED_BY_GOOGLE`);
  assert.match(removed.ok ? '' : removed.reason, /invoker check/);
});

test('keys that cannot be fetched are a refusal, not a crash', async () => {
  const lost = await startGoogleIssuer();
  await lost.stop();
  const alone = googleServiceIdentity(
    { audience, emails: [account], jwksUrl: lost.jwksUrl },
    { nowMs: () => nowMs },
  );
  assert.equal((await alone.verify(await issuer.token(audience, account, { issuedMs: nowMs }))).ok, false);
});
