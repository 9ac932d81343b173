import type { FunctionEntry, NamedThing } from './entry.ts';

const REF = 'STRUCT<uri STRING, version STRING, authorizer STRING, details JSON>';
const object: NamedThing = { what: 'object', argument: 'objectref', position: 0 };

/** Functions of stored objects. Source: BigQuery reference, "ObjectRef functions". */
export const objectFunctions: readonly FunctionEntry[] = [
  {
    name: 'OBJ.FETCH_METADATA',
    kind: 'scalar',
    signatures: [`${REF} -> ${REF}`],
    effects: ['data', 'network'],
    names: [object],
  },
  {
    name: 'OBJ.GET_ACCESS_URL',
    kind: 'scalar',
    signatures: [`${REF}, STRING, INTERVAL? -> JSON`],
    effects: ['data', 'network'],
    names: [object],
  },
  {
    name: 'OBJ.GET_READ_URL',
    kind: 'scalar',
    signatures: [],
    effects: ['data', 'network'],
    names: [object],
  },
  {
    name: 'OBJ.MAKE_REF',
    kind: 'scalar',
    signatures: [`STRING, STRING? -> ${REF}`, `JSON -> ${REF}`],
    effects: ['network'],
    names: [
      { what: 'object', argument: 'uri', position: 0 },
      { what: 'connection', argument: 'authorizer', position: 1 },
    ],
  },
];
