import type { DocumentSnapshot } from '@google-cloud/firestore';
import type { Query } from '../../../core/query/query.ts';
import { type Budget, call } from './calls.ts';
import type { Client } from './client.ts';
import { bodyOf, corrupt, decode } from './document.ts';
import { readParts } from './parts.ts';
import { type memoryOfSeen, seenIn } from './seen.ts';

export type Reading = {
  readonly client: Client;
  readonly budget: Budget;
  readonly seen: ReturnType<typeof memoryOfSeen>;
};

/** The query of this id, or undefined. Throws SluiceError `internal` where the document is not one of this store's. */
export async function readQuery(reading: Reading, id: string): Promise<Query | undefined> {
  const { client, budget } = reading;
  const document = client.queries.doc(id);
  const snapshot = await call(budget, 'read a query', () => document.get());
  return snapshot.exists ? queryIn(reading, snapshot) : undefined;
}

/** The query in a document that has been read; its parts are fetched, and the document again where they are gone. */
export async function queryIn(reading: Reading, first: DocumentSnapshot): Promise<Query | undefined> {
  const { client, budget, seen } = reading;
  let snapshot = first;
  for (;;) {
    const data = snapshot.data();
    const stands = seenIn(snapshot);
    if (data === undefined || stands === undefined) return undefined;
    const found = bodyOf(snapshot.id, data);
    const body = 'body' in found ? found.body : await readParts(client, budget, snapshot.id, found.parts);
    if (body !== undefined) {
      const query = await decode(snapshot.id, data, body);
      seen.set(snapshot.id, stands);
      return query;
    }
    const again = await call(budget, 'read a query', () => first.ref.get());
    // A writer removes the parts of the version before its own; where nobody wrote, they are lost.
    if (again.updateTime?.isEqual(stands.updateTime)) throw corrupt(snapshot.id, 'parts of it are missing');
    snapshot = again;
  }
}
