import { canonicalJson } from '../json.ts';

/** What an approval link says: which hold, which execution, until when (milliseconds since the epoch). */
export type LinkPayload = { readonly queryId: string; readonly digest: string; readonly expiresMs: number };

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** The exact bytes that are signed. */
export const linkBytes = (payload: LinkPayload): Uint8Array =>
  new TextEncoder().encode(
    canonicalJson({
      t: 'sluice-approval-link-v1',
      q: payload.queryId,
      d: payload.digest,
      e: payload.expiresMs,
    }),
  );

/** `kid.payload.signature`, each base64url where it is not plain. */
export const linkToken = (payload: LinkPayload, kid: string, signature: Uint8Array): string =>
  `${kid}.${base64url(linkBytes(payload))}.${base64url(signature)}`;

/** The parts of a token, or `undefined` where it is malformed. Nothing in it is to be believed before its signature is. */
export function parseLink(
  token: string,
): { kid: string; bytes: Uint8Array; signature: Uint8Array; payload: LinkPayload } | undefined {
  const [kid, body, signature, ...rest] = token.split('.');
  if (!kid || !body || !signature || rest.length > 0 || token.length > 2000) return undefined;
  const bytes = new Uint8Array(Buffer.from(body, 'base64url'));
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null) return undefined;
    const { t, q, d, e } = value as Record<string, unknown>;
    if (t !== 'sluice-approval-link-v1') return undefined;
    if (typeof q !== 'string' || typeof d !== 'string' || typeof e !== 'number') return undefined;
    const payload = { queryId: q, digest: d, expiresMs: e };
    // Only the one canonical spelling is accepted, so that a token has no second form.
    if (base64url(linkBytes(payload)) !== body) return undefined;
    return { kid, bytes, signature: new Uint8Array(Buffer.from(signature, 'base64url')), payload };
  } catch {
    return undefined;
  }
}
