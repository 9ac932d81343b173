import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { compositeIndexes } from '../../functions/adapters/state-store/firestore/indexes.ts';
import { openFirestoreStateStore } from '../../functions/adapters/state-store/firestore/open.ts';
import type { Query } from '../../functions/core/query/query.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import type { Ports } from '../../functions/ports/index.ts';
import type { StateStore } from '../../functions/ports/state-store.ts';
import { newWorld, processIn, robot } from '../support/crash-world.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { needs } from '../support/emulators/requires.ts';
import { type Emulator, startFirestore } from '../support/emulators/start.ts';
import { evaluationOf, queryOf } from '../support/queries.ts';
import { stateStoreContract } from './state-store.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

const newProject = (): string => `p${randomBytes(6).toString('hex')}`;

describe('on the Firestore emulator', needs('firestore'), () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startFirestore();
  });
  after(() => emulator?.stop());

  const openIn = (project: string, more: object = {}): StateStore =>
    openFirestoreStateStore({ project, host: emulator.host, ...more });

  stateStoreContract('firestore', async () => {
    const project = newProject();
    const store = openIn(project);
    return {
      store,
      async reopen() {
        await store.close();
        return openIn(project);
      },
    };
  });

  // The same promises where every other call goes through a second process's handle.
  stateStoreContract('firestore, two handles', async () => {
    const project = newProject();
    const [one, two] = [openIn(project), openIn(project)];
    return {
      store: inTurns(one, two),
      async reopen() {
        await Promise.all([one.close(), two.close()]);
        return openIn(project);
      },
    };
  });

  test('of twenty writers of one query exactly one wins each version', async (t) => {
    const project = newProject();
    const stores = [openIn(project), openIn(project)];
    const [first] = stores as [StateStore, StateStore];
    await first.create(queryOf());
    const wins = new Map<number, number>();
    const startMs = performance.now();
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const store = stores[n % 2] as StateStore;
        for (let version = 0; version < 10; ) {
          const result = await store.replace(
            queryOf({ version: version + 1, jobId: `writer_${n}` }),
            version,
          );
          if (result === 'replaced') wins.set(version, (wins.get(version) ?? 0) + 1);
          version = (await store.get(queryOf().id))?.version ?? 0;
        }
      }),
    );
    t.diagnostic(`10 versions, 20 writers: ${Math.round(performance.now() - startMs)} ms`);
    assert.deepEqual([...wins.values()], Array(10).fill(1));
    assert.equal((await first.get(queryOf().id))?.version, 10);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('a query with a megabyte of SQL and a wide schema is stored, changed and read whole', async (t) => {
    const project = newProject();
    const store = openIn(project);
    const startMs = performance.now();
    const query = longQuery();
    assert.equal(await store.create(query), 'created');
    assert.deepEqual(await store.get(query.id), query);
    const next: Query = { ...query, version: 1, state: 'running', startedMs: 5 };
    assert.equal(await store.replace(next, 0), 'replaced');
    const other = openIn(project);
    assert.deepEqual(await other.get(query.id), next);
    assert.deepEqual(await other.listByState(['running'], 5), [next]);
    // What no longer counts is gone: the parts of one version remain.
    assert.equal((await partNames(project)).size, 1);
    // A loser leaves nothing behind.
    assert.equal(await other.create(query), 'exists');
    assert.equal(await other.replace(next, 0), 'conflict');
    assert.equal((await partNames(project)).size, 1);
    const done: Query = { ...queryOf(), version: 2, state: 'failed' };
    assert.equal(await other.replace(done, 1), 'replaced');
    assert.equal((await partNames(project)).size, 0);
    // The first handle remembers an older state of the document.
    assert.equal(await store.replace({ ...next, version: 2 }, 1), 'conflict');
    assert.deepEqual(await store.get(query.id), done);
    t.diagnostic(`${Math.round(performance.now() - startMs)} ms`);
    await Promise.all([store.close(), other.close()]);
  });

  test('readers of a long query that is being rewritten always see a whole one', async () => {
    const project = newProject();
    const [writer, reader] = [openIn(project), openIn(project)];
    const query = longQuery(300_000);
    await writer.create(query);
    let ended = false;
    const writing = (async () => {
      for (let version = 0; version < 6; version++) {
        assert.equal(await writer.replace({ ...query, version: version + 1 }, version), 'replaced');
      }
      ended = true;
    })();
    let reads = 0;
    while (!ended) {
      const read = await reader.get(query.id);
      assert.equal(read?.request.sql, query.request.sql);
      reads += 1;
    }
    await writing;
    assert.ok(reads > 0);
    await Promise.all([writer.close(), reader.close()]);
  });

  test('a write whose answer was lost is known for its own', async () => {
    const project = newProject();
    const proxy = await startCutProxy(emulator.host);
    const store = openFirestoreStateStore({ project, host: proxy.host });
    const other = openIn(project);
    const query = queryOf();
    await store.get(query.id);

    const lose = async <T>(write: () => Promise<T>, meanwhile?: () => Promise<unknown>): Promise<T> => {
      const cutsBefore = proxy.cuts();
      proxy.set('cut');
      const writing = write();
      while (proxy.cuts() === cutsBefore) await new Promise((resolve) => setTimeout(resolve, 5));
      await meanwhile?.();
      proxy.set('pass');
      return writing;
    };
    assert.equal(await lose(() => store.create(query)), 'created');
    assert.equal(await store.create(query), 'exists');
    const one = { ...query, version: 1, state: 'evaluated' } as const;
    assert.equal(await lose(() => store.replace(one, 0)), 'replaced');
    assert.equal(await store.replace(one, 0), 'conflict');
    // Another writer goes on from ours before we hear of it.
    const two = { ...query, version: 2, state: 'running' } as const;
    const three = { ...query, version: 3, state: 'failed' } as const;
    const overtaken = await lose(
      () => store.replace(two, 1),
      async () => {
        await until(async () => (await other.get(query.id))?.version === 2);
        assert.equal(await other.replace(three, 2), 'replaced');
      },
    );
    assert.equal(overtaken, 'replaced');
    assert.equal((await other.get(query.id))?.version, 3);
    await Promise.all([store.close(), other.close()]);
    await proxy.stop();
  });

  test('a database that refuses or hangs is an error in bounded time, and back is back', async () => {
    const project = newProject();
    const proxy = await startCutProxy(emulator.host);
    const store = openFirestoreStateStore({ project, host: proxy.host, deadlineMs: 300 });
    const direct = openIn(project);
    await direct.create(queryOf());
    await direct.close();
    await until(async () => (await store.get(queryOf().id).catch(() => undefined)) !== undefined);
    for (const mode of ['refuse', 'hang'] as const) {
      proxy.set(mode);
      for (const use of [
        () => store.get(queryOf().id),
        () => store.replace(queryOf({ version: 1 }), 0),
        () => store.create(queryOf()),
        () => store.listByState(['received'], 3),
        () => store.bytesUsedSince({ issuer: 'a', subject: 'b' }, 0),
      ]) {
        const startMs = performance.now();
        await assert.rejects(use(), {
          code: 'state_unavailable',
          message: /Firestore .*; check the network/,
        });
        assert.ok(performance.now() - startMs < 2000, `${mode}: ${performance.now() - startMs} ms`);
      }
    }
    proxy.set('refuse');
    proxy.set('pass');
    await until(async () => (await store.get(queryOf().id).catch(() => undefined)) !== undefined);
    // What was given up is over: no write takes place long after it was said to have failed.
    const late = `sluice_${'9'.repeat(40)}` as const;
    proxy.set('refuse');
    await assert.rejects(store.create(queryOf({ id: late })), { code: 'state_unavailable' });
    proxy.set('pass');
    await until(async () => (await store.get(queryOf().id).catch(() => undefined)) !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(await store.get(late), undefined);
    await store.close();
    await proxy.stop();
  });

  test('a document of somebody else is an error by its id and left out of a list', async () => {
    const project = newProject();
    const faults: string[] = [];
    const store = openIn(project, { onFault: (message: string) => faults.push(message) });
    const { Firestore } = await import('@google-cloud/firestore');
    const raw = new Firestore({ projectId: project, host: emulator.host, ssl: false });
    const ids = [1, 2, 3, 4].map((n) => `sluice_${String(n).padStart(40, '0')}` as const);
    for (const id of ids) await store.create(queryOf({ id }));
    const [whole, foreign, edited, mangled] = ids.map((id) => raw.collection('queries').doc(id));
    assert.ok(whole && foreign && edited && mangled);
    await foreign.set({ state: 'received', receivedMs: 1000, principal: 'x', hello: 'world' });
    await edited.update({ version: 7 });
    await mangled.update({ body: Buffer.from('not gzip') });
    for (const id of ids.slice(1)) {
      await assert.rejects(store.get(id), { code: 'internal', message: new RegExp(`${id}.*is no query`) });
    }
    const listed = await store.listByState(['received'], 9);
    assert.deepEqual(
      listed.map((query) => query.id),
      ids.slice(0, 1),
    );
    assert.equal(faults.length, 3);
    await raw.terminate();
    await store.close();
  });

  test('every question that is asked has its index, and every index a question', async () => {
    const { byPrincipal, byState, chargedSince } = await import(
      '../../functions/adapters/state-store/firestore/requests.ts'
    );
    const { lazyClient } = await import('../../functions/adapters/state-store/firestore/client.ts');
    const lazy = lazyClient({
      project: newProject(),
      database: '(default)',
      collectionPrefix: '',
      host: emulator.host,
      attemptMs: 1000,
    });
    const client = await lazy.open();
    const who = { issuer: 'a', subject: 'b' };
    const page = { limit: 3, before: { receivedMs: 1, id: 'x' } };
    const asked = [
      indexOf(byPrincipal(client, who, page)),
      indexOf(byPrincipal(client, who, { ...page, states: ['held', 'done'] })),
      indexOf(byState(client, ['held'], 3)),
      indexOf(chargedSince(client, who, 0).query, 'chargeBytes'),
    ];
    const declared = compositeIndexes.map(({ fields }) =>
      fields.map(({ field, order }) => `${field} ${order}`),
    );
    assert.deepEqual(asked, declared);
    await lazy.close();
  });

  test('two processes over one database, twenty requests of one job at once: it runs once', async () => {
    const world = await newWorld();
    const project = newProject();
    const stores = [openIn(project), openIn(project)];
    const processes = stores.map((state) => ({ ...processIn(world).ports, state }));
    const submission = {
      caller: robot,
      project: 'local',
      door: 'jobs.insert',
      jobId: 'j1',
      request: { sql: 'SELECT COUNT(*) AS n FROM shop.orders', parameters: [], labels: {} },
    } as const;
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => submitQuery(processes[n % 2] as Ports, submission)),
    );
    assert.equal(all.filter((each) => each.kind === 'query' && !each.repeated).length, 1);
    assert.equal(world.warehouse.executions.length, 1);
    const states = await Promise.all(
      stores.map((store) => store.listByPrincipal(robot.principal, { limit: 5 })),
    );
    assert.deepEqual(
      states.map((found) => found.map(({ state }) => state)),
      [['done'], ['done']],
    );
    await Promise.all(stores.map((store) => store.close()));
  });

  /** Marks of the writes whose parts exist. */
  async function partNames(project: string): Promise<Set<string>> {
    const { Firestore } = await import('@google-cloud/firestore');
    const raw = new Firestore({ projectId: project, host: emulator.host, ssl: false });
    const found = await raw.collection('query-parts').get();
    await raw.terminate();
    return new Set(found.docs.map((document) => document.id.split('.')[1] ?? ''));
  }
});

test(
  'an emulator that restarts loses its data, and the same handle goes on',
  needs('firestore'),
  async () => {
    const emulator = await startFirestore({ own: true });
    const store = openFirestoreStateStore({ project: newProject(), host: emulator.host, deadlineMs: 1500 });
    await until(async () => (await store.create(queryOf()).catch(() => undefined)) !== undefined);
    await emulator.kill();
    await assert.rejects(store.get(queryOf().id), { code: 'state_unavailable' });
    await emulator.restart();
    await until(async () => (await store.get(queryOf().id).catch(() => 'down')) === undefined);
    // What this process remembers of the lost document misleads nobody.
    assert.equal(await store.replace(queryOf({ version: 1 }), 0), 'conflict');
    assert.equal(await store.create(queryOf()), 'created');
    assert.equal(await store.replace(queryOf({ version: 1 }), 0), 'replaced');
    await store.close();
    await emulator.stop();
  },
);

test('without a credential each use is an error that says so, and the process lives', async () => {
  const names = ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG', 'FIRESTORE_EMULATOR_HOST'] as const;
  const kept = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  process.env.CLOUDSDK_CONFIG = mkdtempSync(join(tmpdir(), 'sluice-no-gcloud-'));
  const store = openFirestoreStateStore({ project: 'nowhere', deadlineMs: 2000 });
  const refused = { code: 'state_unavailable', message: /no valid credential; run as a service account/ };
  await assert.rejects(store.get(queryOf().id), refused);
  await assert.rejects(store.create(queryOf()), refused);
  await store.close();
  for (const [n, name] of names.entries()) {
    if (kept[n] === undefined) delete process.env[name];
    else process.env[name] = kept[n];
  }
});

test('what has ended is kept for a month at least, since budgets count it', () => {
  assert.throws(() => openFirestoreStateStore({ project: 'p', keepDays: 31 }), { code: 'invalid' });
});

/** Text that hardly compresses, as SQL with many literals is. */
function longQuery(bytes = 1_000_000): Query {
  const sql = `SELECT '${randomBytes(bytes).toString('hex').slice(0, bytes)}'`;
  const columns = Array.from({ length: 2000 }, (_, n) => randomBytes(20).toString('hex') + n);
  const fields = columns.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' }) as const);
  return queryOf({
    request: { sql, parameters: [], labels: {} },
    evaluation: evaluationOf({ canonicalSql: `${sql} AS x`, schema: { fields } }),
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, 'it did not come about within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Two handles that look like one. */
function inTurns(one: StateStore, two: StateStore): StateStore {
  let calls = 0;
  const next = (): StateStore => (calls++ % 2 === 0 ? one : two);
  return {
    create: (query) => next().create(query),
    get: (id) => next().get(id),
    replace: (query, expectedVersion) => next().replace(query, expectedVersion),
    listByPrincipal: (principal, options) => next().listByPrincipal(principal, options),
    listByState: (states, limit) => next().listByState(states, limit),
    bytesUsedSince: (principal, sinceMs) => next().bytesUsedSince(principal, sinceMs),
    close: async () => void (await Promise.all([one.close(), two.close()])),
  };
}

type Asked = {
  readonly where?: { readonly compositeFilter?: { readonly filters: readonly Filter[] } } & Filter;
  readonly orderBy?: readonly {
    readonly field: { readonly fieldPath: string };
    readonly direction: string;
  }[];
};
type Filter = {
  readonly fieldFilter?: { readonly field: { readonly fieldPath: string }; readonly op: string };
};

/** The index that a question needs: what is compared for equality, then what is ordered or ranged over, then what is summed. */
function indexOf(question: object, summed?: string): string[] {
  const { structuredQuery } = (question as { toProto(): { structuredQuery: Asked } }).toProto();
  const filters = structuredQuery.where?.compositeFilter?.filters ?? [structuredQuery.where ?? {}];
  const compared = filters.flatMap(({ fieldFilter }) => (fieldFilter === undefined ? [] : [fieldFilter]));
  const equal = compared.filter(({ op }) => op === 'EQUAL' || op === 'IN');
  const ranged = compared.filter((each) => !equal.includes(each)).map(({ field }) => field.fieldPath);
  const ordered = (structuredQuery.orderBy ?? []).filter(({ field }) => field.fieldPath !== '__name__');
  const sorted = ordered.map(({ field, direction }) => `${field.fieldPath} ${direction}`);
  const implied = ranged
    .filter((path) => !ordered.some(({ field }) => field.fieldPath === path))
    .map((path) => `${path} ASCENDING`);
  return [
    ...equal.map(({ field }) => `${field.fieldPath} ASCENDING`),
    ...sorted,
    ...implied,
    ...(summed === undefined ? [] : [`${summed} ASCENDING`]),
  ];
}
