import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TaskOptions, taskHandler } from '../../../functions/http/push/task.ts';
import { type Ask, type Reply, serve } from './rig.ts';

async function called(ask: Ask, change: Partial<TaskOptions> = {}): Promise<Reply & { reports: string[] }> {
  const reports: string[] = [];
  const server = await serve(
    taskHandler({
      verify: async (token) => (token === 'good' ? { ok: true, email: 'a@b' } : { ok: false, reason: 'no' }),
      run: async () => ({ seen: 2, moved: 1 }),
      report: (error) => reports.push(String(error)),
      ...change,
    }),
  );
  try {
    return { ...(await server.ask(ask)), reports };
  } finally {
    await server.stop();
  }
}

test('a call of the scheduler runs the work and says what it did', async () => {
  const reply = await called({});
  assert.deepEqual([reply.status, JSON.parse(reply.body)], [200, { seen: 2, moved: 1 }]);
  assert.equal(reply.headers['content-type'], 'application/json; charset=UTF-8');
});

test('nobody else runs it', async () => {
  let runs = 0;
  const run = async (): Promise<object> => ({ runs: ++runs });
  assert.equal((await called({ headers: {} }, { run })).status, 401);
  assert.equal((await called({ headers: { authorization: 'Bearer bad' } }, { run })).status, 401);
  assert.equal((await called({ method: 'GET' }, { run })).status, 405);
  assert.equal((await called({ body: 'x'.repeat(70_000) }, { run })).status, 413);
  assert.equal(runs, 0);
});

test('work that fails or takes too long is a 503 without detail', async () => {
  const failed = await called({}, { run: async () => Promise.reject(new Error('table shop.orders')) });
  assert.equal(failed.status, 503);
  assert.doesNotMatch(failed.body, /shop/);
  assert.match(failed.reports.join(), /shop/);
  let told = false;
  const slow = await called(
    {},
    {
      deadlineMs: 20,
      run: (signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            told = true;
            resolve({});
          }),
        ),
    },
  );
  assert.deepEqual([slow.status, told], [503, true]);
});
