import type { Refusal } from '../errors.ts';
import type { PrincipalId } from './principal.ts';
import type { Approval, Evaluation, Outcome } from './query.ts';

/** Everything that can happen to a query. One event = one state change = one record. */
export type QueryEvent =
  | { readonly type: 'evaluate'; readonly atMs: number; readonly evaluation: Evaluation }
  | { readonly type: 'refuse'; readonly atMs: number; readonly error: Refusal }
  | { readonly type: 'hold'; readonly atMs: number; readonly expiresMs: number }
  | {
      readonly type: 'approve';
      readonly atMs: number;
      readonly approval: Approval;
      readonly complete: boolean;
      readonly expiresMs: number;
    }
  | {
      readonly type: 'reject';
      readonly atMs: number;
      readonly approver: PrincipalId;
      readonly reason: string;
      readonly error: Refusal;
    }
  | { readonly type: 'expire'; readonly atMs: number; readonly error: Refusal }
  | { readonly type: 'go-stale'; readonly atMs: number; readonly error: Refusal }
  | { readonly type: 'cancel'; readonly atMs: number; readonly error: Refusal }
  | { readonly type: 'dispatch'; readonly atMs: number; readonly digest: string }
  | { readonly type: 'finish'; readonly atMs: number; readonly outcome: Outcome }
  | { readonly type: 'fail'; readonly atMs: number; readonly error: Refusal; readonly outcome?: Outcome };
