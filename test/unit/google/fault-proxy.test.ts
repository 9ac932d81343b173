import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { type Fault, type FaultProxy, faultProxy } from '../../support/stand-ins/faults.ts';
import { type StandIn, serve } from '../../support/stand-ins/serve.ts';

let server: StandIn;
const proxies: FaultProxy[] = [];
before(async () => {
  server = await serve(({ body }) => ({ status: 200, body: `done: ${body}` }));
});
after(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await server.close();
});

/** The answer, or how the request ended without one. */
function ask(proxy: FaultProxy, body = 'work'): Promise<string> {
  return new Promise((resolve) => {
    const agent = new Agent();
    const asked = request(proxy.url, { method: 'POST', agent, timeout: 250 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks)}`));
      response.on('error', (error) => resolve(`cut off: ${(error as NodeJS.ErrnoException).code}`));
    });
    asked.on('timeout', () => {
      resolve('no answer');
      asked.destroy();
    });
    asked.on('error', (error) => resolve(String((error as NodeJS.ErrnoException).code)));
    asked.end(body);
  });
}

const cases: readonly (readonly [Fault, RegExp, boolean])[] = [
  [{ kind: 'refuse' }, /^ECONNREFUSED$/, false],
  [{ kind: 'hang' }, /^no answer$/, false],
  [{ kind: 'slow', delayMs: 5_000 }, /^no answer$/, true],
  [{ kind: 'reset-before' }, /^ECONNRESET$/, false],
  [{ kind: 'reset-after' }, /^ECONNRESET$/, true],
  [{ kind: 'truncate' }, /^(?:cut off: ECONNRESET|ECONNRESET)$/, true],
];

for (const protocol of ['http', 'tcp'] as const) {
  test(`fault proxy, ${protocol}: each fault is what it says, and whether the work was done too`, async () => {
    const proxy = await faultProxy({ target: server.url, protocol });
    proxies.push(proxy);
    assert.equal(await ask(proxy), '200 done: work');
    for (const [fault, wanted, isDone] of cases) {
      await proxy.set(fault);
      const mark = `${protocol} ${fault.kind}`;
      assert.match(await ask(proxy, mark), wanted, mark);
      assert.equal(
        server.seen.some(({ body }) => body.toString() === mark),
        isDone,
        mark,
      );
      await proxy.set('none');
      assert.equal(await ask(proxy), '200 done: work', `${mark} is over`);
    }
    await proxy.set({ kind: 'reset-after' }, { times: 1 });
    assert.equal(await ask(proxy), 'ECONNRESET');
    assert.equal(await ask(proxy), '200 done: work');
    assert.equal(proxy.struck(), 1);
  });
}

test('fault proxy, http: answers are replaced, altered and taken in turns, for some requests only', async () => {
  const proxy = await faultProxy({ target: server.url });
  proxies.push(proxy);
  const when = ({ body }: { readonly body: Buffer }): boolean => body.includes('hit');
  await proxy.set({ kind: 'answer', status: 503, body: 'no' }, { when });
  assert.deepEqual([await ask(proxy, 'hit'), await ask(proxy, 'miss')], ['503 no', '200 done: miss']);
  await proxy.set(
    { kind: 'alter', change: (answer) => ({ ...answer, body: Buffer.from('other') }) },
    { when },
  );
  assert.equal(await ask(proxy, 'hit'), '200 other');
  const faults: readonly Fault[] = [{ kind: 'reset-before' }, { kind: 'answer', status: 412, body: 'taken' }];
  await proxy.set({ kind: 'turns', faults });
  assert.deepEqual(
    [await ask(proxy), await ask(proxy), await ask(proxy)],
    ['ECONNRESET', '412 taken', '412 taken'],
  );
  assert.equal(proxy.seen.length, 6);
});
