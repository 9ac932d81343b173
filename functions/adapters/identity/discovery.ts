/** What is used of an OpenID provider's metadata (OpenID Connect Discovery 1.0, section 3). */
export type ProviderMetadata = {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  /** How the token endpoint wants a client's secret; in the header where it does not say (section 3). */
  readonly secretIn: 'header' | 'body';
};

const timeoutMs = 5000;
const localNames = ['127.0.0.1', '[::1]', 'localhost'];

/** The metadata that an issuer publishes; throws an Error with one line where it cannot be had or names another issuer. */
export async function discover(issuer: string): Promise<ProviderMetadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const found = (await response.json()) as Readonly<Record<string, unknown>>;
  if (found.issuer !== issuer) throw new Error(`${url} speaks for another issuer`);
  return {
    issuer,
    jwks_uri: endpoint(url, 'jwks_uri', found.jwks_uri) ?? missing(url),
    secretIn: secretIn(found.token_endpoint_auth_methods_supported),
    ...optional(url, 'authorization_endpoint', found.authorization_endpoint),
    ...optional(url, 'token_endpoint', found.token_endpoint),
  };
}

const secretIn = (methods: unknown): ProviderMetadata['secretIn'] =>
  Array.isArray(methods) && !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
    ? 'body'
    : 'header';

function optional<const Name extends string>(
  url: string,
  name: Name,
  value: unknown,
): { [K in Name]?: string } {
  const found = endpoint(url, name, value);
  return (found === undefined ? {} : { [name]: found }) as { [K in Name]?: string };
}

function endpoint(url: string, name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !URL.canParse(value)) throw new Error(`${url} has no address in ${name}`);
  const { protocol, hostname } = new URL(value);
  if (protocol !== 'https:' && !localNames.includes(hostname))
    throw new Error(`${url} names ${name} without https`);
  return value;
}

function missing(url: string): never {
  throw new Error(`${url} names no jwks_uri`);
}
