import type { ErrorCode } from '../core/errors.ts';
import type { QueryId, QueryState } from '../core/query/query.ts';

/** Which process speaks: one of the four functions, or the whole gateway in one. */
export type FunctionName = 'api' | 'approvals' | 'resume' | 'sweep' | 'embedded';

/** The calls of ports that are timed: all that may leave the process. */
export const portCalls = {
  warehouse: [
    'projects',
    'datasets',
    'dataset',
    'tables',
    'table',
    'describe',
    'dryRun',
    'insert',
    'job',
    'wait',
    'cancel',
    'page',
  ],
  state: ['create', 'get', 'replace', 'listByPrincipal', 'listByState', 'bytesUsedSince'],
  queue: ['publish'],
  audit: ['create', 'read'],
  keys: ['recordSigner', 'sign', 'signLink', 'verifyLink', 'dataKey', 'unwrap', 'hmac'],
  identity: ['verify'],
  notifier: ['held'],
} as const;
export type PortName = keyof typeof portCalls;
export type PortCall = { [P in PortName]: (typeof portCalls)[P][number] }[PortName];

/** `ok`, or how it ended badly. */
export type Code = 'ok' | ErrorCode;

/**
 * Everything that a span, a metric or a line may say. A closed list of names, each with a closed set or form of values:
 * never SQL, rows, parameters, tokens, e-mail addresses, names of people or tables, paths, or anybody's free text.
 */
export type Attributes = {
  readonly function?: FunctionName;
  /** Which kind of request: the API's method (`bigquery.jobs.query`) or page (`approvals.decide`), never the path. */
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly code?: Code;
  readonly port?: PortName;
  readonly call?: PortCall;
  readonly decision?: 'permit' | 'hold' | 'deny' | 'refused';
  readonly state?: QueryState;
  readonly vote?: 'approve' | 'reject';
  /** `file#name` of a rule of the policy. */
  readonly rule?: string;
  readonly effect?: 'permit' | 'hold' | 'deny' | 'limit';
  /** Name of a secret, as the configuration has it. */
  readonly secret?: string;
  /** A keyed hash: tells nothing, finds the query in the log. On spans and lines only. */
  readonly queryId?: QueryId;
  /** Name of the record of the answer (`x-sluice-request-id`). On spans and lines only. */
  readonly requestId?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly ownMs?: number;
  readonly records?: number;
  readonly moved?: number;
};
export type AttributeName = keyof Attributes;

type MetricTable = Readonly<
  Record<
    string,
    {
      readonly kind: 'counter' | 'histogram' | 'gauge';
      readonly unit: 's' | 'By' | '1';
      readonly attributes: readonly AttributeName[];
      readonly about: string;
    }
  >
>;

/**
 * Every metric. The names are what Prometheus would make of them, so that they read the same behind every exporter
 * (in Cloud Monitoring: `prometheus.googleapis.com/<name>/<kind>`). docs/OPERATIONS.md lists them; a test compares.
 */
export const metrics = {
  sluice_request_duration_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: ['function', 'route', 'status'],
    about: 'from the first byte of a request to the last of its answer',
  },
  sluice_request_own_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: ['function', 'route'],
    about: 'the part of a request in which nothing outside of the process was waited for',
  },
  sluice_decision_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: ['decision'],
    about: 'the own part of a request up to its decision: what deciding costs without any backend',
  },
  sluice_decisions_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['decision', 'code'],
    about: 'decisions on queries; refused = not understood or not allowed before any rule was asked',
  },
  sluice_rule_hits_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['rule', 'effect'],
    about: 'rules that held, denied or limited a query; budgets are rules',
  },
  sluice_query_changes_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['function', 'state', 'code'],
    about:
      'state changes of queries, by the state they led to and who made them (what the sweep moves has function sweep)',
  },
  sluice_hold_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: ['state'],
    about: 'from the arrival of a query that was held to its decision or other end',
  },
  sluice_hold_notify_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: [],
    about: 'from the hold of a query until its approvers were told',
  },
  sluice_approvals_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['vote'],
    about: 'decisions of people, each one of a quorum',
  },
  sluice_rows_delivered_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['function'],
    about: 'rows of results in answers',
  },
  sluice_bytes_delivered_total: {
    kind: 'counter',
    unit: 'By',
    attributes: ['function'],
    about: 'bytes of answers as sent, headers included',
  },
  sluice_billed_bytes_total: {
    kind: 'counter',
    unit: 'By',
    attributes: [],
    about: 'what the warehouse billed for finished queries',
  },
  sluice_port_call_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: ['port', 'call', 'code'],
    about: 'calls to what lies behind the ports',
  },
  sluice_seals_total: { kind: 'counter', unit: '1', attributes: [], about: 'checkpoints that were signed' },
  sluice_sealed_records_total: {
    kind: 'counter',
    unit: '1',
    attributes: [],
    about: 'records that seals took in',
  },
  sluice_seal_lag_seconds: {
    kind: 'histogram',
    unit: 's',
    attributes: [],
    about: 'age of the oldest record that a seal took in',
  },
  sluice_faults_total: {
    kind: 'counter',
    unit: '1',
    attributes: ['code'],
    about: 'broken promises; each is a line, too',
  },
  sluice_secret_age_seconds: {
    kind: 'gauge',
    unit: 's',
    attributes: ['secret'],
    about: 'age of the version of each secret that is in use',
  },
} as const satisfies MetricTable;
export type MetricName = keyof typeof metrics;
export type MetricAttributes<M extends MetricName> = Pick<
  Attributes,
  (typeof metrics)[M]['attributes'][number]
>;

/** What a line is about, with the words that people read. */
export const logEvents = {
  request: 'answered a request',
  fault: 'a promise broke',
  ready: 'ready',
  'not-ready': 'not ready',
  stopping: 'stopping: taking no new requests',
  stopped: 'stopped',
  sealed: 'sealed the log',
  swept: 'looked at the open queries',
  'left-out': 'the seal leaves out what is not a record of this log; run sluice audit verify',
  'push-refused': 'refused a message that does not come from the queue, or cannot be read',
  'secret-old': 'a secret is older than it should be',
  policy: 'the policy has warnings',
} as const;
export type LogEvent = keyof typeof logEvents;

export type LogLine = {
  readonly severity: 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL';
  readonly event: LogEvent;
  readonly attributes?: Attributes;
  /** For the operator, one line of our own words: names of objects and settings, never of data, people or SQL. */
  readonly detail?: string;
};

/** Where a request comes from: who answers it, as what, and the caller's trace where it sent one. */
export type RequestStart = {
  readonly function: FunctionName;
  readonly route: string;
  /** W3C: https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string | undefined;
  /** Google's `TRACE_ID/SPAN_ID;o=OPTIONS`; traceparent wins. */
  readonly cloudTraceContext?: string | undefined;
};

/** One request under way: what was learned of it stands on its span and its line. */
export type RequestScope = {
  readonly function: FunctionName;
  readonly route: string;
  note(attributes: Attributes): void;
  /** What was noted so far. */
  readonly noted: Attributes;
  addRows(rows: number): void;
  /** A call to a port begins and ends; they may overlap. */
  enter(): void;
  leave(): void;
  /** Milliseconds so far in which no port was waited for. */
  ownMs(): number;
};

/** A timed part of a request. */
export type OpenSpan = { end(attributes: Attributes): void };

/**
 * What operators see. Promises: nothing here throws, waits for a network or changes what a request does; what cannot be
 * kept is dropped. `observes` is false where nothing is kept at all, so that nobody need measure.
 */
export type Telemetry = {
  readonly observes: boolean;
  /** Runs `work` as one request: everything it does belongs to it, however deep. */
  request<T>(start: RequestStart, work: (scope: RequestScope) => Promise<T>): Promise<T>;
  /** The request that this runs in, if any. */
  scope(): RequestScope | undefined;
  span(name: `${PortName}.${PortCall}`): OpenSpan;
  measure<M extends MetricName>(name: M, value: number, attributes: MetricAttributes<M>): void;
  log(line: LogLine): void;
  /** A broken promise: counted, and told once however many hear of it. Messages of other people's errors are left out. */
  fault(error: unknown): void;
  /** Sends what is kept; resolves when it is sent or given up. */
  flush(): Promise<void>;
  /** Flushes and stops. */
  close(): Promise<void>;
};
