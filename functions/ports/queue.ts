import type { QueryId } from '../core/query/query.ts';

/** Ids only: never SQL, rows or credentials. */
export type Message = { readonly type: 'held' | 'approved' | 'ended'; readonly queryId: QueryId };

/** At-least-once delivery: a handler may see a message twice, late or out of order, and must not mind. */
export type Queue = {
  publish(message: Message): Promise<void>;
  close(): Promise<void>;
};
export type MessageHandler = (message: Message) => Promise<void>;
