import type {
  CreateExternalTableStatement,
  CreateLiveTableStatement,
  CreateMaterializedViewStatement,
  CreateNamedStatement,
  CreateStatement,
  CreateTableStatement,
  CreateViewStatement,
  ObjectName,
  Query,
  TableElement,
  ViewColumn,
} from '../ast/index.ts';
import { printTableElements } from './columns.ts';
import {
  clause,
  printBy,
  printConnection,
  printDefaultCollate,
  printHead,
  printSecurity,
  printTableSource,
} from './create-clauses.ts';
import { printIndex, printPrivilegeRestriction, printRowAccessPolicy } from './create-policies.ts';
import { printFunction, printModel, printProcedure, printTableFunction } from './create-routines.ts';
import { printAny, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printOptions } from './options.ts';
import { printQuery } from './queries.ts';

/** Any CREATE statement. */
export function printCreate(node: CreateStatement, layout: Layout): string {
  switch (node.kind) {
    case 'CreateTableStatement':
      return printTable(node, layout);
    case 'CreateLiveTableStatement':
      return printLiveTable(node, layout);
    case 'CreateExternalTableStatement':
      return printExternalTable(node, layout);
    case 'CreateSnapshotTableStatement':
    case 'CreateSnapshotStatement': {
      const words = node.kind === 'CreateSnapshotStatement' ? 'SNAPSHOT SCHEMA' : 'SNAPSHOT TABLE';
      const clone = printTableSource(node.clone, layout);
      return `${printHead(node, words)} CLONE ${clone}${printOptions(node.options, layout)}`;
    }
    case 'CreateViewStatement':
    case 'CreateApproxViewStatement':
      return printView(node, layout);
    case 'CreateMaterializedViewStatement':
      return printMaterializedView(node, layout);
    case 'CreateFunctionStatement':
      return printFunction(node, layout);
    case 'CreateTableFunctionStatement':
      return printTableFunction(node, layout);
    case 'CreateProcedureStatement':
      return printProcedure(node, layout);
    case 'CreateModelStatement':
      return printModel(node, layout);
    case 'CreateIndexStatement':
      return printIndex(node, layout);
    case 'CreateRowAccessPolicyStatement':
      return printRowAccessPolicy(node, layout);
    case 'CreatePrivilegeRestrictionStatement':
      return printPrivilegeRestriction(node, layout);
    case 'CreateSchemaStatement': {
      const collate = printDefaultCollate(node.defaultCollate, layout);
      return `${printHead(node, 'SCHEMA')}${collate}${printOptions(node.options, layout)}`;
    }
    case 'CreateExternalSchemaStatement': {
      const connection = printConnection(node.connection);
      return `${printHead(node, 'EXTERNAL SCHEMA')}${connection}${printOptions(node.options, layout)}`;
    }
    case 'CreateConstantStatement':
      return `${printHead(node, 'CONSTANT')} = ${printAny(node.value, layout)}`;
    case 'CreateConnectionStatement':
    case 'CreateDatabaseStatement':
    case 'CreateLocalityGroupStatement':
    case 'CreateSequenceStatement':
      return printHead(node, namedWords[node.kind]) + printOptions(node.options, layout);
    case 'CreateEntityStatement': {
      const body = clause('AS', node.body === undefined ? undefined : printLiteral(node.body));
      const condition =
        node.condition === undefined ? '' : ` WITH CONDITION (${printAny(node.condition, layout)})`;
      return `${printHead(node, node.entity.name)}${printOptions(node.options, layout)}${body}${condition}`;
    }
  }
}

const namedWords: Readonly<Record<CreateNamedStatement['kind'], string>> = {
  CreateConnectionStatement: 'CONNECTION',
  CreateDatabaseStatement: 'DATABASE',
  CreateLocalityGroupStatement: 'LOCALITY GROUP',
  CreateSequenceStatement: 'SEQUENCE',
};

/** A line `AS` and the query below it, or nothing. */
export const printAsQuery = (query: Query | undefined, layout: Layout): string =>
  query === undefined ? '' : `${layout.newline}AS${layout.newline}${printQuery(query, layout)}`;

const elementsText = (elements: readonly TableElement[], layout: Layout): string =>
  elements.length === 0 ? '' : ` ${printTableElements(elements, layout)}`;

const likeText = (like: ObjectName | undefined): string =>
  clause('LIKE', like === undefined ? undefined : printPath(like.path));

function printTable(node: CreateTableStatement, layout: Layout): string {
  const source = (word: string, of: CreateTableStatement['clone']): string =>
    clause(word, of === undefined ? undefined : printTableSource(of, layout));
  return [
    printHead(node, 'TABLE'),
    elementsText(node.elements, layout),
    likeText(node.like),
    source('CLONE', node.clone),
    source('COPY', node.copy),
    printDefaultCollate(node.defaultCollate, layout),
    printBy('PARTITION', node.partitionBy, layout),
    printBy('CLUSTER', node.clusterBy, layout),
    printConnection(node.connection),
    printOptions(node.options, layout),
    printAsQuery(node.query, layout),
  ].join('');
}

function printLiveTable(node: CreateLiveTableStatement, layout: Layout): string {
  return [
    printHead(node, 'LIVE TABLE'),
    elementsText(node.elements, layout),
    printDefaultCollate(node.defaultCollate, layout),
    printBy('PARTITION', node.partitionBy, layout),
    printBy('CLUSTER', node.clusterBy, layout),
    printConnection(node.connection),
    printOptions(node.options, layout),
    printAsQuery(node.query, layout),
  ].join('');
}

function printExternalTable(node: CreateExternalTableStatement, layout: Layout): string {
  const partitions = node.partitionColumns;
  return [
    printHead(node, 'EXTERNAL TABLE'),
    elementsText(node.elements, layout),
    likeText(node.like),
    printDefaultCollate(node.defaultCollate, layout),
    partitions === undefined ? '' : ` WITH PARTITION COLUMNS${elementsText(partitions, layout)}`,
    printConnection(node.connection),
    printOptions(node.options, layout),
  ].join('');
}

function columnsText(columns: readonly ViewColumn[], layout: Layout): string {
  if (columns.length === 0) return '';
  return ` (${columns.map(({ name, options }) => printName(name) + printOptions(options, layout)).join(', ')})`;
}

function printView(node: CreateViewStatement, layout: Layout): string {
  const kind = node.kind === 'CreateApproxViewStatement' ? 'APPROX ' : '';
  return [
    printHead(node, `${kind}${node.recursive ? 'RECURSIVE ' : ''}VIEW`),
    columnsText(node.columns, layout),
    printSecurity(node.security, 'SQL'),
    printOptions(node.options, layout),
    printAsQuery(node.query, layout),
  ].join('');
}

function printMaterializedView(node: CreateMaterializedViewStatement, layout: Layout): string {
  const replica = node.replicaOf === undefined ? '' : ` AS REPLICA OF ${printPath(node.replicaOf.path)}`;
  return [
    printHead(node, `MATERIALIZED ${node.recursive ? 'RECURSIVE ' : ''}VIEW`),
    columnsText(node.columns, layout),
    printSecurity(node.security, 'SQL'),
    printBy('PARTITION', node.partitionBy, layout),
    printBy('CLUSTER', node.clusterBy, layout),
    printOptions(node.options, layout),
    replica,
    printAsQuery(node.query, layout),
  ].join('');
}
