import type { AggregateField, AggregateQuery, Query as DocumentQuery } from '@google-cloud/firestore';
import type { PrincipalId } from '../../../core/query/principal.ts';
import type { QueryState } from '../../../core/query/query.ts';
import type { Client } from './client.ts';
import { principalKey } from './document.ts';

/** What is asked of the database, each served by one of the indexes in indexes.ts. */

/** A principal's queries, newest first, below `before`. */
export function byPrincipal(
  { queries, library }: Client,
  principal: PrincipalId,
  options: {
    readonly limit: number;
    readonly before?: { readonly receivedMs: number; readonly id: string };
    readonly states?: readonly QueryState[];
  },
): DocumentQuery {
  const { limit, before, states } = options;
  const own = queries.where('principal', '==', principalKey(principal));
  const wanted = states === undefined ? own : own.where('state', 'in', [...new Set(states)]);
  const ordered = wanted
    .orderBy('receivedMs', 'desc')
    .orderBy(library.FieldPath.documentId(), 'desc')
    .limit(limit);
  return before === undefined ? ordered : ordered.startAfter(before.receivedMs, before.id);
}

/** Queries in these states, oldest first. */
export const byState = (
  { queries, library }: Client,
  states: readonly QueryState[],
  limit: number,
): DocumentQuery =>
  queries
    .where('state', 'in', [...new Set(states)])
    .orderBy('receivedMs')
    .orderBy(library.FieldPath.documentId())
    .limit(limit);

/** The sum, made by the database over one field that is written with the state itself. */
export const chargedSince = (
  { queries, library }: Client,
  principal: PrincipalId,
  sinceMs: number,
): AggregateQuery<{ bytes: AggregateField<number> }> =>
  queries
    .where('principal', '==', principalKey(principal))
    .where('receivedMs', '>=', sinceMs)
    .aggregate({ bytes: library.AggregateField.sum('chargeBytes') });
