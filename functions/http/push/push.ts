import type { ServiceIdentity } from '../../ports/identity.ts';
import type { Message } from '../../ports/queue.ts';
import type { Handler } from '../server.ts';
import { pushedMessage } from './envelope.ts';
import { serviceCall } from './service-call.ts';

export type PushOptions = {
  readonly verify: ServiceIdentity['verify'];
  /** Does what the message causes; safe to repeat. `unknown`: neither the state store nor the log has such a query. */
  readonly onMessage: (message: Message, signal: AbortSignal) => Promise<'handled' | 'unknown'>;
  readonly report: (error: unknown) => void;
  /** Below the subscription's acknowledgement deadline (60 s). Default 50,000. */
  readonly deadlineMs?: number;
};

/** A message of ours has less than 200 bytes; wrapped, with what Pub/Sub adds, still less than this. */
const limitBytes = 64 * 1024;

/**
 * Takes what Pub/Sub pushes. 204 = done: not delivered again. 400 = no message of ours: after the subscription's attempts it
 * lies in the dead letters. 401 = the token is not Pub/Sub's. 503 = it failed or took too long: delivered again. A message of
 * a query that nobody knows has nothing to wait for and is done.
 */
export const pushHandler = ({ verify, onMessage, report, deadlineMs = 50_000 }: PushOptions): Handler =>
  serviceCall({ verify, report, deadlineMs, limitBytes }, async (body, signal) => {
    const message = pushedMessage(body);
    if ('problem' in message) return message;
    await onMessage(message, signal);
    return undefined;
  });
