import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export type Person = {
  readonly subject: string;
  readonly groups?: readonly string[];
  readonly claims?: JWTPayload;
};

/** An OpenID provider: signs tokens, and signs people in whom a test names, with the code flow and PKCE. */
export type TestProvider = {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who stands in front of the browser that signs in next. */
  signsIn(person: Person): void;
  token(
    audience: string,
    claims: JWTPayload & { readonly sub: string },
    ttlSeconds?: number,
  ): Promise<string>;
  /** Answers the next exchange of a code with this instead. */
  spoil(idToken: string | undefined): void;
  stop(): Promise<void>;
};

type Code = { readonly query: URLSearchParams; readonly person: Person };

export type ProviderOptions = {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What stands in front of it: from its own address to the one under which everybody knows it. */
  readonly front?: (url: string) => Promise<string>;
};

export async function startTestProvider({
  clientId = 'approvals-client',
  clientSecret = 's3cret: %&',
  front = async (url) => url,
}: ProviderOptions = {}): Promise<TestProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const codes = new Map<string, Code>();
  let person: Person = { subject: 'ada', groups: ['approvers'] };
  let spoiled: string | undefined;
  let url = '';

  const sign = (audience: string, claims: JWTPayload, ttlSeconds = 900): Promise<string> =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT' })
      .setIssuer(url)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + ttlSeconds)
      .sign(privateKey);

  async function exchange(req: IncomingMessage): Promise<object | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const found = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const encode = (text: string): string => new URLSearchParams({ k: text }).toString().slice(2);
    const basic = `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits =
      found !== undefined &&
      req.headers.authorization === basic &&
      form.get('grant_type') === 'authorization_code' &&
      form.get('redirect_uri') === found.query.get('redirect_uri') &&
      challenge === found.query.get('code_challenge');
    if (!fits) return undefined;
    const { subject, groups = [], claims = {} } = found.person;
    const nonce = found.query.get('nonce') ?? '';
    const idToken =
      spoiled ?? (await sign(clientId, { sub: subject, groups: [...groups], nonce, ...claims }));
    spoiled = undefined;
    return { token_type: 'Bearer', id_token: idToken, access_token: 'opaque' };
  }

  const server = createServer(async (req, res) => {
    const target = new URL(req.url ?? '/', url);
    const json = (status: number, body: object): void => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (target.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer: url,
          jwks_uri: `${url}/jwks`,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
        });
      case '/jwks':
        return json(200, { keys: [jwk] });
      case '/authorize': {
        const code = randomUUID();
        codes.set(code, { query: target.searchParams, person });
        const back = new URL(target.searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('code', code);
        back.searchParams.set('state', target.searchParams.get('state') ?? '');
        res.writeHead(302, { location: back.href }).end();
        return;
      }
      case '/token': {
        const answer = await exchange(req);
        return json(answer === undefined ? 400 : 200, answer ?? { error: 'invalid_grant' });
      }
      default:
        return json(404, {});
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  url = await front(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    issuer: url,
    jwksUrl: `${url}/jwks`,
    clientId,
    clientSecret,
    signsIn: (next) => {
      person = next;
    },
    token: sign,
    spoil: (idToken) => {
      spoiled = idToken;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
