import type { JWTPayload } from 'jose';
import type { Principal } from '../../core/query/principal.ts';
import { bearerOf, groupsOf, type MemberGroup } from './members.ts';

/** How an issuer's tokens say who their bearer is. */
export type ClaimRules = {
  readonly issuer: string;
  /** The claim that lists groups; without it only the operator's list gives groups. */
  readonly groupsClaim?: string;
  /**
   * `agents`, `people`: all of them. `google`: a person has a verified e-mail address that is no service account's.
   * `claims`: what `sluice_kind` says, else a person.
   */
  readonly principals?: 'agents' | 'people' | 'google' | 'claims';
  readonly emailsAreVerified?: boolean;
};

const mostGroups = 200;
const serviceAccountEnding = '.gserviceaccount.com';

/** The principal that the claims describe, or why they describe none. An RFC 8693 `act` makes the actor the principal. */
export function principalOf(
  payload: JWTPayload,
  subject: string,
  rules: ClaimRules,
  members: readonly MemberGroup[],
): Principal | string {
  const bearer = bearerOf(payload, rules.issuer, subject, rules.emailsAreVerified ?? false);
  const groups = together(claimed(payload, rules), groupsOf(members, bearer));
  const { act } = payload;
  if (act !== undefined) return actorOf(act, { issuer: rules.issuer, subject, groups }, rules, members);
  const shown = shownEmail(payload);
  const kind = kindOf(payload, rules, bearer.email);
  return { issuer: rules.issuer, subject, kind, groups, ...(shown === undefined ? {} : { email: shown }) };
}

/** The agent in front of a person. Its groups are its own: what the person may do is asked of the person. */
function actorOf(
  act: unknown,
  person: NonNullable<Principal['actingFor']>,
  rules: ClaimRules,
  members: readonly MemberGroup[],
): Principal | string {
  if (typeof act !== 'object' || act === null) return 'its act claim is no object.';
  const actor = act as JWTPayload & Record<string, unknown>;
  if (typeof actor.sub !== 'string' || actor.sub === '') return 'its act claim names no subject.';
  if (actor.act !== undefined)
    return 'it is a chain of more than one actor, which this gateway does not accept.';
  const issuer = typeof actor.iss === 'string' ? actor.iss : rules.issuer;
  // An issuer that names another one's agent says so on its own word: the operator's list is not asked then.
  const listed = issuer === rules.issuer ? groupsOf(members, { issuer, subject: actor.sub }) : [];
  const groups = together(claimed(actor, rules), listed);
  return { issuer, subject: actor.sub, kind: 'agent', groups, actingFor: person };
}

function kindOf(
  payload: JWTPayload,
  rules: ClaimRules,
  verifiedEmail: string | undefined,
): Principal['kind'] {
  switch (rules.principals ?? 'claims') {
    case 'agents':
      return 'agent';
    case 'people':
      return 'person';
    case 'google':
      return verifiedEmail !== undefined && !verifiedEmail.endsWith(serviceAccountEnding)
        ? 'person'
        : 'agent';
    case 'claims':
      return payload.sluice_kind === 'agent' || shownEmail(payload)?.endsWith(serviceAccountEnding)
        ? 'agent'
        : 'person';
  }
}

const shownEmail = (payload: JWTPayload): string | undefined =>
  typeof payload.email === 'string' && payload.email_verified !== false ? payload.email : undefined;

const claimed = (
  claims: Readonly<Record<string, unknown>>,
  { groupsClaim }: ClaimRules,
): readonly string[] => (groupsClaim === undefined ? [] : strings(claims[groupsClaim]));

const together = (a: readonly string[], b: readonly string[]): readonly string[] => [
  ...new Set([...a, ...b]),
];

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string').slice(0, mostGroups)
    : [];
