import type { CreatePropertyGraphStatement, GraphQuery, GraphTable } from '../ast/index.ts';
import { type CatalogGraph, type CatalogTable, tableName } from '../catalog.ts';
import { parseScript } from '../parser/parse.ts';
import type { QueryContext } from './context.ts';
import { fail, unsupported } from './failure.ts';
import { fixedTable } from './session.ts';
import { resolveTableName, tableRef } from './table.ts';
import { viewSession } from './view.ts';

/**
 * Refuses a graph query by the name of its graph. What it may read is noted first: the graph itself, and every
 * table behind it where the catalog knows its definition.
 */
export function refuseGraphQuery(node: GraphQuery | GraphTable, context: QueryContext): never {
  const { graph } = node;
  if (graph === undefined) return unsupported(node, 'graph query');
  const { session } = context;
  const ref = tableRef(graph, context);
  const name = tableName(ref);
  if (session.views.length === 0) session.shared.referenced.set(name, ref);
  const known = session.catalog.graph?.(ref);
  if (known !== undefined) noteElements(known, node, context);
  return unsupported(
    node,
    `property graph ${name}`,
    `A query of the property graph ${name} is not supported`,
  );
}

/** Every element of a graph may be read, whatever the query's pattern asks for. */
function noteElements(graph: CatalogGraph, node: GraphQuery | GraphTable, context: QueryContext): void {
  const { nodes, edges = [] } = definitionOf(graph, node);
  const asView: CatalogTable = {
    ref: graph.ref,
    kind: 'view',
    columns: [],
    pseudoColumns: [],
    etag: graph.definition,
  };
  const outer = viewSession(context.session, asView);
  const { project, dataset } = graph.ref;
  const session = { ...outer, catalog: { ...outer.catalog, project, defaultDataset: { project, dataset } } };
  const inside: QueryContext = { session, ctes: undefined, outer: undefined };
  for (const { table } of [...nodes, ...edges]) {
    if (session.catalog.table(tableRef(table, inside)) === undefined) continue;
    resolveTableName(fixedTable(table.path), inside, undefined);
  }
}

/** The one statement that a graph is made of. */
function definitionOf(graph: CatalogGraph, node: GraphQuery | GraphTable): CreatePropertyGraphStatement {
  const parsed = parseScript(graph.definition);
  const [statement, ...others] = parsed.ok ? parsed.value.statements : [];
  if (statement?.kind !== 'CreatePropertyGraphStatement' || others.length > 0)
    return fail(
      node,
      `Invalid property graph ${tableName(graph.ref)}: its definition is not one CREATE PROPERTY GRAPH`,
    );
  return statement;
}
