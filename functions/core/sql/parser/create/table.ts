import type {
  CreateExternalTableStatement,
  CreateLiveTableStatement,
  CreateSnapshotStatement,
  CreateSnapshotTableStatement,
  CreateTableStatement,
  TableElement,
  TableSource,
} from '../../ast/index.ts';
import { keyColumns } from '../constraints.ts';
import type { Cursor } from '../cursor.ts';
import { failAt, failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseTableName } from '../object-names.ts';
import { optionalOptions, parseOptions } from '../options.ts';
import { parseTableElements } from '../table-elements.ts';
import {
  asQuery,
  expressionsBy,
  optionalConnection,
  optionalDefaultCollate,
  optionalLike,
  optionalQuery,
  parseTableSource,
} from './clauses.ts';
import { type CreateHead, createHead, headOf, takeIfNotExists } from './head.ts';

const optionalElements = (cursor: Cursor): TableElement[] =>
  cursor.isOp('(') ? parseTableElements(cursor) : [];

/** `CREATE ... TABLE name ...` up to its AS, from the word CREATE on, as the pipe operator has it. */
export function parseCreateTablePrefix(cursor: Cursor): CreateTableStatement {
  const head = createHead(cursor);
  if (!cursor.isWord('TABLE')) cursor.expectWord('TABLE');
  return tablePrefix(cursor, head);
}

/** From the word TABLE on. */
export function createTable(cursor: Cursor, head: CreateHead): CreateTableStatement {
  const prefix = tablePrefix(cursor, head);
  const query = optionalQuery(cursor);
  return { ...prefix, span: cursor.spanFrom(head.start), ...query };
}

function tablePrefix(cursor: Cursor, head: CreateHead): CreateTableStatement {
  const kind = 'CreateTableStatement';
  cursor.expectWord('TABLE');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseTableName(cursor, kind);
  const elements = optionalElements(cursor);
  if (cursor.isWord('PRIMARY')) refuseOuterKey(cursor);
  const like = optionalLike(cursor, kind);
  const clone = optionalSource(cursor, 'CLONE');
  const copy = optionalSource(cursor, 'COPY');
  const defaultCollate = optionalDefaultCollate(cursor);
  const partitionBy = expressionsBy(cursor, 'PARTITION');
  const clusterBy = expressionsBy(cursor, 'CLUSTER');
  if (cursor.isWord('ROW')) refuseRowDeletion(cursor);
  const connection = optionalConnection(cursor);
  const options = optionalOptions(cursor);
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    elements,
    ...like,
    ...(clone === undefined ? {} : { clone }),
    ...(copy === undefined ? {} : { copy }),
    ...defaultCollate,
    partitionBy,
    clusterBy,
    ...connection,
    ...options,
  };
}

function refuseOuterKey(cursor: Cursor): never {
  const { start } = cursor.token;
  cursor.expectWord('PRIMARY');
  cursor.expectWord('KEY');
  keyColumns(cursor);
  return failBare(
    'PRIMARY KEY must be defined in the table element list as column attribute or constraint.',
    start,
  );
}

function optionalSource(cursor: Cursor, word: 'CLONE' | 'COPY'): TableSource | undefined {
  if (!cursor.takeWord(word)) return undefined;
  return parseTableSource(cursor, word === 'CLONE' ? 'CloneDataSource' : 'CopyDataSource');
}

/** GoogleSQL says that it is not supported once it is read whole. */
function refuseRowDeletion(cursor: Cursor): never {
  const { start } = cursor.expectWord('ROW');
  cursor.expectWord('DELETION');
  cursor.expectWord('POLICY');
  cursor.expectOp('(');
  parseExpression(cursor);
  cursor.expectOp(')');
  return failBare('ROW DELETION POLICY clause is not supported.', start);
}

/** From the word LIVE on. */
export function createLiveTable(cursor: Cursor, head: CreateHead): CreateLiveTableStatement {
  const kind = 'CreateLiveTableStatement';
  cursor.foreign('CREATE LIVE TABLE');
  cursor.expectWord('LIVE');
  cursor.expectWord('TABLE');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseTableName(cursor, kind);
  const elements = optionalElements(cursor);
  const defaultCollate = optionalDefaultCollate(cursor);
  const partitionBy = expressionsBy(cursor, 'PARTITION');
  const clusterBy = expressionsBy(cursor, 'CLUSTER');
  const connection = optionalConnection(cursor);
  const options = optionalOptions(cursor);
  if (!cursor.isWord('AS')) {
    if ('options' in options) cursor.expectWord('AS');
    cursor.unexpected();
  }
  const query = asQuery(cursor);
  if (head.scope !== undefined) {
    const message = 'TEMP, TEMPORARY, PUBLIC, or PRIVATE modifiers are not supported for LIVE TABLE';
    failAt(message, head.scopeStart);
  }
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    elements,
    ...defaultCollate,
    partitionBy,
    clusterBy,
    ...connection,
    ...options,
    query,
  };
}

/** After EXTERNAL, from the word TABLE on. */
export function createExternalTable(
  cursor: Cursor,
  head: CreateHead,
  external: number,
): CreateExternalTableStatement {
  const kind = 'CreateExternalTableStatement';
  cursor.expectWord('TABLE');
  if (cursor.isWord('FUNCTION')) failAt('CREATE EXTERNAL TABLE FUNCTION is not supported', external);
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseTableName(cursor, kind);
  const elements = optionalElements(cursor);
  const like = optionalLike(cursor, kind);
  const defaultCollate = optionalDefaultCollate(cursor);
  const partitionColumns = optionalPartitionColumns(cursor);
  const connection = optionalConnection(cursor);
  if (!cursor.isWord('OPTIONS')) {
    failNoOptions(cursor, { elements, ...like, ...defaultCollate, ...partitionColumns, ...connection });
  }
  const options = parseOptions(cursor);
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    elements,
    ...like,
    ...defaultCollate,
    ...partitionColumns,
    ...connection,
    options,
  };
}

/** What could still stand before OPTIONS, as far as GoogleSQL says it. */
function failNoOptions(cursor: Cursor, before: Partial<CreateExternalTableStatement>): never {
  if (before.connection !== undefined) return failExpected(cursor, 'OPTIONS');
  if ((before.defaultCollate ?? before.partitionColumns) !== undefined) {
    return failExpected(cursor, 'OPTIONS', 'WITH');
  }
  if (before.like !== undefined) return failExpected(cursor, 'DEFAULT', 'OPTIONS', 'WITH');
  const listed = before.elements !== undefined && before.elements.length > 0;
  return listed ? failExpected(cursor, 'DEFAULT', 'LIKE', 'OPTIONS', 'WITH') : cursor.unexpected();
}

/** `WITH PARTITION COLUMNS [(...)]`; another WITH is left for what follows. */
export function optionalPartitionColumns(cursor: Cursor): { readonly partitionColumns?: TableElement[] } {
  if (!cursor.isWord('WITH')) return {};
  const { word } = cursor.peek(1);
  if (word === 'CONNECTION') return {};
  cursor.advance();
  if (!cursor.takeWord('PARTITION')) failExpected(cursor, 'CONNECTION', 'PARTITION');
  cursor.expectWord('COLUMNS');
  return { partitionColumns: optionalElements(cursor) };
}

/** Kinds of objects after SNAPSHOT that have a snapshot in no engine, longest words first. */
const withoutSnapshot: readonly (readonly string[])[] = [
  ['AGGREGATE', 'FUNCTION'],
  ['AI', 'INDEX'],
  ['APPROX', 'VIEW'],
  ['CONNECTION'],
  ['CONSTANT'],
  ['DATABASE'],
  ['EXTERNAL', 'SCHEMA'],
  ['EXTERNAL', 'TABLE'],
  ['FUNCTION'],
  ['INDEX'],
  ['LIVE', 'TABLE'],
  ['MATERIALIZED', 'VIEW'],
  ['MODEL'],
  ['PROCEDURE'],
  ['PROPERTY', 'GRAPH'],
  ['SEARCH', 'INDEX'],
  ['SEQUENCE'],
  ['VECTOR', 'INDEX'],
  ['VIEW'],
];

/** From the word SNAPSHOT on. */
export function createSnapshot(
  cursor: Cursor,
  head: CreateHead,
): CreateSnapshotTableStatement | CreateSnapshotStatement {
  cursor.expectWord('SNAPSHOT');
  const object = cursor.token;
  if (cursor.isWord('SCHEMA')) cursor.foreign('CREATE SNAPSHOT SCHEMA', object);
  const kind = cursor.takeWord('TABLE') ? 'CreateSnapshotTableStatement' : 'CreateSnapshotStatement';
  const words = kind === 'CreateSnapshotStatement' ? snapshotObject(cursor) : undefined;
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseTableName(cursor, kind);
  cursor.expectWord('CLONE');
  const clone = parseTableSource(cursor, 'CloneDataSource');
  const options = optionalOptions(cursor);
  if (words !== undefined) failBare(`CREATE SNAPSHOT ${words} is not supported`, object.start);
  const span = cursor.spanFrom(head.start);
  return { kind, span, ...headOf(head, ifNotExists), name, clone, ...options };
}

/** The words of an object that no engine has snapshots of; nothing for SCHEMA. */
function snapshotObject(cursor: Cursor): string | undefined {
  if (cursor.takeWord('SCHEMA')) return undefined;
  const words = withoutSnapshot.find((each) => cursor.takeWords(...each));
  return words === undefined ? cursor.unexpected() : words.join(' ');
}
