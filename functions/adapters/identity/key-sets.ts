import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { discover } from './discovery.ts';

const cacheOptions = { cooldownDuration: 30_000, cacheMaxAge: 600_000, timeoutDuration: 5000 };

/**
 * The keys of an issuer, fetched when they are needed: cached for ten minutes at most, asked for again for an unknown key
 * once in 30 s at most. Without an address they are found by OpenID discovery.
 */
export function keySetOf(issuer: string, jwksUrl: string | undefined): JWTVerifyGetKey {
  if (jwksUrl !== undefined) return createRemoteJWKSet(new URL(jwksUrl), cacheOptions);
  let found: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    found ??= discover(issuer).then(({ jwks_uri }) => createRemoteJWKSet(new URL(jwks_uri), cacheOptions));
    found.catch(() => {
      found = undefined;
    });
    return (await found)(header, token);
  };
}
