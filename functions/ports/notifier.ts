import type { QueryId } from '../core/query/query.ts';

/** Tells approvers that a query waits. Ids and a link, never SQL or rows. */
export type Notifier = {
  held(note: {
    readonly queryId: QueryId;
    readonly link: string;
    readonly requester: string;
    readonly expiresMs: number;
  }): Promise<void>;
};
