import { generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto';
import { googleError, type Reply, type Seen, type StandIn, serve } from './serve.ts';

export type IamStandIn = StandIn & {
  /** A service account, with a key in the form of a downloaded JSON file. */
  makeServiceAccount(email: string): { readonly keyFile: string; readonly keyId: string };
  /** Who may act as whom: `impersonator` is an access token's owner. */
  allow(impersonator: string, target: string): void;
  disableKey(keyId: string): void;
  /** Whose access token this is, and with which scopes; undefined where it was never given out. */
  ownerOf(token: string): { readonly email: string; readonly scopes: readonly string[] } | undefined;
  /** Gives out an access token, as the metadata server would. */
  tokenFor(email: string): string;
  /** A public key that ID tokens of this stand-in verify with. */
  readonly idTokenKey: KeyObject;
};

type World = {
  readonly keys: Map<string, { readonly email: string; readonly publicKey: KeyObject; disabled: boolean }>;
  readonly tokens: Map<
    string,
    { readonly email: string; readonly scopes: readonly string[]; readonly untilMs: number }
  >;
  readonly allowed: Set<string>;
  readonly signer: KeyObject;
  metadataAccount: string;
};

/**
 * Where Google's credentials come from: the OAuth token endpoint (signed assertions of service account keys), IAM
 * credentials v1 (generateAccessToken, generateIdToken, signJwt) and the metadata server of Cloud Run, on one address.
 */
export async function startIamStandIn(
  options: { readonly metadataAccount?: string } = {},
): Promise<IamStandIn> {
  const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const metadataAccount = options.metadataAccount ?? 'gateway@p.iam.gserviceaccount.com';
  const world: World = {
    keys: new Map(),
    tokens: new Map(),
    allowed: new Set(),
    signer: signer.privateKey,
    metadataAccount,
  };
  const standIn = await serve((seen) => route(world, seen));
  return {
    ...standIn,
    idTokenKey: signer.publicKey,
    makeServiceAccount: (email) => {
      const made = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const keyId = randomUUID().replaceAll('-', '');
      world.keys.set(keyId, { email, publicKey: made.publicKey, disabled: false });
      const file = {
        type: 'service_account',
        project_id: 'p',
        private_key_id: keyId,
        private_key: made.privateKey.export({ format: 'pem', type: 'pkcs8' }),
        client_email: email,
        client_id: '1',
        token_uri: `${standIn.url}/token`,
        universe_domain: 'googleapis.com',
      };
      return { keyFile: JSON.stringify(file), keyId };
    },
    allow: (impersonator, target) => void world.allowed.add(`${impersonator} ${target}`),
    disableKey: (keyId) => {
      const key = world.keys.get(keyId);
      if (key !== undefined) key.disabled = true;
    },
    ownerOf: (token) => world.tokens.get(token),
    tokenFor: (email) => give(world, email, ['https://www.googleapis.com/auth/cloud-platform'], 3_600_000),
  };
}

function give(world: World, email: string, scopes: readonly string[], lifetimeMs: number): string {
  const token = `ya29.${randomUUID()}`;
  world.tokens.set(token, { email, scopes, untilMs: Date.now() + lifetimeMs });
  return token;
}

function route(world: World, seen: Seen): Reply {
  const { pathname, searchParams } = new URL(seen.path, 'http://iam');
  if (pathname === '/token') return exchange(world, new URLSearchParams(seen.body.toString()));
  if (pathname.startsWith('/computeMetadata/')) return metadata(world, pathname, searchParams, seen);
  const match =
    /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(generateAccessToken|generateIdToken|signJwt)$/.exec(
      decodeURIComponent(pathname),
    );
  if (match === null) return { status: 404, body: googleError(404, 'NOT_FOUND', 'Not found.') };
  return credentials(world, match[1] as string, match[2] as string, seen);
}

const badGrant = (description: string): Reply => ({
  status: 400,
  body: { error: 'invalid_grant', error_description: description },
});

/** RFC 7523: an assertion signed with a key of the service account. */
function exchange(world: World, form: URLSearchParams): Reply {
  const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const decode = (part: string): Record<string, string> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, string>;
  const { kid } = decode(head);
  const { iss = '', scope = '', exp = '0' } = decode(claims);
  const text = Buffer.from(`${head}.${claims}`);
  // The library names no key: any of the account's may have signed.
  const signedBy = [...world.keys].find(
    ([id, key]) =>
      (kid === undefined || kid === id) &&
      key.email === iss &&
      !key.disabled &&
      verify('RSA-SHA256', text, key.publicKey, Buffer.from(signature, 'base64url')),
  );
  if (signedBy === undefined) return badGrant('Invalid JWT Signature.');
  if (Number(exp) * 1000 < Date.now()) return badGrant('Invalid JWT: Token must be a short-lived token.');
  return {
    status: 200,
    body: {
      access_token: give(world, iss, scope.split(' '), 3_599_000),
      expires_in: 3599,
      token_type: 'Bearer',
    },
  };
}

function metadata(world: World, path: string, query: URLSearchParams, seen: Seen): Reply {
  const headers = { 'metadata-flavor': 'Google' };
  if (seen.headers['metadata-flavor'] !== 'Google')
    return { status: 403, body: 'Missing Metadata-Flavor:Google header.' };
  const account = /^\/computeMetadata\/v1\/instance\/service-accounts\/(?:default|[^/]+)\/(\w+)$/.exec(
    path,
  )?.[1];
  switch (account) {
    case 'token':
      return {
        status: 200,
        headers,
        body: {
          access_token: give(
            world,
            world.metadataAccount,
            ['https://www.googleapis.com/auth/cloud-platform'],
            3_599_000,
          ),
          expires_in: 3599,
          token_type: 'Bearer',
        },
      };
    case 'identity':
      return {
        status: 200,
        headers,
        body: idToken(world, world.metadataAccount, query.get('audience') ?? ''),
      };
    case 'email':
      return { status: 200, headers, body: world.metadataAccount };
    default:
      if (path.endsWith('/project/project-id')) return { status: 200, headers, body: 'p' };
      return path === '/computeMetadata/v1/instance'
        ? { status: 200, headers, body: 'ok' }
        : { status: 404, headers, body: 'not found' };
  }
}

function credentials(world: World, target: string, verb: string, seen: Seen): Reply {
  const token = /^Bearer (.+)$/.exec(seen.headers.authorization ?? '')?.[1] ?? '';
  const owner = world.tokens.get(token);
  if (owner === undefined || owner.untilMs < Date.now())
    return {
      status: 401,
      body: googleError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    };
  if (!world.allowed.has(`${owner.email} ${target}`))
    return {
      status: 403,
      body: googleError(
        403,
        'PERMISSION_DENIED',
        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
      ),
    };
  const body = JSON.parse(seen.body.toString() || '{}') as {
    scope?: string[];
    lifetime?: string;
    audience?: string;
    payload?: string;
  };
  switch (verb) {
    case 'generateAccessToken': {
      const lifetimeMs = Number.parseInt(body.lifetime ?? '3600s', 10) * 1000;
      const accessToken = give(world, target, body.scope ?? [], lifetimeMs);
      return {
        status: 200,
        body: { accessToken, expireTime: new Date(Date.now() + lifetimeMs).toISOString() },
      };
    }
    case 'generateIdToken':
      return { status: 200, body: { token: idToken(world, target, body.audience ?? '') } };
    default:
      return {
        status: 200,
        body: { keyId: 'stand-in', signedJwt: signed(world, JSON.parse(body.payload ?? '{}') as object) },
      };
  }
}

function idToken(world: World, email: string, audience: string): string {
  const nowS = Math.floor(Date.now() / 1000);
  const about = { iss: 'https://accounts.google.com', sub: email, azp: email, email, email_verified: true };
  return signed(world, { ...about, aud: audience, iat: nowS, exp: nowS + 3600 });
}

function signed(world: World, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'stand-in' })}.${part(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), world.signer).toString('base64url')}`;
}
