import type {
  ConnectionClause,
  Expression,
  ObjectName,
  Query,
  Security,
  TableSource,
} from '../../ast/index.ts';
import { stringOrParameter } from '../column-types.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseGraphQuery } from '../graph/query.ts';
import { parseTableName, wholePath } from '../object-names.ts';
import { parseQuery } from '../query.ts';

/** `WITH CONNECTION path` if WITH stands here, to spread into a node. */
export function optionalConnection(cursor: Cursor): { readonly connection?: ConnectionClause } {
  return cursor.isWord('WITH') ? { connection: withConnection(cursor) } : {};
}

/** `WITH CONNECTION path`, `WITH CONNECTION DEFAULT` */
export function withConnection(cursor: Cursor): ConnectionClause {
  cursor.expectWord('WITH');
  return connectionClause(cursor);
}

/** `CONNECTION path`, `CONNECTION DEFAULT` */
function connectionClause(cursor: Cursor): ConnectionClause {
  const { start } = cursor.expectWord('CONNECTION');
  if (cursor.takeWord('DEFAULT')) return { kind: 'ConnectionClause', span: cursor.spanFrom(start) };
  const path = wholePath(cursor);
  return { kind: 'ConnectionClause', span: cursor.spanFrom(start), path };
}

/** `PARTITION BY` or `CLUSTER BY` with its expressions, or nothing. */
export function expressionsBy(cursor: Cursor, word: 'PARTITION' | 'CLUSTER'): Expression[] {
  if (!cursor.takeWord(word)) return [];
  cursor.expectWord('BY');
  return commaList(cursor, parseExpression);
}

/** `DEFAULT COLLATE 'und:ci'` if it stands here, to spread into a node. */
export function optionalDefaultCollate(cursor: Cursor): { readonly defaultCollate?: Expression } {
  if (!cursor.takeWord('DEFAULT')) return {};
  cursor.expectWord('COLLATE');
  return { defaultCollate: stringOrParameter(cursor) };
}

/** `LIKE table` if it stands here, to spread into a node. */
export function optionalLike(cursor: Cursor, role: string): { readonly like?: ObjectName } {
  return cursor.takeWord('LIKE') ? { like: parseTableName(cursor, role) } : {};
}

/** The table after CLONE or COPY, at a time and with a condition. */
export function parseTableSource(cursor: Cursor, role: 'CloneDataSource' | 'CopyDataSource'): TableSource {
  const { start } = cursor.token;
  const object = parseTableName(cursor, role);
  const systemTime = cursor.isWord('FOR') ? systemTimeOf(cursor) : undefined;
  if (cursor.isWord('WHERE')) cursor.foreign('WHERE after CLONE or COPY');
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  return {
    kind: 'TableSource',
    span: cursor.spanFrom(start),
    object,
    ...(systemTime === undefined ? {} : { systemTime }),
    ...(where === undefined ? {} : { where }),
  };
}

/** `FOR SYSTEM_TIME AS OF expression`, `FOR SYSTEM TIME AS OF expression` */
export function systemTimeOf(cursor: Cursor): Expression {
  cursor.expectWord('FOR');
  if (cursor.takeWord('SYSTEM')) cursor.expectWord('TIME');
  else if (!cursor.takeWord('SYSTEM_TIME')) failExpected(cursor, 'SYSTEM', 'SYSTEM_TIME');
  cursor.expectWord('AS');
  cursor.expectWord('OF');
  return parseExpression(cursor);
}

/** `SQL SECURITY INVOKER` or EXTERNAL for SQL, to spread into a node. */
export function optionalSecurity(
  cursor: Cursor,
  first: 'SQL' | 'EXTERNAL',
): { readonly security?: Security } {
  if (!cursor.takeWord(first)) return {};
  cursor.expectWord('SECURITY');
  if (cursor.takeWord('INVOKER')) return { security: 'INVOKER' };
  if (!cursor.takeWord('DEFINER')) failExpected(cursor, 'DEFINER', 'INVOKER');
  return { security: 'DEFINER' };
}

/** `AS query` if it stands here, to spread into a node. */
export function optionalQuery(cursor: Cursor): { readonly query?: Query } {
  return cursor.isWord('AS') ? { query: asQuery(cursor) } : {};
}

/** `AS query` */
export function asQuery(cursor: Cursor): Query {
  cursor.expectWord('AS');
  return queryAfterAs(cursor);
}

/** What may stand after the AS of a table, view or model: a query, over a graph too. */
export function queryAfterAs(cursor: Cursor): Query {
  return cursor.isWord('GRAPH') ? parseGraphQuery(cursor) : parseQuery(cursor);
}
