import type { QueryId } from '../core/query/query.ts';
import type { Message } from './queue.ts';

/** A message as it travels between processes: the same ids as data and, for filters of subscriptions, as attributes. */
export type Letter = { readonly data: Buffer; readonly attributes: Readonly<Record<string, string>> };

const version = '1';

export function letterOf({ type, queryId }: Message): Letter {
  return { data: Buffer.from(JSON.stringify({ type, queryId })), attributes: { type, queryId, v: version } };
}

/** The message in a letter's data, or why it is none. Fields and attributes that nobody knows are left alone. */
export function messageIn(
  data: unknown,
  attributes: Readonly<Record<string, unknown>> = {},
): Message | { readonly problem: string } {
  if (typeof data !== 'object' || data === null) return { problem: 'its data is no JSON object' };
  const { type, queryId } = data as Readonly<Record<string, unknown>>;
  if (attributes.v !== undefined && attributes.v !== version) return { problem: 'it is of another version' };
  if (type !== 'held' && type !== 'approved' && type !== 'ended')
    return { problem: 'its type is none of held, approved, ended' };
  if (typeof queryId !== 'string' || !isQueryId(queryId)) return { problem: 'it names no query' };
  const agrees = [attributes.type ?? type, attributes.queryId ?? queryId];
  if (agrees[0] !== type || agrees[1] !== queryId)
    return { problem: 'its attributes do not say what its data says' };
  return { type, queryId };
}

const isQueryId = (text: string): text is QueryId => /^sluice_[0-9a-f]{40}$/.test(text);
