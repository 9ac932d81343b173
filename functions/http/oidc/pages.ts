import { type Html, html } from '../pages/html.ts';
import { page } from '../pages/layout.ts';
import { clientId, type SignInRequest } from './handler.ts';

/** The form with which a person signs in to the embedded identity provider. */
export function signInPage(request: SignInRequest, error: string | undefined): Html {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  });
  return page(
    'Sign in',
    html`<div class="panel"><h1>Sign in</h1>
<p class="lead">The embedded identity provider, for development on this machine.</p>
${error && html`<p class="error" role="alert">${error}</p>`}
<form method="post" action="/oidc/authorize?${query.toString()}">
<label for="name">Your name</label>
<input id="name" name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" autofocus maxlength="100">
<label for="groups">Your groups</label>
<input id="groups" name="groups" value="approvers" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200">
<label for="password">Password</label>
<input id="password" name="password" type="password" required autocomplete="current-password">
<p class="hint">The gateway printed it when it started.</p>
<div class="actions"><button class="primary" type="submit">Sign in</button></div>
</form></div>`,
  );
}
