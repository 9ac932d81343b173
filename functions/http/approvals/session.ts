import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../core/query/principal.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Ports } from '../../ports/index.ts';
import { cookie } from '../forms.ts';
import { exchangeCode, type OidcSignIn } from './token-exchange.ts';

/** How people sign in: at an OpenID provider with the code flow and PKCE, or by a proxy in front that says who they are. */
export type SignIn =
  | OidcSignIn
  | {
      readonly kind: 'proxy';
      /** The header whose signed assertion says who it is: Identity-Aware Proxy's `x-goog-iap-jwt-assertion`. */
      readonly header: string;
      readonly identity: Identity;
    };

/** A person with the pages open. `formKey` stays the same from a page to the decision on it. */
export type Person = { readonly caller: Caller; readonly formKey: string };

const sessionCookie = 'sluice_session';
const loginCookie = 'sluice_login';
/** Browsers drop a larger cookie without a word. */
const cookieLimitBytes = 3_900;
const attributes = (secure: boolean): string =>
  `; Path=/approvals; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;

/** Who is signed in: the ID token in the cookie, or the proxy's assertion, checked anew on every request. */
export async function signedIn(signIn: SignIn, req: IncomingMessage): Promise<Person | undefined> {
  const token = signIn.kind === 'proxy' ? assertion(req, signIn.header) : cookie(req, sessionCookie);
  if (token === undefined) return undefined;
  const verified = await signIn.identity.verify(token);
  if (!verified.ok) return undefined;
  const { caller } = verified;
  // A proxy signs a new assertion for every request: what stays is the person.
  const { issuer, subject } = caller.principal;
  return { caller, formKey: signIn.kind === 'proxy' ? JSON.stringify([issuer, subject]) : caller.session };
}

/** The header's one value; a second one could be the visitor's own. */
function assertion(req: IncomingMessage, header: string): string | undefined {
  const values = req.headersDistinct[header] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** Sends a browser to sign in and back to `path`; the request is bound to this browser by a cookie (state, nonce, PKCE). */
export async function startSignIn(
  ports: Ports,
  signIn: OidcSignIn,
  path: string,
): Promise<{ location: string; cookie: string }> {
  const [state, nonce, verifier] = [
    ports.clock.randomHex(16),
    ports.clock.randomHex(16),
    ports.clock.randomHex(32),
  ];
  const url = new URL((await signIn.endpoints()).authorization);
  const query = {
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: callbackUrl(ports),
    scope: signIn.scope,
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const kept = Buffer.from(JSON.stringify({ state, nonce, verifier, path })).toString('base64url');
  return { location: url.href, cookie: `${loginCookie}=${kept}; Max-Age=600${attributes(secure(ports))}` };
}

/** Ends a sign-in: exchanges the code and gives the session cookie and the page to go to, or why it failed. */
export async function finishSignIn(
  ports: Ports,
  signIn: OidcSignIn,
  req: IncomingMessage,
  query: URLSearchParams,
): Promise<
  | { readonly ok: true; readonly path: string; readonly cookies: string[] }
  | { readonly ok: false; readonly reason: string }
> {
  const kept = keptLogin(req);
  if (kept === undefined || !sameText(kept.state, query.get('state') ?? '')) {
    return {
      ok: false,
      reason: 'The sign-in was started in another browser or too long ago. Open the link again.',
    };
  }
  if (query.get('error') !== null)
    return {
      ok: false,
      reason: 'The identity provider did not let you in. Try again, or ask its administrator.',
    };
  const code = query.get('code') ?? '';
  const token = await exchangeCode(signIn, {
    code,
    verifier: kept.verifier,
    redirectUri: callbackUrl(ports),
  });
  const verified = await signIn.identity.verify(token ?? '');
  if (token === undefined || !verified.ok || nonceOf(token) !== kept.nonce) {
    return { ok: false, reason: 'The identity provider did not confirm the sign-in. Try again.' };
  }
  if (token.length > cookieLimitBytes) {
    return {
      ok: false,
      reason:
        "The identity provider's token is too large for a cookie; have it send fewer claims and groups.",
    };
  }
  const maxAge = Math.max(0, Math.floor((verified.caller.tokenExpiresMs - ports.clock.nowMs()) / 1000));
  return {
    ok: true,
    path: kept.path,
    cookies: [
      `${sessionCookie}=${token}; Max-Age=${maxAge}${attributes(secure(ports))}`,
      `${loginCookie}=; Max-Age=0${attributes(secure(ports))}`,
    ],
  };
}

export const signOutCookie = (ports: Ports): string =>
  `${sessionCookie}=; Max-Age=0${attributes(secure(ports))}`;

/** A token that only this person's own page of this query can hold. */
export async function csrfToken(ports: Ports, { formKey }: Person, queryId: string): Promise<string> {
  const hash = await ports.keys.hmac('csrf', new TextEncoder().encode(JSON.stringify([formKey, queryId])));
  return Buffer.from(hash).toString('base64url');
}

export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

const callbackUrl = (ports: Ports): string => `${ports.publicUrl()}/approvals/callback`;
const secure = (ports: Ports): boolean => ports.publicUrl().startsWith('https:');

function keptLogin(
  req: IncomingMessage,
): { state: string; nonce: string; verifier: string; path: string } | undefined {
  try {
    const value = JSON.parse(
      Buffer.from(cookie(req, loginCookie) ?? '', 'base64url').toString('utf8'),
    ) as Record<string, unknown>;
    const { state, nonce, verifier, path } = value;
    if (
      typeof state !== 'string' ||
      typeof nonce !== 'string' ||
      typeof verifier !== 'string' ||
      typeof path !== 'string'
    )
      return undefined;
    // The way back is always one of these pages, whatever the cookie says.
    return /^\/approvals(\/[\w-]+)?(\?[\w.=&%-]*)?$/.test(path)
      ? { state, nonce, verifier, path }
      : undefined;
  } catch {
    return undefined;
  }
}

function nonceOf(token: string): unknown {
  try {
    return (
      JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { nonce?: unknown }
    ).nonce;
  } catch {
    return undefined;
  }
}
