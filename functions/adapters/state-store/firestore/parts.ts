import { type Budget, call, codeOf, grpc } from './calls.ts';
import type { Client } from './client.ts';
import { type Encoded, join, type PartsRef, partBytes } from './document.ts';

/** How many parts travel at once: a few megabytes. */
const atOnce = 4;

const names = (id: string, { mark, count }: PartsRef): string[] =>
  Array.from({ length: count }, (_, n) => `${id}.${mark}.${n}`);

/** Writes the pieces of a long body, each created and never changed. They count for nothing until a document names them. */
export async function writeParts(
  client: Client,
  budget: Budget,
  id: string,
  encoded: Encoded,
): Promise<void> {
  const { long, fields } = encoded;
  if (long === undefined || fields.parts === null) return;
  const expireAt = client.library.Timestamp.fromMillis(encoded.partsExpireAtMs);
  const pieces = names(id, fields.parts).map((name, n) => async () => {
    const bytes = long.subarray(n * partBytes, (n + 1) * partBytes);
    const create = () => client.parts.doc(name).create({ bytes, expireAt });
    // The name holds this write's own mark: one that exists is ours.
    await call(budget, 'write a part of a query', create, [grpc.alreadyExists]).catch(unlessExists);
  });
  await inTurn(pieces);
}

function unlessExists(error: unknown): void {
  if (codeOf(error) !== grpc.alreadyExists) throw error;
}

/** The body that the parts make, or undefined where one is missing (a newer version has replaced them by now). */
export async function readParts(
  client: Client,
  budget: Budget,
  id: string,
  parts: PartsRef,
): Promise<Buffer | undefined> {
  const pieces: (Uint8Array | undefined)[] = [];
  await inTurn(
    names(id, parts).map((name, n) => async () => {
      const found = await call(budget, 'read a part of a query', () => client.parts.doc(name).get());
      const bytes: unknown = found.get('bytes');
      pieces[n] = bytes instanceof Uint8Array ? bytes : undefined;
    }),
  );
  return join(id, parts, pieces);
}

/** Removes parts that no document names any more. What fails here is left to the clean-up: it costs storage, nothing else. */
export async function removeParts(
  client: Client,
  budget: Budget,
  id: string,
  parts: PartsRef | null,
): Promise<void> {
  if (parts === null) return;
  const removals = names(id, parts).map(
    (name) => () => call(budget, 'remove a part of a query', () => client.parts.doc(name).delete()),
  );
  await inTurn(removals).catch(() => {});
}

async function inTurn(works: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (let at = 0; at < works.length; at += atOnce) {
    await Promise.all(works.slice(at, at + atOnce).map((work) => work()));
  }
}
