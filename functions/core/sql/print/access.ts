import type { AccessStatement, RestrictedPrivilege } from '../ast/index.ts';
import { printList, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';

/** `SELECT (a, b), INSERT`: SELECT is a word of the grammar, kept as written; every other privilege is a name. */
export function printPrivileges(privileges: readonly RestrictedPrivilege[]): string {
  return privileges
    .map(({ name, columns }) => {
      const list = columns.map(({ path }) => printPath(path)).join(', ');
      const word = name.quoted || name.name.toUpperCase() !== 'SELECT' ? printName(name) : name.name;
      return list === '' ? word : `${word} (${list})`;
    })
    .join(', ');
}

/** GRANT and REVOKE. */
export function printAccess(node: AccessStatement, layout: Layout): string {
  const [verb, people] = node.kind === 'GrantStatement' ? ['GRANT', 'TO'] : ['REVOKE', 'FROM'];
  const privileges = node.privileges === undefined ? 'ALL PRIVILEGES' : printPrivileges(node.privileges);
  const object = [...node.objectType.map(printName), printPath(node.name.path)].join(' ');
  return `${verb} ${privileges} ON ${object} ${people} ${printList(node.grantees, layout)}`;
}
