import type { AuthClient, JWT } from 'google-auth-library';
import { SluiceError } from '../../core/errors.ts';
import { newestOf, type Secrets, type SecretVersion } from '../../ports/secrets.ts';

const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Credentials from a service account's key (the downloaded JSON) in a secret, for where impersonation cannot be had. Every
 * request uses the newest version, so a rotated key needs no restart. Tokens are signed here and asked of nobody. Throws
 * SluiceError `sink_unavailable` where the newest version is not such a key.
 */
export async function serviceAccountKey(
  secrets: Secrets,
  name: string,
  scopes: readonly string[] = [cloudPlatform],
): Promise<AuthClient> {
  const library = await import('google-auth-library');
  let current: { readonly id: string; readonly client: JWT } | undefined;
  const newest = async (): Promise<JWT> => {
    const version = newestOf(await secrets.read(name));
    if (current?.id !== version.id) {
      const client = new library.JWT({ ...keyOf(name, version), scopes: [...scopes] });
      client.useJWTAccessWithScope = true;
      current = { id: version.id, client };
    }
    return current.client;
  };
  class FollowingKey extends library.AuthClient {
    async request<T>(options: Parameters<JWT['request']>[0]) {
      return (await newest()).request<T>(options);
    }
    async getRequestHeaders(url?: string | URL) {
      return (await newest()).getRequestHeaders(url);
    }
    async getAccessToken() {
      const headers = await this.getRequestHeaders();
      return { token: headers.get('authorization')?.replace(/^Bearer /, '') ?? null };
    }
  }
  await newest();
  return new FollowingKey();
}

function keyOf(name: string, version: SecretVersion): { email: string; key: string; keyId: string } {
  const refused = (): SluiceError =>
    new SluiceError(
      'sink_unavailable',
      `the newest version of the secret ${name} is not a service account's key: add the JSON file that gcloud iam service-accounts keys create writes`,
    );
  let file: Record<string, unknown> | null;
  try {
    file = JSON.parse(Buffer.from(version.bytes).toString('utf8')) as Record<string, unknown> | null;
  } catch {
    throw refused();
  }
  const { type, client_email: email, private_key: key, private_key_id: keyId } = file ?? {};
  if (
    type !== 'service_account' ||
    typeof email !== 'string' ||
    typeof key !== 'string' ||
    typeof keyId !== 'string'
  )
    throw refused();
  return { email, key, keyId };
}
