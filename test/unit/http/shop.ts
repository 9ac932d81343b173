import type { FieldSchema } from '../../../functions/core/query/schema.ts';
import type { FixedAnswer, FixedTable } from '../../support/fixed-warehouse.ts';

export const field = (name: string, type: string, more: Partial<FieldSchema> = {}): FieldSchema => ({
  name,
  type,
  mode: 'NULLABLE',
  ...more,
});

const ref = (dataset: string, table: string) => ({ project: 'local', dataset, table });
const numbers = Array.from({ length: 2500 }, (_, at) => [String(at)] as const);

/** The tables that the front door's tests read. */
export const tables: readonly FixedTable[] = [
  {
    ref: ref('shop', 'orders'),
    fields: [
      field('id', 'INTEGER'),
      field('note', 'STRING'),
      field('address', 'RECORD', { fields: [field('zip', 'STRING'), field('city', 'STRING')] }),
    ],
    rows: [
      ['1', 'Grüße 日本 😀', { f: [{ v: '1' }, { v: 'Ulm' }] }],
      ['2', null, null],
      ['3', '"\\', null],
    ],
  },
  { ref: ref('shop', 'numbers'), fields: [field('n', 'INTEGER')], rows: numbers },
  { ref: ref('shop', 'empty'), fields: [field('n', 'INTEGER')], rows: [] },
  { ref: ref('shop', 'totals'), fields: [field('n', 'INTEGER')], rows: [], viewSql: 'SELECT 1 AS n' },
  { ref: ref('hr', 'staff'), fields: [field('id', 'INTEGER')], rows: [['1']] },
  { ref: ref('web', 'clicks'), fields: [field('id', 'INTEGER')], rows: [] },
];

const word = { fields: [field('word', 'STRING')], rows: [['done']] } as const;

/** Queries whose answer is told by a word in them: `SELECT 'slow' AS word`. */
export const answers: readonly FixedAnswer[] = [
  { includes: 'slow', ...word, runMs: 700 },
  { includes: 'endless', ...word, runMs: 600_000 },
  { includes: 'expensive', ...word, bytes: 5000 },
  { includes: 'broken', ...word, fails: 'Division by zero' },
  { includes: 'moment', fields: [field('moment', 'TIMESTAMP')], rows: [['@timestamps']] },
  { includes: 'word', ...word, bytes: 10 },
];

/** A jobs.query body. */
export const ask = (query: string, more: object = {}): { body: object } => ({
  body: { query, useLegacySql: false, ...more },
});

/** A jobs.insert body. */
export const job = (query: string, jobId?: string, more: object = {}): { body: object } => ({
  body: {
    ...(jobId === undefined ? {} : { jobReference: { projectId: 'local', jobId } }),
    configuration: { query: { query, useLegacySql: false }, ...more },
  },
});

export const base = '/bigquery/v2/projects/local';
