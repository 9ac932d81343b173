import { systemClock } from '../adapters/clock/system.ts';
import { discover } from '../adapters/identity/discovery.ts';
import { oidcIdentity } from '../adapters/identity/oidc.ts';
import type { CloudConfig } from '../config/cloud.ts';
import type { SignInConfig } from '../config/identities.ts';
import { SluiceError } from '../core/errors.ts';
import { approvalsHandler } from '../http/approvals/handler.ts';
import type { SignIn } from '../http/approvals/session.ts';
import type { Endpoints } from '../http/approvals/token-exchange.ts';
import { message, redirect, sendPage } from '../http/pages/layout.ts';
import { firstOf } from '../http/router.ts';
import type { Handler } from '../http/server.ts';
import type { Secrets } from '../ports/index.ts';
import { newestOf } from '../ports/secrets.ts';
import type { CloudPorts } from './cloud.ts';

const iapHeader = 'x-goog-iap-jwt-assertion';
const nothingHere = message('Nothing here', 'Approvals are below /approvals.', {
  href: '/approvals',
  label: 'What waits for me',
});

/** The approvers' pages and their API, with the sign-in of the identities file. */
export function approvalsFunction(config: CloudConfig, { ports, secrets }: CloudPorts): Handler {
  const { signIn, groups } = config.identities;
  if (signIn === undefined)
    throw new SluiceError('invalid', 'the identities file has no signIn, so nobody could approve; add one');
  const identity = oidcIdentity([signIn.issuer], ports.keys, systemClock, groups);
  const pages = approvalsHandler(ports, signInOf(signIn, identity, secrets));
  const below = (path: string): boolean => path === '/approvals' || path.startsWith('/approvals/');
  return firstOf([{ takes: below, handler: pages }], async (req, res) =>
    req.url === '/' ? redirect(res, '/approvals') : sendPage(res, 404, nothingHere),
  );
}

function signInOf(config: SignInConfig, identity: SignIn['identity'], secrets: Secrets): SignIn {
  switch (config.kind) {
    case 'iap':
      return { kind: 'proxy', header: iapHeader, identity };
    case 'oidc': {
      const { clientId, clientSecret, scope } = config;
      const secret = clientSecret === undefined ? {} : { clientSecret: () => textOf(secrets, clientSecret) };
      return { kind: 'oidc', clientId, scope, identity, endpoints: endpointsOf(config), ...secret };
    }
  }
}

/** Read for each sign-in: it may be rotated without a restart. */
const textOf = async (secrets: Secrets, name: string): Promise<string> =>
  new TextDecoder().decode(newestOf(await secrets.read(name)).bytes).trim();

/** What is configured, and what discovery says of the rest; asked once, and again where it failed. */
function endpointsOf(config: SignInConfig & { readonly kind: 'oidc' }): () => Promise<Endpoints> {
  let found: Promise<Endpoints> | undefined;
  return () => {
    found ??= find(config);
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
}

async function find({
  issuer,
  authorizationEndpoint,
  tokenEndpoint,
}: SignInConfig & { readonly kind: 'oidc' }): Promise<Endpoints> {
  if (authorizationEndpoint !== undefined && tokenEndpoint !== undefined)
    return { authorization: authorizationEndpoint, token: tokenEndpoint, secretIn: 'header' };
  const metadata = await discover(issuer.issuer);
  const authorization = authorizationEndpoint ?? metadata.authorization_endpoint;
  const token = tokenEndpoint ?? metadata.token_endpoint;
  if (authorization === undefined || token === undefined)
    throw new SluiceError(
      'invalid',
      `${issuer.issuer} publishes no endpoints; put them into the identities file`,
    );
  return { authorization, token, secretIn: metadata.secretIn };
}
