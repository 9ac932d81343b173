import { createHash } from 'node:crypto';
import { SluiceError } from '../../../../core/errors.ts';
import {
  type Catalog,
  type CatalogRoutine,
  type CatalogTable,
  type TableRef,
  tableName,
} from '../../../../core/sql/catalog.ts';
import type { Warehouse } from '../../../../ports/warehouse.ts';
import type { Metadata } from './metadata.ts';
import { candidate, type Names, namesOf } from './names.ts';
import { eachOf } from './resources.ts';

/** As deep as the resolver follows views. */
const MOST_LEVELS = 16;
const MOST_NAMES = 2000;
const AT_ONCE = 32;

type Place = Parameters<Warehouse['describe']>[1];
type Wanted = { readonly ref: TableRef; readonly as: 'table' | 'wildcard' | 'routine' };

/**
 * A snapshot of everything that `names` can mean, the views among them with what they are made of: one round of requests for
 * each level of views, and none for what is kept since `sinceMs`. What is not in it does not exist for the resolver.
 * Throws SluiceError `too_large` for a text that names more than can be looked up.
 */
export async function describe(
  metadata: Metadata,
  names: readonly (readonly string[])[],
  defaults: Place,
  sinceMs = 0,
): Promise<Catalog> {
  const snapshot = new Snapshot(defaults, sinceMs);
  let wanted = wantedFrom({ tables: names, routines: [] }, defaults.project, defaults.dataset);
  for (let level = 0; level < MOST_LEVELS; level++) {
    const news = snapshot.unseen(wanted);
    if (news.length === 0) break;
    wanted = (await eachOf(news, AT_ONCE, (each) => lookUp(metadata, snapshot, each))).flat();
  }
  return snapshot.catalog();
}

/** Puts one name's meaning into the snapshot and says what has to be looked up because of it. */
async function lookUp(
  metadata: Metadata,
  snapshot: Snapshot,
  { ref, as }: Wanted,
): Promise<readonly Wanted[]> {
  switch (as) {
    case 'wildcard':
      snapshot.members.set(
        tableName(ref),
        await metadata.members(ref, ref.table.slice(0, -1), snapshot.sinceMs),
      );
      return [];
    case 'routine': {
      const routine = await metadata.routine(ref, snapshot.sinceMs);
      if (routine === undefined) return [];
      snapshot.routines.set(tableName(ref).toLowerCase(), routine);
      // A routine's definition is a CREATE statement, so what it reads stands in it like in any text.
      return wantedFrom(definedBy(routine, routine.definition), ref.project, undefined);
    }
    case 'table': {
      const found = (await metadata.table(ref, snapshot.sinceMs))?.table;
      if (found === undefined) return [{ ref, as: 'routine' }];
      snapshot.tables.set(tableName(ref), found);
      if (found.viewSql === undefined) return [];
      return wantedFrom(definedBy(found, found.viewSql), found.ref.project, undefined);
    }
  }
}

/** Definitions do not change while the resource does not, so each is read once. */
const defined = new WeakMap<object, Names>();

function definedBy(owner: object, sql: string): Names {
  const known = defined.get(owner);
  if (known) return known;
  const names = namesOf(sql);
  defined.set(owner, names);
  return names;
}

function wantedFrom(names: Names, project: string, dataset: Place['dataset']): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const parts of names.tables) {
    const ref = candidate(parts, project, dataset);
    if (ref) wanted.push({ ref, as: ref.table.endsWith('*') ? 'wildcard' : 'table' });
  }
  for (const parts of names.routines) {
    const ref = candidate(parts, project, dataset);
    if (ref) wanted.push({ ref, as: 'routine' });
  }
  return wanted;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

class Snapshot {
  readonly tables = new Map<string, CatalogTable>();
  readonly members = new Map<string, readonly CatalogTable[]>();
  readonly routines = new Map<string, CatalogRoutine>();
  readonly #seen = new Set<string>();
  readonly #defaults: Place;
  readonly sinceMs: number;

  constructor(defaults: Place, sinceMs: number) {
    this.#defaults = defaults;
    this.sinceMs = sinceMs;
  }

  unseen(wanted: readonly Wanted[]): readonly Wanted[] {
    const news = wanted.filter(({ ref, as }) => {
      const key = `${as} ${tableName(ref)}`;
      if (this.#seen.has(key)) return false;
      this.#seen.add(key);
      return true;
    });
    if (this.#seen.size > MOST_NAMES)
      throw new SluiceError('too_large', `a text names more than ${MOST_NAMES} tables`);
    return news;
  }

  /** Everything that was looked for, and the state in which it was found. */
  #version(): string {
    const hash = createHash('sha256');
    const note = (...parts: readonly string[]): void => void hash.update(JSON.stringify(parts));
    note(...[...this.#seen].sort());
    for (const [name, { etag }] of [...this.tables].sort(byName)) note('table', name, etag);
    for (const [name, { definition }] of [...this.routines].sort(byName)) note('routine', name, definition);
    for (const [name, members] of [...this.members].sort(byName))
      note('members', name, ...members.flatMap(({ ref, etag }) => [ref.table, etag]));
    return hash.digest('base64url').slice(0, 27);
  }

  catalog(): Catalog {
    const { project, dataset } = this.#defaults;
    return {
      project,
      ...(dataset ? { defaultDataset: dataset } : {}),
      version: this.#version(),
      table: (ref) => this.tables.get(tableName(ref)),
      tablesWithPrefix: ({ project: at, dataset: name }, prefix) =>
        this.members.get(tableName({ project: at, dataset: name, table: `${prefix}*` })) ?? [],
      routine: (ref) => this.routines.get(tableName(ref).toLowerCase()),
    };
  }
}
