import type { Script } from '../ast/index.ts';
import { type CatalogTable, tableName } from '../catalog.ts';
import { parseScript } from '../parser/parse.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import type { FromResult } from './array-join.ts';
import type { QueryContext, QueryResult } from './context.ts';
import { fail, ResolveFailure, unsupported } from './failure.ts';
import { resolveQuery } from './query.ts';
import { columnField, columnRef, valueFields } from './scope.ts';
import { countExpansion, newColumn, noteUse, type Session } from './session.ts';
import type { TableNode } from './table.ts';

const MAX_VIEW_DEPTH = 16;

/** A view is its definition: resolved in its own project, without names from outside. */
export function resolveView(
  node: TableNode,
  table: CatalogTable,
  alias: string,
  context: QueryContext,
): FromResult {
  const { session } = context;
  const name = tableName(table.ref);
  if (node.systemTime)
    unsupported(node, 'FOR SYSTEM_TIME AS OF', 'FOR SYSTEM_TIME AS OF is not supported on views');
  if (session.views.some((v) => tableName(v.ref) === name)) fail(node.path, `View ${name} refers to itself`);
  if (session.views.length >= MAX_VIEW_DEPTH)
    fail(node.path, `Views are nested deeper than ${MAX_VIEW_DEPTH}`);
  const inner: QueryContext = { session: viewSession(session, table), ctes: undefined, outer: undefined };
  let result: ReturnType<typeof resolveQuery>;
  try {
    result = resolveQuery(viewQuery(table, node), inner);
  } catch (error) {
    if (!(error instanceof ResolveFailure)) throw error;
    throw new ResolveFailure(
      error.kind,
      `Invalid view ${name}: ${error.message}`,
      node.path.span.start,
      error.subject,
    );
  }
  const bound = boundary(result, session);
  const value = result.asValue ? bound.columns[0] : undefined;
  const fields = value ? valueFields('', value) : bound.columns.map((c) => columnField(c.name, c));
  noteUse(session, { node, table, members: [table], pseudo: [], columns: bound.columns });
  return {
    scan: bound,
    names: { fields, ranges: [{ name: alias, fields, ...(value ? { value } : {}) }] },
  };
}

/** The columns of a definition under new ids, so that what is read of it shows. */
export function boundary(
  { scan, outputs }: QueryResult,
  session: Session,
): Extract<ResolvedScan, { kind: 'ProjectScan' }> {
  const computed = outputs.map((o) => ({
    column: newColumn(session, o.name, o.column.type),
    expression: columnRef(o.column, { start: 0, end: 0 }),
  }));
  const columns = computed.map((c) => c.column);
  return { kind: 'ProjectScan', input: scan, computed, columns, boundary: true };
}

export function viewSession(session: QueryContext['session'], table: CatalogTable): QueryContext['session'] {
  const { catalog } = session;
  countExpansion(session.shared.ids, table.viewSql?.length ?? 0);
  return {
    ...session,
    catalog: {
      project: table.ref.project,
      table: (ref) => catalog.table(ref),
      tablesWithPrefix: (dataset, prefix) => catalog.tablesWithPrefix(dataset, prefix),
      graph: (ref) => catalog.graph?.(ref),
    },
    views: [...session.views, table],
  };
}

/** The one query that a view is made of. */
function viewQuery(table: CatalogTable, node: TableNode) {
  const parsed = parseScript(table.viewSql ?? '');
  if (!parsed.ok) fail(node.path, `Invalid view ${tableName(table.ref)}: ${parsed.error.message}`);
  const script: Script = parsed.value;
  const [statement] = script.statements;
  if (script.statements.length !== 1 || statement?.kind !== 'QueryStatement')
    fail(node.path, `Invalid view ${tableName(table.ref)}: its definition is not one query`);
  return statement.query;
}
