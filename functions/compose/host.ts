import type { Server } from 'node:http';
import { limitsOf } from '../config/function-limits.ts';
import type { FunctionName } from '../config/function-names.ts';
import type { Env } from '../config/variables.ts';
import { SluiceError } from '../core/errors.ts';
import { openFront } from '../http/front.ts';
import type { Readiness } from '../http/health.ts';
import { drain, type Handler, takeServer } from '../http/server.ts';

/** A function with everything open that it needs. */
export type OpenFunction = {
  readonly handler: Handler;
  readonly readiness: () => Promise<Readiness>;
  /** Flushes what is buffered and lets go of connections. */
  close(): Promise<void>;
};

export type HostOptions = {
  readonly name: FunctionName;
  readonly env: Env;
  readonly open: () => Promise<OpenFunction>;
  readonly onError: (error: unknown) => void;
  /** Told of every start that fails. */
  readonly onFailedStart: (error: unknown) => void;
  readonly onStop?: (event: 'stopping' | 'stopped') => void;
};

/** One function in this process: opened once in the background, retried on demand, drained at the end. */
export type Host = {
  /** Makes a server ours. The front stands at once; requests wait until everything is open. */
  serve(server: Server): void;
  readonly handler: Handler;
  /** Refuses what is new, lets what is under way finish, flushes and closes: within eight seconds. */
  stop(): Promise<void>;
};

/** Between two tries to open. What is configured wrongly seldom changes under a running process. */
const retryMs = 2_000;
const retryInvalidMs = 30_000;
/** Cloud Run kills ten seconds after SIGTERM: the first for requests, the second for what is buffered. */
const drainMs = 6_000;
const closeMs = 2_000;

export function hostFunction(options: HostOptions): Host {
  const { name, env, onError, onStop = () => {} } = options;
  const opening = opener(options);
  const front = openFront({
    ...limitsOf(name, env),
    open: async () => (await opening.get()).handler,
    readiness: () => readiness(opening),
    onError,
  });
  const servers = new Set<Server>();
  opening.get().catch(() => {});
  return {
    handler: front.handler,
    serve(server) {
      takeServer(server, front.handler, { onError });
      servers.add(server);
    },
    async stop() {
      onStop('stopping');
      front.stop();
      await Promise.all([...servers].map((server) => drain(server, drainMs)));
      await within(closeMs, opening.close());
      onStop('stopped');
    },
  };
}

type Opener = {
  get(): Promise<OpenFunction>;
  close(): Promise<void>;
};

/** Opens once; after a failure again, when asked, but not at once. */
function opener({ open, onFailedStart }: HostOptions): Opener {
  let current: Promise<OpenFunction> | undefined;
  let againMs = Number.POSITIVE_INFINITY;
  return {
    get() {
      if (current === undefined || performance.now() >= againMs) {
        againMs = Number.POSITIVE_INFINITY;
        current = open();
        current.catch((error: unknown) => {
          againMs = performance.now() + (isInvalid(error) ? retryInvalidMs : retryMs);
          onFailedStart(error);
        });
      }
      return current;
    },
    async close() {
      const opened = await current?.catch(() => undefined);
      await opened?.close();
    },
  };
}

const isInvalid = (error: unknown): boolean => error instanceof SluiceError && error.code === 'invalid';

async function readiness(opening: Opener): Promise<Readiness> {
  try {
    return await (await opening.get()).readiness();
  } catch (error) {
    const why = isInvalid(error) ? 'its configuration is wrong' : 'it failed';
    return { start: `${why}; the log says how` };
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
