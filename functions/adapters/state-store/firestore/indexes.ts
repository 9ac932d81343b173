/** Fields of a query's document that the database looks at; all else lies in `body`. */
export const indexedFields = ['principal', 'state', 'receivedMs', 'chargeBytes'] as const;
export type IndexedField = (typeof indexedFields)[number];

export type CompositeIndex = {
  /** The collection's name without the prefix. */
  readonly collection: string;
  /** In this order; the document's name follows in the direction of the last one. */
  readonly fields: readonly { readonly field: IndexedField; readonly order: 'ASCENDING' | 'DESCENDING' }[];
  /** Which promise of the port asks for it. */
  readonly serves: string;
};

export const queriesCollection = 'queries';
/** What is too long for one document, in pieces. */
export const partsCollection = 'query-parts';

/** Every composite index that this store needs, and no other. A test compares them with the queries that are sent. */
export const compositeIndexes: readonly CompositeIndex[] = [
  {
    collection: queriesCollection,
    fields: [
      { field: 'principal', order: 'ASCENDING' },
      { field: 'receivedMs', order: 'DESCENDING' },
    ],
    serves: 'listByPrincipal',
  },
  {
    collection: queriesCollection,
    fields: [
      { field: 'principal', order: 'ASCENDING' },
      { field: 'state', order: 'ASCENDING' },
      { field: 'receivedMs', order: 'DESCENDING' },
    ],
    serves: 'listByPrincipal with states',
  },
  {
    collection: queriesCollection,
    fields: [
      { field: 'state', order: 'ASCENDING' },
      { field: 'receivedMs', order: 'ASCENDING' },
    ],
    serves: 'listByState',
  },
  {
    collection: queriesCollection,
    fields: [
      { field: 'principal', order: 'ASCENDING' },
      { field: 'receivedMs', order: 'ASCENDING' },
      { field: 'chargeBytes', order: 'ASCENDING' },
    ],
    serves: 'bytesUsedSince',
  },
];

/**
 * Fields whose automatic single-field indexes are switched off: no query uses them, each costs a write, they would hold
 * content, and one over ever-growing times limits a collection to 500 writes a second.
 */
export const unindexedFields: readonly { readonly collection: string; readonly field: string }[] = [
  ...[...indexedFields, 'format', 'version', 'body', 'parts', 'marks', 'expireAt'].map((field) => ({
    collection: queriesCollection,
    field,
  })),
  ...['bytes', 'expireAt'].map((field) => ({ collection: partsCollection, field })),
];

/** Fields of Firestore's TTL policies: housekeeping that nothing relies on. */
export const ttlFields: readonly { readonly collection: string; readonly field: string }[] = [
  { collection: queriesCollection, field: 'expireAt' },
  { collection: partsCollection, field: 'expireAt' },
];
