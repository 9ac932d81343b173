import { messageIn } from '../../ports/message.ts';
import type { Message } from '../../ports/queue.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The message in the body of a push, or why there is none. Pub/Sub wraps it (`{"message": {"data": base64, "attributes":
 * {...}}, "subscription": ...}`) or, with `noWrapper`, sends its data as they are:
 * https://cloud.google.com/pubsub/docs/push, https://cloud.google.com/pubsub/docs/payload-unwrapping
 */
export function pushedMessage(body: Uint8Array): Message | { readonly problem: string } {
  const sent = parsed(body);
  if (!isObject(sent)) return { problem: 'the body is no JSON object' };
  if (sent.message === undefined) return messageIn(sent);
  const { message } = sent;
  if (!isObject(message)) return { problem: 'its message is no object' };
  const { data, attributes = {} } = message;
  if (typeof data !== 'string') return { problem: 'its message has no data' };
  if (!isObject(attributes)) return { problem: 'the attributes of its message are no object' };
  return messageIn(parsed(Buffer.from(data, 'base64')), attributes);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
