import type {
  AuxLoadDataStatement,
  CloneDataStatement,
  DataStatement,
  ExportDataStatement,
  ExportObjectStatement,
} from '../ast/index.ts';
import { printTableElements } from './columns.ts';
import { clause, printBy, printConnection, printTableSource } from './create-clauses.ts';
import { printAny, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printOptions, printOptionsList } from './options.ts';
import { printQuery } from './queries.ts';

/** Statements that move data or empty a table. */
export function printData(node: DataStatement, layout: Layout): string {
  switch (node.kind) {
    case 'TruncateStatement': {
      const where = node.where === undefined ? undefined : printAny(node.where, layout);
      return `TRUNCATE TABLE ${printPath(node.name.path)}${clause('WHERE', where)}`;
    }
    case 'ExportDataStatement':
      return printExport(node, layout);
    case 'ExportModelStatement':
    case 'ExportMetadataStatement':
      return printExportObject(node, layout);
    case 'AuxLoadDataStatement':
      return printLoad(node, layout);
    case 'CloneDataStatement':
      return printClone(node, layout);
  }
}

/** `EXPORT DATA ... AS query`, without the query where a pipe gives the rows. */
function printExport(node: ExportDataStatement, layout: Layout): string {
  const start = `EXPORT DATA${printConnection(node.connection)}${printOptions(node.options, layout)}`;
  return node.query === undefined ? start : `${start} AS${layout.newline}${printQuery(node.query, layout)}`;
}

function printExportObject(node: ExportObjectStatement, layout: Layout): string {
  const words = node.kind === 'ExportModelStatement' ? 'MODEL' : 'TABLE METADATA FROM';
  const tail = printConnection(node.connection) + printOptions(node.options, layout);
  return `EXPORT ${words} ${printPath(node.name.path)}${tail}`;
}

function printLoad(node: AuxLoadDataStatement, layout: Layout): string {
  const { partitions, partitionColumns } = node;
  const temporary = node.temporary ? 'TEMP TABLE ' : '';
  const elements = (list: AuxLoadDataStatement['elements']): string =>
    list.length === 0 ? '' : ` ${printTableElements(list, layout)}`;
  const condition = partitions === undefined ? '' : `(${printAny(partitions.condition, layout)})`;
  return [
    `LOAD DATA ${node.overwrite ? 'OVERWRITE' : 'INTO'} ${temporary}${printPath(node.name.path)}`,
    elements(node.elements),
    partitions === undefined ? '' : ` ${partitions.overwrite ? 'OVERWRITE ' : ''}PARTITIONS ${condition}`,
    clause('COLLATE', node.collate === undefined ? undefined : printAny(node.collate, layout)),
    printBy('PARTITION', node.partitionBy, layout),
    printBy('CLUSTER', node.clusterBy, layout),
    printOptions(node.options, layout),
    `${layout.newline}FROM FILES ${printOptionsList(node.files, layout)}`,
    partitionColumns === undefined ? '' : ` WITH PARTITION COLUMNS${elements(partitionColumns)}`,
    printConnection(node.connection),
  ].join('');
}

function printClone(node: CloneDataStatement, layout: Layout): string {
  const sources = node.sources.map((source) => printTableSource(source, layout));
  const between = `${layout.newline}UNION ALL `;
  return `CLONE DATA INTO ${printPath(node.name.path)}${layout.newline}FROM ${sources.join(between)}`;
}
