import type { Script, Statement } from '../../../functions/core/sql/ast/index.ts';
import { visit } from '../../../functions/core/sql/ast/walk.ts';

/** What a script is and names: the part that must never be misread. */
export type Summary = { readonly kinds: string[]; readonly types: string[]; readonly names: string[] };

/** Kinds of all statements in the order of the text, blocks before what is in them; names without repeats. */
export function summary(script: Script): Summary {
  const kinds: string[] = [];
  const types: string[] = [];
  const names = new Set<string>();
  const add = (path: { parts: readonly { name: string }[] }) =>
    names.add(path.parts.map(({ name }) => name).join('.'));
  const read = (statement: Statement): void => {
    const other = statement.kind === 'OtherStatement';
    kinds.push(other ? statement.googleKind : statement.kind);
    types.push(other ? statement.statementType : statement.kind.replace('Statement', '').toUpperCase());
    if (other) for (const inner of statement.inner ?? []) read(inner);
  };
  for (const statement of script.statements) read(statement);
  visit(script, (node) => {
    if (node.kind === 'TableName') add(node.path);
    if (node.kind === 'TableFunction' || node.kind === 'PipeCall') add(node.name);
    if (node.kind === 'ObjectArgument') add(node.path);
    if (node.kind === 'OtherStatement') for (const { path } of node.objects) add(path);
    if ('target' in node) add(node.target);
  });
  return { kinds, types, names: [...names].sort() };
}
