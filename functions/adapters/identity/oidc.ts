import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Caller } from '../../core/query/principal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Keys } from '../../ports/keys.ts';
import { type ClaimRules, principalOf } from './claims.ts';
import { keySetOf } from './key-sets.ts';
import type { MemberGroup } from './members.ts';

/** One issuer that is believed for one audience, and exactly how far. */
export type TrustedIssuer = ClaimRules & {
  /** Compared as text with `iss`; no normalization. */
  readonly issuer: string;
  readonly audience: string;
  /** Found by OpenID discovery where it is absent. */
  readonly jwksUrl?: string;
  /** Fixed: a token never chooses its algorithm. */
  readonly algorithms: readonly ('ES256' | 'RS256' | 'EdDSA' | 'PS256')[];
  /** Where set, `azp` must be one of these. */
  readonly authorizedParties?: readonly string[];
};

const skewSeconds = 30;
const maximumTokenBytes = 16_384;
const hint = 'Get a new one with `npx sluice token` or from your identity provider.';

type Verified =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: string };
const no = (reason: string): Verified => ({
  ok: false,
  reason: `Request had invalid authentication credentials: ${reason}`,
});

/**
 * Verifies OIDC tokens (RFC 7519, RFC 9068, OpenID Connect Core): exact issuer and audience, fixed algorithms, at most 30 s of
 * skew, `typ` checked, keys cached with a cool-down and a hard limit on staleness.
 */
export function oidcIdentity(
  issuers: readonly TrustedIssuer[],
  keys: Pick<Keys, 'hmac'>,
  clock: Pick<Clock, 'nowMs'>,
  members: readonly MemberGroup[] = [],
): Identity {
  const keySets = new Map<string, JWTVerifyGetKey>();
  const known = issuers.map((trusted) => {
    const name = JSON.stringify([trusted.issuer, trusted.jwksUrl]);
    const keySet = keySets.get(name) ?? keySetOf(trusted.issuer, trusted.jwksUrl);
    keySets.set(name, keySet);
    return { trusted, keySet };
  });

  return {
    async verify(token) {
      if (token.length > maximumTokenBytes) return no(`the token is longer than ${maximumTokenBytes} bytes.`);
      const { iss, aud } = unverifiedClaims(token);
      const ofIssuer = known.filter(({ trusted }) => trusted.issuer === iss);
      const entry = ofIssuer.find(({ trusted }) => [aud].flat().includes(trusted.audience)) ?? ofIssuer[0];
      if (entry === undefined)
        return no(`the token is no JWT of an issuer that this gateway trusts. ${hint}`);
      const { trusted, keySet } = entry;
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keySet, {
          issuer: trusted.issuer,
          audience: trusted.audience,
          algorithms: [...trusted.algorithms],
          clockTolerance: skewSeconds,
          requiredClaims: ['sub', 'exp', 'iat'],
          currentDate: new Date(clock.nowMs()),
        });
        if (!['JWT', 'at+jwt', undefined].includes(protectedHeader.typ))
          return no(`the token's typ is not JWT. ${hint}`);
        return await callerOf(payload, trusted, keys, members);
      } catch (error) {
        return no(explain(error, trusted));
      }
    },
  };
}

async function callerOf(
  payload: JWTPayload,
  trusted: TrustedIssuer,
  keys: Pick<Keys, 'hmac'>,
  members: readonly MemberGroup[],
): Promise<Verified> {
  if (typeof payload.sub !== 'string' || payload.sub === '' || payload.sub.length > 255)
    return no('the token has no usable subject.');
  if (trusted.authorizedParties && !trusted.authorizedParties.includes(String(payload.azp))) {
    return no('the token was issued to a client (azp) that may not call this gateway.');
  }
  const principal = principalOf(payload, payload.sub, trusted, members);
  if (typeof principal === 'string') return no(principal);
  const parts = [principal.issuer, principal.subject, String(payload.jti ?? payload.sid ?? payload.iat)];
  const hash = await keys.hmac('session', new TextEncoder().encode(JSON.stringify(parts)));
  const session = `s_${Buffer.from(hash).toString('hex').slice(0, 20)}` as const;
  return { ok: true, caller: { principal, session, tokenExpiresMs: Number(payload.exp) * 1000 } };
}

/** Which issuer's rules to apply; nothing is believed until the signature is checked with that issuer's keys. */
function unverifiedClaims(token: string): { readonly iss?: unknown; readonly aud?: unknown } {
  const [, body] = token.split('.');
  try {
    const claims: unknown = JSON.parse(Buffer.from(body ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}

function explain(error: unknown, trusted: TrustedIssuer): string {
  if (error instanceof errors.JWTExpired) return `the token has expired. ${hint}`;
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim } = error;
    if (claim === 'aud')
      return `the token is for another audience; this gateway is ${trusted.audience}. ${hint}`;
    if (claim === 'nbf' || claim === 'iat') return 'the token is not valid yet; check the clocks.';
    return `the token's claim ${claim} is missing or not acceptable. ${hint}`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `the token's algorithm is not allowed; this issuer signs with ${trusted.algorithms.join(', ')}.`;
  if (error instanceof errors.JWKSNoMatchingKey)
    return `the token was signed with a key that its issuer does not publish. ${hint}`;
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return `the token's signature does not fit. ${hint}`;
  if (error instanceof errors.JWKSTimeout) return "the issuer's keys could not be fetched; try again.";
  return `the token cannot be verified. ${hint}`;
}
