import type { Span, TableExpression } from '../ast/index.ts';
import { type CatalogColumn, type CatalogTable, type TableRef, tableName } from '../catalog.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { type SqlType, STRING, TIMESTAMP, typeText } from '../types.ts';
import { arrayFrom, type FromResult } from './array-join.ts';
import { coerce, fit } from './coercion.ts';
import { type CteInfo, outerScope, plainContext, type QueryContext } from './context.ts';
import { accessField, resolveExpression } from './expression.ts';
import { fail, missingTable, unsupported } from './failure.ts';
import {
  columnField,
  type Field,
  fieldRef,
  findField,
  lookup,
  rangeValue,
  type Scope,
  valueFields,
} from './scope.ts';
import { newColumn, noteUse, type Session } from './session.ts';
import { resolveView } from './view.ts';

export type TableNode = Extract<TableExpression, { kind: 'TableName' }>;

/** A name in table position: a CTE, an array in sight, a table, a view or a wildcard. */
export function resolveTableName(
  node: TableNode,
  context: QueryContext,
  left: Scope | undefined,
): FromResult {
  const parts = node.path.parts;
  const first = parts[0];
  const written = parts[parts.length - 1]?.name ?? '';
  const alias = node.alias?.name ?? written.split('.').pop() ?? '';
  if (parts.length === 1 && first) {
    for (let s = context.ctes; s !== undefined; s = s.parent) {
      const cte = s.find(first.name, first.span);
      if (cte !== undefined) return cteReference(node, cte, alias, context);
    }
  }
  const array = arrayPath(node, context, left ?? context.outer);
  if (array !== undefined) return arrayFrom(node, array, context);
  if (node.withOffset) fail(node, 'WITH OFFSET can only be used with array scans');
  const ref = tableRef(node, context);
  if (ref.table.endsWith('*')) return wildcard(node, ref, alias, context);
  const table = findTable(context.session, ref);
  if (table === undefined) {
    if (SYSTEM.test(ref.table)) unsupported(node.path, ref.table.toUpperCase());
    missingTable(node.path, tableName(ref));
  }
  refuseUnusable(node.path, table);
  noteReference(context, ref);
  const result =
    table.kind === 'view' ? resolveView(node, table, alias, context) : baseTable(node, table, alias, context);
  return node.alias === undefined && written.includes('.') ? weakly(result) : result;
}

const weakly = ({ scan, names }: FromResult): FromResult => ({
  scan,
  names: { ...names, ranges: names.ranges.map((r) => ({ ...r, weak: true })) },
});

/** `t.items` where `t` is in sight: an array to unnest, not a table. */
export function arrayPath(
  node: TableNode,
  context: QueryContext,
  scope: Scope | undefined,
): ResolvedExpression | undefined {
  const [first, ...rest] = node.path.parts;
  if (scope === undefined || first === undefined || rest.length === 0 || node.systemTime) return undefined;
  for (let s = context.ctes; s !== undefined && rest.length === 0; s = s.parent)
    if (s.find(first.name, first.span)) return undefined;
  const target = lookup(scope, first);
  if (target === undefined) return undefined;
  let value: ResolvedExpression;
  let next = 0;
  if (target.kind === 'alias') value = target.expression;
  else if (target.kind === 'field') value = fieldRef(target.field, first.span, target.correlated);
  else {
    const member = rest[0];
    const field = member && findField(target.range.fields, member.name, member.span);
    if (field) value = fieldRef(field, node.path.span, target.correlated);
    else value = rangeValue(target.range, first.span, target.correlated);
    next = field ? 1 : 0;
  }
  for (const part of rest.slice(next)) value = accessField(value, part);
  if (value.type.kind !== 'array')
    fail(
      node.path,
      `Values referenced in FROM clause must be arrays. ${node.path.parts.map((p) => p.name).join('.')} has type ${typeText(value.type)}`,
    );
  return value;
}

function cteReference(node: TableNode, cte: CteInfo, alias: string, context: QueryContext): FromResult {
  if (node.systemTime) fail(node, 'FOR SYSTEM_TIME AS OF cannot be used with a WITH table');
  if (node.withOffset) fail(node, 'WITH OFFSET can only be used with array scans');
  const columns = cte.outputs.map((o) => newColumn(context.session, o.name, o.type));
  const value = cte.asValue ? columns[0] : undefined;
  const fields = value ? valueFields(alias, value) : columns.map((c) => columnField(c.name, c));
  return {
    scan: { kind: 'WithRefScan', name: cte.name, columns },
    names: { fields, ranges: [{ name: alias, fields, ...(value ? { value } : {}) }] },
  };
}

/** Views of metadata that BigQuery makes itself. They resolve where the catalog lists them. */
const SYSTEM = /^(INFORMATION_SCHEMA\..*|__TABLES(_SUMMARY)?__)$/i;

/** A table as the script left it, else as the catalog has it. */
export function findTable({ catalog, environment }: Session, ref: TableRef): CatalogTable | undefined {
  const made = environment?.table(ref);
  return made === undefined ? catalog.table(ref) : (made ?? undefined);
}

/** What the catalog cannot describe whole is refused by name wherever it stands. */
export function refuseUnusable(where: { readonly span: Span }, table: CatalogTable | undefined): void {
  if (table?.unusable === undefined) return;
  const name = tableName(table.ref);
  unsupported(where, name, `${name} ${table.unusable}`);
}

/** The full name that a path means. Backquoted parts may hold dots; a project may hold a domain (`example.com:p`). */
export function tableRef(
  node: { readonly path: TableNode['path']; readonly span: Span },
  context: QueryContext,
): TableRef {
  const written = node.path.parts.map((p) => p.name).join('.');
  const colon = written.lastIndexOf(':');
  const [head, tail] = colon < 0 ? ['', written] : [written.slice(0, colon + 1), written.slice(colon + 1)];
  const names = tail.split('.');
  if (names[0] !== undefined) names[0] = head + names[0];
  const special = names.findIndex((n) => /^INFORMATION_SCHEMA$/i.test(n));
  if (special >= 0) names.splice(special, names.length, names.slice(special).join('.'));
  if (names.some((n) => n === '')) fail(node.path, `Invalid table name: ${written}`);
  const { catalog } = context.session;
  const [a = '', b = '', c = ''] = names;
  if (names.length === 3) return { project: a, dataset: b, table: c };
  if (names.length === 2) return { project: catalog.project, dataset: a, table: b };
  if (names.length > 3) missingTable(node.path, written);
  const temporary = context.session.environment?.temporaryTable(a);
  if (temporary !== undefined) return temporary;
  if (special === 0) return { project: catalog.project, dataset: '', table: a };
  if (catalog.defaultDataset === undefined)
    fail(node.path, `Table "${a}" must be qualified with a dataset (e.g. dataset.table).`);
  return { ...catalog.defaultDataset, table: a };
}

function noteReference({ session }: QueryContext, ref: TableRef): void {
  if (session.views.length === 0) session.shared.referenced.set(tableName(ref), ref);
}

/** The type that values of a column have: REPEATED makes an array. */
export const columnType = (c: CatalogColumn): SqlType =>
  c.mode === 'REPEATED' && c.type.kind !== 'array' ? { kind: 'array', element: c.type } : c.type;

function baseTable(node: TableNode, table: CatalogTable, alias: string, context: QueryContext): FromResult {
  const { session } = context;
  for (const ref of table.derivation?.tables ?? [table.ref]) session.shared.reads.set(tableName(ref), ref);
  const all = [...table.columns, ...table.pseudoColumns];
  const columns = all.map((c) => newColumn(session, c.name, columnType(c)));
  const fields = columns.map((c, i) => columnField(c.name, c, i >= table.columns.length));
  const systemTime = node.systemTime && resolveSystemTime(node, context);
  const scan: ResolvedScan = {
    kind: 'TableScan',
    span: node.span,
    table,
    columns,
    tableColumns: columns.map((_, i) => i),
    ...(systemTime ? { systemTime } : {}),
  };
  noteUse(session, { node, table, members: [table], pseudo: columns.slice(table.columns.length), columns });
  return { scan, names: { fields, ranges: [{ name: alias, fields }] } };
}

function resolveSystemTime(node: TableNode, context: QueryContext): ResolvedExpression | undefined {
  if (!node.systemTime) return undefined;
  const value = resolveExpression(
    node.systemTime,
    plainContext(context, outerScope({ ...context, outer: undefined }), 'FOR SYSTEM_TIME AS OF'),
  );
  if (fit(value, TIMESTAMP) === undefined)
    fail(
      node.systemTime,
      `FOR SYSTEM_TIME AS OF must be of type TIMESTAMP but was of type ${typeText(value.type)}`,
    );
  return coerce(value, TIMESTAMP);
}

/** `events_*`: the columns of the last table by name; `_TABLE_SUFFIX` says which table a row is from. */
function wildcard(node: TableNode, ref: TableRef, alias: string, context: QueryContext): FromResult {
  const { session } = context;
  const prefix = ref.table.slice(0, -1);
  const members = session.catalog.tablesWithPrefix(ref, prefix).filter((t) => t.kind === 'table');
  const last = members[members.length - 1];
  if (last === undefined) fail(node.path, `${tableName(ref)} does not match any table.`);
  if (node.systemTime)
    unsupported(node, 'FOR SYSTEM_TIME AS OF', 'FOR SYSTEM_TIME AS OF is not supported on wildcard tables');
  for (const m of members) refuseUnusable(node.path, m);
  noteReference(context, ref);
  for (const m of members) session.shared.reads.set(tableName(m.ref), m.ref);
  const columns = last.columns.map((c) => newColumn(session, c.name, columnType(c)));
  for (const m of members) refuseOtherTypes(node, last, m);
  const suffixColumn = newColumn(session, '_TABLE_SUFFIX', STRING);
  const fields: Field[] = [
    ...columns.map((c) => columnField(c.name, c)),
    columnField('_TABLE_SUFFIX', suffixColumn, true),
  ];
  noteUse(session, {
    node,
    table: last,
    members,
    wildcardPrefix: prefix,
    pseudo: [suffixColumn],
    columns: [...columns, suffixColumn],
  });
  const all: Column[] = [...columns, suffixColumn];
  return {
    scan: { kind: 'WildcardScan', span: node.span, prefix, members, columns: all, suffixColumn },
    names: { fields, ranges: [{ name: alias.replace(/\*$/, ''), fields }] },
  };
}

function refuseOtherTypes(node: TableNode, last: CatalogTable, member: CatalogTable): void {
  for (const c of last.columns) {
    const other = member.columns.find((o) => o.name.toLowerCase() === c.name.toLowerCase());
    if (other && typeText(columnType(other)) !== typeText(columnType(c)))
      unsupported(
        node,
        'wildcard table',
        `Column ${c.name} has different types in ${tableName(member.ref)} and ${tableName(last.ref)}`,
      );
  }
}
