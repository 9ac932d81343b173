import type {
  CreateFunctionStatement,
  CreateMaterializedViewStatement,
  CreateRowAccessPolicyStatement,
  CreateStatement,
  CreateTableFunctionStatement,
  CreateTableStatement,
  CreateViewStatement,
  TableSource,
} from '../ast/create.ts';
import { definedQueries } from '../ast/definitions.ts';
import type { Identifier, ObjectName } from '../ast/index.ts';
import type { RoutineParameter } from '../ast/routines.ts';
import { type CatalogColumn, type CatalogTable, type TableRef, tableName } from '../catalog.ts';
import { INT64, type SqlType } from '../types.ts';
import { plainContext, type QueryContext, resolveCondition } from './context.ts';
import { type Draft, noteExpressions, noteQuery } from './draft.ts';
import { resolveExpression } from './expression.ts';
import { fail, missingTable } from './failure.ts';
import { resolveOther } from './other-statement.ts';
import { plainColumn } from './plain-catalog.ts';
import { type Alias, columnField, key, NO_NAMES, type Scope, stringConstant } from './scope.ts';
import { SESSION_DATASET } from './script/environment.ts';
import { fixedTable, newColumn, noteUse } from './session.ts';
import { columnType, findTable, refuseUnusable, resolveTableName, tableRef } from './table.ts';
import { resolveColumnType, resolveDeclaredType } from './type-node.ts';

/** What a CREATE statement reads, and what it makes. */
export function resolveCreate(statement: CreateStatement, context: QueryContext, draft: Draft): void {
  switch (statement.kind) {
    case 'CreateTableStatement':
      createTable(statement, context, draft);
      return;
    case 'CreateViewStatement':
    case 'CreateApproxViewStatement':
    case 'CreateMaterializedViewStatement':
      createView(statement, context, draft);
      return;
    case 'CreateSnapshotTableStatement': {
      const ref = createdRef(statement, context, draft);
      copyOf(statement.clone, ref, false, context, draft);
      return;
    }
    case 'CreateExternalTableStatement': {
      const ref = createdRef(statement, context, draft);
      const columns = [...statement.elements, ...(statement.partitionColumns ?? [])].flatMap(definedColumn);
      made(ref, false, columns, draft);
      return;
    }
    case 'CreateModelStatement':
      for (const query of definedQueries(statement)) noteQuery(query, context, draft);
      return;
    case 'CreateFunctionStatement':
      createFunction(statement, context, draft);
      return;
    case 'CreateTableFunctionStatement':
      createTableFunction(statement, context, draft);
      return;
    case 'CreateProcedureStatement':
      return;
    case 'CreateRowAccessPolicyStatement':
      createRowAccessPolicy(statement, context, draft);
      return;
    default:
      resolveOther(statement, context, draft);
  }
}

/** The full name of what is made; a temporary table lives in the session. */
function createdRef(
  { name, scope }: { readonly name: ObjectName; readonly scope?: string },
  context: QueryContext,
  draft: Draft,
): TableRef {
  const { session } = context;
  const bare = name.path.parts.at(-1)?.name ?? '';
  const ref: TableRef =
    scope === 'TEMP'
      ? { project: session.catalog.project, dataset: SESSION_DATASET, table: bare }
      : tableRef({ path: name.path, span: name.span }, context);
  session.shared.referenced.set(tableName(ref), ref);
  draft.writes.push(ref);
  return ref;
}

/** A table without lineage of its own: its columns are base columns, to which later statements may add. */
function made(ref: TableRef, temporary: boolean, columns: readonly CatalogColumn[], draft: Draft): void {
  const itself = columns.map(
    (c) => [key(c.name), [{ table: ref, column: c.name, path: [], flow: 'copied' as const }]] as const,
  );
  draft.created = {
    ref,
    temporary,
    columns,
    derivation: { columns: new Map(itself), tables: [], reads: [] },
  };
}

/** A table or view made of a query: its columns are what the query returns, under the names given. */
function madeOf(
  ref: TableRef,
  temporary: boolean,
  names: readonly Identifier[],
  context: QueryContext,
  draft: Draft,
): void {
  const { session } = context;
  if (names.length > 0 && names.length !== draft.output.length)
    fail(
      names[0] as Identifier,
      `${names.length} columns are named, but the query returns ${draft.output.length}`,
    );
  draft.output = draft.output.map((o, i) => {
    const { unnamed, ...rest } = o;
    return names[i] ? { ...rest, name: names[i].name } : { ...rest, ...(unnamed ? { unnamed } : {}) };
  });
  draft.created = {
    ref,
    temporary,
    columns: draft.output.map((o) => plainColumn(o.name, o.type)),
    derivation: {
      columns: new Map(draft.output.map((o) => [key(o.name), o.sources])),
      tables: [...session.shared.reads.values()],
      // What a variable holds was read by the statement that set it.
      reads: draft.clauseReads.filter(({ table }) => session.shared.reads.has(tableName(table))),
    },
  };
}

const definedColumn = (element: CreateTableStatement['elements'][number]): CatalogColumn[] =>
  element.kind === 'ColumnDefinition' && element.type
    ? [plainColumn(element.name.name, resolveColumnType(element.type))]
    : [];

function createTable(statement: CreateTableStatement, context: QueryContext, draft: Draft): void {
  const temporary = statement.scope === 'TEMP';
  if (statement.query) noteQuery(statement.query, context, draft);
  const ref = createdRef(statement, context, draft);
  const source = statement.clone ?? statement.copy;
  if (source) {
    copyOf(source, ref, temporary, context, draft);
    return;
  }
  const names = statement.elements.flatMap((e) => (e.kind === 'ColumnDefinition' ? [e.name] : []));
  if (statement.query) {
    madeOf(ref, temporary, names, context, draft);
    return;
  }
  const like = statement.like && sourceTable(statement.like, context);
  made(ref, temporary, like ? like.columns : statement.elements.flatMap(definedColumn), draft);
}

function sourceTable(name: ObjectName, context: QueryContext): CatalogTable {
  const ref = tableRef({ path: name.path, span: name.span }, context);
  const table = findTable(context.session, ref);
  if (table === undefined) missingTable(name.path, tableName(ref));
  refuseUnusable(name.path, table);
  context.session.shared.referenced.set(tableName(ref), ref);
  return table;
}

/** CLONE and COPY take a table over whole. */
function copyOf(
  source: TableSource,
  ref: TableRef,
  temporary: boolean,
  context: QueryContext,
  draft: Draft,
): void {
  const { session } = context;
  const table = sourceTable(source.object, context);
  if (table.kind === 'view') fail(source.object, `${tableName(table.ref)} is a view, which cannot be cloned`);
  const columns = table.columns.map((c) => newColumn(session, c.name, columnType(c)));
  noteUse(session, { node: fixedTable(source.object.path), table, members: [table], pseudo: [], columns });
  for (const base of table.derivation?.tables ?? [table.ref]) session.shared.reads.set(tableName(base), base);
  draft.used = new Set(columns.map((c) => c.id));
  draft.output = table.columns.map((c) => ({
    name: c.name,
    type: columnType(c),
    sources: table.derivation?.columns.get(key(c.name)) ?? [
      { table: table.ref, column: c.name, path: [], flow: 'copied' },
    ],
  }));
  draft.clauseReads = draft.output.flatMap((o) =>
    o.sources.map((s) => ({ clause: 'select' as const, table: s.table, column: s.column, path: s.path })),
  );
  madeOf(ref, temporary, [], context, draft);
}

function createView(
  statement: CreateViewStatement | CreateMaterializedViewStatement,
  context: QueryContext,
  draft: Draft,
): void {
  const query = statement.query;
  if (query) noteQuery(query, context, draft);
  const ref = createdRef(statement, context, draft);
  if (query) {
    madeOf(
      ref,
      statement.scope === 'TEMP',
      statement.columns.map((c) => c.name),
      context,
      draft,
    );
    return;
  }
  if (!('replicaOf' in statement) || statement.replicaOf === undefined) return;
  const table = sourceTable(statement.replicaOf, context);
  resolveTableName(fixedTable(statement.replicaOf.path), context, undefined);
  made(ref, false, table.columns, draft);
}

/** A parameter's value is not known here, only its type; ANY TYPE is taken for INT64 and decides nothing. */
function parameterType(p: RoutineParameter): SqlType | undefined {
  if (p.type.kind === 'TemplatedType' || p.type.kind === 'TableType') return undefined;
  return resolveDeclaredType(p.type);
}

/** A SQL function's body is resolved here for what it reads; one of ANY TYPE only where it is called. */
function createFunction(statement: CreateFunctionStatement, context: QueryContext, draft: Draft): void {
  const types = statement.parameters.map(parameterType);
  if (statement.body === undefined || types.includes(undefined) || statement.aggregate) return;
  const fields = statement.parameters.map((p, i) => {
    const name = p.name?.name ?? '';
    return columnField(name, newColumn(context.session, name, types[i] ?? INT64));
  });
  const scope: Scope = { names: { fields, ranges: [] } };
  const inside = plainContext(context, scope, 'function body');
  noteExpressions([resolveExpression(statement.body, inside)], context, draft);
}

function createTableFunction(
  statement: CreateTableFunctionStatement,
  context: QueryContext,
  draft: Draft,
): void {
  const types = statement.parameters.map(parameterType);
  if (statement.query === undefined || types.includes(undefined)) return;
  const aliases = new Map(
    statement.parameters.map((p, i): [string, Alias] => {
      const expression = {
        ...stringConstant('', p.span),
        type: types[i] ?? INT64,
        value: { kind: 'null' as const },
      };
      return [key(p.name?.name ?? ''), { expression }];
    }),
  );
  noteQuery(statement.query, { ...context, outer: { names: NO_NAMES, aliases } }, draft);
}

function createRowAccessPolicy(
  statement: CreateRowAccessPolicyStatement,
  context: QueryContext,
  draft: Draft,
): void {
  const from = resolveTableName(fixedTable(statement.table.path), context, undefined);
  const condition = resolveCondition(
    statement.filter,
    plainContext(context, { names: from.names }, 'FILTER'),
  );
  noteExpressions([condition], context, draft);
  const ref = tableRef({ path: statement.table.path, span: statement.table.span }, context);
  draft.writes.push(ref);
}
