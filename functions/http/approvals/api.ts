import type { IncomingMessage, ServerResponse } from 'node:http';
import { bigQueryError, type Refusal } from '../../core/errors.ts';
import type { Caller } from '../../core/query/principal.ts';
import type { Query, QueryId } from '../../core/query/query.ts';
import { tableName } from '../../core/sql/catalog.ts';
import { decideApproval } from '../../pipeline/decide-approval.ts';
import { approvalLink } from '../../pipeline/hold-query.ts';
import { listHolds, viewHold } from '../../pipeline/list-holds.ts';
import type { Ports } from '../../ports/index.ts';
import { sendJson } from '../reply.ts';
import { bearerToken, readJsonObject } from '../request.ts';
import { parseTarget } from '../router.ts';
import type { Handler } from '../server.ts';

const missing: Refusal = {
  code: 'not_found',
  message:
    'There is no held query of that id that you may decide. `sluice approvals list` shows those there are.',
};

/**
 * The approvals as JSON below `/approvals/v1`: `GET holds`, `GET holds/ID`, `POST holds/ID/approve|reject` with
 * `{reason, digest}`. Bearer tokens only, never cookies, so that no page of anybody's can call it.
 */
export function approvalsApi(ports: Ports): Handler {
  return async (req, res) => {
    const send = (httpStatus: number, value: object): Promise<void> =>
      sendJson(req, res, {
        httpStatus,
        bytes: Buffer.from(`${JSON.stringify(value)}\n`),
        requestId: `r_${ports.clock.randomHex(8)}`,
      });
    const refuse = (refusal: Refusal): Promise<void> => {
      const { httpStatus, body } = bigQueryError(refusal);
      return send(httpStatus, body);
    };

    const target = parseTarget(req.url ?? '/');
    if (typeof target === 'string') return refuse({ code: 'invalid', message: target });
    const token = bearerToken(req);
    if (!token.ok) return refuse(token.refusal);
    const verified = await ports.identity.verify(token.value);
    if (!verified.ok)
      return refuse({ code: 'unauthenticated', message: verified.reason, location: 'Authorization' });

    const [kind, id, action, ...rest] = target.segments.slice(2);
    if (kind !== 'holds' || rest.length > 0)
      return refuse({ code: 'not_found', message: 'There is only /approvals/v1/holds here.' });
    if (req.method === 'GET' && action === undefined) {
      return id === undefined ? list(verified.caller, send) : show(verified.caller, id, send, refuse);
    }
    if (req.method === 'POST' && id !== undefined && (action === 'approve' || action === 'reject')) {
      return decide(req, res, verified.caller, id, action, send, refuse);
    }
    return refuse({
      code: 'method_not_allowed',
      message: 'GET holds, GET holds/ID, POST holds/ID/approve or holds/ID/reject.',
    });
  };

  async function list(caller: Caller, send: (status: number, value: object) => Promise<void>): Promise<void> {
    const holds = await listHolds(ports, caller);
    return send(200, { holds: await Promise.all(holds.map((query) => holdJson(ports, query))) });
  }

  async function show(
    caller: Caller,
    id: string,
    send: (status: number, value: object) => Promise<void>,
    refuse: (refusal: Refusal) => Promise<void>,
  ): Promise<void> {
    const query = await viewHold(ports, caller, id as QueryId);
    return query === undefined ? refuse(missing) : send(200, await holdJson(ports, query));
  }

  async function decide(
    req: IncomingMessage,
    _res: ServerResponse,
    caller: Caller,
    id: string,
    decision: 'approve' | 'reject',
    send: (status: number, value: object) => Promise<void>,
    refuse: (refusal: Refusal) => Promise<void>,
  ): Promise<void> {
    const body = await readJsonObject(req);
    if (!body.ok) return refuse(body.refusal);
    const [reason, digest] = [body.value.get('reason'), body.value.get('digest')];
    if (typeof reason !== 'string' || typeof digest !== 'string') {
      return refuse({
        code: 'invalid',
        message: 'Send {"reason": "...", "digest": "sha256:..."}; GET holds/ID shows the digest.',
      });
    }
    if ((await viewHold(ports, caller, id as QueryId)) === undefined) return refuse(missing);
    const decided = await decideApproval(ports, caller, id as QueryId, { decision, reason, digest });
    return decided.ok ? send(200, await holdJson(ports, decided.query)) : refuse(decided.refusal);
  }
}

/** A held query for people and programs who decide. */
async function holdJson(ports: Ports, query: Query): Promise<object> {
  const { evaluation, caller } = query;
  const terms = evaluation?.decision.outcome === 'hold' ? evaluation.decision : undefined;
  return {
    id: query.id,
    state: query.state,
    requester: {
      issuer: caller.principal.issuer,
      subject: caller.principal.subject,
      kind: caller.principal.kind,
    },
    ...(caller.principal.actingFor
      ? {
          actingFor: {
            issuer: caller.principal.actingFor.issuer,
            subject: caller.principal.actingFor.subject,
          },
        }
      : {}),
    purpose: query.request.purpose ?? null,
    reason: terms?.hold.reason ?? null,
    statementType: evaluation?.statementType ?? null,
    sql: evaluation?.canonicalSql ?? null,
    parameters: query.request.parameters,
    tables: evaluation?.tables.map((table) => table.name) ?? [],
    masks:
      evaluation?.masking.columns.map((column) => ({
        column: [tableName(column.table), ...column.path].join('.'),
        class: column.classification,
        rule: column.rule,
      })) ?? [],
    estimate: evaluation?.estimate ?? null,
    limits: terms?.limits ?? null,
    approvals: query.approvals.map((given) => ({
      approver: given.approver.subject,
      reason: given.reason,
      at: new Date(given.atMs).toISOString(),
    })),
    quorum: terms?.hold.quorum ?? null,
    receivedAt: new Date(query.receivedMs).toISOString(),
    expiresAt: query.expiresMs === undefined ? null : new Date(query.expiresMs).toISOString(),
    digest: evaluation?.digest ?? null,
    link: query.state === 'held' ? await approvalLink(ports, query) : null,
  };
}
