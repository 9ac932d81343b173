import type { Refusal } from '../../core/errors.ts';
import type { Call } from './call.ts';
import { pageTokens } from './page-token.ts';

/** What one page of a list has at the most. */
const pageLimit = 1000;

export type Page<T> =
  | { readonly ok: true; readonly items: readonly T[]; readonly next: { readonly nextPageToken?: string } }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * The page of a list that `maxResults` and `pageToken` ask for, by id. A token names the last id that was given, so that
 * what appears or disappears meanwhile shifts nothing.
 */
export async function paged<T>(
  call: Call,
  scope: readonly string[],
  all: readonly T[],
  idOf: (item: T) => string,
): Promise<Page<T>> {
  const { issuer, subject } = call.caller.principal;
  const tokens = await pageTokens(call.ports, ['list', issuer, subject, ...scope]);
  const token = call.query.text('pageToken');
  const size = Math.min(call.query.integer('maxResults') ?? pageLimit, pageLimit);
  const after = token === undefined ? undefined : tokens.open(token);
  if (token !== undefined && after === undefined) {
    call.query.problems.add('Invalid page token: it is not one of this list.', 'pageToken');
  }
  if (call.query.problems.first !== undefined) return { ok: false, refusal: call.query.problems.first };
  const sorted = all.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => idOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const more = last !== undefined && rest.length > items.length;
  return { ok: true, items, next: more ? { nextPageToken: tokens.seal(idOf(last)) } : {} };
}
