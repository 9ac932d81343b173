import type { Refusal } from '../errors.ts';
import type { MaskingPlan } from '../masking/plan.ts';
import type { Decision, PolicyIdentity } from '../policy/decision.ts';
import type { Caller, PrincipalId } from './principal.ts';
import type { FrontDoor, QueryRequest } from './request.ts';
import type { Schema } from './schema.ts';

/** Derived with a keyed hash from (issuer, subject, project, client's job id); also the warehouse's job id. */
export type QueryId = `sluice_${string}`;

export type QueryState =
  | 'received'
  | 'evaluated'
  | 'denied'
  | 'held'
  | 'approved'
  | 'rejected'
  | 'expired'
  | 'stale'
  | 'cancelled'
  | 'running'
  | 'done'
  | 'failed';

/** A table that a query reads, as it was when it was decided. */
export type TableFact = { readonly name: string; readonly etag: string; readonly schemaHash: string };

export type Estimate = {
  readonly bytes: number;
  readonly accuracy: 'PRECISE' | 'UPPER_BOUND' | 'LOWER_BOUND' | 'UNKNOWN';
};

/** What Sluice understood and decided: everything that an approval binds to. */
export type Evaluation = {
  readonly statementType: string;
  /** The canonical rewritten text: analyzed, dry-run, shown, approved, run and recorded. */
  readonly canonicalSql: string;
  readonly tables: readonly TableFact[];
  /** Tables and views that the text names, `project.dataset.table`. */
  readonly referenced: readonly string[];
  readonly masking: MaskingPlan;
  readonly schema: Schema;
  readonly estimate: Estimate;
  readonly policy: PolicyIdentity;
  /** The version of the catalog's snapshot that all of this was understood from, where it has one. */
  readonly catalogVersion?: string;
  readonly decision: Decision;
  /** Execution digest, `sha256:` and hex (DESIGN section 7). */
  readonly digest: string;
};

export type Approval = {
  readonly approver: PrincipalId & { readonly email?: string };
  readonly reason: string;
  readonly digest: string;
  readonly atMs: number;
};

/** The warehouse's own facts of a finished job. */
export type Outcome = {
  readonly totalRows: number;
  readonly totalBytesProcessed: number;
  readonly totalBytesBilled: number;
  readonly cacheHit: boolean;
  /** Rows that DML inserted, updated or deleted. */
  readonly dmlAffectedRows?: number;
  readonly startMs: number;
  readonly endMs: number;
};

/** One query's whole life so far: what the state store holds. `version` counts its records; the next has this number. */
export type Query = {
  readonly id: QueryId;
  readonly version: number;
  readonly state: QueryState;
  readonly project: string;
  readonly location: string;
  /** Whom the job runs as in the warehouse; empty where nobody is set up for the caller, and then it never runs. */
  readonly executionIdentity: string;
  /** The job id that the client knows. */
  readonly jobId: string;
  readonly caller: Caller;
  readonly door: FrontDoor;
  readonly request: QueryRequest;
  readonly receivedMs: number;
  /** Only decided, never run. */
  readonly dryRun?: boolean;
  readonly evaluation?: Evaluation;
  readonly approvals: readonly Approval[];
  /** When a hold or an approval ends. */
  readonly expiresMs?: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly outcome?: Outcome;
  /** Why it ended badly, as the agent is told. */
  readonly error?: Refusal;
};
