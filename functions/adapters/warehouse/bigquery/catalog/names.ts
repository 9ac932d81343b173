import { namesIn } from '../../../../core/sql/ast/names.ts';
import { type Node, visit } from '../../../../core/sql/ast/walk.ts';
import type { TableRef } from '../../../../core/sql/catalog.ts';
import { parseScript } from '../../../../core/sql/parser/parse.ts';

export type Names = {
  /** In table position, as dotted parts. */
  readonly tables: readonly (readonly string[])[];
  /** Called by a name of more than one part: routines of a dataset. */
  readonly routines: readonly (readonly string[])[];
};

/** What a definition of a view names. A text that does not parse names nothing, and the resolver says why. */
export function namesOf(sql: string): Names {
  const parsed = parseScript(sql);
  if (!parsed.ok) return { tables: [], routines: [] };
  const tables: string[][] = [];
  const routines: string[][] = [];
  for (const statement of parsed.value.statements) {
    for (const { path, role } of namesIn(statement))
      (role === 'TVF' ? routines : tables).push(path.parts.map((part) => part.name));
    visit(statement, (node: Node) => {
      if (node.kind === 'FunctionCall') routines.push(node.name.parts.map((part) => part.name));
    });
  }
  return { tables, routines: routines.filter(isOfDataset) };
}

/** Built-in functions have names of two parts in these. */
const builtIn = /^(SAFE|NET|KEYS|AEAD|HLL_COUNT|KLL_QUANTILES|ML|AI|OBJ|D3A_COUNT|BQ|VECTOR_INDEX)$/i;

function isOfDataset(parts: readonly string[]): boolean {
  const names = parts.join('.').split('.');
  return names.length > 1 && !(names.length === 2 && builtIn.test(names[0] ?? ''));
}

/**
 * What a dotted name can mean, as the resolver looks it up: parts may hold dots, a project may hold a domain
 * (`example.com:p`). `undefined` for what the warehouse has no resource for.
 */
export function candidate(
  parts: readonly string[],
  project: string,
  dataset: { readonly project: string; readonly dataset: string } | undefined,
): TableRef | undefined {
  const written = parts.join('.');
  const colon = written.lastIndexOf(':');
  const [head, tail] = colon < 0 ? ['', written] : [written.slice(0, colon + 1), written.slice(colon + 1)];
  const names = tail.split('.');
  names[0] = head + (names[0] ?? '');
  if (names.some((name) => name === '' || /^(INFORMATION_SCHEMA|__TABLES(_SUMMARY)?__)$/i.test(name)))
    return undefined;
  const [a = '', b = '', c = ''] = names;
  if (names.length === 3) return open({ project: a, dataset: b, table: c });
  if (names.length === 2) return open({ project, dataset: a, table: b });
  return names.length === 1 && dataset ? open({ ...dataset, table: a }) : undefined;
}

/**
 * BigQuery keeps the results of jobs in datasets that begin with `_`: whoever may run as the same identity could read another's
 * there. `$` and `@` are no letters of a name but pick a part of a table or a moment of it.
 */
export const isHidden = (dataset: string): boolean => dataset.startsWith('_');

const open = (ref: TableRef): TableRef | undefined =>
  isHidden(ref.dataset) || /[$@]/.test(ref.table) ? undefined : ref;
