import type {
  CreateMaterializedViewStatement,
  CreateViewStatement,
  ObjectName,
  Query,
  ViewColumn,
} from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parseTableName } from '../object-names.ts';
import { optionalOptions } from '../options.ts';
import { parseQuery } from '../query.ts';
import { asQuery, expressionsBy, optionalSecurity } from './clauses.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';

/** From the words `[RECURSIVE] VIEW` on; APPROX is already read. */
export function createView(
  cursor: Cursor,
  head: CreateHead,
  kind: CreateViewStatement['kind'],
): CreateViewStatement {
  const view = viewHead(cursor, head, kind);
  const options = optionalOptions(cursor);
  const query = asQuery(cursor);
  return { ...view, span: cursor.spanFrom(head.start), ...options, query };
}

function viewHead<K extends string>(cursor: Cursor, head: CreateHead, kind: K) {
  const recursive = cursor.takeWord('RECURSIVE');
  if (!cursor.isWord('VIEW') && !recursive) failExpected(cursor, 'RECURSIVE', 'VIEW');
  cursor.expectWord('VIEW');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseTableName(cursor, kind);
  const columns = viewColumns(cursor);
  const security = optionalSecurity(cursor, 'SQL');
  return { kind, ...headOf(head, ifNotExists), name, recursive, columns, ...security };
}

/** `(a OPTIONS (...), b)`, or nothing. */
function viewColumns(cursor: Cursor): ViewColumn[] {
  if (!cursor.takeOp('(')) return [];
  const columns = commaList(cursor, viewColumn);
  closeList(cursor);
  return columns;
}

function viewColumn(cursor: Cursor): ViewColumn {
  const name = cursor.name();
  const options = optionalOptions(cursor);
  return { kind: 'ViewColumn', span: cursor.spanFrom(name.span.start), name, ...options };
}

/** From the word MATERIALIZED on. */
export function createMaterializedView(cursor: Cursor, head: CreateHead): CreateMaterializedViewStatement {
  const kind = 'CreateMaterializedViewStatement';
  cursor.expectWord('MATERIALIZED');
  if (cursor.isWord('RECURSIVE')) cursor.foreign('CREATE MATERIALIZED RECURSIVE VIEW');
  const view = viewHead(cursor, head, kind);
  const partitionBy = expressionsBy(cursor, 'PARTITION');
  const clusterBy = expressionsBy(cursor, 'CLUSTER');
  const options = optionalOptions(cursor);
  const made = queryOrReplica(cursor, kind);
  return { ...view, span: cursor.spanFrom(head.start), partitionBy, clusterBy, ...options, ...made };
}

/** `AS query`, `AS REPLICA OF view` */
function queryOrReplica(
  cursor: Cursor,
  role: string,
): { readonly query: Query } | { readonly replicaOf: ObjectName } {
  cursor.expectWord('AS');
  if (!cursor.takeWord('REPLICA')) return { query: parseQuery(cursor) };
  cursor.expectWord('OF');
  return { replicaOf: parseTableName(cursor, role) };
}
