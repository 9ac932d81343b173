import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../json.ts';
import type { Principal } from './principal.ts';
import type { Evaluation } from './query.ts';
import type { QueryRequest } from './request.ts';

/** Everything that an approval binds to (DESIGN section 7): change one byte of it and the digest is another. */
export type DigestInput = {
  readonly principal: Principal;
  readonly project: string;
  readonly location: string;
  readonly executionIdentity: string;
  readonly request: Pick<QueryRequest, 'parameters' | 'defaultDataset'>;
  readonly evaluation: Omit<Evaluation, 'digest'>;
};

/** `sha256:` and 64 hex digits over the canonical JSON of the input. */
export function executionDigest(input: DigestInput): `sha256:${string}` {
  const { evaluation, principal } = input;
  const decision = evaluation.decision;
  const limits = decision.outcome === 'deny' ? null : decision.limits;
  const bound = {
    v: 1,
    sql: evaluation.canonicalSql,
    statementType: evaluation.statementType,
    parameters: input.request.parameters,
    project: input.project,
    location: input.location,
    defaultDataset: input.request.defaultDataset ?? null,
    masking: evaluation.masking.columns,
    policy: evaluation.policy,
    principal: {
      issuer: principal.issuer,
      subject: principal.subject,
      actingFor: principal.actingFor
        ? { issuer: principal.actingFor.issuer, subject: principal.actingFor.subject }
        : null,
    },
    executionIdentity: input.executionIdentity,
    limits,
    tables: evaluation.tables,
    schema: evaluation.schema.fields,
    estimate: evaluation.estimate,
  };
  // The shapes above are JSON by construction; the type says so only structurally.
  const text = canonicalJson(bound as unknown as Json);
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}
