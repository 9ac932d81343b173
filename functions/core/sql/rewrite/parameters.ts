import type { Expression, Query, Script, Statement } from '../ast/index.ts';
import { mapExpressions } from '../ast/walk.ts';

/**
 * A copy of the tree with other parameter names. A number in `names` is the position of a `?`, a string
 * the lower-case name of an `@name`; what it maps to becomes `@` that. Others stay.
 */
export function renameParameters<T extends Expression | Query | Script | Statement>(
  root: T,
  names: ReadonlyMap<number | string, string>,
): T {
  return mapExpressions(root, (node) => {
    const key = parameterKey(node);
    const name = key === undefined ? undefined : names.get(key);
    return name === undefined ? node : { kind: 'Parameter', span: node.span, name };
  });
}

function parameterKey(node: Expression): number | string | undefined {
  if (node.kind === 'PositionalParameter') return node.position;
  return node.kind === 'Parameter' ? node.name.toLowerCase() : undefined;
}
