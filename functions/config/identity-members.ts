import type { Node } from 'yaml';
import type { Fields, YamlSource } from '../core/policy/yaml-source.ts';
import type { Member, SignInConfig } from './identities.ts';
import { googleIssuer, presetIssuer, readAddress, readIssuer } from './identity-issuers.ts';

const emailForm = /^[^\s@]{1,64}@[A-Za-z0-9.-]{1,190}$/;
const domainForm = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/**
 * A member of a group: by verified e-mail address (people and service accounts), by domain (Google's `hd`, or the verified
 * address's), or by subject. Without an issuer it is Google's, so that no other issuer can lend somebody an address.
 */
export function readMember(source: YamlSource, node: Node | null): Member | undefined {
  const fields = source.fields(node, 'a member', ['email', 'domain', 'subject', 'issuer']);
  if (fields === undefined) return undefined;
  const text = (key: string): string | undefined => {
    const field = fields.get(key);
    return field && source.text(field.value, key);
  };
  const issuer = fields.has('issuer') ? readAddress(source, fields, 'issuer', false) : googleIssuer;
  const [email, domain, subject] = [
    text('email')?.toLowerCase(),
    text('domain')?.toLowerCase(),
    text('subject'),
  ];
  if (email === undefined && domain === undefined && subject === undefined)
    return source.problem(node, 'a member needs an email, a domain or a subject');
  if (email !== undefined && !emailForm.test(email))
    return source.problem(fields.get('email')?.value ?? null, 'email must be an e-mail address');
  if (domain !== undefined && !domainForm.test(domain))
    return source.problem(
      fields.get('domain')?.value ?? null,
      'domain must be a domain such as acme.example',
    );
  if (issuer === undefined) return undefined;
  return {
    issuer,
    ...(email === undefined ? {} : { email }),
    ...(domain === undefined ? {} : { domain }),
    ...(subject === undefined ? {} : { subject }),
  };
}

const oidcKeys = [
  'kind',
  'issuer',
  'clientId',
  'clientSecret',
  'scope',
  'authorizationEndpoint',
  'tokenEndpoint',
  'audience',
];

/** How approvers sign in: `kind: oidc` with a provider and a client, or `kind: iap` with IAP's audience. */
export function readSignIn(source: YamlSource, node: Node | null): SignInConfig | undefined {
  const fields = source.fields(node, 'signIn', oidcKeys);
  if (fields === undefined) return undefined;
  const kind = source.oneOf(fields.get('kind')?.value ?? null, 'kind', ['oidc', 'iap'] as const);
  switch (kind) {
    case undefined:
      return undefined;
    case 'iap':
      return readIap(source, fields);
    case 'oidc':
      return readOidc(source, fields);
  }
}

function readIap(source: YamlSource, fields: Fields): SignInConfig | undefined {
  const own = [...fields.keys()].find((key) => !['kind', 'audience', 'issuer'].includes(key));
  if (own !== undefined)
    return source.problem(
      fields.get(own)?.key ?? null,
      `${own} belongs to kind: oidc; IAP needs its audience only`,
    );
  const audience = source.text(fields.get('audience')?.value ?? null, 'audience');
  if (audience === undefined) return undefined;
  const issuer = fields.has('issuer')
    ? readIssuer(source, fields.get('issuer')?.value ?? null, audience)
    : presetIssuer('iap', audience);
  return issuer === undefined ? undefined : { kind: 'iap', issuer };
}

function readOidc(source: YamlSource, fields: Fields): SignInConfig | undefined {
  const clientId = source.text(fields.get('clientId')?.value ?? null, 'clientId');
  // The audience of an ID token is always the client that asked for it.
  const issuer = readIssuer(source, fields.get('issuer')?.value ?? null, clientId ?? 'unknown');
  const [scope, secret] = [fields.get('scope'), fields.get('clientSecret')];
  const scopeText = scope === undefined ? 'openid email' : source.text(scope.value, 'scope');
  const clientSecret = secret && source.text(secret.value, 'clientSecret');
  if (secret && clientSecret !== undefined && !/^projects\/[^/]+\/secrets\/[\w-]+$/.test(clientSecret))
    return source.problem(
      secret.value,
      'clientSecret must be the whole name of a secret, projects/P/secrets/S; never the secret itself',
    );
  const authorizationEndpoint = readAddress(source, fields, 'authorizationEndpoint');
  const tokenEndpoint = readAddress(source, fields, 'tokenEndpoint');
  if (issuer === undefined || clientId === undefined || scopeText === undefined) return undefined;
  if (!scopeText.split(' ').includes('openid'))
    return source.problem(scope?.value ?? null, 'scope must contain openid, or there is no ID token');
  return {
    kind: 'oidc',
    issuer,
    clientId,
    scope: scopeText,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(authorizationEndpoint === undefined ? {} : { authorizationEndpoint }),
    ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
  };
}
