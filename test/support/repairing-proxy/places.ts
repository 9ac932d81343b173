import type { TableReference } from './wire.ts';

/** Where the names of a query begin. */
export type Defaults = {
  readonly project: string;
  readonly dataset?: { readonly project: string; readonly dataset: string };
};

export const keyOf = ({ projectId, datasetId, tableId }: TableReference): string =>
  `${projectId}.${datasetId}.${tableId}`;

/** The table that a name as written can mean; undefined for one that needs a dataset and has none. */
export function placeOf(
  parts: readonly string[],
  { project, dataset }: Defaults,
): TableReference | undefined {
  const names = parts.join('.').split('.');
  const schema = names.findIndex((name) => name.toUpperCase() === 'INFORMATION_SCHEMA');
  if (schema >= 0) return informationSchema(names, schema, project);
  const [first = '', second = '', third = ''] = names;
  if (names.length === 1) {
    return dataset && { projectId: dataset.project, datasetId: dataset.dataset, tableId: first };
  }
  if (names.length === 2) return { projectId: project, datasetId: first, tableId: second };
  if (names.length === 3) return { projectId: first, datasetId: second, tableId: third };
  return undefined;
}

function informationSchema(
  names: readonly string[],
  at: number,
  project: string,
): TableReference | undefined {
  const tableId = names.slice(at).join('.');
  const [first, second] = names;
  if (at === 0 || first === undefined) return undefined;
  if (at === 1) return { projectId: project, datasetId: first, tableId };
  return second === undefined ? undefined : { projectId: first, datasetId: second, tableId };
}

/** The reference of a name of the oracle's catalog, `project.dataset.table` or without its project. */
export function referenceOf(name: string, project: string): TableReference {
  const at = name.toUpperCase().indexOf('.INFORMATION_SCHEMA.');
  const head = at < 0 ? name : name.slice(0, at);
  const parts = head.split('.');
  const tail = at < 0 ? (parts.pop() ?? '') : name.slice(at + 1);
  const datasetId = parts.pop() ?? '';
  return { projectId: parts.join('.') || project, datasetId, tableId: tail };
}
