import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageAhead as withPrepared } from '../../../functions/pipeline/page-ahead.ts';
import type { JobRef, PageRequest, ResultPage, Warehouse } from '../../../functions/ports/index.ts';
import { steppedClock } from '../../support/audit-log.ts';

const job: JobRef = { id: 'sluice_a', project: 'p', location: 'US', executionIdentity: 'one' };
const request: PageRequest = {
  startIndex: 0,
  maximumRows: 100_000,
  maximumBytes: 10_000_000,
  timestamps: 'INT64',
};
const totalRows = 50;

const pageAhead = async (
  ports: Parameters<typeof withPrepared>[0],
  ref: JobRef,
  wanted: PageRequest,
): Promise<ResultPage> => (await withPrepared(ports, ref, wanted, async () => 'prepared')).page;

type Asked = { readonly id: string; readonly startIndex: number; readonly maximumRows: number };

/** A warehouse of fifty rows whose pages have ten (later ones `laterRows`), each of `bytes`; `fails` says which request of the whole run is lost. */
function pages(bytes: number, fails: (count: number) => boolean = () => false, laterRows = 10) {
  const asked: Asked[] = [];
  const page = async (ref: JobRef, wanted: PageRequest): Promise<ResultPage> => {
    asked.push({ id: ref.id, startIndex: wanted.startIndex, maximumRows: wanted.maximumRows });
    if (fails(asked.length)) throw new Error('reset');
    const most = wanted.startIndex === 0 ? 10 : laterRows;
    const rows = Math.min(most, wanted.maximumRows, totalRows - wanted.startIndex);
    const next = wanted.startIndex + rows;
    const rowsJson = Buffer.alloc(bytes, wanted.startIndex % 251);
    return { rowsJson, rows, totalRows, ...(next < totalRows ? { nextIndex: next } : {}) };
  };
  // Only pages are asked for here.
  const ports = { warehouse: { page } as unknown as Warehouse, clock: steppedClock(0) };
  return { ports, asked, starts: () => asked.map(({ startIndex }) => startIndex) };
}

test('the next pages are fetched while the client has this one, each only once, the last one ends it', async () => {
  const { ports, asked, starts } = pages(100_000);
  const seen: number[] = [];
  for (let startIndex: number | undefined = 0; startIndex !== undefined; ) {
    const page: ResultPage = await pageAhead(ports, job, { ...request, startIndex });
    assert.equal(page.rowsJson[0], startIndex % 251);
    seen.push(startIndex);
    startIndex = page.nextIndex;
  }
  // Nine rows each after the first page of ten: so many fit for sure.
  assert.deepEqual(seen, [0, 10, 19, 28, 37, 46]);
  assert.deepEqual(starts(), seen);
  assert.equal(asked[1]?.maximumRows, 9);
});

test('where pages end earlier than expected, what was fetched for other places is let go of', async () => {
  const { ports, starts } = pages(100_000, () => false, 4);
  const seen: number[] = [];
  for (let startIndex: number | undefined = 0; startIndex !== undefined; ) {
    const page: ResultPage = await pageAhead(ports, job, { ...request, startIndex });
    assert.equal(page.rowsJson[0], startIndex % 251);
    seen.push(startIndex);
    startIndex = page.nextIndex;
  }
  assert.deepEqual(seen.slice(0, 4), [0, 10, 14, 17]);
  assert.equal(new Set(starts()).size, starts().length, 'nothing is asked for twice');
});

test('a client that asked for the first few rows, small pages and no pages cause nothing', async () => {
  const few = pages(100_000);
  await pageAhead(few.ports, job, { ...request, maximumRows: 10 });
  assert.deepEqual(few.starts(), [0]);
  const second = await pageAhead(few.ports, job, { ...request, maximumRows: 10, startIndex: 10 });
  assert.equal(second.nextIndex, 20);
  assert.deepEqual(few.starts(), [0, 10, 20, 30, 40], 'it reads on: so do we');
  const small = pages(1000);
  await pageAhead(small.ports, job, request);
  assert.deepEqual(small.starts(), [0]);
});

test('another job, identity, format or size never gets what was fetched for this one', async () => {
  const { ports, asked } = pages(100_000);
  await pageAhead(ports, job, request);
  assert.equal(asked.length, 4);
  const next = { ...request, startIndex: 10 };
  const others: readonly (readonly [JobRef, PageRequest])[] = [
    [{ ...job, id: 'sluice_b' }, next],
    [{ ...job, executionIdentity: 'two' }, next],
    [{ ...job, location: 'EU' }, next],
    [{ ...job, project: 'q' }, next],
    [job, { ...next, timestamps: 'FLOAT64' }],
    [job, { ...next, maximumRows: 5 }],
    [job, { ...next, maximumBytes: 5 }],
  ];
  for (const [ref, wanted] of others) {
    const before: number = asked.length;
    await pageAhead(ports, ref, wanted);
    assert.ok(asked.length > before, JSON.stringify([ref, wanted]));
    assert.equal(asked[before]?.id, ref.id);
    assert.equal(asked[before]?.startIndex, 10);
  }
});

test('what could not be fetched ahead is fetched when it is asked for; a page that fails then is an error', async () => {
  const { ports, starts } = pages(100_000, (count) => count === 2 || count === 4);
  await pageAhead(ports, job, request);
  const second = await pageAhead(ports, job, { ...request, startIndex: 10 });
  assert.equal(second.rowsJson[0], 10);
  assert.deepEqual(starts().slice(0, 5), [0, 10, 19, 28, 10]);
  const broken = pages(100_000, () => true);
  await assert.rejects(pageAhead(broken.ports, job, request), /reset/);
});

test('no more bytes are fetched ahead than there is room for, and what nobody comes for makes room', async () => {
  const { ports, starts } = pages(10_000_000);
  let timeIsUp = (): void => {};
  const late = new Promise<void>((resolve) => {
    timeIsUp = resolve;
  });
  const timed = { ...ports, clock: { ...ports.clock, sleep: () => late } };
  for (let n = 0; n < 5; n++) await pageAhead(timed, { ...job, id: `sluice_${n}` }, request);
  assert.equal(starts().filter((start) => start > 0).length, 3, 'three pages of 10 MB');
  timeIsUp();
  await new Promise((resolve) => setImmediate(resolve));
  await pageAhead(timed, { ...job, id: 'sluice_9' }, request);
  assert.equal(starts().filter((start) => start > 0).length, 6);
});

test('what is made of a page ahead comes with that page; where it fails, the page comes alone', async () => {
  const { ports } = pages(100_000);
  const first = await withPrepared(ports, job, request, async (page) => page.rowsJson[0]);
  assert.equal(first.prepared, undefined);
  const second = await withPrepared(ports, job, { ...request, startIndex: 10 }, async () => {
    throw new Error('no room');
  });
  assert.equal(second.prepared, 10);
  const third = await withPrepared(ports, job, { ...request, startIndex: 20 }, async () => 0);
  assert.equal(third.page.rowsJson[0], 20);
  assert.equal(third.prepared, undefined);
});
