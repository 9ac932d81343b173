import type { Host } from './host.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
const ends = ['uncaughtException', 'unhandledRejection', 'exit'] as const;

/**
 * Binds a process to the function that it hosts: SIGTERM or SIGINT drains it and ends with 0; a promise that nobody keeps is
 * told, drains it and ends with 1. Whatever a framework in this process would do then is undone: it would drop requests
 * under way, or answer one with what went wrong in another.
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
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      onError(error);
      end(1);
    });
}
