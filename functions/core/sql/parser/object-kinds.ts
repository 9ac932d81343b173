import type { ObjectKind } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import type { Cursor } from './cursor.ts';
import { failBare, failExpected } from './expected.ts';

/** Kinds of objects that BigQuery does not have. */
const foreignKinds: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  'AI INDEX',
  'APPROX VIEW',
  'CONSTANT',
  'DATABASE',
  'INDEX',
  'LIVE TABLE',
  'PROPERTY GRAPH TYPE',
  'SEQUENCE',
]);

/** What must follow a word that says nothing alone. */
const secondWords: ReadonlyMap<string, readonly [word: string, kind: ObjectKind]> = new Map<
  string,
  readonly [string, ObjectKind]
>([
  ['AGGREGATE', ['FUNCTION', 'AGGREGATE FUNCTION']],
  ['AI', ['INDEX', 'AI INDEX']],
  ['APPROX', ['VIEW', 'APPROX VIEW']],
  ['LIVE', ['TABLE', 'LIVE TABLE']],
  ['MATERIALIZED', ['VIEW', 'MATERIALIZED VIEW']],
  ['SEARCH', ['INDEX', 'SEARCH INDEX']],
  ['VECTOR', ['INDEX', 'VECTOR INDEX']],
]);

const oneWord: ReadonlyMap<string, ObjectKind> = new Map<string, ObjectKind>([
  ['CONNECTION', 'CONNECTION'],
  ['CONSTANT', 'CONSTANT'],
  ['DATABASE', 'DATABASE'],
  ['FUNCTION', 'FUNCTION'],
  ['INDEX', 'INDEX'],
  ['MODEL', 'MODEL'],
  ['PROCEDURE', 'PROCEDURE'],
  ['SCHEMA', 'SCHEMA'],
  ['SEQUENCE', 'SEQUENCE'],
  ['VIEW', 'VIEW'],
]);

/** The words for a kind of object if they stand here, after `verb`; TABLE alone is none of them. */
export function takeObjectKind(cursor: Cursor, verb: string): ObjectKind | undefined {
  const first = cursor.token;
  const kind = objectKind(cursor, first);
  if (kind !== undefined && foreignKinds.has(kind)) cursor.foreign(`${verb} ${kind}`, first);
  return kind;
}

function objectKind(cursor: Cursor, first: Token): ObjectKind | undefined {
  const one = oneWord.get(first.word);
  if (one !== undefined) {
    cursor.advance();
    return one;
  }
  if (first.word === 'EXTERNAL') return externalKind(cursor, first);
  if (first.word === 'PROPERTY') return graphKind(cursor);
  const two = secondWords.get(first.word);
  if (two === undefined) return undefined;
  cursor.advance();
  cursor.expectWord(two[0]);
  return two[1];
}

function externalKind(cursor: Cursor, first: Token): ObjectKind {
  cursor.advance();
  if (cursor.takeWord('SCHEMA')) return 'EXTERNAL SCHEMA';
  if (!cursor.takeWord('TABLE')) return failExpected(cursor, 'SCHEMA', 'TABLE');
  if (cursor.isWord('FUNCTION')) failBare('EXTERNAL TABLE FUNCTION is not supported', first.start);
  return 'EXTERNAL TABLE';
}

/** TYPE may be the name of a graph where nothing follows that could be one. */
function graphKind(cursor: Cursor): ObjectKind {
  cursor.advance();
  cursor.expectWord('GRAPH');
  if (!cursor.isWord('TYPE')) return 'PROPERTY GRAPH';
  const next = cursor.peek(1);
  if (!cursor.isName(next) && next.word !== 'IF') return 'PROPERTY GRAPH';
  if (next.word === 'CASCADE' || next.word === 'RESTRICT') return 'PROPERTY GRAPH';
  cursor.advance();
  return 'PROPERTY GRAPH TYPE';
}

export function takeIfExists(cursor: Cursor): boolean {
  if (!cursor.takeWord('IF')) return false;
  cursor.expectWord('EXISTS');
  return true;
}
