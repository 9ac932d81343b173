import { createHash } from 'node:crypto';

/** A short name of exactly this state of a resource. */
export const etagOf = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

/** The resource with its own etag in it, `kind` first as in BigQuery's answers. */
export const withEtag = <T extends { readonly kind: string }>(value: T): T & { readonly etag: string } => {
  const { kind, ...rest } = value;
  return { kind, etag: etagOf(value), ...rest } as T & { readonly etag: string };
};
