import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { recentPrefixes } from '../../../functions/pipeline/unsealed.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import { delivery, heldLife, recordLife, type TestLog, testLog } from '../../support/audit-log.ts';

/** Another process on the same objects, which remembers nothing and counts what it asks the store for. */
function process(log: TestLog): TestLog & { readonly asked: { lists: string[]; reads: number } } {
  const asked = { lists: [] as string[], reads: 0 };
  const audit = {
    ...log.audit,
    list: (prefix: string) => {
      asked.lists.push(prefix);
      return log.audit.list(prefix);
    },
    read: (name: string) => {
      asked.reads += 1;
      return log.audit.read(name);
    },
  };
  return { ...log, audit, asked };
}

/** A signal that aborts after so many reads of the store. */
function stopAfter(log: ReturnType<typeof process>, reads: number): AbortSignal {
  const stop = new AbortController();
  const { read } = log.audit;
  const until = log.asked.reads + reads;
  log.audit.read = (name) => {
    if (log.asked.reads >= until) stop.abort();
    return read(name);
  };
  return stop.signal;
}

test('a sweep that is stopped goes on where it was, and in the end all is sealed once', async () => {
  const log = testLog();
  for (let n = 0; n < 300; n++) await record(log, delivery(log, n, `page ${n}`));
  const sweeper = process(log);
  let [calls, sealed] = [0, 0];
  for (let done = false; !done; calls++) {
    const result = await sealLog(sweeper, { full: calls === 0, signal: stopAfter(sweeper, 60) });
    sealed += result.sealed;
    done = result.unfinished === undefined;
  }
  assert.ok(calls > 3, `${calls} calls`);
  assert.equal(sealed, 300);
  const result = await verifyLog(log.audit, log.key);
  assert.deepEqual([result.ok, result.size, result.unsealed], [true, 300, 0]);
});

test('a new instance catches up with many plans in slices', async () => {
  const log = testLog();
  for (let n = 0; n < 120; n++) {
    await record(log, delivery(log, n, `page ${n}`));
    await sealLog(log);
  }
  const sweeper = process(log);
  let calls = 0;
  for (let done = false; !done; calls++) {
    const result = await sealLog(sweeper, { signal: stopAfter(sweeper, 40) });
    assert.deepEqual(result.refused, []);
    done = result.unfinished === undefined;
  }
  assert.ok(calls > 3, `${calls} calls`);
  assert.equal((await sealLog(sweeper, { full: true })).size, 120);
});

test('recent: new answers and the events behind them are found without listing the log', async () => {
  const log = testLog();
  for (let n = 0; n < 50; n++) await record(log, delivery(log, n, `page ${n}`));
  const sweeper = process(log);
  await sealLog(sweeper, { full: true });
  sweeper.asked.lists.length = 0;
  await recordLife(log, 'sluice_b', heldLife());
  const nowMs = log.clock.nowMs();
  const name = `d/${new Date(nowMs).toISOString().slice(0, 10)}/${nowMs}-r_1`;
  await record(log, { ...delivery(log, 99, 'rows'), name, timeMs: nowMs, clear: { queryId: 'sluice_b' } });
  const result = await sealLog(sweeper, { recent: true });
  assert.equal(result.sealed, heldLife().length + 1, 'the answer and every event');
  assert.ok(!sweeper.asked.lists.includes('rec/'), sweeper.asked.lists.join());
  assert.equal((await verifyLog(log.audit, log.key)).unsealed, 0);
});

test('the prefixes cover a midnight and every window since the last look, and are bounded', () => {
  const midnight = Date.UTC(2026, 10, 24);
  const prefixes = recentPrefixes(midnight - 2_000_000, midnight + 1000);
  for (let atMs = midnight - 3_000_000; atMs <= midnight + 1000; atMs += 100_000) {
    const name = `rec/d/${new Date(atMs).toISOString().slice(0, 10)}/${atMs}-r_x`;
    assert.ok(
      prefixes.some((prefix) => name.startsWith(prefix)),
      name,
    );
  }
  assert.ok(recentPrefixes(0, midnight).length <= 60);
});

test('two sweeps at once in two instances seal everything once', async () => {
  const log = testLog();
  for (let n = 0; n < 200; n++) await record(log, delivery(log, n, `page ${n}`));
  const [one, two] = [process(log), process(log)];
  await Promise.all([sealLog(one, { full: true, recent: true }), sealLog(two, { full: true, recent: true })]);
  const result = await verifyLog(log.audit, log.key);
  assert.deepEqual([result.ok, result.size, result.unsealed], [true, 200, 0]);
});

test('a search through a long sealed part stops in time, too', async () => {
  const log = testLog();
  for (let n = 0; n < 2_500; n++) await record(log, delivery(log, n, 'x'));
  const sweeper = process(log);
  await sealLog(sweeper, { full: true });
  const stop = new AbortController();
  let listed = 0;
  const { list } = sweeper.audit;
  sweeper.audit.list = async function* (prefix) {
    for await (const name of list(prefix)) {
      if (++listed === 1_200) stop.abort();
      yield name;
    }
  };
  const result = await sealLog(sweeper, { full: true, signal: stop.signal });
  assert.equal(result.unfinished, true);
  assert.ok(listed < 2_500, `${listed} listed`);
  assert.equal((await sealLog(sweeper)).unfinished, undefined);
  assert.equal(listed, 2_500);
});
