import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobFacts, JobSpec, PageRequest, Warehouse } from '../../functions/ports/warehouse.ts';

/**
 * Runs every promise of the Warehouse port. `open` gives a warehouse whose project holds dataset `zoo` (see `zooFiles`);
 * `reopen` closes it and opens what it left, as the next start does.
 */
export type WarehouseSubject = {
  readonly name: string;
  readonly project: string;
  readonly open: () => Promise<{ warehouse: Warehouse; reopen: () => Promise<Warehouse> }>;
};

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
const NUMBERS = 5000;

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
const nextId = (): `sluice_${string}` => `sluice_${process.pid}_${++jobs}`;

export function specOf(project: string, sql: string, changes: Partial<JobSpec> = {}): JobSpec {
  return {
    id: nextId(),
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

export async function runJob(warehouse: Warehouse, spec: JobSpec): Promise<JobFacts> {
  assert.equal(await warehouse.insert(spec), 'started');
  const facts = await warehouse.wait(spec.id, 60_000);
  assert.ok(facts && facts.state !== 'running');
  return facts;
}

const wholePage: PageRequest = {
  startIndex: 0,
  maximumRows: 100_000,
  maximumBytes: 10_000_000,
  timestamps: 'INT64',
};

type Row = { f: { v: unknown }[] };
export async function rowsOf(warehouse: Warehouse, id: JobSpec['id'], changes: Partial<PageRequest> = {}) {
  const page = await warehouse.page(id, { ...wholePage, ...changes });
  const rows = JSON.parse(Buffer.from(page.rowsJson).toString('utf8')) as Row[];
  assert.equal(rows.length, page.rows);
  return { ...page, values: rows.map((row) => row.f.map((cell) => cell.v)) };
}

/** Some billions of steps: ends only when it is stopped. */
const ENDLESS = 'SELECT COUNT(*) FROM zoo.numbers a, zoo.numbers b, zoo.numbers c WHERE a.n + b.n * c.n = -1';

export function warehouseContract(subject: WarehouseSubject): void {
  const { name, project } = subject;
  const within = (
    what: string,
    run: (world: { warehouse: Warehouse; reopen: () => Promise<Warehouse> }) => Promise<void>,
  ) =>
    test(`${name}: ${what}`, async () => {
      const world = await subject.open();
      let current = world.warehouse;
      try {
        await run({
          warehouse: world.warehouse,
          reopen: async () => {
            current = await world.reopen();
            return current;
          },
        });
      } finally {
        await current.close();
      }
    });

  within('lists what there is, and nothing else', async ({ warehouse }) => {
    assert.deepEqual(await warehouse.projects(), [project]);
    assert.deepEqual(
      (await warehouse.datasets(project)).map((d) => d.dataset),
      ['zoo'],
    );
    assert.deepEqual(await warehouse.datasets('other'), []);
    assert.equal(await warehouse.dataset(project, 'Zoo'), undefined);
    const tables = await warehouse.tables(project, 'zoo');
    assert.deepEqual(
      tables.map((t) => t.ref.table),
      ['animals', 'heavy', 'log_a', 'log_b', 'numbers'],
    );
    assert.deepEqual(await warehouse.tables(project, 'nowhere'), []);
    assert.equal(await warehouse.table({ project, dataset: 'zoo', table: 'Animals' }), undefined);
  });

  within('describes a table as its schema says', async ({ warehouse }) => {
    const info = await warehouse.table({ project, dataset: 'zoo', table: 'animals' });
    assert.equal(info?.rows, 3);
    assert.deepEqual(info?.schema.fields[0], {
      name: 'id',
      type: 'INTEGER',
      mode: 'REQUIRED',
      description: 'Number on the collar',
    });
    assert.deepEqual(info?.schema.fields[1]?.policyTags, {
      names: ['projects/p/locations/us/taxonomies/1/policyTags/2'],
    });
    assert.deepEqual(
      info?.schema.fields.map((f) => `${f.name} ${f.type} ${f.mode}`),
      [
        'id INTEGER REQUIRED',
        'name STRING NULLABLE',
        'weight FLOAT NULLABLE',
        'seen TIMESTAMP NULLABLE',
        'tags STRING REPEATED',
        'home RECORD NULLABLE',
      ],
    );
    const view = await warehouse.table({ project, dataset: 'zoo', table: 'heavy' });
    assert.equal(view?.kind, 'view');
    assert.match(view?.viewSql ?? '', /weight > 10/);
  });

  within('gives a snapshot of names for the resolver', async ({ warehouse }) => {
    const catalog = await warehouse.describe([['zoo', 'heavy'], ['animals']], {
      project,
      dataset: { project, dataset: 'zoo' },
    });
    assert.deepEqual(catalog.defaultDataset, { project, dataset: 'zoo' });
    const table = catalog.table({ project, dataset: 'zoo', table: 'animals' });
    assert.deepEqual(table?.columns[4], {
      name: 'tags',
      mode: 'REPEATED',
      type: { kind: 'array', element: { kind: 'scalar', name: 'STRING' } },
    });
    assert.deepEqual(
      table?.columns[5]?.fields?.map((f) => f.name),
      ['city', 'zip'],
    );
    const view = catalog.table({ project, dataset: 'zoo', table: 'heavy' });
    assert.deepEqual(
      view?.columns.map((c) => c.name),
      ['id', 'name'],
    );
    assert.equal(catalog.table({ project, dataset: 'zoo', table: 'ANIMALS' }), undefined);
    assert.deepEqual(
      catalog.tablesWithPrefix({ project, dataset: 'zoo' }, 'log_').map((t) => t.ref.table),
      ['log_a', 'log_b'],
    );
  });

  within('a dry run says what a text is and starts nothing', async ({ warehouse }) => {
    const spec = specOf(
      project,
      'SELECT id, COUNT(*) AS n, SUM(weight) AS total FROM zoo.animals GROUP BY id',
    );
    const dry = await warehouse.dryRun(spec);
    assert.ok(dry.ok);
    assert.equal(dry.statementType, 'SELECT');
    assert.deepEqual(
      dry.schema.fields.map((f) => `${f.name} ${f.type}`),
      ['id INTEGER', 'n INTEGER', 'total FLOAT'],
    );
    assert.deepEqual(dry.referencedTables, [`${project}.zoo.animals`]);
    assert.ok(dry.estimate.bytes > 0 && dry.estimate.accuracy !== 'UNKNOWN');
    assert.equal(await warehouse.job(spec.id), undefined);
  });

  within('a dry run looks through views to base tables', async ({ warehouse }) => {
    const dry = await warehouse.dryRun(specOf(project, 'SELECT * FROM zoo.heavy'));
    assert.deepEqual(dry.ok && dry.referencedTables, [`${project}.zoo.animals`]);
  });

  within('a dry run of a text that cannot be understood says where and why', async ({ warehouse }) => {
    for (const [sql, message] of [
      ['SELECT nope FROM zoo.animals', /nope.*\[1:8\]/s],
      ['SELECT 1 FROM zoo.missing', /missing.*\[1:15\]/s],
      ['SELECT FROM', /\[1:/],
    ] as const) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(!dry.ok);
      assert.equal(dry.error.code, 'invalid_query');
      assert.match(dry.error.message, message);
    }
  });

  within('an id runs once: again, at the same time, and after a restart', async ({ warehouse, reopen }) => {
    const first = specOf(project, 'SELECT 1 AS x');
    const other = { ...first, sql: 'SELECT 2 AS x' };
    const answers = await Promise.all([first, other, other].map((spec) => warehouse.insert(spec)));
    assert.deepEqual(answers, ['started', 'duplicate', 'duplicate']);
    await warehouse.wait(first.id, 60_000);
    assert.equal(await warehouse.insert(other), 'duplicate');
    const later = await reopen();
    assert.equal(await later.insert(other), 'duplicate');
    assert.deepEqual((await rowsOf(later, first.id)).values, [['1']]);
  });

  within('an unknown job has no facts and no rows', async ({ warehouse }) => {
    const id = nextId();
    assert.equal(await warehouse.job(id), undefined);
    assert.equal(await warehouse.wait(id, 10_000), undefined);
    await warehouse.cancel(id);
    await assert.rejects(warehouse.page(id, wholePage), { name: 'SluiceError' });
  });

  within('a finished job tells its facts, also after a restart', async ({ warehouse, reopen }) => {
    const spec = specOf(project, 'SELECT name FROM zoo.animals WHERE id < 3');
    const facts = await runJob(warehouse, spec);
    assert.ok(facts.state === 'done');
    assert.equal(facts.statementType, 'SELECT');
    assert.deepEqual(facts.schema.fields, [{ name: 'name', type: 'STRING', mode: 'NULLABLE' }]);
    assert.deepEqual(facts.referencedTables, [`${project}.zoo.animals`]);
    assert.equal(facts.outcome.totalRows, 2);
    assert.ok(facts.outcome.totalBytesBilled >= facts.outcome.totalBytesProcessed);
    assert.ok(facts.outcome.endMs >= facts.outcome.startMs);
    assert.deepEqual(await (await reopen()).job(spec.id), facts);
  });

  within(
    'a result is read page by page, whole, in one order, also after a restart',
    async ({ warehouse, reopen }) => {
      const spec = specOf(project, 'SELECT n, label FROM zoo.numbers ORDER BY n DESC');
      await runJob(warehouse, spec);
      const later = await reopen();
      for (const limits of [{ maximumRows: 700 }, { maximumBytes: 20_000 }, { maximumBytes: 1 }]) {
        let at: number | undefined = limits.maximumBytes === 1 ? NUMBERS - 3 : 0;
        const seen: unknown[] = [];
        for (let start = at; at !== undefined; ) {
          const page = await rowsOf(later, spec.id, { ...limits, startIndex: at });
          assert.equal(page.totalRows, NUMBERS);
          assert.ok(page.rows > 0 && page.rows <= (limits.maximumRows ?? NUMBERS));
          if (limits.maximumBytes !== undefined && page.rows > 1)
            assert.ok(page.rowsJson.length <= limits.maximumBytes + 2);
          seen.push(...page.values.map((row) => row[0]));
          if (page.nextIndex !== undefined) assert.equal(page.nextIndex, start + seen.length);
          else start = 0;
          at = page.nextIndex;
        }
        const wanted = Array.from({ length: NUMBERS }, (_, i) => String(NUMBERS - 1 - i));
        assert.deepEqual(seen, limits.maximumBytes === 1 ? wanted.slice(-3) : wanted);
      }
      const beyond = await rowsOf(later, spec.id, { startIndex: NUMBERS + 5 });
      assert.deepEqual([beyond.rows, beyond.nextIndex], [0, undefined]);
    },
  );

  within('cells are as BigQuery sends them', async ({ warehouse }) => {
    const spec = specOf(project, 'SELECT * FROM zoo.animals ORDER BY id');
    await runJob(warehouse, spec);
    const { values } = await rowsOf(warehouse, spec.id);
    assert.deepEqual(values, [
      [
        '1',
        'Ada',
        '4.5',
        '1709209800250000',
        [{ v: 'cat' }, { v: 'old' }],
        { f: [{ v: 'Leeds' }, { v: null }] },
      ],
      ['2', 'Bo "the\nbear"', '310.0', null, [], null],
      ['3', null, null, '-1', [{ v: 'wild' }], { f: [{ v: null }, { v: '7' }] }],
    ]);
    const seen = async (timestamps: PageRequest['timestamps']) =>
      (await rowsOf(warehouse, spec.id, { timestamps })).values.map((row) => row[3]);
    assert.deepEqual(await seen('FLOAT64'), ['1709209800.250000', null, '-0.000001']);
    assert.deepEqual(await seen('ISO8601_STRING'), [
      '2024-02-29T12:30:00.250000Z',
      null,
      '1969-12-31T23:59:59.999999Z',
    ]);
  });

  within('parameters and secrets are values, whatever is in them', async ({ warehouse }) => {
    const hostile = "'; DROP TABLE x; --";
    const parameters = [
      { name: 'Name', type: { type: 'STRING' }, value: { value: hostile } },
      {
        name: 'ids',
        type: { type: 'ARRAY', arrayType: { type: 'INT64' } },
        value: { arrayValues: [{ value: '2' }, { value: '3' }] },
      },
      { name: 'none', type: { type: 'DATE' }, value: { value: null } },
    ];
    const sql = 'SELECT @name AS a, ARRAY_LENGTH(@ids) AS b, @none AS c, @key AS d';
    const spec = specOf(project, sql, { parameters, secrets: { key: 's3cret' } });
    await runJob(warehouse, spec);
    assert.deepEqual((await rowsOf(warehouse, spec.id)).values, [[hostile, '2', null, 's3cret']]);
  });

  within(
    'a parameter that is not of its type is refused by name, without its value',
    async ({ warehouse }) => {
      const parameters = [{ name: 'n', type: { type: 'INT64' }, value: { value: 'forty' } }];
      const dry = await warehouse.dryRun(specOf(project, 'SELECT @n AS n', { parameters }));
      assert.ok(!dry.ok);
      assert.match(dry.error.message, /"n".*INT64/);
      assert.doesNotMatch(dry.error.message, /forty/);
    },
  );

  within('a job that fails while it runs says why without a value of the data', async ({ warehouse }) => {
    const facts = await runJob(
      warehouse,
      specOf(project, 'SELECT CAST(label AS INT64) AS x FROM zoo.numbers'),
    );
    assert.ok(facts.state === 'failed');
    assert.equal(facts.error.code, 'invalid_query');
    assert.doesNotMatch(facts.error.message, /number/);
    assert.ok(facts.detail.length > 0);
    await assert.rejects(warehouse.page(nextId(), wholePage));
  });

  within('a job that fails after its first rows is failed, never short', async ({ warehouse }) => {
    const sql = `SELECT IF(n = ${NUMBERS - 2}, CAST(label AS INT64), n) AS x FROM zoo.numbers`;
    const spec = specOf(project, sql);
    const facts = await runJob(warehouse, spec);
    assert.equal(facts.state === 'failed' && facts.error.message, 'Query error: Bad int64 value');
    await assert.rejects(warehouse.page(spec.id, wholePage), { name: 'SluiceError' });
  });

  within('a job stops when it is cancelled', async ({ warehouse }) => {
    const spec = specOf(project, ENDLESS);
    await warehouse.insert(spec);
    assert.deepEqual(await warehouse.wait(spec.id, 150), { state: 'running' });
    const gaveUp = new AbortController();
    setTimeout(() => gaveUp.abort(), 20);
    assert.deepEqual(await warehouse.wait(spec.id, 60_000, gaveUp.signal), { state: 'running' });
    await warehouse.cancel(spec.id);
    const facts = await warehouse.wait(spec.id, 30_000);
    assert.equal(facts?.state === 'failed' && facts.error.code, 'stopped');
    assert.equal(await warehouse.insert(spec), 'duplicate');
  });

  within('a job stops at its time limit', async ({ warehouse }) => {
    const facts = await runJob(warehouse, specOf(project, ENDLESS, { timeoutMs: 100 }));
    assert.equal(facts.state === 'failed' && facts.error.code, 'timeout');
  });

  within('a job above its byte limit does not run', async ({ warehouse }) => {
    const facts = await runJob(
      warehouse,
      specOf(project, 'SELECT * FROM zoo.numbers', { maximumBytesBilled: 1000 }),
    );
    assert.ok(facts.state === 'failed');
    assert.equal(facts.error.code, 'bytes_over_limit');
    assert.match(
      facts.error.message,
      /^Query exceeded limit for bytes billed: 1000\. \d+ or higher required\.$/,
    );
  });

  within('many jobs at once all end, each with its own rows', async ({ warehouse }) => {
    const specs = Array.from({ length: 12 }, (_, i) =>
      specOf(project, `SELECT MAX(n) + ${i} AS x FROM zoo.numbers`),
    );
    await Promise.all(specs.map((spec) => runJob(warehouse, spec)));
    for (const [i, spec] of specs.entries())
      assert.deepEqual((await rowsOf(warehouse, spec.id)).values, [[String(NUMBERS - 1 + i)]]);
  });

  within('nothing but queries over its own tables runs', async ({ warehouse }) => {
    for (const sql of [
      "SELECT * FROM read_csv('/etc/passwd')",
      'SELECT * FROM `/etc/passwd`',
      'SELECT * FROM duckdb_settings()',
      "SELECT getenv('HOME')",
      'SELECT * FROM INFORMATION_SCHEMA.TABLES',
      "ATTACH '/tmp/x.db'",
      'PRAGMA database_list',
      "SET memory_limit = '1GB'",
      'INSTALL httpfs',
      "COPY (SELECT 1) TO '/tmp/x.csv'",
      'SELECT 1; SELECT 2',
    ]) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(!dry.ok || dry.cannotRun !== undefined, sql);
      const facts = await runJob(warehouse, specOf(project, sql));
      assert.equal(facts.state, 'failed', sql);
    }
  });

  within('writing statements are understood and do not run', async ({ warehouse }) => {
    for (const [sql, type] of [
      ['DELETE FROM zoo.animals WHERE id = 1', 'DELETE'],
      ['DROP TABLE zoo.animals', 'DROP_TABLE'],
    ] as const) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(dry.ok && dry.cannotRun !== undefined);
      assert.equal(dry.statementType, type);
      assert.deepEqual(dry.referencedTables, [`${project}.zoo.animals`]);
      assert.equal((await runJob(warehouse, specOf(project, sql))).state, 'failed');
    }
    const spec = specOf(project, 'SELECT COUNT(*) AS n FROM zoo.animals');
    await runJob(warehouse, spec);
    assert.deepEqual((await rowsOf(warehouse, spec.id)).values, [['3']]);
  });
}
