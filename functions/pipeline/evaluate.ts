import type { Refusal } from '../core/errors.ts';
import type { MaskingPlan } from '../core/masking/plan.ts';
import type { PolicyBundle, TraceEntry } from '../core/policy/bundle.ts';
import { executionDigest } from '../core/query/digest.ts';
import type { Estimate, Evaluation, Query } from '../core/query/query.ts';
import type { Schema } from '../core/query/schema.ts';
import type { DryRun, Ports } from '../ports/index.ts';
import { dayStartMs, policyInput, tableFacts, unknownEstimate } from './evaluate-facts.ts';
import { type Understanding, type Understood, understand } from './evaluate-text.ts';
import { maskSecrets, namedParameters } from './run-query.ts';

/** What was understood and decided, with the trace of every rule; or why nothing could be. */
export type Evaluated =
  | { readonly ok: true; readonly evaluation: Evaluation; readonly trace: readonly TraceEntry[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** A dry run may look at any size; the ceiling of the real job comes from the decision. */
const noCeiling = Number.MAX_SAFE_INTEGER;
const dryRunTimeoutMs = 30_000;

/**
 * Decides one query: understands the text, masks it, asks the warehouse's own opinion of exactly the text that would run, and
 * asks the policy. Nothing is run and nothing is written.
 */
export async function evaluate(ports: Ports, query: Query): Promise<Evaluated> {
  const executionIdentity = ports.executionIdentity(query.caller.principal);
  if (executionIdentity === undefined) return { ok: false, refusal: nobodyToRunAs };
  // An identity that was changed while the query waited is another execution: what stands in the query no longer runs.
  if (executionIdentity !== query.executionIdentity) return { ok: false, refusal: otherIdentity };
  const bundle = ports.policy();
  const [understood, principalBytesToday] = await Promise.all([
    understandAnew(ports, bundle, query),
    ports.state.bytesUsedSince(query.caller.principal, dayStartMs(ports.clock.nowMs())),
  ]);
  if (understood.kind === 'refused') return { ok: false, refusal: understood.refusal };

  const decide = (estimate: Estimate): ReturnType<PolicyBundle['decide']> => {
    const now = { nowMs: ports.clock.nowMs(), principalBytesToday };
    return bundle.decide(policyInput(query, understood, bundle.classify, estimate, now));
  };
  const conclude = (
    estimate: Estimate,
    schema: Schema,
    decided: ReturnType<PolicyBundle['decide']>,
  ): Evaluated => ({
    ok: true,
    evaluation: evaluationOf(bundle, query, understood, estimate, schema, decided.decision),
    trace: decided.trace,
  });

  // What is denied whatever it costs needs no dry run, and its own reason goes before any other.
  const deniedAnyway = (): Evaluated | undefined => {
    const decided = decide(unknownEstimate);
    return decided.decision.outcome === 'deny'
      ? conclude(unknownEstimate, { fields: [] }, decided)
      : undefined;
  };
  if (understood.kind === 'recognized') {
    const denied = deniedAnyway();
    if (denied) return denied;
    if (understood.problem) return { ok: false, refusal: understood.problem };
  }

  const dryRun = await askWarehouse(ports, query, understood.canonicalSql);
  if (!dryRun.ok) return deniedAnyway() ?? { ok: false, refusal: dryRun.error };
  const differs = disagreement(understood, dryRun);
  if (differs) return { ok: false, refusal: { code: 'disagreement', message: differs } };

  const decided = decide(dryRun.estimate);
  if (dryRun.cannotRun !== undefined && decided.decision.outcome !== 'deny' && !query.dryRun) {
    return {
      ok: false,
      refusal: {
        code: 'unsupported',
        message: `${dryRun.statementType} cannot run here: ${dryRun.cannotRun}.`,
      },
    };
  }
  return conclude(dryRun.estimate, dryRun.schema, decided);
}

/**
 * Rows can be kept back when a table turns out to have changed (`changedMeanwhile`), a write cannot be: it is decided on what
 * the warehouse says now.
 */
async function understandAnew(ports: Ports, bundle: PolicyBundle, query: Query): Promise<Understanding> {
  const understood = await understand(ports, bundle, query);
  if (understood.kind !== 'recognized' || ports.warehouse.catalogAgeMs === undefined) return understood;
  return understand(ports, bundle, query, 'now');
}

const nobodyToRunAs: Refusal = {
  code: 'forbidden',
  message:
    'Access Denied: none of your groups has an execution identity, so no query of yours can run. Ask the operator of this gateway to add one.',
};
const otherIdentity: Refusal = {
  code: 'stale',
  message: 'The identity that your queries run as has changed since this one was submitted. Submit it again.',
};

async function askWarehouse(ports: Ports, query: Query, sql: string): Promise<DryRun> {
  return ports.warehouse.dryRun({
    id: query.id,
    project: query.project,
    location: query.location,
    executionIdentity: query.executionIdentity,
    sql,
    parameters: namedParameters(query.request.parameters),
    secrets: await maskSecrets(ports),
    maximumBytesBilled: noCeiling,
    timeoutMs: dryRunTimeoutMs,
    labels: {},
  });
}

/** The warehouse is the authority on what a text is; where its account differs from ours, nothing runs. */
function disagreement(understood: Understood, dryRun: DryRun & { ok: true }): string | undefined {
  const say = (what: string): string =>
    `The warehouse and the gateway do not agree on ${what} of this query, so it does not run. Write it more simply.`;
  if (dryRun.statementType !== understood.statementType) return say('the kind');
  const ours = new Set(understood.tables);
  if (dryRun.referencedTables.some((table) => !ours.has(table))) return say('the tables');
  if (dryRun.referencedRoutines.length > 0) return say('the routines');
  const names = dryRun.schema.fields.map((field) => field.name);
  if (understood.outputNames && names.join('\n') !== understood.outputNames.join('\n'))
    return say('the columns');
  return undefined;
}

function evaluationOf(
  bundle: PolicyBundle,
  query: Query,
  understood: Understood,
  estimate: Estimate,
  schema: Schema,
  decision: Evaluation['decision'],
): Evaluation {
  const masking: MaskingPlan = understood.plan;
  const evaluation: Omit<Evaluation, 'digest'> = {
    statementType: understood.statementType,
    canonicalSql: understood.canonicalSql,
    tables: tableFacts(understood.catalog, understood.reads),
    referenced: understood.referenced,
    masking,
    schema,
    estimate,
    policy: bundle.identity,
    ...(understood.catalog.version === undefined ? {} : { catalogVersion: understood.catalog.version }),
    decision: ceiling(decision, query.request.maximumBytesBilled, query.request.jobTimeoutMs),
  };
  const digest = executionDigest({
    principal: query.caller.principal,
    project: query.project,
    location: query.location,
    executionIdentity: query.executionIdentity,
    request: query.request,
    evaluation,
  });
  return { ...evaluation, digest };
}

/** The agent may ask for stricter limits than the policy's, never for looser ones. */
function ceiling(
  decision: Evaluation['decision'],
  limitBytes?: number,
  timeoutMs?: number,
): Evaluation['decision'] {
  if (decision.outcome === 'deny') return decision;
  const { limits } = decision;
  return {
    ...decision,
    limits: {
      ...limits,
      maximumBytesBilled: Math.min(limits.maximumBytesBilled, limitBytes ?? Number.MAX_SAFE_INTEGER),
      timeoutMs: Math.min(limits.timeoutMs, timeoutMs ?? Number.MAX_SAFE_INTEGER),
    },
  };
}
