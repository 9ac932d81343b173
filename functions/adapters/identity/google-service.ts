import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../ports/clock.ts';
import type { ServiceIdentity } from '../../ports/identity.ts';
import { keySetOf } from './key-sets.ts';

export type GoogleServiceOptions = {
  /** Exactly what the caller names as audience: usually the address of the function. */
  readonly audience: string;
  /** Service accounts that may call, exactly. */
  readonly emails: readonly string[];
  /** Where Google publishes its keys; another only for a test's own issuer. */
  readonly jwksUrl?: string;
};

/** Google has written its name in both ways: https://developers.google.com/identity/openid-connect/openid-connect */
const issuers = ['https://accounts.google.com', 'accounts.google.com'];
const googleKeys = 'https://www.googleapis.com/oauth2/v3/certs';
const skewSeconds = 30;
const longestToken = 8192;
/** What Cloud Run puts in place of a signature that it has checked itself. */
const removedSignature = '.SIGNATURE_REMOVED_BY_GOOGLE';

type Verified = Awaited<ReturnType<ServiceIdentity['verify']>>;
const no = (reason: string): Verified => ({ ok: false, reason });

/** Verifies Google's ID tokens of service accounts: RS256 only, exact audience, exact account, at most 30 s of skew. */
export function googleServiceIdentity(
  { audience, emails, jwksUrl = googleKeys }: GoogleServiceOptions,
  clock: Pick<Clock, 'nowMs'>,
): ServiceIdentity {
  const keySet = keySetOf(issuers[0] ?? '', jwksUrl);
  return {
    async verify(token) {
      if (token.length > longestToken) return no('the token is too long');
      if (token.endsWith(removedSignature)) {
        return no(
          "the platform has removed the token's signature; switch off the invoker check of this service, which checks tokens itself",
        );
      }
      try {
        const { payload } = await jwtVerify(token, keySet, {
          issuer: issuers,
          algorithms: ['RS256'],
          clockTolerance: skewSeconds,
          requiredClaims: ['sub', 'exp', 'iat', 'aud', 'email'],
          currentDate: new Date(clock.nowMs()),
        });
        return accountIn(payload, audience, emails, clock.nowMs());
      } catch (error) {
        return no(explain(error));
      }
    },
  };
}

/** Of a token with a genuine signature: whether it is meant for us, and whose it is. */
function accountIn(
  { aud, email, email_verified, iat = 0 }: JWTPayload,
  audience: string,
  emails: readonly string[],
  nowMs: number,
): Verified {
  if (aud !== audience) return no('the token is for another audience');
  if (iat * 1000 > nowMs + skewSeconds * 1000) return no('the token is of the future; check the clocks');
  if (typeof email !== 'string' || email_verified !== true) return no('the token names no verified e-mail');
  if (!emails.includes(email)) return no('the token is of an account that may not call this');
  return { ok: true, email };
}

function explain(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token's claim ${error.claim} is missing or not acceptable`;
  if (error instanceof errors.JOSEAlgNotAllowed) return "the token's algorithm is not RS256";
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'the token is signed with a key that Google does not publish';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "the token's signature does not fit";
  if (error instanceof errors.JWKSTimeout) return "Google's keys could not be fetched; it may work later";
  return 'the token cannot be verified';
}
