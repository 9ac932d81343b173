import type { Query } from '../sql/ast/index.ts';
import type { CatalogTable } from '../sql/catalog.ts';
import { parseScript } from '../sql/parser/parse.ts';
import { printQuery } from '../sql/print/print.ts';
import { maskedSelect } from './mask-table.ts';
import type { MaskedColumn } from './plan.ts';

/** Text that this folder wrote; that it parses is a promise. */
export function parsedQuery(text: string): Query {
  const parsed = parseScript(text);
  const statement = parsed.ok ? parsed.value.statements[0] : undefined;
  if (!parsed.ok || statement?.kind !== 'QueryStatement') {
    throw new Error(`a masking query does not parse: ${parsed.ok ? 'no query' : parsed.error.message}`);
  }
  return statement.query;
}

/** A masking subquery: as a tree, and as its canonical text. */
export type MaskedTable = { readonly query: Query; readonly text: string };

/** A table as the catalog gave it has the same masks in each query of the same reader: they are parsed once. */
const known = new WeakMap<CatalogTable, Map<string, MaskedTable>>();

/** `maskedSelect` parsed, and printed again for comparison. */
export function maskedQuery(
  table: CatalogTable,
  from: string,
  masks: readonly Pick<MaskedColumn, 'path' | 'rule'>[],
): MaskedTable {
  const key = JSON.stringify([from, masks.map(({ path, rule }) => [path, rule])]);
  const ofTable = known.get(table) ?? new Map<string, MaskedTable>();
  known.set(table, ofTable);
  const before = ofTable.get(key);
  if (before !== undefined) return before;
  const query = parsedQuery(maskedSelect(table, from, masks));
  const masked = { query, text: printQuery(query) };
  ofTable.set(key, masked);
  return masked;
}
