import { SluiceError } from '../../../../core/errors.ts';
import { type Api, unavailable } from '../rest/api.ts';
import { type Fields, objectFrom, objects, text } from '../rest/json.ts';

/** A resource as it was last seen; `etag` is that of the API, or absent. */
export type Resource<T> = { readonly value: T; readonly etag: string | undefined };

type Entry<T> = {
  /** `undefined`: there is no such resource, or the gateway may not see it. */
  resource: Resource<T> | undefined;
  checkedMs: number;
  bytes: number;
};

export type CacheOptions = {
  /** A resource younger than this is taken as it is; an older one is asked for by its etag. */
  readonly ttlMs: number;
  readonly limitBytes: number;
};

/** That something does not exist is believed for no longer than this. */
const ABSENT_MS = 2000;

/**
 * Resources by their path, read as the gateway itself. What is asked for at the same time is asked for once. Values keep
 * their identity while the resource does not change.
 */
export class ResourceCache<T> {
  readonly #api: Api;
  readonly #options: CacheOptions;
  readonly #read: (fields: Fields, etag: string | undefined) => T;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #coming = new Map<string, { readonly value: Promise<T | undefined>; readonly askedMs: number }>();
  #bytes = 0;

  constructor(api: Api, options: CacheOptions, read: (fields: Fields, etag: string | undefined) => T) {
    this.#api = api;
    this.#options = options;
    this.#read = read;
  }

  /**
   * The resource as it was at `sinceMs` or later; `undefined` where there is none. Throws SluiceError
   * `warehouse_unavailable`.
   */
  get(path: readonly string[], sinceMs = 0): Promise<T | undefined> {
    const key = path.join('/');
    const entry = this.#entries.get(key);
    const { ttlMs } = this.#options;
    const ageMs = entry === undefined ? Number.POSITIVE_INFINITY : Date.now() - entry.checkedMs;
    if (entry && entry.checkedMs >= sinceMs && ageMs < (entry.resource ? ttlMs : Math.min(ttlMs, ABSENT_MS)))
      return Promise.resolve(entry.resource?.value);
    const coming = this.#coming.get(key);
    if (coming && coming.askedMs >= sinceMs) return coming.value;
    const asked = { askedMs: Date.now(), value: this.#fetch(path, key, entry) };
    this.#coming.set(key, asked);
    return asked.value.finally(() => {
      if (this.#coming.get(key) === asked) this.#coming.delete(key);
    });
  }

  async #fetch(path: readonly string[], key: string, entry: Entry<T> | undefined): Promise<T | undefined> {
    const known = entry?.resource;
    // What is true when the question is asked may have changed when the answer comes.
    const checkedMs = Date.now();
    const answer = await this.#api.ask<{ resource: Resource<T>; bytes: number } | undefined>({
      method: 'GET',
      path,
      ...(known?.etag === undefined ? {} : { ifNoneMatch: known.etag }),
      read: ({ status, body }) => {
        if (status === 304) return undefined;
        const fields = objectFrom(body);
        const etag = text(fields, 'etag');
        return { resource: { value: this.#read(fields, etag), etag }, bytes: body.length };
      },
    });
    if (!answer.ok) {
      const { status, reason } = answer.error;
      if (status === 404 || reason === 'notFound' || reason === 'accessDenied') {
        this.#set(key, { resource: undefined, checkedMs, bytes: 100 });
        return undefined;
      }
      if (status === 400) return undefined;
      throw unavailable(new Error(`${status} ${reason}`));
    }
    if (answer.value === undefined) {
      if (entry === undefined || known === undefined)
        throw new SluiceError('internal', `${key} is unchanged, but not known`);
      this.#set(key, { ...entry, checkedMs });
      return known.value;
    }
    this.#set(key, { ...answer.value, checkedMs });
    return answer.value.resource.value;
  }

  #set(key: string, entry: Entry<T>): void {
    // An answer that was asked for earlier and came later knows less.
    if ((this.#entries.get(key)?.checkedMs ?? 0) > entry.checkedMs) return;
    this.#bytes += entry.bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#options.limitBytes || oldest === key) break;
      this.#entries.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}

const LIST_PAGE = 1000;

/** All entries of a list, page by page, up to `most`; `undefined` where what it lists does not exist. */
export async function listAll(
  api: Api,
  path: readonly string[],
  field: string,
  most: number,
): Promise<readonly Fields[] | undefined> {
  const found: Fields[] = [];
  let pageToken: string | undefined;
  do {
    const answer = await api.ask({
      method: 'GET',
      path,
      query: { maxResults: String(LIST_PAGE), pageToken },
      read: ({ body }) => objectFrom(body),
    });
    if (!answer.ok) {
      const { status, reason } = answer.error;
      if (status === 404 || reason === 'accessDenied') return undefined;
      throw unavailable(new Error(`${status} ${reason}`));
    }
    found.push(...objects(answer.value, field));
    pageToken = text(answer.value, 'nextPageToken') || undefined;
  } while (pageToken !== undefined && found.length <= most);
  if (found.length > most)
    throw new SluiceError('too_large', `${path.join('/')} lists more than ${most} entries`);
  return found;
}

/** What is kept of lists: a list has no etag of its contents. */
export class ListCache {
  readonly #ttlMs: number;
  readonly #entries = new Map<
    string,
    { readonly value: Promise<readonly Fields[] | undefined>; readonly ms: number }
  >();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get(key: string, sinceMs: number, fetch: () => Promise<readonly Fields[] | undefined>) {
    const entry = this.#entries.get(key);
    if (entry && entry.ms >= sinceMs && Date.now() - entry.ms < this.#ttlMs) return entry.value;
    const ms = Date.now();
    const value = fetch();
    this.#entries.delete(key);
    this.#entries.set(key, { value, ms });
    value.catch(() => this.#entries.delete(key));
    if (this.#entries.size > 64) this.#entries.delete(this.#entries.keys().next().value as string);
    return value;
  }
}

/** Runs `task` for each item, at most `most` at a time; the answers are in the order of the items. */
export async function eachOf<A, B>(
  items: readonly A[],
  most: number,
  task: (item: A) => Promise<B>,
): Promise<B[]> {
  const answers: B[] = new Array(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) answers[i] = await task(items[i] as A);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return answers;
}
