import { randomUUID } from 'node:crypto';
import type { DocumentReference } from '@google-cloud/firestore';
import type { Query } from '../../../core/query/query.ts';
import { type Budget, call, codeOf, grpc } from './calls.ts';
import type { Client } from './client.ts';
import { type Encoded, encode } from './document.ts';
import { removeParts, writeParts } from './parts.ts';
import { type memoryOfSeen, type Seen, seenFields, seenIn } from './seen.ts';

export type Writing = {
  readonly client: Client;
  readonly budget: Budget;
  readonly seen: ReturnType<typeof memoryOfSeen>;
  readonly keepMs: number;
};

/** How many writes back one whose answer was lost is recognized. */
const mostMarks = 32;

/**
 * Writes a document that is not there yet. Each write has a mark of its own in the document: where the first attempt took
 * place and its answer was lost, the second finds the mark and knows it for its own.
 */
export async function createDocument(writing: Writing, query: Query): Promise<'created' | 'exists'> {
  const { client, budget, seen, keepMs } = writing;
  const mark = randomUUID();
  const encoded = await encode(query, mark, keepMs);
  const document = client.queries.doc(query.id);
  await writeParts(client, budget, query.id, encoded);
  const fields = fieldsOf(client, encoded, [mark]);
  try {
    const { writeTime } = await call(budget, 'create a query', () => document.create(fields), [
      grpc.alreadyExists,
    ]);
    seen.set(query.id, after(query, writeTime, encoded, [mark]));
    return 'created';
  } catch (error) {
    if (codeOf(error) !== grpc.alreadyExists) throw error;
  }
  const now = await look(client, budget, document);
  if (now?.marks.includes(mark)) return 'created';
  await removeParts(client, budget, query.id, encoded.fields.parts);
  return 'exists';
}

/**
 * Writes over exactly the version that is named: on condition that the document is still the one that was seen with that
 * version. No transaction: of many writers the database lets one through, and the others learn it at once.
 */
export async function replaceDocument(
  writing: Writing,
  query: Query,
  expectedVersion: number,
): Promise<'replaced' | 'conflict'> {
  const { client, budget, seen, keepMs } = writing;
  const document = client.queries.doc(query.id);
  const remembered = seen.get(query.id);
  let base = remembered?.version === expectedVersion ? remembered : await look(client, budget, document);
  if (base?.version !== expectedVersion) return 'conflict';

  const mark = randomUUID();
  const encoded = await encode(query, mark, keepMs);
  await writeParts(client, budget, query.id, encoded);
  for (;;) {
    const marks = [...base.marks, mark].slice(-mostMarks);
    const written = await update(writing, document, fieldsOf(client, encoded, marks), base);
    if (written !== undefined) {
      seen.set(query.id, after(query, written, encoded, marks));
      await removeParts(client, budget, query.id, base.parts);
      return 'replaced';
    }
    seen.delete(query.id);
    const now = await look(client, budget, document);
    // An attempt whose answer was lost took place; the document may have moved on since.
    if (now?.marks.includes(mark)) return 'replaced';
    if (now?.version !== expectedVersion) {
      await removeParts(client, budget, query.id, encoded.fields.parts);
      return 'conflict';
    }
    base = now;
  }
}

/** The time of the write, or undefined where the document is not any more as it was seen. */
async function update(
  { budget }: Writing,
  document: DocumentReference,
  fields: Record<string, unknown>,
  base: Seen,
): Promise<Seen['updateTime'] | undefined> {
  const work = () => document.update(fields, { lastUpdateTime: base.updateTime });
  try {
    return (await call(budget, 'write a query', work, [grpc.failedPrecondition, grpc.notFound])).writeTime;
  } catch (error) {
    if (codeOf(error) === grpc.failedPrecondition || codeOf(error) === grpc.notFound) return undefined;
    throw error;
  }
}

/** Where a document stands now, read without its body. */
async function look(client: Client, budget: Budget, document: DocumentReference): Promise<Seen | undefined> {
  const [found] = await call(budget, 'look at a query', () =>
    client.firestore.getAll(document, { fieldMask: seenFields }),
  );
  return found === undefined ? undefined : seenIn(found);
}

function fieldsOf(client: Client, encoded: Encoded, marks: readonly string[]): Record<string, unknown> {
  const { expireAtMs, fields } = encoded;
  const expireAt = expireAtMs === null ? null : client.library.Timestamp.fromMillis(expireAtMs);
  return { ...fields, marks, expireAt };
}

const after = (
  query: Query,
  updateTime: Seen['updateTime'],
  encoded: Encoded,
  marks: readonly string[],
): Seen => ({ version: query.version, updateTime, marks, parts: encoded.fields.parts });
