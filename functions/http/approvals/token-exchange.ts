import type { Identity } from '../../ports/identity.ts';

/** An OpenID provider where people sign in, and what we are to it. */
export type OidcSignIn = {
  readonly kind: 'oidc';
  readonly clientId: string;
  /** Absent for a public client: PKCE alone shows then that the code is ours. */
  readonly clientSecret?: () => Promise<string>;
  readonly scope: string;
  readonly endpoints: () => Promise<Endpoints>;
  /** Verifies the provider's ID tokens for our client, and nothing else. */
  readonly identity: Identity;
};
export type Endpoints = {
  readonly authorization: string;
  readonly token: string;
  /** How the token endpoint wants the secret (OpenID Connect Core, section 9). */
  readonly secretIn: 'header' | 'body';
};

const timeoutMs = 10_000;

/** The ID token that a code is worth (OpenID Connect Core 3.1.3, RFC 7636), or undefined where the provider gives none. */
export async function exchangeCode(
  signIn: OidcSignIn,
  given: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
): Promise<string | undefined> {
  const { token, secretIn } = await signIn.endpoints();
  const secret = await signIn.clientSecret?.();
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: given.code,
    client_id: signIn.clientId,
    redirect_uri: given.redirectUri,
    code_verifier: given.verifier,
  });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (secret !== undefined && secretIn === 'body') form.set('client_secret', secret);
  if (secret !== undefined && secretIn === 'header') headers.authorization = basic(signIn.clientId, secret);
  const request = { method: 'POST', redirect: 'error', headers, body: form } as const;
  const answer = await fetch(token, { ...request, signal: AbortSignal.timeout(timeoutMs) })
    .then(async (response) => (response.ok ? ((await response.json()) as { id_token?: unknown }) : undefined))
    .catch(() => undefined);
  return typeof answer?.id_token === 'string' ? answer.id_token : undefined;
}

/** Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basic(clientId: string, secret: string): string {
  const encode = (text: string): string => new URLSearchParams({ k: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}`;
}
