import type { Script, Statement } from '../../../functions/core/sql/ast/index.ts';
import { innerStatements, namesAt } from '../../../functions/core/sql/ast/names.ts';
import { statementType } from '../../../functions/core/sql/ast/statement-type.ts';
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
    kinds.push(statement.kind);
    types.push(statement.kind === 'QueryStatement' ? 'QUERY' : statementType(statement));
    for (const inner of innerStatements(statement)) read(inner);
  };
  for (const statement of script.statements) read(statement);
  visit(script, (node) => {
    if (node.kind === 'ObjectArgument') add(node.path);
    if (node.kind === 'ConnectionClause' && node.path !== undefined) add(node.path);
    for (const { path } of namesAt(node)) add(path);
  });
  return { kinds, types, names: [...names].sort() };
}
