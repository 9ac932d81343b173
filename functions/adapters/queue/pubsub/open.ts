import { setTimeout as pause } from 'node:timers/promises';
import type { PubSub, Topic } from '@google-cloud/pubsub';
import type { GoogleAuth } from 'google-auth-library';
import { SluiceError } from '../../../core/errors.ts';
import { letterOf } from '../../../ports/message.ts';
import type { Message, Queue } from '../../../ports/queue.ts';

export type PubsubOptions = {
  readonly project: string;
  /** Its short name, or `projects/P/topics/T`. */
  readonly topic: string;
  /** `host:port` of an emulator, without TLS. Elsewhere leave it out. */
  readonly host?: string;
  /** More settings of the library, e.g. `authClient`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The most that one publication may take, in ms, repetitions included. Default 5000. */
  readonly deadlineMs?: number;
};

/** How long one attempt waits for its answer, at the most. */
const attemptMs = 2000;

/** gRPC codes after which the same message is sent again; a second copy of it harms nobody. */
const passing: readonly unknown[] = [
  2, // UNKNOWN
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  10, // ABORTED
  13, // INTERNAL
  14, // UNAVAILABLE
];

type Connection = { readonly client: PubSub; readonly topic: Topic };

/**
 * Messages in a topic of Pub/Sub, those of one query in order. The library is loaded at the first publication. Each is sent
 * at once and awaited; a failure throws SluiceError `state_unavailable` within the deadline.
 */
export function openPubsubQueue(options: PubsubOptions): Queue {
  const { deadlineMs = 5000 } = options;
  const under = new Set<Promise<unknown>>();
  let connecting: Promise<Connection> | undefined;
  const connection = (): Promise<Connection> => {
    connecting ??= connect(options).catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };

  async function publish(message: Message): Promise<void> {
    const endsMs = performance.now() + deadlineMs;
    for (let attempt = 1; ; attempt++) {
      try {
        const work = connection().then((open) => send(open, message));
        await within(Math.min(attemptMs, endsMs - performance.now()), work);
        return;
      } catch (error) {
        const backoffMs = Math.min(500, 25 * 2 ** attempt) * (0.5 + Math.random() / 2);
        const mayRepeat = passing.includes(codeOf(error)) && performance.now() + backoffMs < endsMs;
        if (!mayRepeat) throw unavailable(options, error);
        await pause(backoffMs);
      }
    }
  }

  return {
    async publish(message) {
      const work = publish(message);
      under.add(work);
      try {
        await work;
      } finally {
        under.delete(work);
      }
    },
    async close() {
      await Promise.allSettled(under);
      const open = await connecting?.catch(() => undefined);
      await open?.client.close();
    },
  };
}

/** Publishes once. After a failure the library refuses all later messages of the key, until it is told to go on. */
async function send({ topic }: Connection, message: Message): Promise<void> {
  const orderingKey = message.queryId;
  try {
    await topic.publishMessage({ ...letterOf(message), orderingKey });
  } catch (error) {
    topic.resumePublishing(orderingKey);
    throw error;
  }
}

/** Where a credential is missing, the library ends the process: so it is found before the library asks for it. */
async function credential(): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
  await auth.getClient();
  return auth;
}

/** The library's own way to an emulator: no credential is asked for there. */
const emulated = (host: string | undefined): boolean =>
  host !== undefined || (process.env.PUBSUB_EMULATOR_HOST ?? '') !== '';

async function connect({ project, topic, host, settings }: PubsubOptions): Promise<Connection> {
  const given = settings?.auth !== undefined || settings?.authClient !== undefined || emulated(host);
  const [{ PubSub }, auth] = await Promise.all([
    import('@google-cloud/pubsub'),
    given ? undefined : credential(),
  ]);
  const client = new PubSub({
    ...(auth === undefined ? {} : ({ auth } as object)),
    ...settings,
    ...({
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
    } as object),
    projectId: project,
    ...(host === undefined ? {} : { apiEndpoint: host, emulatorMode: true }),
  });
  // Repetitions are made here: the library's own would go on for ten minutes, unseen, with the key's other messages behind.
  const once = { timeout: attemptMs, maxRetries: 0, retry: { retryCodes: [] } };
  const publishing = {
    messageOrdering: true,
    batching: { maxMessages: 1, maxMilliseconds: 0 },
    gaxOpts: once as object,
  };
  return { client, topic: client.topic(topic, publishing) };
}

class AttemptTimeout extends Error {
  readonly code = 4;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  work.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AttemptTimeout('no answer in time')), Math.max(1, ms));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of the failure itself, or of the one behind it: a message behind one that failed gets that one's error. */
function codeOf(error: unknown): unknown {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return code ?? (cause === undefined ? undefined : codeOf(cause));
}

function unavailable({ project, topic, deadlineMs = 5000 }: PubsubOptions, cause: unknown): SluiceError {
  return new SluiceError(
    'state_unavailable',
    `could not publish to ${topic} of ${project}: ${remedy(codeOf(cause) ?? credentialCode(cause), deadlineMs)}`,
    { cause },
  );
}

/** The search for a credential fails in words only. */
const credentialCode = (error: unknown): unknown =>
  error instanceof Error && /credential/i.test(error.message) ? 16 : undefined;

function remedy(code: unknown, deadlineMs: number): string {
  switch (code) {
    case 5:
      return 'there is no such topic; create it as infra/ does, or name another';
    case 7:
      return "it is forbidden; give this function's service account roles/pubsub.publisher on the topic";
    case 16:
      return 'no valid credential; run as a service account or set application default credentials';
    default:
      return `no answer within ${deadlineMs} ms; check the network and the status of Pub/Sub`;
  }
}
