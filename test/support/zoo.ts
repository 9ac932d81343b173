import assert from 'node:assert/strict';
import type { JobFacts, JobRef, JobSpec, PageRequest, Warehouse } from '../../functions/ports/warehouse.ts';

const animals = [
  {
    id: 1,
    name: 'Ada',
    weight: 4.5,
    seen: '2024-02-29T12:30:00.25Z',
    tags: ['cat', 'old'],
    home: { city: 'Leeds', zip: null },
  },
  { id: 2, name: 'Bo "the\nbear"', weight: 310, seen: null, tags: [], home: null },
  {
    id: 3,
    name: null,
    weight: null,
    seen: '1969-12-31T23:59:59.999999Z',
    tags: ['wild'],
    home: { city: null, zip: '7' },
  },
];
const animalSchema = [
  { name: 'id', type: 'INT64', mode: 'REQUIRED', description: 'Number on the collar' },
  {
    name: 'name',
    type: 'STRING',
    policyTags: { names: ['projects/p/locations/us/taxonomies/1/policyTags/2'] },
  },
  { name: 'weight', type: 'FLOAT64' },
  { name: 'seen', type: 'TIMESTAMP' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'home',
    type: 'STRUCT',
    fields: [
      { name: 'city', type: 'STRING' },
      { name: 'zip', type: 'STRING' },
    ],
  },
];
/** Rows of zoo.numbers, from 0 on. */
export const NUMBERS = 5000;

/** The fixture as files of a data folder. */
export const zooFiles: Readonly<Record<string, string>> = {
  'zoo/animals.ndjson': animals.map((row) => JSON.stringify(row)).join('\n'),
  'zoo/animals.schema.json': JSON.stringify(animalSchema),
  'zoo/heavy.sql': 'SELECT id, name FROM zoo.animals WHERE weight > 10',
  'zoo/log_a.csv': 'day,n\n2024-01-01,1\n',
  'zoo/log_b.csv': 'day,n\n2024-01-02,2\n',
  'zoo/numbers.csv': `n,label\n${Array.from({ length: NUMBERS }, (_, n) => `${n},number ${n}`).join('\n')}\n`,
};

let jobs = 0;
export const nextId = (): `sluice_${string}` => `sluice_${process.pid}_${++jobs}`;

/** The job of an id, as the embedded warehouse knows it. */
export const refOf = (id: JobRef['id']): JobRef => ({
  id,
  project: 'local',
  location: 'US',
  executionIdentity: 'embedded',
});

/** A job without limits to speak of, under an id of its own. */
export function specOf(project: string, sql: string, changes: Partial<JobSpec> = {}): JobSpec {
  return {
    ...refOf(nextId()),
    project,
    sql,
    parameters: [],
    secrets: {},
    maximumBytesBilled: 1e12,
    timeoutMs: 60_000,
    labels: {},
    ...changes,
  };
}

/** The facts of a job that was started and has ended. */
export async function runJob(warehouse: Warehouse, spec: JobSpec): Promise<JobFacts> {
  assert.equal(await warehouse.insert(spec), 'started');
  const facts = await warehouse.wait(spec, 60_000);
  assert.ok(facts && facts.state !== 'running');
  return facts;
}

export const wholePage: PageRequest = {
  startIndex: 0,
  maximumRows: 100_000,
  maximumBytes: 10_000_000,
  timestamps: 'INT64',
};

type Row = { f: { v: unknown }[] };
/** A page's rows as cells, INT64 timestamps unless `changes` says otherwise. */
export async function rowsOf(warehouse: Warehouse, ref: JobRef, changes: Partial<PageRequest> = {}) {
  const page = await warehouse.page(ref, { ...wholePage, ...changes });
  const rows = JSON.parse(Buffer.from(page.rowsJson).toString('utf8')) as Row[];
  assert.equal(rows.length, page.rows);
  return { ...page, values: rows.map((row) => row.f.map((cell) => cell.v)) };
}

/** Some billions of steps: ends only when it is stopped. */
export const ENDLESS =
  'SELECT COUNT(*) FROM zoo.numbers a, zoo.numbers b, zoo.numbers c WHERE a.n + b.n * c.n = -1';
