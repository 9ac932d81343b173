import type { DropFamilyStatement } from '../ast/index.ts';
import { printPrivileges } from './access.ts';
import { clause, printParameters } from './create-clauses.ts';
import { printAny, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printOptions } from './options.ts';

const ifExists = (node: { readonly ifExists: boolean }): string => (node.ifExists ? 'IF EXISTS ' : '');

type Named = Exclude<DropFamilyStatement, { kind: 'DropAllRowAccessPoliciesStatement' | 'UndropStatement' }>;

const dropped = (words: string, node: Named): string =>
  `DROP ${words} ${ifExists(node)}${printPath(node.name.path)}`;

const indexWords = {
  DropAiIndexStatement: 'AI INDEX',
  DropSearchIndexStatement: 'SEARCH INDEX',
  DropVectorIndexStatement: 'VECTOR INDEX',
} as const;

const onTable = ({
  table,
}: {
  readonly table?: { readonly path: Parameters<typeof printPath>[0] };
}): string => clause('ON', table === undefined ? undefined : printPath(table.path));

/** DROP of every kind, and UNDROP. */
export function printDrop(node: DropFamilyStatement, layout: Layout): string {
  switch (node.kind) {
    case 'DropStatement':
      return dropped(node.object, node) + (node.mode === undefined ? '' : ` ${node.mode}`);
    case 'DropFunctionStatement': {
      const { parameters } = node;
      return (
        dropped('FUNCTION', node) + (parameters === undefined ? '' : printParameters(parameters, layout))
      );
    }
    case 'DropTableFunctionStatement':
      return dropped('TABLE FUNCTION', node);
    case 'DropSnapshotTableStatement':
      return dropped('SNAPSHOT TABLE', node);
    case 'DropMaterializedViewStatement':
      return dropped('MATERIALIZED VIEW', node);
    case 'DropAiIndexStatement':
    case 'DropSearchIndexStatement':
    case 'DropVectorIndexStatement':
      return dropped(indexWords[node.kind], node) + onTable(node);
    case 'DropRowAccessPolicyStatement':
      return dropped('ROW ACCESS POLICY', node) + onTable(node);
    case 'DropAllRowAccessPoliciesStatement':
      return `DROP ALL ROW ${node.access ? 'ACCESS ' : ''}POLICIES${onTable(node)}`;
    case 'DropPrivilegeRestrictionStatement': {
      const object = `${printName(node.objectType)} ${printPath(node.name.path)}`;
      return `DROP PRIVILEGE RESTRICTION ${ifExists(node)}ON ${printPrivileges(node.privileges)} ON ${object}`;
    }
    case 'DropEntityStatement':
      return dropped(node.entity.name.toUpperCase(), node);
    case 'UndropStatement': {
      const time = node.systemTime === undefined ? undefined : printAny(node.systemTime, layout);
      const start = `UNDROP SCHEMA ${node.ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(node.name.path)}`;
      return start + clause('FOR SYSTEM_TIME AS OF', time) + printOptions(node.options, layout);
    }
  }
}
