import type { ColumnSource } from '../../analysis.ts';
import type { CatalogTable, TableRef } from '../../catalog.ts';
import type { Column } from '../../resolved/index.ts';
import type { Routine } from '../routines.ts';

/** The dataset that temporary tables answer to, besides their bare name. */
export const SESSION_DATASET = '_SESSION';

/** Base columns by an exact key, so that none stands twice. */
export type SourceSet = Map<string, ColumnSource>;

/** A script's variable. `sources` gathers what was ever assigned to it, whatever the control flow. */
export type Variable = {
  readonly name: string;
  readonly column: Column;
  readonly sources: SourceSet;
  /** the row variable of FOR keeps its fields apart, by lower-case name */
  readonly fields?: ReadonlyMap<string, SourceSet>;
};

const sourceKey = (source: ColumnSource): string =>
  JSON.stringify([source.table, source.column.toLowerCase(), source.path, source.json, source.flow]);

export function addSources(set: SourceSet, sources: Iterable<ColumnSource>): void {
  for (const source of sources) set.set(sourceKey(source), source);
}

const tableKey = (ref: TableRef): string => JSON.stringify([ref.project, ref.dataset, ref.table]);

/**
 * What the statements of a script have brought into being so far: variables, tables, routines. It lies over the
 * catalog, which never changes.
 */
export class Environment {
  /** scopes of blocks, innermost last; a routine that is called sees none of those outside of it */
  #scopes: Map<string, Variable>[] = [new Map()];
  readonly #callers: Map<string, Variable>[][] = [];
  readonly #tables = new Map<string, CatalogTable | null>();
  readonly #temporary = new Map<string, TableRef>();
  readonly #routines = new Map<string, Routine | null>();

  enterBlock(): void {
    this.#scopes.push(new Map());
  }

  leaveBlock(): void {
    this.#scopes.pop();
  }

  /** The innermost variable of this name. */
  variable(name: string): Variable | undefined {
    const wanted = name.toLowerCase();
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const found = this.#scopes[at]?.get(wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  declare(variable: Variable): void {
    this.#scopes.at(-1)?.set(variable.name.toLowerCase(), variable);
  }

  assign(name: string, sources: Iterable<ColumnSource>): void {
    const variable = this.variable(name);
    if (variable) addSources(variable.sources, sources);
  }

  enterRoutine(): void {
    this.#callers.push(this.#scopes);
    this.#scopes = [new Map()];
  }

  leaveRoutine(): void {
    this.#scopes = this.#callers.pop() ?? [new Map()];
  }

  /** A table that the script made, `null` for one that it dropped, `undefined` where it did neither. */
  table(ref: TableRef): CatalogTable | null | undefined {
    return this.#tables.get(tableKey(ref));
  }

  temporaryTable(name: string): TableRef | undefined {
    return this.#temporary.get(name.toLowerCase());
  }

  defineTable(table: CatalogTable, temporary: boolean): void {
    this.#tables.set(tableKey(table.ref), table);
    if (temporary) this.#temporary.set(table.ref.table.toLowerCase(), table.ref);
  }

  dropTable(ref: TableRef): void {
    this.#tables.set(tableKey(ref), null);
    if (ref.dataset === SESSION_DATASET) this.#temporary.delete(ref.table.toLowerCase());
  }

  /** By full name in lower case: `project.dataset.name`, or the bare name of a temporary one. */
  routine(name: string): Routine | null | undefined {
    return this.#routines.get(name.toLowerCase());
  }

  defineRoutine(name: string, routine: Routine | null): void {
    this.#routines.set(name.toLowerCase(), routine);
  }

  /** How much lineage is known. A loop's body is read again until this stays as it is. */
  weight(): number {
    let weight = 0;
    for (const scope of this.#scopes) for (const variable of scope.values()) weight += variable.sources.size;
    for (const table of this.#tables.values())
      for (const sources of table?.derivation?.columns.values() ?? []) weight += sources.length;
    return weight;
  }
}

export const variableOf = (name: string, column: Column): Variable => ({ name, column, sources: new Map() });
