import type { JWTPayload } from 'jose';

/** Who is in a group beyond what tokens say themselves. All that is given must fit. */
export type Member = {
  readonly issuer: string;
  readonly subject?: string;
  /** Lower case. */
  readonly email?: string;
  readonly domain?: string;
};
export type MemberGroup = { readonly group: string; readonly members: readonly Member[] };

/** What a verified token says of its bearer. */
export type Bearer = {
  readonly issuer: string;
  readonly subject: string;
  readonly email?: string;
  readonly domain?: string;
};

const googleIssuers = ['https://accounts.google.com', 'https://cloud.google.com/iap'];

/**
 * What membership may be decided by: an e-mail address only where it is verified, a domain only as the issuer vouches for
 * it (Google: `hd`, since anybody may have a consumer account with an address of yours).
 */
export function bearerOf(
  payload: JWTPayload,
  issuer: string,
  subject: string,
  emailsAreVerified: boolean,
): Bearer {
  const verified = emailsAreVerified || payload.email_verified === true;
  const email = verified && typeof payload.email === 'string' ? payload.email.toLowerCase() : undefined;
  const isGoogle = googleIssuers.includes(issuer);
  const domain = isGoogle ? payload.hd : email?.slice(email.lastIndexOf('@') + 1);
  return {
    issuer,
    subject,
    ...(email === undefined ? {} : { email }),
    ...(typeof domain === 'string' ? { domain: domain.toLowerCase() } : {}),
  };
}

/** The groups that the operator's list puts the bearer into. */
export function groupsOf(groups: readonly MemberGroup[], bearer: Bearer): readonly string[] {
  return groups
    .filter(({ members }) => members.some((member) => isMember(member, bearer)))
    .map(({ group }) => group);
}

function isMember(member: Member, bearer: Bearer): boolean {
  const fits = (wanted: string | undefined, has: string | undefined): boolean =>
    wanted === undefined || wanted === has;
  const named = member.subject !== undefined || member.email !== undefined || member.domain !== undefined;
  // IAP's issuer is Google's as far as people are concerned: its subject is Google's with a prefix.
  const sameIssuer =
    member.issuer === bearer.issuer ||
    (member.issuer === googleIssuers[0] &&
      bearer.issuer === googleIssuers[1] &&
      member.subject === undefined);
  return (
    named &&
    sameIssuer &&
    fits(member.subject, bearer.subject) &&
    fits(member.email, bearer.email) &&
    fits(member.domain, bearer.domain)
  );
}
