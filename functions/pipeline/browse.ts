import type { Refusal } from '../core/errors.ts';
import type { Caller } from '../core/query/principal.ts';
import type { TableRef } from '../core/sql/catalog.ts';
import type { DatasetInfo, Ports, TableInfo } from '../ports/index.ts';

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const denied = (what: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: {
    code: 'forbidden',
    message: `Access Denied: ${what}: no policy grants it to you, or it does not exist. Ask for a grant, or check the name.`,
  },
});
const missing = (what: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code: 'not_found', message: `Not found: ${what}` },
});

const readable = (ports: Ports, caller: Caller, project: string, dataset: string): boolean =>
  ports.policy().mayRead(caller.principal, project, dataset);

/** The datasets that the caller may read. */
export async function listDatasets(
  ports: Ports,
  caller: Caller,
  project: string,
): Promise<readonly DatasetInfo[]> {
  const all = await ports.warehouse.datasets(project);
  return all.filter((info) => readable(ports, caller, project, info.dataset));
}

/** One dataset; not granted and not there are told apart only where a grant covers the name. */
export async function getDataset(
  ports: Ports,
  caller: Caller,
  project: string,
  dataset: string,
): Promise<Found<DatasetInfo>> {
  const name = `Dataset ${project}:${dataset}`;
  if (!readable(ports, caller, project, dataset)) return denied(name);
  const info = await ports.warehouse.dataset(project, dataset);
  return info === undefined ? missing(name) : { ok: true, value: info };
}

export async function listTables(
  ports: Ports,
  caller: Caller,
  project: string,
  dataset: string,
): Promise<Found<readonly TableInfo[]>> {
  const found = await getDataset(ports, caller, project, dataset);
  return found.ok ? { ok: true, value: await ports.warehouse.tables(project, dataset) } : found;
}

export async function getTable(ports: Ports, caller: Caller, ref: TableRef): Promise<Found<TableInfo>> {
  const name = `Table ${ref.project}:${ref.dataset}.${ref.table}`;
  if (!readable(ports, caller, ref.project, ref.dataset)) return denied(name);
  const info = await ports.warehouse.table(ref);
  return info === undefined ? missing(name) : { ok: true, value: info };
}
