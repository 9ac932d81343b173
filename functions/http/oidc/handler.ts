import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import { readForm } from '../forms.ts';
import { message, redirect, sendPage } from '../pages/layout.ts';
import { parseTarget } from '../router.ts';
import type { Handler } from '../server.ts';
import { signInPage } from './pages.ts';
import type { Provider } from './provider.ts';

const codeMs = 60_000;
const signedInMs = 8 * 3_600_000;
/** A wrong password costs this much, so that guessing twelve random characters is hopeless. */
const wrongPasswordMs = 500;

export const clientId = 'sluice-approvals';

/** What a sign-in request asks for (OpenID Connect Core 3.1.2.1, RFC 7636). */
export type SignInRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
};

type Grant = {
  readonly request: SignInRequest;
  readonly subject: string;
  readonly groups: readonly string[];
  readonly untilMs: number;
};

const sendJson = (res: ServerResponse, status: number, value: object): void => {
  const bytes = Buffer.from(JSON.stringify(value));
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  });
  res.end(bytes);
};

/**
 * The embedded identity provider's endpoints below `/oidc`: discovery, keys, and the authorization code flow with PKCE for
 * people who sign in to decide. Codes live for a minute, in this process only, and work once.
 */
export function oidcHandler(provider: Provider, clock: Clock, publicUrl: () => string): Handler {
  const grants = new Map<string, Grant>();
  const allowedRedirect = (uri: string): boolean => uri === `${publicUrl()}/approvals/callback`;

  async function authorize(
    req: IncomingMessage,
    res: ServerResponse,
    query: ReadonlyMap<string, string>,
  ): Promise<void> {
    const request = signInRequest(query, allowedRedirect);
    if (typeof request === 'string')
      return sendPage(res, 400, message('This sign-in link is broken', request));
    if (req.method === 'GET') return sendPage(res, 200, signInPage(request, undefined));
    const form = await readForm(req);
    if (!form.ok) return sendPage(res, 400, message('The form could not be read', form.refusal.message));
    const subject = (form.value.get('name') ?? '').trim();
    const groups = (form.value.get('groups') ?? '').split(/[\s,]+/).filter((group) => group !== '');
    if (!/^[\p{L}\p{N}._@+-]{1,100}$/u.test(subject)) {
      return sendPage(res, 400, signInPage(request, 'Give a name of letters, digits and . _ @ + - only.'));
    }
    if (!provider.passwordMatches(form.value.get('password') ?? '')) {
      await clock.sleep(wrongPasswordMs);
      return sendPage(
        res,
        403,
        signInPage(request, 'That is not the password that the gateway printed when it started.'),
      );
    }
    const code = clock.randomHex(24);
    grants.set(code, { request, subject, groups, untilMs: clock.nowMs() + codeMs });
    const target = new URL(request.redirectUri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', request.state);
    return redirect(res, target.href);
  }

  async function token(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const form = await readForm(req);
    if (!form.ok)
      return sendJson(res, 400, { error: 'invalid_request', error_description: form.refusal.message });
    const code = form.value.get('code') ?? '';
    const grant = grants.get(code);
    grants.delete(code);
    const verifier = form.value.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits =
      grant !== undefined &&
      clock.nowMs() < grant.untilMs &&
      form.value.get('grant_type') === 'authorization_code' &&
      form.value.get('client_id') === clientId &&
      form.value.get('redirect_uri') === grant.request.redirectUri &&
      challenge === grant.request.challenge;
    if (!fits) return sendJson(res, 400, { error: 'invalid_grant' });
    const { subject, groups, request } = grant;
    const idToken = await provider.mint({
      subject,
      groups,
      kind: 'person',
      ttlMs: signedInMs,
      nonce: request.nonce,
    });
    return sendJson(res, 200, {
      token_type: 'Bearer',
      expires_in: signedInMs / 1000,
      id_token: idToken,
      access_token: idToken,
    });
  }

  return async (req, res) => {
    const target = parseTarget(req.url ?? '/');
    if (typeof target === 'string')
      return sendJson(res, 400, { error: 'invalid_request', error_description: target });
    for (const [code, grant] of grants) if (clock.nowMs() >= grant.untilMs) grants.delete(code);
    const route = `${req.method === 'HEAD' ? 'GET' : req.method} ${target.segments.slice(1).join('/')}`;
    switch (route) {
      case 'GET .well-known/openid-configuration':
        return sendJson(res, 200, provider.discovery(publicUrl()));
      case 'GET jwks':
        return sendJson(res, 200, provider.jwks());
      case 'GET authorize':
      case 'POST authorize':
        return authorize(req, res, new Map(target.query));
      case 'POST token':
        return token(req, res);
      default:
        return sendJson(res, 404, { error: 'not_found' });
    }
  };
}

/** The request behind a sign-in page, or what is wrong with it. Nothing is redirected to an address that is not ours. */
function signInRequest(
  query: ReadonlyMap<string, string>,
  allowed: (uri: string) => boolean,
): SignInRequest | string {
  const get = (name: string): string => query.get(name) ?? '';
  if (get('response_type') !== 'code' || get('client_id') !== clientId)
    return 'It does not come from the approval pages.';
  if (!allowed(get('redirect_uri'))) return 'It would lead away from this gateway.';
  if (get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(get('code_challenge')))
    return 'Its PKCE challenge is missing.';
  if (get('state').length < 16 || get('nonce').length < 16) return 'Its state or nonce is missing.';
  return {
    redirectUri: get('redirect_uri'),
    state: get('state'),
    nonce: get('nonce'),
    challenge: get('code_challenge'),
  };
}
