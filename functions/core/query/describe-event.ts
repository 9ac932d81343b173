import type { Json } from '../json.ts';
import type { QueryEvent } from './events.ts';
import type { Query } from './query.ts';

type Clear = { readonly [key: string]: Json | undefined };

/** What stays readable in the record of an event: ids, tables, decision, cost; never SQL, parameters or error text. */
export function clearFields(
  query: Query,
  event: QueryEvent | { readonly type: 'receive'; readonly atMs: number },
): Clear {
  return {
    event: event.type,
    state: query.state,
    project: query.project,
    door: query.door,
    ...detail(event),
  };
}

function detail(event: QueryEvent | { readonly type: 'receive' }): Clear {
  switch (event.type) {
    case 'receive':
      return {};
    case 'evaluate': {
      const { evaluation } = event;
      const { decision } = evaluation;
      return {
        statementType: evaluation.statementType,
        outcome: decision.outcome,
        rules: decision.rules.map((hit) => hit.rule),
        policy: { version: evaluation.policy.version, hash: evaluation.policy.hash },
        tables: evaluation.tables.map((table) => table.name),
        masks: evaluation.masking.columns.map((column) => ({
          column: [column.table.project, column.table.dataset, column.table.table, ...column.path].join('.'),
          class: column.classification,
          rule: column.rule,
        })),
        estimate: { bytes: evaluation.estimate.bytes, accuracy: evaluation.estimate.accuracy },
        limitBytes: decision.outcome === 'deny' ? undefined : decision.limits.maximumBytesBilled,
        digest: evaluation.digest,
      };
    }
    case 'hold':
      return { expiresMs: event.expiresMs };
    case 'approve':
      return {
        approver: { issuer: event.approval.approver.issuer, subject: event.approval.approver.subject },
        reason: event.approval.reason,
        digest: event.approval.digest,
        complete: event.complete,
        expiresMs: event.expiresMs,
      };
    case 'reject':
      return {
        approver: { issuer: event.approver.issuer, subject: event.approver.subject },
        reason: event.reason,
        error: event.error.code,
      };
    case 'dispatch':
      return { digest: event.digest };
    case 'finish':
      return {
        rows: event.outcome.totalRows,
        bytesProcessed: event.outcome.totalBytesProcessed,
        bytesBilled: event.outcome.totalBytesBilled,
        cacheHit: event.outcome.cacheHit,
      };
    case 'fail':
      return { error: event.error.code, bytesBilled: event.outcome?.totalBytesBilled };
    case 'refuse':
    case 'expire':
    case 'go-stale':
    case 'cancel':
      return { error: event.error.code };
  }
}
