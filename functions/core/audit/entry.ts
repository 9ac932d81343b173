import type { Json } from '../json.ts';
import type { PrincipalId } from '../query/principal.ts';
import type { Bytes } from './bytes.ts';

/**
 * What the pipeline asks to be recorded. `clear` stays readable for ever (ids, times, principal, tables, decision, cost);
 * `content` is encrypted (SQL, parameters, error text, the bytes as they were delivered).
 */
export type AuditEntry = {
  /** `event`: a query's state change; `delivery`: bytes that went to an agent; the rest speak for themselves. */
  readonly kind:
    | 'event'
    | 'delivery'
    | 'dry-run'
    | 'refusal'
    | 'approval-view'
    | 'start'
    | 'stop'
    | 'heartbeat';
  /**
   * Object name below `rec/`. A query's events are named by its id and number (`q/<id>/<number>`), so that of two writers of
   * one state change only one can win; everything else by time and a random part.
   */
  readonly name: string;
  readonly timeMs: number;
  readonly session?: string;
  readonly principal?: PrincipalId & { readonly actingFor?: PrincipalId };
  readonly query?: { readonly id: string; readonly jobId: string; readonly version: number };
  readonly clear: { readonly [key: string]: Json | undefined };
  readonly content?: Bytes;
};
