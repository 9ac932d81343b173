import type { AccessStatement, Identifier, ObjectName } from '../ast/index.ts';
import { parseGrantees, restrictedPrivilege } from './create/policy.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { given } from './given.ts';
import { oneName, parseObjectName } from './object-names.ts';

/** `GRANT privileges ON [kind] name TO grantees`, `REVOKE ... FROM grantees` */
export function parseAccess(cursor: Cursor): AccessStatement {
  const { start, word } = cursor.advance();
  const kind = word === 'GRANT' ? 'GrantStatement' : 'RevokeStatement';
  const privileges = cursor.isWord('ALL') ? allPrivileges(cursor) : commaList(cursor, restrictedPrivilege);
  cursor.expectWord('ON');
  const { objectType, name } = object(cursor, kind);
  const people = kind === 'GrantStatement' ? 'TO' : 'FROM';
  if (!cursor.isWord(people)) failObject(cursor, kind);
  cursor.advance();
  const grantees = parseGrantees(cursor);
  const span = cursor.spanFrom(start);
  return { kind, span, ...given({ privileges }), objectType, name, grantees };
}

/** GoogleSQL never says that it expected a FROM. */
const failObject = (cursor: Cursor, kind: AccessStatement['kind']): never =>
  kind === 'GrantStatement' ? failExpected(cursor, '.', 'TO') : failExpected(cursor, '.');

function allPrivileges(cursor: Cursor): undefined {
  cursor.expectWord('ALL');
  cursor.takeWord('PRIVILEGES');
}

/** Up to two names for the kind of object before its own, which alone may have several parts. */
function object(cursor: Cursor, role: string): { objectType: Identifier[]; name: ObjectName } {
  const objectType: Identifier[] = [];
  while (objectType.length < 2 && cursor.isName() && cursor.isName(cursor.peek(1))) {
    objectType.push(cursor.name());
  }
  const alone = cursor.isName() && cursor.peek(1).op !== '.';
  return { objectType, name: alone ? oneName(cursor.name(), role) : parseObjectName(cursor, role) };
}
