import type { Refusal } from '../core/errors.ts';
import type { Estimate, Outcome, QueryId } from '../core/query/query.ts';
import type { QueryParameter } from '../core/query/request.ts';
import type { Schema } from '../core/query/schema.ts';
import type { Catalog, TableRef } from '../core/sql/catalog.ts';

export type DatasetInfo = {
  readonly project: string;
  readonly dataset: string;
  readonly location: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly etag: string;
  readonly description?: string;
};

export type TableInfo = {
  readonly ref: TableRef;
  readonly kind: 'table' | 'view';
  readonly schema: Schema;
  readonly viewSql?: string;
  readonly rows: number;
  readonly bytes: number;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly etag: string;
  readonly location: string;
  readonly description?: string;
};

/** Which job: its id, where it runs, and as whom. A query is one. */
export type JobRef = {
  readonly id: QueryId;
  readonly project: string;
  readonly location: string;
  /** The service account that the job runs as, or `embedded`. Results can be read by nobody else. */
  readonly executionIdentity: string;
};

/** One execution, fully decided: canonical text, every name whole, limits set. */
export type JobSpec = JobRef & {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
  /** Values that only Sluice knows (masking key), by parameter name; never shown, never recorded. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly maximumBytesBilled: number;
  readonly timeoutMs: number;
  readonly labels: Readonly<Record<string, string>>;
};

/** What the warehouse itself says a text is: the authority that Sluice's own analysis must agree with. */
export type DryRun =
  | {
      readonly ok: true;
      readonly statementType: string;
      readonly schema: Schema;
      /** `project.dataset.table`, base tables. */
      readonly referencedTables: readonly string[];
      /** `project.dataset.routine`. */
      readonly referencedRoutines: readonly string[];
      readonly estimate: Estimate;
      /** Set where the warehouse understands the statement but cannot run it (the embedded one only reads). */
      readonly cannotRun?: string;
    }
  | { readonly ok: false; readonly error: Refusal };

export type JobFacts =
  | { readonly state: 'running' }
  | {
      readonly state: 'done';
      readonly statementType: string;
      readonly schema: Schema;
      readonly referencedTables: readonly string[];
      readonly referencedRoutines: readonly string[];
      readonly outcome: Outcome;
    }
  /** `error` is safe to show an agent; `detail` (may hold data) goes to the record only. */
  | {
      readonly state: 'failed';
      readonly error: Refusal;
      readonly detail: string;
      readonly outcome?: Outcome;
    };

export type PageRequest = {
  readonly startIndex: number;
  /** At most this many rows; the page may be shorter because of `maximumBytes`. */
  readonly maximumRows: number;
  readonly maximumBytes: number;
  /** TIMESTAMP as int64 microseconds (`useInt64Timestamp`), else as seconds with a fraction. */
  readonly timestamps: 'FLOAT64' | 'INT64' | 'ISO8601_STRING';
};

/** How new a description must be: read after this moment, or after the end of a job. */
export type Since = 'now' | JobRef;

/** `rowsJson` is the JSON text of BigQuery's `rows` array, UTF-8: passed on as bytes, never parsed. */
export type ResultPage = {
  readonly rowsJson: Uint8Array;
  readonly rows: number;
  readonly totalRows: number;
  /** Absent on the last page. */
  readonly nextIndex?: number;
};

/**
 * Where queries run. Promises: `insert` starts a job at most once per id, whatever crashes or retries happen ('duplicate'
 * when the id is known, then `job` tells its facts); a job's result stays readable for at least 24 h, page by page, in one
 * order; nothing reaches the warehouse but what is in the JobSpec; `dryRun` never executes. Failure to reach it throws
 * SluiceError `warehouse_unavailable`.
 */
export type Warehouse = {
  /** Where jobs may run; the first is where they run when the client names none. Never empty. */
  readonly locations: readonly [string, ...string[]];
  /** How old what `describe` says may be, milliseconds; absent where nothing that it says changes. */
  readonly catalogAgeMs?: number;
  projects(): Promise<readonly string[]>;
  datasets(project: string): Promise<readonly DatasetInfo[]>;
  dataset(project: string, dataset: string): Promise<DatasetInfo | undefined>;
  tables(project: string, dataset: string): Promise<readonly TableInfo[]>;
  table(ref: TableRef): Promise<TableInfo | undefined>;
  /**
   * A snapshot that knows at least the tables that `names` (dotted paths as written, parts unquoted) can mean, the views
   * among them with all that they are made of, and the members of wildcards. Without `since` it may be `catalogAgeMs` old.
   */
  describe(
    names: readonly (readonly string[])[],
    defaults: {
      readonly project: string;
      readonly dataset?: { readonly project: string; readonly dataset: string };
    },
    since?: Since,
  ): Promise<Catalog>;
  dryRun(spec: JobSpec): Promise<DryRun>;
  insert(spec: JobSpec): Promise<'started' | 'duplicate'>;
  job(ref: JobRef): Promise<JobFacts | undefined>;
  /** Like `job`, but waits until it is finished, `waitMs` have passed or `signal` aborts. */
  wait(ref: JobRef, waitMs: number, signal?: AbortSignal): Promise<JobFacts | undefined>;
  cancel(ref: JobRef): Promise<void>;
  page(ref: JobRef, request: PageRequest): Promise<ResultPage>;
  close(): Promise<void>;
};
