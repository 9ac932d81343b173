import type { Backend } from './backend.ts';
import { repairFields } from './columns.ts';
import { type Definitions, type Routine, renamed } from './definitions.ts';
import { type Defaults, keyOf, placeOf } from './places.ts';
import type { Referee, RefereeCatalog } from './referee.ts';
import { typeOf } from './types.ts';
import type { Field, Table, TableReference } from './wire.ts';

/** What the names of a text mean now. */
export type Scope = {
  readonly catalog: RefereeCatalog;
  /** by `project.dataset.table`; views too */
  readonly tables: ReadonlyMap<string, Table>;
  /** by `project.dataset.prefix*`: what a wildcard stands for */
  readonly wildcards: ReadonlyMap<string, readonly Table[]>;
  readonly routines: ReadonlyMap<string, Routine>;
};

export type World = {
  readonly backend: Backend;
  readonly referee: Referee;
  readonly definitions: Definitions;
  /** bytes that a table holds, where a test knows */
  readonly sizeOf?: (table: TableReference) => number | undefined;
};

type Found = {
  readonly tables: Map<string, Table>;
  readonly wildcards: Map<string, readonly Table[]>;
  readonly routines: Map<string, Routine>;
};

/** Looks up everything that a text names, what its views and routines are made of included. */
export async function scopeOf(world: World, sql: string, defaults: Defaults): Promise<Scope> {
  const found: Found = { tables: new Map(), wildcards: new Map(), routines: new Map() };
  await gather(world, found, sql, defaults);
  return { ...found, catalog: catalogOf(world, found, defaults) };
}

async function gather(world: World, found: Found, sql: string, defaults: Defaults): Promise<void> {
  const parsed = await world.referee.parse(sql);
  const paths = (parsed.statements ?? []).flatMap((statement) => statement.paths ?? []);
  for (const { parts } of paths) {
    const place = placeOf(parts, defaults);
    if (place === undefined) continue;
    if (place.tableId.endsWith('*')) await gatherWildcard(world, found, place);
    else await gatherTable(world, found, place);
  }
  const text = sql.toLowerCase();
  for (const [key, routine] of world.definitions.routines) {
    if (found.routines.has(key) || !text.includes(routine.routineId.toLowerCase())) continue;
    found.routines.set(key, routine);
    await gather(world, found, routine.createText, { project: routine.projectId });
  }
}

async function gatherTable(world: World, found: Found, place: TableReference): Promise<void> {
  const key = keyOf(place);
  if (found.tables.has(key)) return;
  const table = place.tableId.toUpperCase().startsWith('INFORMATION_SCHEMA.')
    ? await informationSchema(world, place)
    : await tableAt(world, place);
  if (table === undefined) return;
  found.tables.set(key, { ...table, tableReference: place });
  const view = world.definitions.views.get(key);
  if (view !== undefined) await gather(world, found, view, { project: place.projectId });
}

/** A table with what the emulator forgets of its columns. */
export async function tableAt(world: World, place: TableReference): Promise<Table | undefined> {
  const table = await world.backend.table(place);
  const facts = world.definitions.columns.get(keyOf(place));
  if (table === undefined || facts === undefined) return table;
  return { ...table, schema: { ...table.schema, fields: repairFields(table.schema?.fields ?? [], facts) } };
}

/** The emulator's INFORMATION_SCHEMA views have no resource of their own: a query without rows tells their columns. */
async function informationSchema(world: World, place: TableReference): Promise<Table | undefined> {
  const { projectId, datasetId, tableId } = place;
  const name = `\`${projectId}\`.\`${datasetId}\`.${tableId}`;
  try {
    const { fields } = await world.backend.query(projectId, `SELECT * FROM ${name} LIMIT 0`);
    return { tableReference: place, type: 'VIEW', schema: { fields } };
  } catch {
    return undefined;
  }
}

async function gatherWildcard(world: World, found: Found, place: TableReference): Promise<void> {
  const key = keyOf(place);
  if (found.wildcards.has(key)) return;
  const prefix = place.tableId.slice(0, -1);
  const listed = (await world.backend.tables(place.projectId, place.datasetId)) ?? [];
  const members: Table[] = [];
  for (const { tableReference, type } of listed) {
    if (!tableReference.tableId.startsWith(prefix) || type === 'VIEW') continue;
    await gatherTable(world, found, { ...place, tableId: tableReference.tableId });
    const table = found.tables.get(keyOf({ ...place, tableId: tableReference.tableId }));
    if (table !== undefined) members.push(table);
  }
  found.wildcards.set(key, members);
}

const withoutType: Field = { name: '', type: 'RANGE' };

function columnsOf(table: Table): RefereeCatalog['tables'][string]['columns'] {
  const columns = (table.schema?.fields ?? []).map((field) => ({
    name: field.name,
    type: typeOf(field.type === undefined ? { ...withoutType, name: field.name } : field),
  }));
  const byIngestion = table.timePartitioning !== undefined && table.timePartitioning.field === undefined;
  const pseudo = byIngestion
    ? ([
        { name: '_PARTITIONTIME', type: 'TIMESTAMP', pseudo: true },
        { name: '_PARTITIONDATE', type: 'DATE', pseudo: true },
      ] as const)
    : [];
  return [...columns, ...pseudo];
}

function catalogOf(world: World, found: Found, { project, dataset }: Defaults): RefereeCatalog {
  const tables: Record<string, RefereeCatalog['tables'][string]> = {};
  const views: Record<string, string> = {};
  for (const [key, table] of found.tables) {
    const view = world.definitions.views.get(key);
    if (view !== undefined) views[key] = view;
    else tables[key] = { columns: columnsOf(table) };
  }
  const functions = [...found.routines.values()].flatMap((routine) => {
    const { projectId, datasetId, routineId } = routine;
    const whole = renamed(routine, `\`${projectId}\`.\`${datasetId}\`.\`${routineId}\``);
    return projectId === project ? [whole, renamed(routine, `\`${datasetId}\`.\`${routineId}\``)] : [whole];
  });
  const bare = dataset?.project === project ? { dataset: dataset.dataset } : {};
  return { project, ...bare, tables, views, functions };
}
