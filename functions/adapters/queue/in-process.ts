import type { Message, MessageHandler, Queue } from '../../ports/queue.ts';

/**
 * A queue within one process: every message is handed to the handler, retried a few times, and never lost while the process
 * lives. What a crash loses, the sweep finds again in the state store.
 */
export function inProcessQueue(options: {
  readonly handler: MessageHandler;
  readonly onError: (message: Message, error: unknown) => void;
  readonly attempts?: number;
  readonly retryMs?: number;
}): Queue {
  const { handler, onError, attempts = 5, retryMs = 200 } = options;
  const open = new Set<Promise<void>>();
  let closed = false;

  async function handle(message: Message): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await handler(message);
      } catch (error) {
        if (attempt === attempts || closed) return onError(message, error);
        await new Promise((resolve) => setTimeout(resolve, retryMs * attempt));
      }
    }
  }

  return {
    async publish(message) {
      if (closed) return;
      // Handed over in a later turn: the publisher never waits for the subscriber, as with a real queue.
      const work: Promise<void> = new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => handle(message))
        .finally(() => open.delete(work));
      open.add(work);
    },
    async close() {
      closed = true;
      await Promise.allSettled(open);
    },
  };
}
