import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { SluiceError } from '../../../core/errors.ts';
import { chargeBytes } from '../../../core/query/charge.ts';
import { isFinal } from '../../../core/query/lifecycle.ts';
import type { PrincipalId } from '../../../core/query/principal.ts';
import type { Query } from '../../../core/query/query.ts';

const compress = promisify(gzip);
const inflate = promisify(gunzip);

/** A document holds 1 MiB at most; below this the body lies in it, so that a page of a list stays small. */
export const inlineBytes = 256 * 1024;
/** No query is longer than this as JSON: requests are limited to 10 MiB, and its texts occur a few times. */
const mostBodyBytes = 128 * 1024 * 1024;
const format = 1;
const dayMs = 86_400_000;
/** Parts outlive the document that names them, whichever is cleaned up first. */
const partsLongerMs = 14 * dayMs;

/** Where a body that does not fit lies: documents `<id>.<mark>.<n>` of the parts' collection. */
export type PartsRef = { readonly mark: string; readonly count: number; readonly sha256: string };

/** The fields of a query's document. `marks` are the last writes, so that one whose answer was lost is recognized. */
export type Fields = {
  readonly format: number;
  readonly version: number;
  readonly state: string;
  readonly principal: string;
  readonly receivedMs: number;
  readonly chargeBytes: number;
  readonly body: Buffer | null;
  readonly parts: PartsRef | null;
};

export type Encoded = {
  readonly fields: Fields;
  /** The whole body where it lies in parts. */
  readonly long?: Buffer;
  /** When the document, and the parts of it, may be cleaned up. */
  readonly expireAtMs: number | null;
  readonly partsExpireAtMs: number;
};

/** (issuer, subject) as one short value that can be indexed whole, whatever its length. */
export const principalKey = ({ issuer, subject }: PrincipalId): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A query as a document. Only what has ended may be cleaned up, `keepMs` later. */
export async function encode(query: Query, mark: string, keepMs: number): Promise<Encoded> {
  const body = await compress(JSON.stringify(query), { level: constants.Z_BEST_SPEED });
  const long = body.length > inlineBytes;
  const count = Math.ceil(body.length / partBytes);
  const lastMs = Math.max(query.receivedMs, query.endedMs ?? 0, query.expiresMs ?? 0, query.startedMs ?? 0);
  return {
    fields: {
      format,
      version: query.version,
      state: query.state,
      principal: principalKey(query.caller.principal),
      receivedMs: query.receivedMs,
      chargeBytes: chargeBytes(query),
      body: long ? null : body,
      parts: long ? { mark, count, sha256: sha256(body) } : null,
    },
    ...(long ? { long: body } : {}),
    expireAtMs: isFinal(query.state) ? lastMs + keepMs : null,
    partsExpireAtMs: lastMs + keepMs + partsLongerMs,
  };
}

export const partBytes = 900_000;

/** The body of a document, or what names its parts. Throws SluiceError `internal` where it is none of this store's. */
export function bodyOf(
  id: string,
  data: Readonly<Record<string, unknown>>,
): { readonly body: Uint8Array } | { readonly parts: PartsRef } {
  const { body, parts } = data;
  if (data.format !== format) throw corrupt(id, 'it is of another program or version');
  if (body instanceof Uint8Array) return { body };
  const named = parts as Partial<PartsRef> | null | undefined;
  if (
    typeof named?.mark !== 'string' ||
    typeof named.sha256 !== 'string' ||
    typeof named.count !== 'number' ||
    !(named.count >= 1 && named.count <= 1000)
  )
    throw corrupt(id, 'it has no body');
  return { parts: { mark: named.mark, count: named.count, sha256: named.sha256 } };
}

/** The parts put together, or undefined where one is missing. */
export function join(
  id: string,
  parts: PartsRef,
  pieces: readonly (Uint8Array | undefined)[],
): Buffer | undefined {
  if (pieces.length !== parts.count || pieces.some((piece) => piece === undefined)) return undefined;
  const whole = Buffer.concat(pieces.filter((piece) => piece !== undefined));
  if (sha256(whole) !== parts.sha256) throw corrupt(id, 'its parts have been changed');
  return whole;
}

/** The query that a document holds. What its body says must be what its fields say. */
export async function decode(
  id: string,
  data: Readonly<Record<string, unknown>>,
  body: Uint8Array,
): Promise<Query> {
  let query: Query;
  try {
    const json = await inflate(body, { maxOutputLength: mostBodyBytes });
    query = JSON.parse(json.toString('utf8')) as Query;
  } catch (cause) {
    throw corrupt(id, 'its body cannot be read', cause);
  }
  const principal = query?.caller?.principal;
  const fits =
    query?.id === id &&
    query.version === data.version &&
    query.state === data.state &&
    query.receivedMs === data.receivedMs &&
    principal !== undefined &&
    principalKey(principal) === data.principal;
  if (!fits) throw corrupt(id, 'its fields do not say what its body says');
  return query;
}

/** A document that must not be taken for a query. */
export const corrupt = (id: string, why: string, cause?: unknown): SluiceError =>
  new SluiceError(
    'internal',
    `the document ${id} of the state store is no query: ${why}; delete it, and it is rebuilt from the log`,
    { cause },
  );
