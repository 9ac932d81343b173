import type {
  AuxLoadDataStatement,
  CloneDataStatement,
  ExportDataStatement,
  ExportObjectStatement,
  LoadPartitions,
  Statement,
  TruncateStatement,
} from '../ast/index.ts';
import { optionalCollation } from './column-types.ts';
import { asQuery, expressionsBy, optionalConnection, parseTableSource } from './create/clauses.ts';
import { optionalPartitionColumns } from './create/table.ts';
import type { Cursor } from './cursor.ts';
import { failBare, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { given } from './given.ts';
import { parseObjectName, parseTableName } from './object-names.ts';
import { optionalOptions, parseOptionsList } from './options.ts';
import { parseTableElements } from './table-elements.ts';

/** `TRUNCATE TABLE name [WHERE condition]` */
export function parseTruncate(cursor: Cursor): TruncateStatement {
  const { start } = cursor.expectWord('TRUNCATE');
  cursor.expectWord('TABLE');
  const name = parseTableName(cursor, 'TruncateStatement');
  if (cursor.isWord('WHERE')) cursor.foreign('TRUNCATE TABLE with WHERE');
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  return { kind: 'TruncateStatement', span: cursor.spanFrom(start), name, ...given({ where }) };
}

/** `EXPORT DATA`, `EXPORT MODEL`, `EXPORT TABLE METADATA` */
export function parseExport(cursor: Cursor): Statement {
  switch (cursor.peek(1).word) {
    case 'DATA':
      return exportData(cursor);
    case 'MODEL':
      return exportModel(cursor);
    case 'TABLE':
      return exportMetadata(cursor);
    default:
      cursor.expectWord('EXPORT');
      return failExpected(cursor, 'DATA', 'MODEL', 'TABLE');
  }
}

/** `EXPORT DATA [WITH CONNECTION c] [OPTIONS (...)]`, as it stands in a pipe. */
export function parseExportHead(cursor: Cursor): ExportDataStatement {
  const { start } = cursor.expectWord('EXPORT');
  cursor.expectWord('DATA');
  const parts = { ...optionalConnection(cursor), ...optionalOptions(cursor) };
  return { kind: 'ExportDataStatement', span: cursor.spanFrom(start), ...parts };
}

function exportData(cursor: Cursor): ExportDataStatement {
  const head = parseExportHead(cursor);
  const query = asQuery(cursor);
  return { ...head, span: cursor.spanFrom(head.span.start), query };
}

function exportModel(cursor: Cursor): ExportObjectStatement {
  const { start } = cursor.expectWord('EXPORT');
  cursor.expectWord('MODEL');
  const kind = 'ExportModelStatement';
  const name = parseObjectName(cursor, kind);
  const parts = { ...optionalConnection(cursor), ...optionalOptions(cursor) };
  return { kind, span: cursor.spanFrom(start), name, ...parts };
}

function exportMetadata(cursor: Cursor): ExportObjectStatement {
  const { start } = cursor.expectWord('EXPORT');
  cursor.foreign('EXPORT TABLE METADATA');
  const table = cursor.expectWord('TABLE');
  const isFunction = cursor.takeWord('FUNCTION');
  cursor.expectWord('METADATA');
  cursor.expectWord('FROM');
  const kind = 'ExportMetadataStatement';
  const name = parseTableName(cursor, kind);
  const parts = { ...optionalConnection(cursor), ...optionalOptions(cursor) };
  if (isFunction) failBare('EXPORT TABLE FUNCTION METADATA is not supported', table.start);
  return { kind, span: cursor.spanFrom(start), name, ...parts };
}

/** `LOAD DATA INTO | OVERWRITE table ... FROM FILES (...)` */
export function parseLoadData(cursor: Cursor): AuxLoadDataStatement {
  const kind = 'AuxLoadDataStatement';
  const { start } = cursor.expectWord('LOAD');
  cursor.expectWord('DATA');
  const overwrite = cursor.takeWord('OVERWRITE');
  if (!overwrite && !cursor.takeWord('INTO')) failExpected(cursor, 'INTO', 'OVERWRITE');
  const temporary = takeTemporary(cursor);
  const name = parseTableName(cursor, kind);
  const elements = cursor.isOp('(') ? parseTableElements(cursor) : [];
  const partitions = loadPartitions(cursor);
  const collation = optionalCollation(cursor);
  const partitionBy = expressionsBy(cursor, 'PARTITION');
  const clusterBy = expressionsBy(cursor, 'CLUSTER');
  const options = optionalOptions(cursor);
  const files = fromFiles(cursor, beforeFiles({ ...options, ...collation, partitionBy, clusterBy }));
  const columns = optionalPartitionColumns(cursor);
  const connection = optionalConnection(cursor);
  return {
    kind,
    span: cursor.spanFrom(start),
    overwrite,
    temporary,
    name,
    elements,
    ...given({ partitions }),
    ...collation,
    partitionBy,
    clusterBy,
    ...options,
    files,
    ...columns,
    ...connection,
  };
}

function takeTemporary(cursor: Cursor): boolean {
  return cursor.takeWords('TEMP', 'TABLE') || cursor.takeWords('TEMPORARY', 'TABLE');
}

function loadPartitions(cursor: Cursor): LoadPartitions | undefined {
  if (!cursor.isWord('PARTITIONS') && !cursor.isWord('OVERWRITE')) return undefined;
  const { start } = cursor.token;
  const overwrite = cursor.takeWord('OVERWRITE');
  cursor.expectWord('PARTITIONS');
  cursor.expectOp('(');
  const condition = parseExpression(cursor);
  cursor.expectOp(')');
  return { kind: 'LoadPartitions', span: cursor.spanFrom(start), overwrite, condition };
}

/** What GoogleSQL says it expects before FROM FILES, which it never names itself. */
function beforeFiles(
  read: Pick<AuxLoadDataStatement, 'options' | 'collate' | 'partitionBy' | 'clusterBy'>,
): readonly string[] {
  if (read.options !== undefined) return [];
  if (read.clusterBy.length > 0) return ['OPTIONS'];
  if (read.partitionBy.length > 0) return [',', 'CLUSTER', 'OPTIONS'];
  return read.collate === undefined ? [] : ['CLUSTER', 'OPTIONS', 'PARTITION'];
}

function fromFiles(cursor: Cursor, expected: readonly string[]) {
  if (!cursor.isWord('FROM')) {
    if (expected.length > 0) failExpected(cursor, ...expected);
    cursor.unexpected();
  }
  cursor.advance();
  cursor.expectWord('FILES');
  return parseOptionsList(cursor);
}

/** `CLONE DATA INTO table FROM source UNION ALL source` */
export function parseCloneData(cursor: Cursor): CloneDataStatement {
  const { start } = cursor.token;
  cursor.foreign('CLONE DATA');
  for (const word of ['CLONE', 'DATA', 'INTO']) cursor.expectWord(word);
  const name = parseTableName(cursor, 'CloneDataStatement');
  if (!cursor.isWord('FROM')) cursor.unexpected();
  cursor.advance();
  const sources = [parseTableSource(cursor, 'CloneDataSource')];
  while (cursor.takeWord('UNION')) {
    cursor.expectWord('ALL');
    sources.push(parseTableSource(cursor, 'CloneDataSource'));
  }
  return { kind: 'CloneDataStatement', span: cursor.spanFrom(start), name, sources };
}
