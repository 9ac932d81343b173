import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, MessageHandler, Queue } from '../../functions/ports/queue.ts';

const id = (n: number): `sluice_${string}` => `sluice_${String(n).padStart(40, '0')}`;
const text = ({ type, queryId }: Message): string => `${type} ${queryId}`;

/** The promises of ports/queue.ts, for any adapter. `open` connects the queue to the handler; `stop` ends what it started. */
export function queueContract(
  name: string,
  open: (handler: MessageHandler) => Promise<{ queue: Queue; stop(): Promise<void> }>,
): void {
  test(`${name}: what is published reaches the handler, each message at least once`, async () => {
    const seen = new Set<string>();
    const { queue, stop } = await open(async (message) => void seen.add(text(message)));
    const sent: Message[] = [1, 2, 3, 4, 5].flatMap((n) => [
      { type: 'held', queryId: id(n) },
      { type: 'approved', queryId: id(n) },
      { type: 'ended', queryId: id(n) },
    ]);
    await Promise.all(sent.map((message) => queue.publish(message)));
    await until(() => seen.size === sent.length);
    assert.deepEqual([...seen].sort(), sent.map(text).sort());
    await queue.close();
    await stop();
  });

  test(`${name}: a publisher does not wait for the handler`, async () => {
    let release = (): void => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    let handled = 0;
    const { queue, stop } = await open(async () => {
      await blocked;
      handled += 1;
    });
    await queue.publish({ type: 'held', queryId: id(1) });
    assert.equal(handled, 0);
    release();
    await until(() => handled > 0);
    await queue.close();
    await stop();
  });

  test(`${name}: a handler that fails sees the message again, and others meanwhile`, async () => {
    const tries = new Map<string, number>();
    const { queue, stop } = await open(async (message) => {
      const count = (tries.get(text(message)) ?? 0) + 1;
      tries.set(text(message), count);
      if (message.queryId === id(1) && count < 3) throw new Error('not now');
    });
    await queue.publish({ type: 'approved', queryId: id(1) });
    await queue.publish({ type: 'approved', queryId: id(2) });
    await until(() => (tries.get(`approved ${id(1)}`) ?? 0) >= 3 && tries.has(`approved ${id(2)}`));
    await queue.close();
    await stop();
  });

  test(`${name}: what was published before close arrives`, async () => {
    const seen = new Set<string>();
    const { queue, stop } = await open(async (message) => void seen.add(text(message)));
    const publishing = [1, 2, 3].map((n) => queue.publish({ type: 'held', queryId: id(n) }));
    await queue.close();
    await Promise.all(publishing);
    await until(() => seen.size === 3);
    await stop();
  });
}

/** Waits until it holds; fails after 20 s. */
export async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!holds()) {
    assert.ok(performance.now() < endMs, 'it did not come about within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
