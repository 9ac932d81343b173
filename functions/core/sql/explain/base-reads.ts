import type { StatementAnalysis } from '../analysis.ts';
import { analyzeView } from '../analyze.ts';
import { type CatalogTable, tableName } from '../catalog.ts';
import type { NamedCatalog } from './catalog-file.ts';

export type BaseReads = { readonly tables: Set<string>; readonly reads: Set<string> };

/**
 * Tables and columns below the views, routines and script tables that a statement names: of a view everything that
 * its definition reads, whatever the statement takes of it. Undefined where there are none of these.
 */
export function baseReads(analysis: StatementAnalysis, named: NamedCatalog): BaseReads | undefined {
  const found: BaseReads = { tables: new Set(), reads: new Set() };
  return collect(analysis, named, found, new Set()) ? found : undefined;
}

/** Whether anything had to be looked through. */
function collect(
  analysis: StatementAnalysis,
  named: NamedCatalog,
  found: BaseReads,
  seen: Set<string>,
): boolean {
  const { nameOf } = named;
  const behind = new Map<string, CatalogTable>();
  for (const { table } of analysis.uses)
    if (table.kind === 'view' || table.derivation) behind.set(tableName(table.ref), table);
  for (const ref of analysis.named) if (!behind.has(tableName(ref))) found.tables.add(nameOf(ref));
  for (const { table, column } of analysis.columnReads)
    if (!behind.has(tableName(table))) found.reads.add(`${nameOf(table)}.${column}`);
  for (const [name, table] of behind) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (table.derivation) {
      for (const ref of table.derivation.tables) found.tables.add(nameOf(ref));
      for (const read of table.derivation.reads) found.reads.add(`${nameOf(read.table)}.${read.column}`);
      continue;
    }
    const view = analyzeView(table, named.catalog);
    if (view.ok) collect(view.value, named, found, seen);
  }
  return behind.size > 0;
}
