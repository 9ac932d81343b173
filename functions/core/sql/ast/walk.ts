import type { Expression } from './expressions.ts';
import { isExpression, isTable, type Node } from './kinds.ts';
import type { TableExpression } from './queries.ts';

export { isExpression, isStatement, isTable, type Node } from './kinds.ts';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

const isNode = (value: object): value is Node => 'kind' in value;

/**
 * Calls `enter` for every node under and including `root`, parents first, in the order of the text as
 * far as the tree keeps it. `enter` returns false to leave out what is below a node.
 * It follows every property, so that no kind of node can hide another from it.
 */
export function visit(root: Node, enter: (node: Node) => unknown): void {
  visitValue(root, enter);
}

function visitValue(value: unknown, enter: (node: Node) => unknown): void {
  if (!isObject(value)) return;
  if (Array.isArray(value)) {
    for (const item of value) visitValue(item, enter);
    return;
  }
  if (isNode(value) && enter(value) === false) return;
  const properties = value as Readonly<Record<string, unknown>>;
  for (const key in properties) {
    if (key !== 'span') visitValue(properties[key], enter);
  }
}

/**
 * A copy of the tree in which `change` replaced nodes, children first; it gets the node with its children
 * already changed, and the original. What nothing changed is shared with the original, not copied.
 */
export function mapNodes<T extends Node>(root: T, change: (node: Node, original: Node) => Node): T {
  return mapValue(root, change) as T;
}

function mapValue(value: unknown, change: (node: Node, original: Node) => Node): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => mapValue(item, change));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let copy: Record<string, unknown> | undefined;
  const properties = value as Readonly<Record<string, unknown>>;
  for (const key in properties) {
    if (key === 'span') continue;
    const child = properties[key];
    const mapped = mapValue(child, change);
    if (mapped === child) continue;
    copy ??= { ...value } as Record<string, unknown>;
    copy[key] = mapped;
  }
  const result = (copy ?? value) as object;
  return isNode(value) ? change(result as Node, value) : result;
}

/** `mapNodes` for expressions: what replaces one is an expression again. */
export function mapExpressions<T extends Node>(
  root: T,
  change: (expression: Expression, original: Expression) => Expression,
): T {
  return mapNodes(root, (node, original) =>
    isExpression(node) && isExpression(original) ? change(node, original) : node,
  );
}

/** `mapNodes` for tables in FROM: what replaces one is a table again. */
export function mapTables<T extends Node>(
  root: T,
  change: (table: TableExpression, original: TableExpression) => TableExpression,
): T {
  return mapNodes(root, (node, original) =>
    isTable(node) && isTable(original) ? change(node, original) : node,
  );
}
