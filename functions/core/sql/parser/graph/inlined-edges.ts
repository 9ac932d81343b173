import type { GraphInlinedEdge } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { optionalOptions } from '../options.ts';
import { columnList } from '../set-operations.ts';
import { dynamicParts } from './dynamic.ts';
import { elementLabels } from './properties.ts';

/** `EDGE AS name JOIN KEY (columns) REFERENCES node ...`, any number. */
export function inlinedEdges(cursor: Cursor): GraphInlinedEdge[] {
  const edges: GraphInlinedEdge[] = [];
  while (cursor.isWord('EDGE')) {
    cursor.foreign('edge inside of a node table');
    edges.push(inlinedEdge(cursor));
  }
  return edges;
}

function inlinedEdge(cursor: Cursor): GraphInlinedEdge {
  const { start } = cursor.expectWord('EDGE');
  cursor.expectWord('AS');
  const name = cursor.name();
  cursor.expectWord('JOIN');
  cursor.expectWord('KEY');
  const columns = columnList(cursor);
  cursor.expectWord('REFERENCES');
  const node = cursor.name();
  const nodeColumns = cursor.isOp('(') ? { nodeColumns: columnList(cursor) } : {};
  const direction = (['FORWARDS', 'BACKWARDS'] as const).find((word) => cursor.takeWord(word));
  const options = optionalOptions(cursor);
  const labels = elementLabels(cursor);
  const dynamic = dynamicParts(cursor);
  return {
    kind: 'GraphInlinedEdge',
    span: cursor.spanFrom(start),
    name,
    columns,
    node,
    ...nodeColumns,
    ...(direction === undefined ? {} : { direction }),
    ...options,
    labels,
    ...dynamic,
  };
}
