import type { CreateIndexStatement, Expression, IndexItem, TableExpression } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseTable } from '../from.ts';
import { optionalAlias } from '../names.ts';
import { parseObjectName } from '../object-names.ts';
import { optionalOptions } from '../options.ts';
import { parseOrderingItem } from '../windows.ts';
import { expressionsBy, optionalConnection } from './clauses.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';

const types: ReadonlySet<string> = new Set(['SEARCH', 'VECTOR', 'AI']);

/** From the words `[UNIQUE] [NULL_FILTERED] [SEARCH | VECTOR | AI] INDEX` on. */
export function createIndex(cursor: Cursor, head: CreateHead): CreateIndexStatement {
  const kind = 'CreateIndexStatement';
  const first = cursor.token;
  const unique = cursor.takeWord('UNIQUE');
  const filtered = cursor.isWord('NULL_FILTERED') ? cursor.advance() : undefined;
  const type = types.has(cursor.token.word)
    ? (cursor.advance().word as 'SEARCH' | 'VECTOR' | 'AI')
    : undefined;
  if (unique || type === undefined || type === 'AI') cursor.foreign('CREATE INDEX', first);
  cursor.expectWord('INDEX');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  if (!cursor.takeWord('ON')) failExpected(cursor, '.', 'ON');
  const table = parseObjectName(cursor, kind);
  const alias = optionalAlias(cursor);
  const unnest = unnested(cursor);
  const columns = indexColumns(cursor);
  const storing = storedColumns(cursor);
  const suffix = indexSuffix(cursor);
  if (filtered !== undefined) failBare('null_filtered is not a supported object type', filtered.start);
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    unique,
    ...(type === undefined ? {} : { type }),
    table,
    ...(alias === undefined ? {} : { alias }),
    unnest,
    ...columns,
    storing,
    ...suffix,
  };
}

/** `UNNEST(a) AS b WITH OFFSET AS c UNNEST(...) ...` */
function unnested(cursor: Cursor): TableExpression[] {
  const tables: TableExpression[] = [];
  while (cursor.isWord('UNNEST')) {
    if (tables.length === 0) cursor.foreign('UNNEST in CREATE INDEX');
    tables.push(parseTable(cursor));
  }
  return tables;
}

/** `(a, b DESC OPTIONS (...))`, `(ALL COLUMNS WITH COLUMN OPTIONS (...))`, `(AUTO COLUMNS)` */
function indexColumns(cursor: Cursor): Pick<CreateIndexStatement, 'columns' | 'items'> {
  cursor.expectOp('(');
  if (cursor.takeWord('ALL')) {
    cursor.expectWord('COLUMNS');
    const items = columnOptions(cursor);
    if (!cursor.takeOp(')')) failExpected(cursor, ')', ...(items.length === 0 ? ['WITH'] : []));
    return { columns: 'ALL', items };
  }
  if (cursor.areWords('AUTO', 'COLUMNS')) {
    cursor.foreign('AUTO COLUMNS');
    cursor.takeWords('AUTO', 'COLUMNS');
    cursor.expectOp(')');
    return { columns: 'AUTO', items: [] };
  }
  return { items: itemList(cursor) };
}

function columnOptions(cursor: Cursor): IndexItem[] {
  if (!cursor.takeWord('WITH')) return [];
  cursor.expectWord('COLUMN');
  cursor.expectWord('OPTIONS');
  cursor.expectOp('(');
  return itemList(cursor);
}

/** Up to and with the closing parenthesis. */
function itemList(cursor: Cursor): IndexItem[] {
  const items = commaList(cursor, indexItem);
  closeList(cursor);
  return items;
}

function indexItem(cursor: Cursor): IndexItem {
  const { start } = cursor.token;
  const item = parseOrderingItem(cursor);
  const options = optionalOptions(cursor);
  return { kind: 'IndexItem', span: cursor.spanFrom(start), item, ...options };
}

function storedColumns(cursor: Cursor): Expression[] {
  if (!cursor.takeWord('STORING')) return [];
  cursor.expectOp('(');
  const storing = commaList(cursor, parseExpression);
  closeList(cursor);
  return storing;
}

function indexSuffix(cursor: Cursor): Pick<CreateIndexStatement, 'partitionBy' | 'connection' | 'options'> {
  const partitionBy = expressionsBy(cursor, 'PARTITION');
  const connection = optionalConnection(cursor);
  return { partitionBy, ...connection, ...optionalOptions(cursor) };
}
