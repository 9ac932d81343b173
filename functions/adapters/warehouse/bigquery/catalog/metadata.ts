import type { CatalogRoutine, CatalogTable, TableRef } from '../../../../core/sql/catalog.ts';
import type { DatasetInfo, TableInfo } from '../../../../ports/warehouse.ts';
import type { Api } from '../rest/api.ts';
import { type Fields, object, required, text } from '../rest/json.ts';
import { eachOf, ListCache, listAll, ResourceCache } from './resources.ts';
import { routineFrom } from './routine.ts';
import { datasetFrom, type KnownTable, tableFrom } from './table.ts';

export type MetadataOptions = {
  readonly ttlMs: number;
  /** Members of a wildcard that are looked at; a wildcard of more is refused. */
  readonly mostMembers: number;
};

/**
 * What BigQuery knows of its datasets, tables and routines, read as the gateway itself and kept for a while; nothing is from
 * before `sinceMs`, where that is given.
 */
export type Metadata = {
  datasets(project: string): Promise<readonly DatasetInfo[]>;
  dataset(project: string, dataset: string): Promise<DatasetInfo | undefined>;
  tables(project: string, dataset: string): Promise<readonly TableInfo[]>;
  table(ref: TableRef, sinceMs?: number): Promise<KnownTable | undefined>;
  routine(ref: TableRef, sinceMs?: number): Promise<CatalogRoutine | undefined>;
  /** The tables of a dataset whose names begin with `prefix`, by name. */
  members(
    dataset: { readonly project: string; readonly dataset: string },
    prefix: string,
    sinceMs?: number,
  ): Promise<readonly CatalogTable[]>;
  /** Looks at `project.dataset.table` names again, beside whatever goes on. */
  refresh(names: readonly string[], sinceMs: number): void;
  /** `project.dataset.table` names without those of views: what a view is made of is named beside it. */
  baseTables(names: readonly string[]): Promise<readonly string[]>;
};

const AT_ONCE = 32;
const MOST_LISTED = 50_000;
/** Bytes of JSON; what is made of it takes a few times as much. */
const TABLES_LIMIT_BYTES = 16_000_000;
const OTHERS_LIMIT_BYTES = 2_000_000;
/** Kinds that a wildcard takes in. */
const memberKinds: ReadonlySet<string> = new Set(['TABLE', 'EXTERNAL', 'SNAPSHOT', 'CLONE']);

export function openMetadata(api: Api, { ttlMs, mostMembers }: MetadataOptions): Metadata {
  const tableCache = new ResourceCache(api, { ttlMs, limitBytes: TABLES_LIMIT_BYTES }, tableFrom);
  const datasetCache = new ResourceCache(api, { ttlMs, limitBytes: OTHERS_LIMIT_BYTES }, datasetFrom);
  const routineCache = new ResourceCache(api, { ttlMs, limitBytes: OTHERS_LIMIT_BYTES }, routineFrom);
  const lists = new ListCache(ttlMs);

  const table: Metadata['table'] = (ref, sinceMs) => tableCache.get(tablePath(ref), sinceMs);
  const dataset: Metadata['dataset'] = (project, name) =>
    datasetCache.get(['projects', project, 'datasets', name]);
  const listed = (project: string, name: string, sinceMs = 0): Promise<readonly Fields[] | undefined> => {
    const path = ['projects', project, 'datasets', name, 'tables'];
    return lists.get(path.join('/'), sinceMs, () => listAll(api, path, 'tables', MOST_LISTED));
  };

  return {
    dataset,
    table,
    datasets: async (project) => {
      const path = ['projects', project, 'datasets'];
      const found =
        (await lists.get(path.join('/'), 0, () => listAll(api, path, 'datasets', MOST_LISTED))) ?? [];
      const names = found.map((fields) => idOf(fields, 'datasetReference', 'datasetId')).sort();
      return present(await eachOf(names, AT_ONCE, (name) => dataset(project, name)));
    },
    tables: async (project, name) => {
      const names = ((await listed(project, name)) ?? []).map(tableIdOf).sort();
      const found = await eachOf(names, AT_ONCE, (id) => table({ project, dataset: name, table: id }));
      return present(found).map(({ info }) => info);
    },
    routine: ({ project, dataset: name, table: id }, sinceMs) =>
      routineCache.get(['projects', project, 'datasets', name, 'routines', id], sinceMs),
    refresh: (names, sinceMs) => {
      // Who needs what is looked for here asks for it again, and hears then what went wrong.
      eachOf(names, AT_ONCE, (name) => table(refOf(name), sinceMs)).catch(() => undefined);
    },
    members: async (place, prefix, sinceMs) => {
      const all = (await listed(place.project, place.dataset, sinceMs)) ?? [];
      const names = all
        .filter((fields) => memberKinds.has(text(fields, 'type') ?? 'TABLE'))
        .map(tableIdOf)
        .filter((id) => id.startsWith(prefix))
        .sort();
      if (names.length > mostMembers) return [tooMany({ ...place, table: `${prefix}*` }, mostMembers)];
      const found = await eachOf(names, AT_ONCE, (id) => table({ ...place, table: id }, sinceMs));
      return present(found).map((known) => known.table);
    },
    baseTables: async (names) => {
      const kept = await eachOf(names, AT_ONCE, async (name) => {
        if (name.endsWith('*')) return name;
        const known = await table(refOf(name));
        return known?.table.kind === 'view' ? undefined : name;
      });
      return present(kept);
    },
  };
}

const tablePath = (ref: TableRef): readonly string[] => [
  'projects',
  ref.project,
  'datasets',
  ref.dataset,
  'tables',
  ref.table,
];

const idOf = (fields: Fields, reference: string, id: string): string =>
  required(text(required(object(fields, reference), reference), id), id);

const tableIdOf = (fields: Fields): string => idOf(fields, 'tableReference', 'tableId');

/** A project may itself hold dots. */
function refOf(name: string): TableRef {
  const parts = name.split('.');
  const [dataset = '', table = ''] = parts.slice(-2);
  return { project: parts.slice(0, -2).join('.'), dataset, table };
}

const present = <T>(values: readonly (T | undefined)[]): T[] =>
  values.filter((value): value is T => value !== undefined);

const tooMany = (ref: TableRef, most: number): CatalogTable => ({
  ref,
  kind: 'table',
  columns: [],
  pseudoColumns: [],
  unusable: `stands for more than ${most} tables; name fewer of them`,
  etag: 'too many',
});
