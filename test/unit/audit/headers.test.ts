import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerColumns, leafColumns } from '../../../functions/core/audit/header-columns.ts';
import {
  headerLine,
  headerMembers,
  headersName,
  sizeInHeadersName,
} from '../../../functions/core/audit/header-lines.ts';
import { parsePlan } from '../../../functions/core/audit/leaf.ts';
import { planName } from '../../../functions/core/audit/names.ts';
import type { RecordHeader } from '../../../functions/core/audit/record-format.ts';
import { deriveHeaders } from '../../../functions/pipeline/derive-headers.ts';
import { logMemory } from '../../../functions/pipeline/log-memory.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { verifyHeaders } from '../../../functions/pipeline/verify-headers.ts';
import { delivery, filledLog, heldLife, recordLife, type TestLog, testLog } from '../../support/audit-log.ts';
import { type MemoryDerivedStore, memoryDerivedStore } from '../../support/memory-derived-store.ts';

type World = TestLog & { readonly derived: MemoryDerivedStore };
const withDerived = (log: TestLog, derived = memoryDerivedStore()): World => ({ ...log, derived });
/** Another process: it has the objects, and knows nothing. */
const another = (log: World, derived = memoryDerivedStore(log.derived.files)): World => ({
  ...log,
  audit: { ...log.audit },
  derived,
});

const rowsOf = ({ derived }: World): Record<string, unknown>[] =>
  [...derived.files.keys()].sort().flatMap((name) =>
    (derived.files.get(name) ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );

const evaluated: RecordHeader = {
  kind: 'event',
  name: 'q/sluice_7c1d/0001',
  timeMs: 1_790_000_000_123,
  session: 's_one',
  principal: {
    issuer: 'https://issuer.test',
    subject: 'robot',
    actingFor: { issuer: 'https://issuer.test', subject: 'ada' },
  },
  query: { id: 'sluice_7c1d', jobId: 'job_1', version: 1 },
  clear: {
    event: 'evaluate',
    state: 'evaluated',
    project: 'acme',
    door: 'bigquery',
    statementType: 'SELECT',
    outcome: 'hold',
    rules: ['costly', 'reads'],
    policy: { version: '1', hash: 'sha256:ab' },
    tables: ['acme.shop.customers'],
    masks: [{ column: 'acme.shop.customers.ssn', class: 'ssn', rule: 'SHA256' }],
    estimate: { bytes: 1_048_576, accuracy: 'PRECISE' },
    limitBytes: 2_097_152,
    digest: 'sha256:aa',
  },
  previous: 'cc',
  sealed: 4,
  writer: { instance: 'dead', seq: 3 },
  content: {
    encoding: 'zstd',
    lengthBytes: 116,
    plainBytes: 240,
    key: 'dk_1',
    wrapped: 'WRAPPED',
    nonce: 'NONCE',
    commitment: 'COMMITMENT',
  },
};
const leaf = { name: `rec/${evaluated.name}`, generation: '7', sha256: 'ab'.repeat(32) };

describe('a line', () => {
  test('is these bytes: other bytes need another folder', () => {
    assert.equal(
      headerLine(5, leaf, headerMembers(evaluated)),
      `{"leaf":5,"object":"rec/q/sluice_7c1d/0001","sha256":"${'ab'.repeat(32)}","kind":"event","time":"2026-09-21T14:13:20.123Z","session":"s_one","issuer":"https://issuer.test","subject":"robot","acting_for_issuer":"https://issuer.test","acting_for":"ada","query_id":"sluice_7c1d","job_id":"job_1","version":1,"event":"evaluate","state":"evaluated","project":"acme","door":"bigquery","statement_type":"SELECT","decision":"hold","rules":["costly","reads"],"policy_version":"1","policy_hash":"sha256:ab","tables":["acme.shop.customers"],"masks":[{"class":"ssn","column":"acme.shop.customers.ssn","rule":"SHA256"}],"estimate_bytes":1048576,"estimate_accuracy":"PRECISE","limit_bytes":2097152,"digest":"sha256:aa","writer":"dead","writer_seq":3,"content_bytes":240,"content_key":"dk_1"}\n`,
    );
  });

  test('has nothing of the encrypted part, nor of how it is encrypted', () => {
    const line = headerMembers(evaluated);
    for (const secret of ['WRAPPED', 'NONCE', 'COMMITMENT']) assert.ok(!line.includes(secret), secret);
  });

  test('leaves out what is not of its column’s type, so that no value makes a file unreadable', () => {
    const odd = {
      ...evaluated,
      timeMs: 1e300,
      clear: {
        event: 7,
        rules: 'all',
        tables: ['a', 4, null],
        masks: [1, { column: 2, class: 'c' }],
        rows: 1.5,
        bytesBilled: 2 ** 60,
        cacheHit: 'yes',
        policy: ['x'],
        reason: 'half \ud800 and \0 nothing',
      },
    };
    const { time, event, rules, tables, masks, total_rows, bytes_billed, cache_hit, policy_hash, reason } =
      JSON.parse(`{${headerMembers(odd)}}`) as Record<string, unknown>;
    assert.deepEqual(
      { time, event, rules, total_rows, bytes_billed, cache_hit, policy_hash },
      {
        time: undefined,
        event: undefined,
        rules: undefined,
        total_rows: undefined,
        bytes_billed: undefined,
        cache_hit: undefined,
        policy_hash: undefined,
      },
    );
    assert.deepEqual(tables, ['a']);
    assert.deepEqual(masks, [{ class: 'c' }]);
    assert.equal(reason, 'half \ufffd and \ufffd nothing');
  });

  test('of a delivery and of a finished job tell rows apart', () => {
    const of = (kind: RecordHeader['kind'], clear: RecordHeader['clear']) =>
      JSON.parse(`{${headerMembers({ ...evaluated, kind, clear })}}`) as Record<string, unknown>;
    const page = of('delivery', { rows: 10, startIndex: 20, totalRows: 35, bytes: 900, queryId: 'x' });
    assert.deepEqual(
      [page.page_rows, page.start_row, page.total_rows, page.delivered_bytes],
      [10, 20, 35, 900],
    );
    const done = of('event', { event: 'finish', rows: 35, bytesBilled: 5 });
    assert.deepEqual([done.page_rows, done.total_rows, done.bytes_billed], [undefined, 35, 5]);
    const dry = of('dry-run', { outcome: 'invalid_query' });
    assert.deepEqual([dry.decision, dry.error], [undefined, 'invalid_query']);
    const planned = of('dry-run', { outcome: 'permit', bytes: 77 });
    assert.deepEqual(
      [planned.decision, planned.estimate_bytes, planned.delivered_bytes],
      ['permit', 77, undefined],
    );
  });

  test('no two columns have one name, and every name is one that BigQuery takes', () => {
    const names = [...leafColumns, ...headerColumns].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z][a-z0-9_]{0,60}$/);
  });
});

test('names of files', () => {
  assert.equal(headersName(40), 'headers/000000000040.ndjson');
  assert.equal(sizeInHeadersName('headers/000000000040.ndjson'), 40);
  for (const other of ['headers/40.ndjson', 'headers/000000000040', 'x/000000000040.ndjson', 'headers/'])
    assert.equal(sizeInHeadersName(other), undefined);
});

describe('deriving', () => {
  test('every sealed record has its line, in the order of the tree, and no other has one', async () => {
    const log = withDerived(await filledLog());
    const made = await deriveHeaders(log);
    assert.deepEqual(made, { files: 3, lines: 15, problems: [] });
    const leaves = (
      await Promise.all(
        [...log.derived.files.keys()].map(async (name) => {
          const plan = parsePlan(
            (await log.audit.read(planName(sizeInHeadersName(name) ?? -1)))?.bytes ?? Buffer.of(),
          );
          return 'problem' in plan ? assert.fail(plan.problem) : plan;
        }),
      )
    ).flat();
    assert.deepEqual(
      rowsOf(log).map(({ leaf, object, sha256 }) => ({ leaf, object, sha256 })),
      leaves.map(({ name, sha256 }, at) => ({ leaf: at, object: name, sha256 })),
    );
    assert.deepEqual(await deriveHeaders(log), { files: 0, lines: 0, problems: [] });
    assert.deepEqual(await verifyHeaders(log.audit, log.derived), {
      ok: true,
      files: 3,
      lines: 15,
      behind: 0,
      problems: [],
    });
  });

  test('nothing of the content gets in', async () => {
    const log = withDerived(testLog());
    await record(log, delivery(log, 1, 'CANARY in the body'));
    await recordLife(log, 'sluice_a', heldLife());
    await sealLog(log);
    await deriveHeaders(log);
    const text = [...log.derived.files.values()].join('');
    assert.ok(text.includes('sluice_a') && !text.includes('CANARY') && !text.includes('SELECT'), text);
  });

  test('any process writes the same bytes, from memory or from the records', async () => {
    const log = withDerived(testLog());
    await deriveHeaders(log);
    await recordLife(log, 'sluice_a', heldLife());
    await sealLog(log);
    let reads = 0;
    const counting: World = {
      ...log,
      audit: Object.assign(log.audit, { read: countReads(log.audit.read, () => (reads += 1)) }),
    };
    await deriveHeaders(counting);
    assert.equal(reads, 0, 'its own records are in its memory');
    const other = another(log, memoryDerivedStore());
    await sealLog(other);
    await deriveHeaders(other);
    assert.deepEqual(other.derived.files, log.derived.files);
  });

  test('what a sealer has read to seal it is not read again', async () => {
    const writer = testLog();
    await recordLife(writer, 'sluice_a', heldLife());
    await record(writer, delivery(writer, 1, 'x'));
    const sweep = withDerived({ ...writer, audit: { ...writer.audit } });
    await deriveHeaders(sweep);
    let reads = 0;
    Object.assign(sweep.audit, { read: countReads(sweep.audit.read, () => (reads += 1)) });
    await sealLog(sweep);
    assert.equal(reads, 7);
    assert.deepEqual(await deriveHeaders(sweep), { files: 1, lines: 7, problems: [] });
    assert.equal(reads, 7);
    assert.equal(logMemory(sweep).headers?.byName.size, 0);
    assert.equal(logMemory(sweep).headers?.characters, 0);
  });

  test('what exists is not written again, and what somebody took away is, by the next process', async () => {
    const log = withDerived(await filledLog());
    await deriveHeaders(log);
    const before = new Map(log.derived.files);
    const [, gone = ''] = [...before.keys()].sort();
    log.derived.files.delete(gone);
    const next = another(log);
    await sealLog(next);
    const made = await deriveHeaders(next);
    assert.equal(made.files, 2, 'the one that was taken away, and what was sealed since');
    for (const [name, text] of before) assert.equal(log.derived.files.get(name), text);
  });

  test('it stops when told and goes on there, in the middle of a file, too', async () => {
    const log = withDerived(await filledLog());
    const next = another(log);
    await sealLog(next);
    let calls = 0;
    for (let done = false; !done; calls += 1) {
      const stop = new AbortController();
      const read = log.audit.read;
      let reads = 0;
      Object.assign(next.audit, {
        read: countReads(read, () => (++reads === 2 ? stop.abort() : undefined)),
      });
      done = (await deriveHeaders(next, { signal: stop.signal })).unfinished === undefined;
      assert.ok(calls < 50);
    }
    assert.ok(calls > 3, `${calls} calls`);
    const { ok, lines } = await verifyHeaders(log.audit, log.derived);
    assert.deepEqual([ok, lines], [true, 17]);
    const aborted = await deriveHeaders(next, { signal: AbortSignal.abort() });
    assert.deepEqual(aborted, { files: 0, lines: 0, problems: [], unfinished: true });
  });

  test('two at once make the same files, once each', async () => {
    const log = withDerived(await filledLog());
    const [a, b] = [another(log), another(log)];
    await Promise.all([sealLog(a), sealLog(b)]);
    const made = await Promise.all([deriveHeaders(a), deriveHeaders(b), deriveHeaders(a)]);
    assert.deepEqual(
      made.flatMap(({ problems }) => problems),
      [],
    );
    assert.equal(
      made.reduce((sum, { files }) => sum + files, 0),
      log.derived.files.size,
    );
    assert.equal((await verifyHeaders(log.audit, log.derived)).ok, true);
  });

  test('a store that fails is told of, and the next call does it', async () => {
    const log = withDerived(await filledLog());
    for (const part of ['list', 'read', 'create'] as const) {
      const working = log.derived[part];
      Object.assign(log.derived, {
        [part]: () => {
          throw new Error('away');
        },
      });
      await assert.rejects(deriveHeaders(log), /away/);
      Object.assign(log.derived, { [part]: working });
    }
    assert.equal((await deriveHeaders(log)).files, 3);
    assert.equal((await verifyHeaders(log.audit, log.derived)).ok, true);
  });

  test('a plan that is no seal of this log gets no file', async () => {
    const log = withDerived(await filledLog());
    const plan = await log.audit.read(planName(0));
    log.audit.objects.set(planName(3), plan?.bytes ?? Buffer.of());
    await deriveHeaders(log);
    assert.ok(!log.derived.files.has(headersName(3)));
  });

  test('a record that is not what was sealed is named, and its file is not made', async () => {
    const log = withDerived(await filledLog());
    const name = 'rec/d/2026-09-21/000002';
    const next = another(log);
    await sealLog(next);
    log.audit.objects.set(name, Buffer.from('another'));
    const { problems } = await deriveHeaders(next);
    assert.deepEqual(problems, [{ name, problem: 'its bytes are not those that were sealed' }]);
    assert.ok(!log.derived.files.has(headersName(7)) && log.derived.files.has(headersName(8)));
  });
});

describe('checking', () => {
  const changes: readonly (readonly [string, (files: Map<string, string>) => void, RegExp])[] = [
    [
      'a changed word',
      (files) => edit(files, 7, (text) => text.replace('"ada"', '"eve"')),
      /000007.ndjson.*not what the log says/,
    ],
    [
      'a line too many',
      (files) => edit(files, 0, (text) => text + text.split('\n')[0]),
      /000000.ndjson.*not what/,
    ],
    [
      'a line too few',
      (files) => edit(files, 0, (text) => text.slice(text.indexOf('\n') + 1)),
      /000000.ndjson/,
    ],
    [
      'lines in another order',
      (files) => edit(files, 0, (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`),
      /000000.ndjson/,
    ],
    ['a file too many', (files) => files.set(headersName(3), '{}\n'), /000003.ndjson.*no seal/],
    ['a file of the future', (files) => files.set(headersName(900), '{}\n'), /000900.ndjson.*no seal/],
    ['another name', (files) => files.set('headers/readme', 'x'), /readme.*no seal/],
    ['a file taken away', (files) => files.delete(headersName(7)), /000007.ndjson.*missing/],
  ];
  for (const [what, change, wanted] of changes) {
    test(`${what} is found`, async () => {
      const log = withDerived(await filledLog());
      await deriveHeaders(log);
      change(log.derived.files);
      const { ok, problems } = await verifyHeaders(log.audit, log.derived);
      assert.equal(ok, false);
      assert.match(problems.map(({ name, problem }) => `${name}: ${problem}`).join('\n'), wanted);
      assert.equal(problems.length, 1);
    });
  }

  test('somebody else’s file under a name that was free is named when it is found, and not overwritten', async () => {
    const log = withDerived(await filledLog());
    const { read } = log.derived;
    // It comes between the look and the write.
    Object.assign(log.derived, {
      read: async (name: string) => {
        const there = await read(name);
        if (there === undefined) log.derived.files.set(name, 'planted\n');
        return there;
      },
    });
    const { problems, files } = await deriveHeaders(log);
    assert.deepEqual([files, problems.length], [0, 3]);
    assert.equal(log.derived.files.get(headersName(0)), 'planted\n');
  });

  test('the newest seals may have no file yet', async () => {
    const log = withDerived(await filledLog());
    await deriveHeaders(log);
    await sealLog(log);
    const { ok, behind, files } = await verifyHeaders(log.audit, log.derived);
    assert.deepEqual({ ok, behind, files }, { ok: true, behind: 1, files: 3 });
  });
});

type Read = TestLog['audit']['read'];
const countReads =
  (read: Read, seen: (name: string) => unknown): Read =>
  (name) => {
    if (name.startsWith('rec/')) seen(name);
    return read(name);
  };

function edit(files: Map<string, string>, size: number, change: (text: string) => string): void {
  const name = headersName(size);
  const text = files.get(name) ?? assert.fail(`no file ${name}`);
  assert.notEqual(change(text), text);
  files.set(name, change(text));
}
