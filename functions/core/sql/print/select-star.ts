import type { Expression } from '../ast/index.ts';
import { printAny, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';

/** What stands before `.*`: a path as it is, anything else between parentheses. */
export function printSelectBase(base: Expression, layout: Layout): string {
  return base.kind === 'PathExpression' ? printPath(base.path) : `(${printAny(base, layout)})`;
}
