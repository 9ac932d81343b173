import type { AlterStatement, PolicyAction, RestrictionAction } from '../ast/index.ts';
import { printPrivileges } from './access.ts';
import { printAlterAction } from './alter-actions.ts';
import { clause } from './create-clauses.ts';
import { printAny, printList, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';

const words = {
  AlterApproxViewStatement: 'APPROX VIEW',
  AlterConnectionStatement: 'CONNECTION',
  AlterDatabaseStatement: 'DATABASE',
  AlterExternalSchemaStatement: 'EXTERNAL SCHEMA',
  AlterMaterializedViewStatement: 'MATERIALIZED VIEW',
  AlterModelStatement: 'MODEL',
  AlterSchemaStatement: 'SCHEMA',
  AlterSequenceStatement: 'SEQUENCE',
  AlterTableStatement: 'TABLE',
  AlterViewStatement: 'VIEW',
} as const;

const ifExists = (node: { readonly ifExists: boolean }): string => (node.ifExists ? ' IF EXISTS' : '');

/** `ALTER kind name`, and an action a line. */
export function printAlter(node: AlterStatement, layout: Layout): string {
  const lines = (list: readonly string[]): string => layout.newline + list.join(`,${layout.newline}`);
  switch (node.kind) {
    case 'AlterRowAccessPolicyStatement': {
      const name = `${printName(node.name)} ON ${printPath(node.table.path)}`;
      const actions = node.actions.map((action) => printPolicyAction(action, layout));
      return `ALTER ROW ACCESS POLICY${ifExists(node)} ${name}${lines(actions)}`;
    }
    case 'AlterAllRowAccessPoliciesStatement': {
      const action = printPolicyAction(node.action, layout);
      return `ALTER ALL ROW ACCESS POLICIES ON ${printPath(node.table.path)}${lines([action])}`;
    }
    case 'AlterPrivilegeRestrictionStatement': {
      const on = `ON ${printPrivileges(node.privileges)} ON ${printName(node.objectType)}`;
      const actions = node.actions.map((action) => printRestriction(action, layout));
      return `ALTER PRIVILEGE RESTRICTION${ifExists(node)} ${on} ${printPath(node.name.path)}${lines(actions)}`;
    }
    case 'AlterEntityStatement': {
      const name = node.name === undefined ? '' : ` ${printPath(node.name.path)}`;
      const actions = node.actions.map((action) => printAlterAction(action, layout));
      return `ALTER ${node.entity.name.toUpperCase()}${ifExists(node)}${name}${lines(actions)}`;
    }
    default: {
      const isIndex = node.kind === 'AlterIndexStatement';
      const what = isIndex ? `${node.type} INDEX` : words[node.kind];
      const table = isIndex && node.table !== undefined ? printPath(node.table.path) : undefined;
      const actions = node.actions.map((action) => printAlterAction(action, layout));
      const name = printPath(node.name.path) + clause('ON', table);
      return `ALTER ${what}${ifExists(node)} ${name}${lines(actions)}`;
    }
  }
}

function printPolicyAction(action: PolicyAction, layout: Layout): string {
  switch (action.kind) {
    case 'GrantToClause':
      return `GRANT TO (${printList(action.grantees, layout)})`;
    case 'FilterUsingClause':
      return `FILTER USING (${printAny(action.condition, layout)})`;
    case 'RevokeFromClause': {
      const people = action.grantees === undefined ? 'ALL' : `(${printList(action.grantees, layout)})`;
      return `REVOKE FROM ${people}`;
    }
    case 'RenameToClause':
      return `RENAME TO ${printPath(action.name.path)}`;
  }
}

function printRestriction(action: RestrictionAction, layout: Layout): string {
  const people = `(${printList(action.grantees, layout)})`;
  switch (action.kind) {
    case 'RestrictToClause':
      return `RESTRICT TO ${people}`;
    case 'AddToRestricteeListClause':
      return `ADD ${action.conditional ? 'IF NOT EXISTS ' : ''}${people}`;
    case 'RemoveFromRestricteeListClause':
      return `REMOVE ${action.conditional ? 'IF EXISTS ' : ''}${people}`;
  }
}
