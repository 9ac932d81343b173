/** Who may be asked about: identity is always the pair (issuer, subject), never a name or an e-mail alone. */
export type PrincipalId = { readonly issuer: string; readonly subject: string };

export type Principal = PrincipalId & {
  readonly kind: 'person' | 'agent';
  readonly groups: readonly string[];
  readonly email?: string;
  /** The person an agent acts for (RFC 8693 `act` chain, outermost first). Both are recorded, both must be authorized. */
  readonly actingFor?: PrincipalId & { readonly groups: readonly string[] };
};

/** One authenticated caller of one request. */
export type Caller = {
  readonly principal: Principal;
  /** All calls with one token are one session: what `audit replay` shows. */
  readonly session: `s_${string}`;
  /** When the token ends, milliseconds since the epoch. */
  readonly tokenExpiresMs: number;
};

export const samePrincipal = (a: PrincipalId, b: PrincipalId): boolean =>
  a.issuer === b.issuer && a.subject === b.subject;

/** What a record says of a principal: who, and for whom; groups and e-mail stay out of the clear part. */
export function recordedPrincipal(principal: Principal): PrincipalId & { readonly actingFor?: PrincipalId } {
  const { issuer, subject, actingFor } = principal;
  const behind = actingFor && { issuer: actingFor.issuer, subject: actingFor.subject };
  return { issuer, subject, ...(behind ? { actingFor: behind } : {}) };
}
