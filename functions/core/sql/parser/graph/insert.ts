import type { GraphElementFiller, GraphPathElement, GraphPathPattern } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { optionalElementName, parseIsLabel, parsePropertyValues } from './pattern.ts';

/** Nodes to insert with directed edges between them; nothing in them is a condition. */
export function parseInsertPath(cursor: Cursor): GraphPathPattern {
  const { start } = cursor.token;
  const elements = [insertedNode(cursor)];
  while (cursor.isOp('-') || cursor.isOp('<')) elements.push(insertedEdge(cursor), insertedNode(cursor));
  return { kind: 'GraphPathPattern', span: cursor.spanFrom(start), elements };
}

function filler(cursor: Cursor): GraphElementFiller {
  const variable = optionalElementName(cursor);
  const label = parseIsLabel(cursor);
  const properties = cursor.isOp('{') ? { properties: parsePropertyValues(cursor) } : {};
  return { ...variable, ...label, ...properties };
}

function insertedNode(cursor: Cursor): GraphPathElement {
  const { start } = cursor.expectOp('(');
  const inside = filler(cursor);
  cursor.expectOp(')');
  return { kind: 'GraphNode', span: cursor.spanFrom(start), filler: inside };
}

function insertedEdge(cursor: Cursor): GraphPathElement {
  const { start } = cursor.token;
  const left = cursor.takeOp('<');
  cursor.expectOp('-');
  cursor.expectOp('[');
  const inside = filler(cursor);
  cursor.expectOp(']');
  if (left) cursor.expectOp('-');
  else if (!cursor.takeOp('->')) cursor.fail(`Expected -> but got ${cursor.here()}`);
  return {
    kind: 'GraphEdge',
    span: cursor.spanFrom(start),
    direction: left ? 'LEFT' : 'RIGHT',
    filler: inside,
  };
}
