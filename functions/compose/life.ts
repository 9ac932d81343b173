import type { Host } from './host.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
const ends = ['uncaughtException', 'unhandledRejection', 'exit'] as const;

/**
 * Binds a process to the function that it hosts: SIGTERM or SIGINT drains it and ends with 0; an exception that nobody
 * caught is told, drains it and ends with 1. A promise that failed and that nobody waits for any more is told, no more:
 * libraries leave some behind when a call is given up, and nothing here rests on a promise that is not awaited. Whatever a
 * framework in this process would do then is undone: it would drop requests under way, or answer one with what went wrong
 * in another.
 */
export function liveAndDie(host: Host, onError: (error: unknown) => void): void {
  for (const event of [...signals, ...ends]) process.removeAllListeners(event);
  let isEnding = false;
  const end = (code: number): void => {
    if (isEnding) return;
    isEnding = true;
    host
      .stop()
      .catch(onError)
      .finally(() => process.exit(code));
  };
  for (const signal of signals) process.on(signal, () => end(0));
  process.on('unhandledRejection', onError);
  process.on('uncaughtException', (error: unknown) => {
    onError(error);
    end(1);
  });
}
