import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { SluiceError } from '../../core/errors.ts';

export const devAudience = 'sluice';

type Stored = { readonly issuer: string; readonly password: string; readonly key: JWK };

export type TokenClaims = {
  readonly subject: string;
  readonly groups: readonly string[];
  readonly actingFor?: string;
  readonly kind?: 'person' | 'agent';
  readonly ttlMs: number;
  /** Copied into an ID token (OpenID Connect Core 3.1.2.1). */
  readonly nonce?: string;
  readonly audience?: string;
};

/** The embedded identity provider: one key in the state folder, real discovery, JWKS and signed tokens. */
export type DevIssuer = {
  /** Stays what it was at the first start, whatever port later ones use: principals are (issuer, subject). */
  readonly issuer: string;
  /** Needed to sign in as anybody; printed when the gateway starts. */
  readonly password: string;
  passwordMatches(given: string): boolean;
  mint(claims: TokenClaims): Promise<string>;
  /** The OpenID provider metadata as served under `baseUrl`. */
  discovery(baseUrl: string): object;
  jwks(): { readonly keys: readonly JWK[] };
};

/** Opens the issuer of a state folder, making its key on the first call. */
export async function openDevIssuer(
  stateDir: string,
  firstBaseUrl = 'http://127.0.0.1:8080',
): Promise<DevIssuer> {
  const stored = await load(stateDir, `${firstBaseUrl}/oidc`);
  const privateKey = await importJWK(stored.key, 'ES256');
  const { d: _private, ...publicJwk } = stored.key;
  const kid = await calculateJwkThumbprint(publicJwk);

  return {
    issuer: stored.issuer,
    password: stored.password,
    passwordMatches(given) {
      const [a, b] = [Buffer.from(given), Buffer.from(stored.password)];
      return a.length === b.length && timingSafeEqual(a, b);
    },
    async mint({ subject, groups, actingFor, kind, ttlMs, nonce, audience = devAudience }) {
      const nowS = Math.floor(Date.now() / 1000);
      const claims = {
        groups,
        ...(actingFor === undefined ? {} : { act: { sub: subject, groups } }),
        ...(kind === undefined ? {} : { sluice_kind: kind }),
        ...(nonce === undefined ? {} : { nonce }),
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
        .setIssuer(stored.issuer)
        .setSubject(actingFor ?? subject)
        .setAudience(audience)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + Math.ceil(ttlMs / 1000))
        .setJti(randomBytes(12).toString('hex'))
        .sign(privateKey);
    },
    discovery: (baseUrl) => ({
      issuer: stored.issuer,
      authorization_endpoint: `${baseUrl}/oidc/authorize`,
      token_endpoint: `${baseUrl}/oidc/token`,
      jwks_uri: `${baseUrl}/oidc/jwks`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: ['openid'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'jti', 'nonce', 'groups', 'act'],
    }),
    jwks: () => ({ keys: [{ ...publicJwk, kid, use: 'sig', alg: 'ES256' }] }),
  };
}

async function load(stateDir: string, issuer: string): Promise<Stored> {
  const folder = join(stateDir, 'identity');
  const path = join(folder, 'issuer.json');
  try {
    if (!existsSync(path)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      const fresh: Stored = {
        issuer,
        password: randomBytes(9).toString('base64url'),
        key: await exportJWK(privateKey),
      };
      // `wx`: of two processes that start at once, one writes and the other reads.
      writeFileSync(path, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new SluiceError(
        'invalid',
        `the state folder ${stateDir} cannot be written; name another with --state`,
        { cause },
      );
    }
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stored;
  } catch (cause) {
    throw new SluiceError(
      'invalid',
      `${path} is damaged; restore it, or delete it to make a new identity (old tokens then fail)`,
      { cause },
    );
  }
}
