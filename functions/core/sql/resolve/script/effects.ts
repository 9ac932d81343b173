import type { OutputLineage } from '../../analysis.ts';
import type { Statement } from '../../ast/index.ts';
import { type CatalogTable, type TableRef, tableName } from '../../catalog.ts';
import type { Draft } from '../draft.ts';
import { isRoutine, routineName, routineRef } from '../routines.ts';
import type { Session } from '../session.ts';
import { findTable, tableRef } from '../table.ts';
import { addSources, type Environment, type SourceSet } from './environment.ts';

/** What a statement leaves behind for those after it: tables, views, routines, rows in the script's own tables. */
export function applyEffects(
  statement: Statement,
  draft: Draft,
  session: Session,
  environment: Environment,
): void {
  if (draft.created) {
    const { ref, temporary, columns, derivation } = draft.created;
    const etag = `made ${tableName(ref)}`;
    const table: CatalogTable = { ref, kind: 'table', columns, pseudoColumns: [], derivation, etag };
    environment.defineTable(table, temporary);
  }
  if (isRoutine(statement)) {
    const { path } = statement.name;
    const temporary = 'scope' in statement && statement.scope === 'TEMP';
    const ref = routineRef(path, session);
    const name = temporary || ref === undefined ? (path.parts.at(-1)?.name ?? '') : routineName(ref);
    const home: TableRef = ref ?? { project: session.catalog.project, dataset: '', table: name };
    const routine = { name, ref: home, statement, temporary: temporary || ref === undefined };
    environment.defineRoutine(name, routine);
    if (path.parts.length === 1) environment.defineRoutine(path.parts[0]!.name, routine);
  }
  switch (statement.kind) {
    case 'DropStatement':
    case 'DropMaterializedViewStatement':
    case 'DropSnapshotTableStatement': {
      if (!/TABLE|VIEW/.test(draft.statementType)) return;
      const context = { session, ctes: undefined, outer: undefined };
      environment.dropTable(tableRef({ path: statement.name.path, span: statement.span }, context));
      return;
    }
    case 'DropTableFunctionStatement':
    case 'DropFunctionStatement': {
      const ref = routineRef(statement.name.path, session);
      const last = statement.name.path.parts.at(-1)?.name ?? '';
      environment.defineRoutine(
        statement.name.path.parts.length === 1 || !ref ? last : routineName(ref),
        null,
      );
      return;
    }
    case 'InsertStatement':
    case 'UpdateStatement':
    case 'MergeStatement': {
      const [target] = draft.writes;
      if (target) addRows(target, draft.output, session, environment);
      return;
    }
    default:
      return;
  }
}

/** Values written into a table that the script made flow on to whoever reads it later. */
function addRows(
  ref: TableRef,
  written: readonly OutputLineage[],
  session: Session,
  environment: Environment,
): void {
  const table = findTable(session, ref);
  if (table?.derivation === undefined) return;
  const columns = new Map(table.derivation.columns);
  for (const { name, sources } of written) {
    const column = (name.split('.')[0] ?? name).toLowerCase();
    const flowing: SourceSet = new Map();
    addSources(flowing, [...(columns.get(column) ?? []), ...sources]);
    columns.set(column, [...flowing.values()]);
  }
  const tables = [...table.derivation.tables, ...session.shared.reads.values()];
  const unique = [...new Map(tables.map((t) => [tableName(t), t])).values()];
  const derivation = { ...table.derivation, columns, tables: unique };
  environment.defineTable({ ...table, derivation }, environment.temporaryTable(ref.table) !== undefined);
}
