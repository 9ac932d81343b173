import { recordedPrincipal } from '../core/query/principal.ts';
import type { Ports } from '../ports/index.ts';
import type { DryRunResult, Submission } from './contracts.ts';
import { evaluate } from './evaluate.ts';
import { receive } from './receive.ts';
import { record } from './record.ts';

/** Decides a query without running it. Recorded like everything that an agent learns something from. */
export async function dryRunQuery(ports: Ports, submission: Submission): Promise<DryRunResult> {
  const query = { ...(await receive(ports, submission)), dryRun: true };
  const evaluated = await evaluate(ports, query);
  const result = resultOf(evaluated);
  const { principal, session } = query.caller;
  await record(ports, {
    kind: 'dry-run',
    name: `d/${new Date(query.receivedMs).toISOString().slice(0, 10)}/${query.receivedMs}-${ports.clock.randomHex(8)}`,
    timeMs: query.receivedMs,
    session,
    principal: recordedPrincipal(principal),
    clear: {
      outcome: result.ok ? result.outcome : result.refusal.code,
      ...(result.ok
        ? { statementType: result.statementType, tables: result.referenced, bytes: result.estimate.bytes }
        : {}),
    },
    content: new TextEncoder().encode(JSON.stringify({ request: query.request, result })),
  });
  return result;
}

function resultOf(evaluated: Awaited<ReturnType<typeof evaluate>>): DryRunResult {
  if (!evaluated.ok) return evaluated;
  const { evaluation } = evaluated;
  const { decision } = evaluation;
  if (decision.outcome === 'deny')
    return { ok: false, refusal: { code: 'policy_denied', message: decision.message } };
  return {
    ok: true,
    statementType: evaluation.statementType,
    schema: evaluation.schema,
    referenced: evaluation.referenced,
    estimate: evaluation.estimate,
    canonicalSql: evaluation.canonicalSql,
    outcome: decision.outcome,
    undeclaredParameters: [],
  };
}
