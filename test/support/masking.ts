import { readPolicies } from '../../functions/adapters/policy/directory.ts';
import { root } from '../../functions/config/embedded.ts';
import type { PolicyBundle } from '../../functions/core/policy/bundle.ts';
import { loadBundle, type PolicyFile, problemText } from '../../functions/core/policy/load.ts';
import { parseTypeText } from '../../functions/core/policy/type-text.ts';
import type { Principal } from '../../functions/core/query/principal.ts';
import type { Catalog, CatalogColumn, CatalogTable } from '../../functions/core/sql/catalog.ts';

/** An agent in the given groups. */
export const agent = (...groups: string[]): Principal => ({
  issuer: 'https://issuer.example',
  subject: 'robot',
  kind: 'agent',
  groups,
});

/** A bundle from files, or an error with every problem. */
export function bundleOf(files: readonly PolicyFile[]): PolicyBundle {
  const loaded = loadBundle(files);
  if (!loaded.ok) throw new Error(loaded.errors.map(problemText).join('\n'));
  return loaded.bundle;
}

/** The shipped policy; `masks` (YAML list items) go before its own masks, and its tests stay out then. */
export function shippedBundle(masks = ''): PolicyBundle {
  const files = readPolicies(`${root}/policies`);
  if (masks === '') return bundleOf(files);
  return bundleOf(
    files
      .filter((file) => !file.path.endsWith('.test.yaml'))
      .map((file) => ({ ...file, text: file.text.replace('\nmasks:\n', `\nmasks:\n${masks}\n`) })),
  );
}

function column(name: string, text: string): CatalogColumn {
  const type = parseTypeText(text);
  if (type === undefined) throw new Error(`no type: ${text}`);
  return { name, type, mode: type.kind === 'array' ? 'REPEATED' : 'NULLABLE' };
}

/** `local.shop.<name>` with columns as GoogleSQL types; with `viewSql` a view. */
export function table(
  name: string,
  columns: Readonly<Record<string, string>>,
  viewSql?: string,
): CatalogTable {
  return {
    ref: { project: 'local', dataset: 'shop', table: name },
    kind: viewSql === undefined ? 'table' : 'view',
    columns: Object.entries(columns).map(([key, text]) => column(key, text)),
    pseudoColumns: [],
    etag: '1',
    ...(viewSql === undefined ? {} : { viewSql }),
  };
}

export const catalogOf = (tables: readonly CatalogTable[]): Catalog => ({
  project: 'local',
  defaultDataset: { project: 'local', dataset: 'shop' },
  table: (ref) =>
    tables.find(
      (each) =>
        each.ref.project === ref.project && each.ref.dataset === ref.dataset && each.ref.table === ref.table,
    ),
  tablesWithPrefix: ({ dataset }, prefix) =>
    tables.filter((each) => each.ref.dataset === dataset && each.ref.table.startsWith(prefix)),
});
