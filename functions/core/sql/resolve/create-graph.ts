import type { CreatePropertyGraphStatement, CreatePropertyGraphTypeStatement } from '../ast/index.ts';
import { tableName } from '../catalog.ts';
import type { QueryContext } from './context.ts';
import type { Draft } from './draft.ts';
import { unsupported } from './failure.ts';
import { tableRef } from './table.ts';

/** Which graph is written and which tables it shows; what their rows look like as a graph is not analyzed. */
export function resolveCreateGraph(
  statement: CreatePropertyGraphStatement | CreatePropertyGraphTypeStatement,
  context: QueryContext,
  draft: Draft,
): void {
  const { shared } = context.session;
  draft.statementType =
    statement.kind === 'CreatePropertyGraphStatement'
      ? 'CREATE_PROPERTY_GRAPH'
      : 'CREATE_PROPERTY_GRAPH_TYPE';
  const graph = tableRef(statement.name, context);
  shared.referenced.set(tableName(graph), graph);
  draft.writes.push(graph);
  if (statement.kind === 'CreatePropertyGraphStatement') {
    for (const { table } of [...statement.nodes, ...(statement.edges ?? [])]) {
      const ref = tableRef(table, context);
      shared.referenced.set(tableName(ref), ref);
      shared.reads.set(tableName(ref), ref);
    }
  }
  unsupported(statement, draft.statementType);
}
