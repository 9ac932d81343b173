/** What Google's generated clients (KMS, Secret Manager) take and throw, read in one place. */

/** The options by which such a client finds another server: `https://host` or, for a server of a test, `http://host:port`. */
export function rpcEndpoint(endpoint: string | undefined): {
  readonly apiEndpoint?: string;
  readonly port?: number;
  readonly protocol?: string;
} {
  if (endpoint === undefined) return {};
  const url = new URL(endpoint);
  const protocol = url.protocol.slice(0, -1);
  return { apiEndpoint: url.hostname, port: Number(url.port || (protocol === 'http' ? 80 : 443)), protocol };
}

/** Codes of https://grpc.github.io/grpc/core/md_doc_statuscodes.html that are told apart here. */
export const rpcCodes = {
  notFound: 5,
  permissionDenied: 7,
  failedPrecondition: 9,
  unauthenticated: 16,
} as const;
/** UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const transientCodes: readonly unknown[] = [2, 4, 8, 10, 13, 14];

export const rpcCode = (error: unknown): unknown =>
  error instanceof Error ? (error as { code?: unknown }).code : undefined;

export const isTransientRpc = (error: unknown): boolean => transientCodes.includes(rpcCode(error));

/** A 64-bit number as such a client gives it: a number, a string, a `Long` or one of those in `value`. */
export function int64(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object' && 'value' in value) return int64(value.value);
  const number = Number(String(value));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Bytes as such a client gives them: of an array, or base64. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
}

/** An error in one line. */
export function oneLine(error: unknown): string {
  const cause =
    error instanceof Error && error.cause instanceof Error ? ` (before that: ${oneLine(error.cause)})` : '';
  return `${String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, ' ')
    .slice(0, 400)}${cause}`;
}
