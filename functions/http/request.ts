import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { Refusal } from '../core/errors.ts';
import { type JsonInput, parseJson } from './json-text.ts';
import { currentShare } from './load.ts';

/** The most that a request body may have, as it is sent and once it is inflated. */
export const bodyLimitBytes = 10 * 1024 * 1024;
const purposeLimitCharacters = 500;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

const refused = (refusal: Refusal): { ok: false; refusal: Refusal } => ({ ok: false, refusal });

/** All values of a header as they came, so that a second one cannot hide behind the first. */
function headerValues(req: IncomingMessage, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < req.rawHeaders.length; at += 2) {
    if (req.rawHeaders[at]?.toLowerCase() === name) values.push(req.rawHeaders[at + 1] ?? '');
  }
  return values;
}

/** The bearer token of the one Authorization header; never from the query string, never echoed in a refusal. */
export function bearerToken(req: IncomingMessage): Checked<string> {
  const unauthenticated = (message: string) =>
    refused({ code: 'unauthenticated', message, location: 'Authorization' });
  const [value, ...more] = headerValues(req, 'authorization');
  if (value === undefined) {
    return unauthenticated(
      'Request is missing an access token. Send `Authorization: Bearer TOKEN` with a token of the issuer that this gateway trusts.',
    );
  }
  if (more.length > 0)
    return unauthenticated('Request has more than one Authorization header. Send exactly one.');
  const token = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(value)?.[1];
  if (token === undefined) {
    return unauthenticated(
      'The Authorization header is not a bearer token. Send `Authorization: Bearer TOKEN`.',
    );
  }
  return { ok: true, value: token };
}

/** What the agent says it asks for, from `X-Sluice-Purpose` (UTF-8, at most 500 characters). */
export function statedPurpose(req: IncomingMessage): Checked<string | undefined> {
  const [value, ...more] = headerValues(req, 'x-sluice-purpose');
  if (value === undefined) return { ok: true, value: undefined };
  const text = Buffer.from(value, 'latin1').toString('utf8').trim();
  if (more.length > 0 || text.length > purposeLimitCharacters || /[\p{Cc}\ufffd]/u.test(text)) {
    return refused({
      code: 'invalid',
      location: 'X-Sluice-Purpose',
      message: `Send one X-Sluice-Purpose header of at most ${purposeLimitCharacters} printable characters.`,
    });
  }
  return { ok: true, value: text === '' ? undefined : text };
}

/**
 * The whole body, inflated. `rawBody` is what Google's functions-framework has read already. Gzip and deflate are
 * accepted; what passes the limit, before or after inflating, is refused without being kept.
 */
export async function readBody(
  req: IncomingMessage & { readonly rawBody?: Uint8Array },
  limitBytes: number = bodyLimitBytes,
): Promise<Checked<Uint8Array>> {
  const tooLarge = refused({
    code: 'too_large',
    message: `The request body is over ${limitBytes} bytes. Send a shorter query, or pass data as tables instead of literals.`,
  });
  if (req.rawBody !== undefined) {
    return req.rawBody.length > limitBytes ? tooLarge : { ok: true, value: req.rawBody };
  }
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) return tooLarge;
  const inflater = inflaterOf(req.headers['content-encoding'] ?? 'identity');
  if (inflater === undefined) {
    return refused({
      code: 'invalid',
      location: 'Content-Encoding',
      message: 'The body has an unknown Content-Encoding. Send it plain, or as gzip or deflate.',
    });
  }
  const room = await currentShare()?.take(roomFor(req, inflater === 'identity', limitBytes));
  const body = await (inflater === 'identity'
    ? collect(req, limitBytes, tooLarge)
    : inflate(req, inflater, limitBytes, tooLarge));
  room?.shrink(body.ok ? body.value.length : 0);
  return body;
}

/** What a body may come to take: what it says itself, or all that it may have where nothing can be known before. */
const roomFor = (req: IncomingMessage, plain: boolean, limitBytes: number): number =>
  plain && req.headers['transfer-encoding'] === undefined
    ? Number(req.headers['content-length'] ?? 0)
    : limitBytes;

function inflaterOf(encoding: string) {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity' || name === '') return 'identity' as const;
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  return name === 'deflate' ? createInflate() : undefined;
}

async function inflate(
  req: IncomingMessage,
  inflater: ReturnType<typeof createGunzip>,
  limitBytes: number,
  tooLarge: Checked<never>,
): Promise<Checked<Uint8Array>> {
  let sentBytes = 0;
  req.on('data', (chunk: Uint8Array) => {
    sentBytes += chunk.length;
    if (sentBytes > limitBytes) inflater.destroy();
  });
  req.once('error', () => inflater.destroy());
  req.once('aborted', () => inflater.destroy());
  req.pipe(inflater);
  const result = await collect(inflater, limitBytes, tooLarge).catch(
    (): Checked<Uint8Array> =>
      sentBytes > limitBytes
        ? tooLarge
        : refused({
            code: 'parse_error',
            message: 'The body does not inflate: it is not what its Content-Encoding says.',
          }),
  );
  req.unpipe(inflater);
  inflater.destroy();
  return result;
}

async function collect(
  stream: Readable,
  limitBytes: number,
  tooLarge: Checked<never>,
): Promise<Checked<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  for await (const chunk of iterator) {
    bytes += chunk.length;
    if (bytes > limitBytes) return tooLarge;
    chunks.push(chunk);
  }
  return { ok: true, value: Buffer.concat(chunks, bytes) };
}

/** The body as a JSON object; a body that is missing counts as `{}`. */
export async function readJsonObject(req: IncomingMessage): Promise<Checked<ReadonlyMap<string, JsonInput>>> {
  const body = await readBody(req);
  if (!body.ok) return body;
  if (body.value.length === 0) return { ok: true, value: new Map() };
  const parsed = parseJson(body.value);
  if (!parsed.ok) return refused({ code: 'parse_error', message: parsed.message });
  if (parsed.value instanceof Map) return { ok: true, value: parsed.value };
  return refused({
    code: 'parse_error',
    message: 'Invalid JSON payload received. The body must be a JSON object.',
  });
}
