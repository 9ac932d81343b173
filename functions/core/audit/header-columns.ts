import type { Json } from '../json.ts';
import type { RecordHeader } from './record-format.ts';

type Of = (header: RecordHeader) => Json | undefined;
type Type = 'STRING' | 'INTEGER' | 'BOOLEAN' | 'TIMESTAMP' | 'RECORD';

/** A column of the header files, with BigQuery's own words for types. A list is never null, everything else may be. */
export type HeaderColumn = {
  readonly name: string;
  readonly type: Type;
  readonly description: string;
  readonly repeated?: true;
  /** Members of a RECORD, by their names. */
  readonly fields?: readonly Omit<HeaderColumn, 'of'>[];
  /** What a record's header says for it, in whatever type it says it. */
  readonly of: Of;
};

const column = (name: string, type: Type, description: string, of: Of): HeaderColumn => ({
  name,
  type,
  description,
  of,
});
const text = (name: string, description: string, of: Of) => column(name, 'STRING', description, of);
const whole = (name: string, description: string, of: Of) => column(name, 'INTEGER', description, of);
const truth = (name: string, description: string, of: Of) => column(name, 'BOOLEAN', description, of);
const moment = (name: string, description: string, of: Of) => column(name, 'TIMESTAMP', description, of);
const texts = (name: string, description: string, of: Of): HeaderColumn => ({
  ...text(name, description, of),
  repeated: true,
});
const field = (name: string, description: string) => ({ name, type: 'STRING', description }) as const;

const clear =
  (key: string): Of =>
  (header) =>
    header.clear[key];
/** One word may mean different things in records of different kinds. */
const ofDelivery =
  (key: string): Of =>
  (header) =>
    header.kind === 'delivery' ? header.clear[key] : undefined;
const inside =
  (key: string, member: string): Of =>
  (header) => {
    const value = header.clear[key];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as { readonly [name: string]: Json | undefined })[member]
      : undefined;
  };

const decisions: readonly unknown[] = ['permit', 'hold', 'deny'];

/** Where a record lies in the tree: the columns that stand first in a line. */
export const leafColumns: readonly Omit<HeaderColumn, 'of'>[] = [
  { name: 'leaf', type: 'INTEGER', description: 'Number of the record in the tree, from 0' },
  { name: 'object', type: 'STRING', description: "Name of the record's object in the log" },
  { name: 'sha256', type: 'STRING', description: 'SHA-256 of its stored bytes, hex: what the tree is over' },
];

/**
 * The columns of a record's readable part, in the order of a line. They are a promise to whoever has SQL over them: a column
 * is never renamed and never changes its type or meaning. Other bytes for the same record need a folder of their own:
 * see `headersFolder`.
 */
export const headerColumns: readonly HeaderColumn[] = [
  text('kind', 'event, delivery, dry-run, refusal, approval-view, start, stop or heartbeat', (h) => h.kind),
  moment('time', 'When it happened, by the clock of its writer', (h) => h.timeMs),
  text('session', 'All calls with one token are one session', (h) => h.session),
  text('issuer', 'Who vouches for the principal', (h) => h.principal?.issuer),
  text(
    'subject',
    'Whose query or request it is; of an approval-view, who looked',
    (h) => h.principal?.subject,
  ),
  text(
    'acting_for_issuer',
    'Who vouches for the person that an agent acts for',
    (h) => h.principal?.actingFor?.issuer,
  ),
  text('acting_for', 'The person that an agent acts for', (h) => h.principal?.actingFor?.subject),
  text('query_id', "Id of the query, which is its job's in BigQuery", (h) => h.query?.id ?? h.clear.queryId),
  text('job_id', 'Id of the job that its client knows', (h) => h.query?.jobId ?? h.clear.jobId),
  whole('version', 'Number of the event in the life of its query, from 0', (h) => h.query?.version),
  text(
    'event',
    'receive, evaluate, hold, approve, reject, dispatch, finish, fail, refuse, expire, go-stale or cancel',
    clear('event'),
  ),
  text('state', 'State of the query after the event; of an approval-view, when it was seen', clear('state')),
  text('project', 'Project that the query was sent to', clear('project')),
  text('door', 'How it came in', clear('door')),
  text('location', 'Of a start or stop: the first location of the warehouse', clear('location')),
  text('statement_type', 'SELECT, INSERT, ...', clear('statementType')),
  text('decision', 'permit, hold or deny', ({ clear: { outcome } }) =>
    decisions.includes(outcome) ? outcome : undefined,
  ),
  texts('rules', 'Names of the rules that applied, limits among them', clear('rules')),
  text('policy_version', 'Version of the policy that decided', inside('policy', 'version')),
  text('policy_hash', "SHA-256 of the policy's files", inside('policy', 'hash')),
  texts('tables', 'Tables that are read or written, project.dataset.table', clear('tables')),
  {
    ...column('masks', 'RECORD', 'Columns that are masked', clear('masks')),
    repeated: true,
    fields: [
      field('column', 'project.dataset.table.column'),
      field('class', "The policy's class"),
      field('rule', 'The masking rule'),
    ],
  },
  whole('estimate_bytes', 'Bytes that the query would read, by the dry run', (h) =>
    h.kind === 'dry-run' ? h.clear.bytes : inside('estimate', 'bytes')(h),
  ),
  text('estimate_accuracy', 'PRECISE, UPPER_BOUND, LOWER_BOUND or UNKNOWN', inside('estimate', 'accuracy')),
  whole('limit_bytes', 'Most bytes that the job may bill', clear('limitBytes')),
  text('digest', 'Execution digest, which an approval binds to: sha256: and hex', clear('digest')),
  moment('expires', 'When the hold or the approval ends', clear('expiresMs')),
  text('approver_issuer', 'Who vouches for the approver', inside('approver', 'issuer')),
  text('approver', 'Who approved or rejected', inside('approver', 'subject')),
  text('reason', "The approver's reason, in their words", clear('reason')),
  truth('complete', 'Whether enough people have approved with this one', clear('complete')),
  text(
    'error',
    'Code of docs/ERRORS.md where it ended badly or was refused',
    ({ kind, clear: { error, outcome } }) =>
      kind === 'dry-run' && !decisions.includes(outcome) ? outcome : error,
  ),
  whole('bytes_processed', 'Bytes that the job read', clear('bytesProcessed')),
  whole('bytes_billed', 'Bytes that BigQuery bills for the job', clear('bytesBilled')),
  truth('cache_hit', "Whether the result came from BigQuery's cache", clear('cacheHit')),
  whole('total_rows', 'Rows of the whole result', ({ kind, clear: { rows, totalRows } }) =>
    kind === 'delivery' ? totalRows : rows,
  ),
  whole('page_rows', 'Rows in this delivery', ofDelivery('rows')),
  whole('start_row', 'Number of the first row of this delivery in the result', ofDelivery('startIndex')),
  whole('delivered_bytes', 'Bytes of the answer', ofDelivery('bytes')),
  text('request_id', 'Id of the answer, which its receiver has too', clear('requestId')),
  text('method', 'Method of the request', clear('method')),
  text('path', 'Path of the request', clear('path')),
  whole('http_status', 'Status of the answer', clear('httpStatus')),
  whole(
    'unrecorded_before',
    'Refusals of nobody that were only counted before this',
    clear('unrecordedBefore'),
  ),
  text('writer', 'Random name of the process that wrote the record', (h) => h.writer.instance),
  whole('writer_seq', 'Its own count: the order of records within the process', (h) => h.writer.seq),
  whole('content_bytes', 'Bytes of the encrypted content before compression', (h) => h.content?.plainBytes),
  text('content_key', 'Id of its data key: destroying it erases the content', (h) => h.content?.key),
];
