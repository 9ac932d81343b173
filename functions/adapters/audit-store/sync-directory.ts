import { open } from 'node:fs/promises';

type Turn = { running: Promise<void>; next?: Promise<void> };
const turns = new Map<string, Turn>();

/**
 * Makes all entries of a folder durable that exist when it is called. Callers who come while a sync runs share the next
 * one: a sync that began before their entry existed may have missed it.
 */
export function syncDirectory(path: string): Promise<void> {
  const turn = turns.get(path);
  if (turn === undefined) {
    const begun: Turn = { running: syncNow(path) };
    turns.set(path, begun);
    void settle(path, begun);
    return begun.running;
  }
  turn.next ??= turn.running.catch(() => {}).then(() => syncNow(path));
  return turn.next;
}

async function settle(path: string, turn: Turn): Promise<void> {
  for (;;) {
    await turn.running.catch(() => {});
    if (turn.next === undefined) break;
    turn.running = turn.next;
    delete turn.next;
  }
  turns.delete(path);
}

async function syncNow(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    // Nobody waits for it: what was asked for is done.
    folder.close().catch(() => {});
  }
}
