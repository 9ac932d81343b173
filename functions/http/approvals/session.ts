import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../core/query/principal.ts';
import type { Ports } from '../../ports/index.ts';
import { cookie } from '../forms.ts';
import { clientId } from '../oidc/handler.ts';

/** Where people sign in: any OpenID provider with the code flow and PKCE. */
export type SignIn = {
  readonly authorizationEndpoint: () => string;
  readonly tokenEndpoint: () => string;
};

const sessionCookie = 'sluice_session';
const loginCookie = 'sluice_login';
const attributes = (secure: boolean): string =>
  `; Path=/approvals; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;

/** Who is signed in in this browser: the ID token itself is the session, checked anew on every request. */
export async function signedIn(
  ports: Ports,
  req: IncomingMessage,
): Promise<{ caller: Caller; token: string } | undefined> {
  const token = cookie(req, sessionCookie);
  if (token === undefined) return undefined;
  const verified = await ports.identity.verify(token);
  return verified.ok ? { caller: verified.caller, token } : undefined;
}

/** Sends a browser to sign in and back to `path`; the request is bound to this browser by a cookie (state, nonce, PKCE). */
export function startSignIn(
  ports: Ports,
  signIn: SignIn,
  path: string,
): { location: string; cookie: string } {
  const [state, nonce, verifier] = [
    ports.clock.randomHex(16),
    ports.clock.randomHex(16),
    ports.clock.randomHex(32),
  ];
  const url = new URL(signIn.authorizationEndpoint());
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: `${ports.publicUrl()}/approvals/callback`,
    scope: 'openid',
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
  signIn: SignIn,
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
  const response = await fetch(signIn.tokenEndpoint(), {
    method: 'POST',
    signal: AbortSignal.timeout(10_000),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: query.get('code') ?? '',
      client_id: clientId,
      redirect_uri: `${ports.publicUrl()}/approvals/callback`,
      code_verifier: kept.verifier,
    }),
  });
  const answer = (await response.json().catch(() => ({}))) as { id_token?: unknown };
  const token = typeof answer.id_token === 'string' ? answer.id_token : '';
  const verified = await ports.identity.verify(token);
  if (!response.ok || !verified.ok || nonceOf(token) !== kept.nonce) {
    return { ok: false, reason: 'The identity provider did not confirm the sign-in. Try again.' };
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

/** A token that only this session's own page of this query can hold. */
export async function csrfToken(ports: Ports, session: string, queryId: string): Promise<string> {
  const hash = await ports.keys.hmac('csrf', new TextEncoder().encode(JSON.stringify([session, queryId])));
  return Buffer.from(hash).toString('base64url');
}

export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

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
