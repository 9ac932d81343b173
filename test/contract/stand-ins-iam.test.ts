import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Compute, Impersonated, JWT, OAuth2Client } from 'google-auth-library';
import { type IamStandIn, startIamStandIn } from '../support/stand-ins/iam.ts';

const gateway = 'gateway@p.iam.gserviceaccount.com';
const analysts = 'analysts@p.iam.gserviceaccount.com';
const scope = 'https://www.googleapis.com/auth/bigquery';
let iam: IamStandIn;
before(async () => {
  iam = await startIamStandIn({ metadataAccount: gateway });
  iam.allow(gateway, analysts);
});
after(() => iam.close());

function tokenOf(email: string): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: iam.tokenFor(email), expiry_date: Date.now() + 3_600_000 });
  return client;
}

const impersonating = (sourceClient: OAuth2Client, targetPrincipal: string): Impersonated =>
  new Impersonated({
    sourceClient,
    targetPrincipal,
    targetScopes: [scope],
    lifetime: 600,
    endpoint: iam.url,
  });

test('IAM stand-in: Google’s library impersonates whom it may, and nobody else', async () => {
  const { token } = await impersonating(tokenOf(gateway), analysts).getAccessToken();
  assert.deepEqual([iam.ownerOf(token ?? '')?.email, iam.ownerOf(token ?? '')?.scopes], [analysts, [scope]]);
  await assert.rejects(
    impersonating(tokenOf(gateway), 'admin@p.iam.gserviceaccount.com').getAccessToken(),
    /getAccessToken' denied/,
  );
  await assert.rejects(
    impersonating(tokenOf('agent@p.iam.gserviceaccount.com'), analysts).getAccessToken(),
    /denied/,
  );
});

test('IAM stand-in: an ID token is for its audience, and signed', async () => {
  const token = await impersonating(tokenOf(gateway), analysts).fetchIdToken('https://resume.example.com');
  const [head, claims = '', signature = ''] = token.split('.');
  const { aud, email } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>;
  assert.deepEqual([aud, email], ['https://resume.example.com', analysts]);
  assert.ok(
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      iam.idTokenKey,
      Buffer.from(signature, 'base64url'),
    ),
  );
});

test('IAM stand-in: the metadata server gives the service account of the machine', async () => {
  process.env.GCE_METADATA_HOST = iam.url.replace('http://', '');
  try {
    const { token } = await new Compute().getAccessToken();
    assert.equal(iam.ownerOf(token ?? '')?.email, gateway);
    const refused = await fetch(`${iam.url}/computeMetadata/v1/instance/service-accounts/default/token`);
    assert.equal(refused.status, 403, 'without its header it says nothing');
  } finally {
    delete process.env.GCE_METADATA_HOST;
  }
});

test('IAM stand-in: a signed assertion buys a token until its key is disabled', async () => {
  const { keyFile, keyId } = iam.makeServiceAccount(gateway);
  const { client_email: email, private_key: key } = JSON.parse(keyFile) as Record<string, string>;
  const open = (): JWT => {
    const client = new JWT({ email: email ?? '', key: key ?? '', keyId, scopes: [scope] });
    const request = client.transporter.request.bind(client.transporter);
    // The library knows one token endpoint only.
    client.transporter.request = (options) => request({ ...options, url: `${iam.url}/token` });
    return client;
  };
  const { access_token: token } = await open().authorize();
  assert.equal(iam.ownerOf(token ?? '')?.email, gateway);
  iam.disableKey(keyId);
  await assert.rejects(open().authorize(), /Invalid JWT Signature/);
});
