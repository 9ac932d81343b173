import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobSpec, PageRequest, Warehouse } from '../../../functions/ports/warehouse.ts';
import {
  doneJob,
  isResult,
  ok,
  oneResult,
  resultOf,
  type Server,
  scripted,
  spec,
  warehouseOn,
} from './server.ts';

const whole: PageRequest = {
  startIndex: 0,
  maximumRows: 100_000,
  maximumBytes: 10_000_000,
  timestamps: 'INT64',
};
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `row ${i}`);

async function read(warehouse: Warehouse, job: JobSpec, changes: Partial<PageRequest> = {}) {
  const page = await warehouse.page(job, { ...whole, ...changes });
  const rows = JSON.parse(Buffer.from(page.rowsJson).toString('utf8')) as { f: { v: string }[] }[];
  assert.equal(rows.length, page.rows);
  return { ...page, values: rows.map((row) => row.f[0]?.v) };
}

const results = ({ seen }: Server) => seen.filter(isResult);

test('a small result comes with the news that it is finished', async () => {
  const job = spec();
  const server = await oneResult(job, ['a', 'b"]},{', 'c']);
  const warehouse = await warehouseOn(server);
  await warehouse.insert(job);
  await warehouse.wait(job, 1000);
  assert.deepEqual((await read(warehouse, job)).values, ['a', 'b"]},{', 'c']);
  assert.equal(server.seen.length, 3);
  // Once read to its end it is not kept.
  await read(warehouse, job);
  assert.equal(server.seen.length, 4);
});

test('a page read elsewhere than where the job was started', async () => {
  const job = spec();
  const server = await oneResult(job, numbers(10));
  const page = await read(await warehouseOn(server), job, { startIndex: 4, maximumRows: 3 });
  assert.deepEqual([page.values, page.totalRows, page.nextIndex], [['row 4', 'row 5', 'row 6'], 10, 7]);
});

test('all pages together are the result, whatever the limits and however the server cuts', async () => {
  const values = numbers(3000).map((text, i) => (i % 100 === 7 ? `${text} ${'long '.repeat(300)}` : text));
  for (const [limits, mostRows] of [
    [{}, 1e9],
    [{ maximumRows: 700 }, 1e9],
    [{ maximumRows: 1 + 999 }, 123],
    [{ maximumBytes: 9000 }, 1e9],
    [{ maximumBytes: 2000 }, 250],
    [{ maximumBytes: 20_000, maximumRows: 333 }, 17],
  ] as const) {
    const job = spec();
    const warehouse = await warehouseOn(await oneResult(job, values, {}, mostRows));
    const seen: unknown[] = [];
    for (let at: number | undefined = 0; at !== undefined; ) {
      const page = await read(warehouse, job, { ...limits, startIndex: at });
      const { maximumBytes = 1e7, maximumRows = 1e5 } = limits as Partial<PageRequest>;
      assert.ok(page.rows > 0 && page.rows <= maximumRows);
      assert.ok(page.rows === 1 || page.rowsJson.length <= maximumBytes);
      seen.push(...page.values);
      if (page.nextIndex !== undefined) assert.equal(page.nextIndex, seen.length);
      at = page.nextIndex;
    }
    assert.deepEqual(seen, values);
  }
});

test('as many rows are asked for as make a page, and what is left of an answer serves the next', async () => {
  const job = spec();
  const server = await oneResult(job, numbers(50_000));
  const warehouse = await warehouseOn(server);
  await warehouse.wait(job, 1000);
  // The first rows are here; the rest of the page is asked for by what they weighed.
  const first = await read(warehouse, job, { maximumBytes: 100_000 });
  assert.ok(
    first.rowsJson.length > 90_000 && first.rowsJson.length <= 100_000,
    String(first.rowsJson.length),
  );
  assert.equal(results(server).length, 2);
  const next = first.nextIndex ?? 0;
  const second = await read(warehouse, job, { maximumBytes: 100_000, startIndex: next });
  assert.equal(second.values[0], `row ${next}`);
  assert.ok(results(server).length <= 3);
  // A smaller page leaves rows over.
  const small = await read(warehouse, job, { maximumRows: 10, startIndex: 40_000 });
  const asked = results(server).length;
  assert.equal(small.nextIndex, 40_010);
  const cut = await read(warehouse, job, { maximumBytes: 3000, startIndex: 10 });
  assert.ok(cut.rows > 50);
  assert.equal(results(server).length, asked + 1);
});

test('no rows are wanted, or there are none', async () => {
  const job = spec();
  const warehouse = await warehouseOn(await oneResult(job, numbers(3)));
  const none = await read(warehouse, job, { maximumRows: 0 });
  assert.deepEqual([none.rows, none.totalRows, none.nextIndex], [0, 3, undefined]);
  assert.deepEqual((await read(warehouse, job, { startIndex: 9 })).values, []);
  const empty = spec();
  const page = await read(await warehouseOn(await oneResult(empty, [])), empty);
  assert.deepEqual([page.rows, page.totalRows, page.nextIndex], [0, 0, undefined]);
});

test('TIMESTAMP comes in the form that is asked for, never in that of somebody else', async () => {
  for (const field of [
    { name: 'x', type: 'TIMESTAMP' },
    { name: 'x', type: 'RANGE', rangeElementType: { type: 'TIMESTAMP' } },
    { name: 'x', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'y', type: 'TIMESTAMP' }] },
  ]) {
    const job = spec();
    const forms: Record<string, string> = {
      'formatOptions.useInt64Timestamp': 'INT64',
      'formatOptions.timestampOutputFormat': 'ISO',
    };
    const server = await scripted((seen) => {
      if (!isResult(seen)) return ok(doneJob(job));
      const form = Object.entries(forms).find(([name]) => seen.query.has(name))?.[1] ?? 'FLOAT64';
      return ok(resultOf(job, [form], { schema: { fields: [field] } }));
    });
    const warehouse = await warehouseOn(server);
    await warehouse.wait(job, 1000);
    for (const [timestamps, form] of [
      ['FLOAT64', 'FLOAT64'],
      ['ISO8601_STRING', 'ISO'],
      ['INT64', 'INT64'],
    ] as const)
      assert.deepEqual((await read(warehouse, job, { timestamps })).values, [form]);
    const iso = server.seen.at(-2)?.query.get('formatOptions.timestampOutputFormat') ?? 'ISO8601_STRING';
    assert.equal(iso, 'ISO8601_STRING');
  }
});

test('another identity, project or place has its own rows', async () => {
  const job = spec();
  const other = { ...job, executionIdentity: 'other@p.iam.gserviceaccount.com' };
  const server = await scripted((seen) => {
    const mine = seen.headers.authorization === `Bearer ${job.executionIdentity}`;
    return ok(isResult(seen) ? resultOf(job, [mine ? 'mine' : 'theirs']) : doneJob(job));
  });
  const warehouse = await warehouseOn(server);
  await warehouse.wait(job, 1000);
  assert.deepEqual((await read(warehouse, other)).values, ['theirs']);
  assert.deepEqual((await read(warehouse, job)).values, ['mine']);
});

test('an answer that is not a page is an error, never a row', async () => {
  const values = numbers(5);
  for (const wrong of [
    { status: 200, text: '<html>row 1</html>' },
    { status: 200, text: '{"jobComplete":true,"rows":[{"f":[{"v":"row 1"}]}' },
    { status: 200, json: { rows: [{ f: [{ v: 'row 1' }] }] } },
    { status: 200, json: { jobComplete: false, rows: [{ f: [{ v: 'row 1' }] }] } },
    { status: 200, json: { jobComplete: true, totalRows: '5' } },
    { status: 200, json: { jobComplete: true, rows: Array(6).fill({ f: [] }) } },
    { status: 200, json: { jobComplete: true, rows: ['row 1'] } },
    { status: 400, text: 'row 1' },
    'reset',
  ] as const) {
    const job = spec();
    const server = await scripted((seen) => {
      if (!isResult(seen)) return ok(doneJob(job));
      // The news comes without rows, so the page has to be asked for.
      if (seen.query.get('maxResults') === '1000')
        return ok({ ...resultOf(job, []), totalRows: String(values.length) });
      return wrong;
    });
    const warehouse = await warehouseOn(server);
    await warehouse.wait(job, 1000);
    await assert.rejects(warehouse.page(job, whole), (error: Error) => {
      assert.equal(error.name, 'SluiceError');
      return !error.message.includes('row 1');
    });
  }
});

test('an answer larger than memory allows is asked for again with fewer rows', async () => {
  const job = spec();
  const big = 'x'.repeat(1_000_000);
  const server = await scripted((seen) => {
    if (!isResult(seen)) return ok(doneJob(job));
    const asked = Number(seen.query.get('maxResults'));
    return ok({ ...resultOf(job, Array(Math.min(asked, 60)).fill(big)), totalRows: '60' });
  });
  const warehouse = await warehouseOn(server);
  const page = await warehouse.page(job, { ...whole, maximumRows: 50, maximumBytes: 3_500_000 });
  assert.deepEqual([page.rows, page.nextIndex], [3, 3]);
});
