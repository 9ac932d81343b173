import type {
  CreatePrivilegeRestrictionStatement,
  CreateRowAccessPolicyStatement,
  Expression,
  RestrictedPrivilege,
} from '../../ast/index.ts';
import { stringOrParameter } from '../column-types.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { oneName, parseObjectName } from '../object-names.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';

/** From the word ROW on. */
export function createRowAccessPolicy(cursor: Cursor, head: CreateHead): CreateRowAccessPolicyStatement {
  const kind = 'CreateRowAccessPolicyStatement';
  const row = cursor.expectWord('ROW');
  const access = cursor.takeWord('ACCESS');
  if (!access) cursor.foreign('ROW POLICY', row);
  cursor.expectWord('POLICY');
  const ifNotExists = takeIfNotExists(cursor);
  const name = cursor.isName() ? { name: oneName(cursor.name(), kind) } : {};
  cursor.expectWord('ON');
  const table = parseObjectName(cursor, kind);
  const grantKeyword = cursor.isWord('GRANT');
  const grantees = cursor.isWord('TO') || grantKeyword ? { grantees: grantTo(cursor) } : {};
  const granted = 'grantees' in grantees;
  const filterKeyword = cursor.takeWord('FILTER');
  if (!filterKeyword && !cursor.isWord('USING')) {
    if (granted) failExpected(cursor, 'FILTER', 'USING');
    cursor.unexpected();
  }
  const filter = usingClause(cursor);
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    access,
    ...name,
    table,
    ...grantees,
    grantKeyword,
    filterKeyword,
    filter,
  };
}

/** `GRANT TO (...)`, `TO ...` */
function grantTo(cursor: Cursor): Expression[] {
  const keyword = cursor.takeWord('GRANT');
  cursor.expectWord('TO');
  if (!keyword) return parseGrantees(cursor);
  cursor.expectOp('(');
  const grantees = parseGrantees(cursor);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return grantees;
}

/** String literals and parameters that name people and groups. */
export const parseGrantees = (cursor: Cursor): Expression[] => commaList(cursor, stringOrParameter);

/** `USING (condition)` */
function usingClause(cursor: Cursor): Expression {
  cursor.expectWord('USING');
  cursor.expectOp('(');
  const filter = parseExpression(cursor);
  cursor.expectOp(')');
  return filter;
}

/** From the word PRIVILEGE on. */
export function createPrivilegeRestriction(
  cursor: Cursor,
  head: CreateHead,
): CreatePrivilegeRestrictionStatement {
  const kind = 'CreatePrivilegeRestrictionStatement';
  cursor.foreign('CREATE PRIVILEGE RESTRICTION');
  cursor.expectWord('PRIVILEGE');
  cursor.expectWord('RESTRICTION');
  const ifNotExists = takeIfNotExists(cursor);
  cursor.expectWord('ON');
  const privileges = commaList(cursor, restrictedPrivilege);
  cursor.expectWord('ON');
  const objectType = cursor.name();
  const name = parseObjectName(cursor, kind);
  const restrictTo = cursor.isWord('RESTRICT') ? { restrictTo: restrictedTo(cursor) } : {};
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    privileges,
    objectType,
    name,
    ...restrictTo,
  };
}

const selectWord: ReadonlySet<string> = new Set(['SELECT']);

/** `SELECT (a, b)`, `INSERT` */
export function restrictedPrivilege(cursor: Cursor): RestrictedPrivilege {
  const { start } = cursor.token;
  const name = cursor.nameOr(selectWord);
  const columns = cursor.takeOp('(')
    ? commaList(cursor, (at) => parseObjectName(at, 'PathExpressionList'))
    : [];
  if (columns.length > 0) closeList(cursor);
  return { kind: 'RestrictedPrivilege', span: cursor.spanFrom(start), name, columns };
}

/** What a parameter or a system variable begins with. */
const parameterSigns: ReadonlySet<string> = new Set(['@', '@@', '?']);

/** `RESTRICT TO ('a', 'b')`, `RESTRICT TO ()` */
export function restrictedTo(cursor: Cursor): Expression[] {
  cursor.expectWord('RESTRICT');
  cursor.expectWord('TO');
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return [];
  if (cursor.token.kind !== 'string' && !parameterSigns.has(cursor.token.op)) cursor.unexpected();
  const grantees = parseGrantees(cursor);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return grantees;
}
