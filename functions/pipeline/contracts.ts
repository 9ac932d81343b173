import type { Bytes } from '../core/audit/bytes.ts';
import type { Refusal } from '../core/errors.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Estimate, Query } from '../core/query/query.ts';
import type { FrontDoor, QueryRequest } from '../core/query/request.ts';
import type { Schema } from '../core/query/schema.ts';

/** One query as a front door hands it in. Without `jobId` and `requestId` it is new each time. */
export type Submission = {
  readonly caller: Caller;
  readonly project: string;
  readonly door: FrontDoor;
  /** The client's own job id (jobs.insert, or jobs.query's jobReference). */
  readonly jobId?: string;
  /** jobs.query's requestId: the same one gives the same job. */
  readonly requestId?: string;
  /** One of the warehouse's locations; without it, the first. */
  readonly location?: string;
  readonly request: QueryRequest;
};

export type SubmitResult =
  /** `repeated`: the id was known already and nothing was started. */
  | { readonly kind: 'query'; readonly query: Query; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type DryRunResult =
  | {
      readonly ok: true;
      readonly statementType: string;
      readonly schema: Schema;
      readonly referenced: readonly string[];
      readonly estimate: Estimate;
      readonly canonicalSql: string;
      readonly outcome: 'permit' | 'hold';
      readonly undeclaredParameters: readonly string[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Bytes that may now go to the agent: they are in a durable record. */
export type Delivered = { readonly bytes: Bytes; readonly requestId: string };
