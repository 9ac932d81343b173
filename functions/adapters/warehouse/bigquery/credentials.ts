import type { AuthClient } from 'google-auth-library';
import { SluiceError } from '../../../core/errors.ts';
import { type Connections, keepConnections } from './rest/exchange.ts';
import { objectFrom, required, text } from './rest/json.ts';

/** What can authorize a request; every AuthClient of google-auth-library can. */
export type Authorizer = Pick<AuthClient, 'getRequestHeaders'>;

/**
 * Who asks BigQuery. The credential of an agent is never one of them: what runs is what Sluice decided, as an identity that
 * only Sluice can be.
 */
export type BigQueryCredentials = {
  /** The gateway itself, for reading metadata. */
  metadata(): Promise<Authorizer>;
  /** The service account that a job runs as. */
  as(executionIdentity: string): Promise<Authorizer>;
  /** A credential that was not accepted is not used again. Absent identity: the gateway's own. */
  forget?(executionIdentity: string | undefined): void;
};

export type GoogleCredentialsOptions = {
  /** Where impersonated credentials come from; default `https://iamcredentials.googleapis.com`. */
  readonly iamEndpoint?: string;
  /** A key or an `external_account` configuration; default: Application Default Credentials. */
  readonly keyFile?: string;
  /** The gateway's own credential, instead of what the environment gives. */
  readonly source?: AuthClient;
  /** How long an impersonated credential lives, at most an hour. */
  readonly lifetimeSeconds?: number;
};

const METADATA_SCOPE = 'https://www.googleapis.com/auth/bigquery.readonly';
const EXECUTION_SCOPE = 'https://www.googleapis.com/auth/bigquery';
const IMPERSONATION_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LIFETIME_SECONDS = 3600;
/** A credential this close to its end is not begun with: a request may take as long. */
const SPARE_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;
const emailShape = /^[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.gserviceaccount\.com$/;

/**
 * Google's credentials: the gateway's own identity from the environment (metadata server, workload identity federation, key
 * file), and short-lived ones of the execution identities that it may impersonate. The library is loaded at the first use.
 * `as` throws SluiceError `forbidden` for what is no service account.
 */
export function googleCredentials(options: GoogleCredentialsOptions = {}): BigQueryCredentials {
  const connections = keepConnections(8);
  const clients = new Map<string, Promise<AuthClient>>();
  const own = (scope: string): Promise<AuthClient> => {
    if (options.source) return Promise.resolve(options.source);
    const known = clients.get(scope);
    if (known) return known;
    const client = ownClient(scope, options.keyFile);
    clients.set(scope, client);
    client.catch(() => clients.delete(scope));
    return client;
  };
  const impersonated = new Map<string, Authorizer>();
  return {
    metadata: () => own(METADATA_SCOPE),
    as: async (identity) => {
      if (!emailShape.test(identity))
        throw new SluiceError(
          'forbidden',
          `execution identity ${JSON.stringify(identity)} is no service account`,
        );
      let authorizer = impersonated.get(identity);
      if (authorizer === undefined) {
        authorizer = impersonate(identity, () => own(IMPERSONATION_SCOPE), connections, options);
        impersonated.set(identity, authorizer);
      }
      return authorizer;
    },
    forget: (identity) => {
      if (identity === undefined) clients.clear();
      else impersonated.delete(identity);
    },
  };
}

async function ownClient(scope: string, keyFile: string | undefined): Promise<AuthClient> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({
    scopes: [scope],
    clientOptions: { transporterOptions: { timeout: TIMEOUT_MS } },
    ...(keyFile === undefined ? {} : { keyFile }),
  });
  return (await auth.getClient()) as AuthClient;
}

type Token = { readonly value: string; readonly usableUntilMs: number };

/**
 * One service account: its credential is kept until shortly before its end, and asked for once however many wait for it.
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
function impersonate(
  identity: string,
  source: () => Promise<AuthClient>,
  connections: Connections,
  options: GoogleCredentialsOptions,
): Authorizer {
  const endpoint = (options.iamEndpoint ?? 'https://iamcredentials.googleapis.com').replace(/\/+$/, '');
  const lifetime = Math.min(options.lifetimeSeconds ?? LIFETIME_SECONDS, LIFETIME_SECONDS);
  const url = new URL(`${endpoint}/v1/projects/-/serviceAccounts/${identity}:generateAccessToken`);
  const body = Buffer.from(JSON.stringify({ scope: [EXECUTION_SCOPE], lifetime: `${lifetime}s` }));

  const fetchToken = async (): Promise<Token> => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    (await (await source()).getRequestHeaders(url)).forEach((value, name) => {
      headers[name] = value;
    });
    const post = { method: 'POST', url, headers, body, timeoutMs: TIMEOUT_MS, limitBytes: 65_536 } as const;
    const reply = await connections.exchange(post);
    if (reply.status === 429 || reply.status >= 500) throw new Error(`status ${reply.status}`);
    if (reply.status !== 200)
      throw new SluiceError(
        'warehouse_unavailable',
        `${identity} cannot be impersonated: status ${reply.status}`,
      );
    const fields = objectFrom(reply.body);
    const value = required(text(fields, 'accessToken'), 'accessToken');
    const expiresMs = Date.parse(required(text(fields, 'expireTime'), 'expireTime'));
    if (value === '' || !(expiresMs > Date.now()))
      throw new SluiceError('warehouse_unavailable', `the credential of ${identity} has no time left`);
    const leftMs = expiresMs - Date.now();
    return { value, usableUntilMs: expiresMs - Math.min(SPARE_MS, leftMs / 2) };
  };

  let token: Token | undefined;
  let coming: Promise<Token> | undefined;
  const current = async (): Promise<Token> => {
    if (token && Date.now() < token.usableUntilMs) return token;
    coming ??= fetchToken().finally(() => {
      coming = undefined;
    });
    token = await coming;
    return token;
  };
  return {
    getRequestHeaders: async () => new Headers({ authorization: `Bearer ${(await current()).value}` }),
  };
}
