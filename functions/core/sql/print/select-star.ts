import type { Expression, Identifier, Unpack } from '../ast/index.ts';
import { printAny, printBase, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';

/** What stands before `.*`. */
export function printSelectBase(base: Expression, layout: Layout): string {
  return base.kind === 'PathExpression' ? printPath(base.path) : printBase(base, layout);
}

/** Names of columns with commas between them, unpacked ones among them. */
export function printColumnNames(columns: readonly (Identifier | Unpack)[], layout: Layout): string {
  return columns
    .map((column) => (column.kind === 'Identifier' ? printName(column) : printAny(column, layout)))
    .join(', ');
}
