import type { AlterStatement, Expression, PolicyAction, RestrictionAction } from '../../ast/index.ts';
import { takeIfNotExists } from '../create/head.ts';
import { parseGrantees, restrictedPrivilege, restrictedTo } from '../create/policy.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { takeIfExists } from '../object-kinds.ts';
import { oneName, parseObjectName } from '../object-names.ts';
import { parseCondition } from './add.ts';

/** `ALTER ROW ACCESS POLICY name ON table action, ...` */
export function alterRowAccessPolicy(cursor: Cursor, start: number): AlterStatement {
  cursor.foreign('ALTER ROW ACCESS POLICY');
  const kind = 'AlterRowAccessPolicyStatement';
  for (const word of ['ROW', 'ACCESS', 'POLICY']) cursor.expectWord(word);
  const ifExists = takeIfExists(cursor);
  const name = cursor.name();
  cursor.expectWord('ON');
  const table = parseObjectName(cursor, kind);
  const actions = [policyAction(cursor)];
  while (cursor.takeOp(',')) {
    if (!policyWords.has(cursor.token.word)) failExpected(cursor, ...policyWords);
    actions.push(policyAction(cursor));
  }
  return { kind, span: cursor.spanFrom(start), ifExists, name, table, actions };
}

/** `ALTER ALL ROW ACCESS POLICIES ON table action` */
export function alterAllPolicies(cursor: Cursor, start: number): AlterStatement {
  cursor.foreign('ALTER ALL ROW ACCESS POLICIES');
  const kind = 'AlterAllRowAccessPoliciesStatement';
  for (const word of ['ALL', 'ROW', 'ACCESS', 'POLICIES', 'ON']) cursor.expectWord(word);
  const table = parseObjectName(cursor, kind);
  const action = policyAction(cursor);
  return { kind, span: cursor.spanFrom(start), table, action };
}

const policyWords: ReadonlySet<string> = new Set(['FILTER', 'GRANT', 'RENAME', 'REVOKE']);

function policyAction(cursor: Cursor): PolicyAction {
  const { start, word } = cursor.token;
  switch (word) {
    case 'GRANT': {
      cursor.advance();
      cursor.expectWord('TO');
      const grantees = granteesInParentheses(cursor);
      return { kind: 'GrantToClause', span: cursor.spanFrom(start), grantees };
    }
    case 'FILTER': {
      cursor.advance();
      cursor.expectWord('USING');
      const condition = parseCondition(cursor);
      return { kind: 'FilterUsingClause', span: cursor.spanFrom(start), condition };
    }
    case 'REVOKE':
      return revokeFrom(cursor, start);
    case 'RENAME': {
      cursor.advance();
      cursor.expectWord('TO');
      const name = oneName(cursor.name(), 'RenameToClause');
      return { kind: 'RenameToClause', span: cursor.spanFrom(start), name };
    }
    default:
      return cursor.unexpected();
  }
}

function revokeFrom(cursor: Cursor, start: number): PolicyAction {
  cursor.expectWord('REVOKE');
  cursor.expectWord('FROM');
  if (cursor.takeWord('ALL')) return { kind: 'RevokeFromClause', span: cursor.spanFrom(start) };
  if (!cursor.isOp('(')) return failExpected(cursor, '(', 'ALL');
  const grantees = granteesInParentheses(cursor);
  return { kind: 'RevokeFromClause', span: cursor.spanFrom(start), grantees };
}

function granteesInParentheses(cursor: Cursor): Expression[] {
  cursor.expectOp('(');
  const grantees = parseGrantees(cursor);
  if (!cursor.takeOp(')')) failExpected(cursor, ')', ',');
  return grantees;
}

/** `ALTER PRIVILEGE RESTRICTION ON privileges ON kind name action, ...` */
export function alterPrivilegeRestriction(cursor: Cursor, start: number): AlterStatement {
  cursor.foreign('ALTER PRIVILEGE RESTRICTION');
  const kind = 'AlterPrivilegeRestrictionStatement';
  cursor.expectWord('PRIVILEGE');
  cursor.expectWord('RESTRICTION');
  const ifExists = takeIfExists(cursor);
  cursor.expectWord('ON');
  const privileges = commaList(cursor, restrictedPrivilege);
  cursor.expectWord('ON');
  const objectType = cursor.name();
  const name = parseObjectName(cursor, kind);
  if (!restrictionWords.has(cursor.token.word)) failExpected(cursor, '.', 'ADD', 'REMOVE', 'RESTRICT');
  const actions = commaList(cursor, restrictionAction);
  const span = cursor.spanFrom(start);
  return { kind, span, ifExists, privileges, objectType, name, actions };
}

const restrictionWords: ReadonlySet<string> = new Set(['ADD', 'REMOVE', 'RESTRICT']);

function restrictionAction(cursor: Cursor): RestrictionAction {
  const { start, word } = cursor.token;
  switch (word) {
    case 'RESTRICT': {
      const grantees = restrictedTo(cursor);
      return { kind: 'RestrictToClause', span: cursor.spanFrom(start), grantees };
    }
    case 'ADD': {
      cursor.advance();
      const conditional = takeIfNotExists(cursor);
      const grantees = restrictees(cursor);
      return { kind: 'AddToRestricteeListClause', span: cursor.spanFrom(start), conditional, grantees };
    }
    case 'REMOVE': {
      cursor.advance();
      const conditional = takeIfExists(cursor);
      const grantees = restrictees(cursor);
      return { kind: 'RemoveFromRestricteeListClause', span: cursor.spanFrom(start), conditional, grantees };
    }
    default:
      return failExpected(cursor, 'ADD', 'REMOVE', 'RESTRICT');
  }
}

/** `('a', 'b')`, `()` */
function restrictees(cursor: Cursor): Expression[] {
  if (!cursor.isOp('(') || cursor.peek(1).op !== ')') return granteesInParentheses(cursor);
  cursor.advance();
  cursor.advance();
  return [];
}
