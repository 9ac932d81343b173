import type { DocumentSnapshot, Timestamp } from '@google-cloud/firestore';
import { corrupt, type PartsRef } from './document.ts';

/** A document as it was last seen: enough to write over exactly that. */
export type Seen = {
  readonly version: number;
  readonly updateTime: Timestamp;
  readonly marks: readonly string[];
  readonly parts: PartsRef | null;
};

/** What of a document has to be read to know where it stands. */
export const seenFields = ['version', 'marks', 'parts'];

/** Where a document stands, or undefined where there is none. */
export function seenIn(snapshot: DocumentSnapshot): Seen | undefined {
  const { updateTime } = snapshot;
  if (!snapshot.exists || updateTime === undefined) return undefined;
  const version: unknown = snapshot.get('version');
  const marks: unknown = snapshot.get('marks');
  if (!Number.isSafeInteger(version) || !Array.isArray(marks)) {
    throw corrupt(snapshot.id, 'it has no version of this program');
  }
  const parts = (snapshot.get('parts') ?? null) as PartsRef | null;
  return { version: version as number, updateTime, marks: marks.map(String), parts };
}

/**
 * Where the documents stood that this process saw last, so that the usual write needs no read before it. A wrong memory
 * harms nothing: the write's precondition fails and the document is looked at.
 */
export function memoryOfSeen(most: number): {
  get(id: string): Seen | undefined;
  set(id: string, seen: Seen): void;
  delete(id: string): void;
} {
  const memory = new Map<string, Seen>();
  return {
    get: (id) => memory.get(id),
    set(id, seen) {
      memory.delete(id);
      memory.set(id, seen);
      if (memory.size <= most) return;
      const [oldest] = memory.keys();
      if (oldest !== undefined) memory.delete(oldest);
    },
    delete: (id) => void memory.delete(id),
  };
}
