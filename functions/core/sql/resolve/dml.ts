import type {
  DeleteStatement,
  DmlTarget,
  Expression,
  Identifier,
  InsertStatement,
  MergeAction,
  MergeStatement,
  Path,
  Span,
  UpdateItem,
  UpdateStatement,
} from '../ast/index.ts';
import { type CatalogTable, tableName } from '../catalog.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { type SqlType, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { type ExpressionContext, plainContext, type QueryContext, resolveCondition } from './context.ts';
import type { Draft } from './draft.ts';
import { resolveExpression } from './expression.ts';
import { fail, missingTable, unsupported } from './failure.ts';
import { type FromResult, resolveFrom } from './from.ts';
import { resolveQuery } from './query.ts';
import { columnField, columnRef, findField, joinNames, key, NO_NAMES, type Scope } from './scope.ts';
import { newColumn } from './session.ts';
import { columnType, findTable, refuseUnusable, tableRef } from './table.ts';
import { whereOf } from './where.ts';

/*
 * DML is resolved for what it reads and writes. The scans made here say which columns each clause reads; they are not
 * meant to be run.
 */

type Target = FromResult & { readonly table: CatalogTable };

/** The table that a statement writes, with its names as WHERE sees them. */
function resolveTarget(
  path: Path,
  alias: Identifier | undefined,
  context: QueryContext,
  draft: Draft,
): Target {
  const { session } = context;
  const ref = tableRef({ path, span: path.span }, context);
  const table = findTable(session, ref);
  if (table === undefined) missingTable(path, tableName(ref));
  refuseUnusable(path, table);
  session.shared.referenced.set(tableName(ref), ref);
  draft.writes.push(ref);
  if (table.kind === 'view') fail(path, `Cannot modify view ${tableName(ref)}`);
  const all = [...table.columns, ...table.pseudoColumns];
  const columns = all.map((c) => newColumn(session, c.name, columnType(c)));
  const fields = columns.map((c, i) => columnField(c.name, c, i >= table.columns.length));
  draft.targets.push({ table, columns });
  const scan: ResolvedScan = {
    kind: 'TableScan',
    span: path.span,
    table,
    columns,
    tableColumns: columns.map((_, i) => i),
  };
  const name = alias?.name ?? ref.table;
  return { scan, names: { fields, ranges: [{ name, fields }] }, table };
}

function targetColumn(target: Target, id: Identifier): Column {
  const field = findField(target.names.fields, id.name, id.span);
  if (field === undefined)
    fail(id, `Column ${id.name} is not present in table ${tableName(target.table.ref)}`);
  return field.column;
}

/** A value as a column takes it. */
function assigned(e: Expression, column: Column, context: ExpressionContext): ResolvedExpression {
  if (e.kind === 'DefaultValue')
    return { kind: 'Constant', type: column.type, span: e.span, value: { kind: 'null' } };
  return stored(resolveExpression(e, context), column, e);
}

function stored(value: ResolvedExpression, column: Column, e: { readonly span: Span }): ResolvedExpression {
  if (fit(value, column.type) === undefined)
    fail(
      e,
      `Value of type ${typeText(value.type)} cannot be assigned to ${column.name}, which has type ${typeText(column.type)}`,
    );
  return coerce(value, column.type);
}

/** A value, and the column that it is written to; none for a value that is only looked at. */
type Value = { readonly expression: ResolvedExpression; readonly to?: string; readonly type?: SqlType };

const valueTo = (to: string, expression: ResolvedExpression, type = expression.type): Value => ({
  expression,
  to,
  type,
});

function computing(
  input: ResolvedScan,
  values: readonly Value[],
  context: QueryContext,
  draft: Draft,
): ResolvedScan {
  const computed = values.map(({ expression, to, type }) => {
    const column = newColumn(context.session, to ?? '$value', expression.type);
    if (to !== undefined) noteWritten(draft, to, column, type ?? expression.type);
    return { column, expression };
  });
  return { kind: 'ProjectScan', input, computed, columns: computed.map((c) => c.column) };
}

function noteWritten(draft: Draft, name: string, column: Column, type: SqlType): void {
  const known = draft.written.find((w) => key(w.name) === key(name));
  if (known) known.columns.push(column);
  else draft.written.push({ name, columns: [column], type });
}

/** The table that a statement changes; a part of a column is for nested statements. */
function plainTarget(target: DmlTarget): Path {
  return target.kind === 'Path' ? target : unsupported(target, 'DML on part of a column');
}

/** What assignments write, and what of the target they read for it. */
function updateValues(items: readonly UpdateItem[], target: Target, inside: ExpressionContext): Value[] {
  return items.flatMap((item) => {
    if (item.kind !== 'UpdateAssignment') return unsupported(item, 'nested DML');
    const { value } = item;
    const path = plainTarget(item.target);
    const [first, second] = path.parts;
    const range = first && target.names.ranges.find((r) => key(r.name) === key(first.name));
    const named = range && second ? findField(range.fields, second.name, second.span) : undefined;
    const rest = named ? path.parts.slice(2) : path.parts.slice(1);
    const column = named?.column ?? targetColumn(target, first as Identifier);
    const to = [column.name, ...rest.map((part) => part.name)].join('.');
    if (rest.length === 0) return [valueTo(to, assigned(value, column, inside))];
    // The rest of a struct of which one field is set stays as it is: the struct is read.
    const whole = { expression: columnRef(column, path.span) };
    return [whole, valueTo(to, resolveExpression(value, inside))];
  });
}

export function resolveInsert(statement: InsertStatement, context: QueryContext, draft: Draft): ResolvedScan {
  const target = resolveTarget(plainTarget(statement.target), undefined, context, draft);
  const columns =
    statement.columns.length > 0
      ? statement.columns.map((c) => targetColumn(target, c))
      : target.names.fields.filter((f) => !f.hidden).map((f) => f.column);
  const seen = new Set<string>();
  for (const c of statement.columns) {
    if (seen.has(key(c.name))) fail(c, `INSERT has columns with duplicate name: ${c.name}`);
    seen.add(key(c.name));
  }
  if (statement.query) {
    const result = resolveQuery(statement.query, context);
    if (result.outputs.length !== columns.length)
      fail(
        statement,
        `Inserted row has wrong column count; Has ${result.outputs.length}, expected ${columns.length}`,
      );
    return computing(
      result.scan,
      result.outputs.map((o, i) => {
        const column = columns[i]!;
        return valueTo(
          column.name,
          stored(columnRef(o.column, statement.span), column, statement),
          column.type,
        );
      }),
      context,
      draft,
    );
  }
  const inside = plainContext(context, { names: NO_NAMES }, 'VALUES');
  const values = (statement.rows ?? []).flatMap((row) => {
    if (row.length !== columns.length)
      fail(statement, `Inserted row has wrong column count; Has ${row.length}, expected ${columns.length}`);
    return row.map((e, i) => valueTo(columns[i]!.name, assigned(e, columns[i]!, inside)));
  });
  return computing({ kind: 'SingleRowScan', columns: [] }, values, context, draft);
}

export function resolveUpdate(statement: UpdateStatement, context: QueryContext, draft: Draft): ResolvedScan {
  const target = resolveTarget(plainTarget(statement.target), statement.alias, context, draft);
  const from = statement.from && resolveFrom(statement.from, context);
  const names = from ? joinNames(target.names, from.names) : target.names;
  const scope: Scope = { names };
  let scan: ResolvedScan = from ? cross(target, from) : target.scan;
  if (statement.where) {
    const condition = resolveCondition(statement.where, plainContext(context, scope, 'WHERE clause'));
    draft.where = whereOf(condition);
    scan = { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns };
  }
  const inside = plainContext(context, scope, 'UPDATE SET');
  const values = updateValues(statement.items, target, inside);
  return computing(scan, values, context, draft);
}

const cross = (left: FromResult, right: FromResult, on?: ResolvedExpression): ResolvedScan => ({
  kind: 'JoinScan',
  type: on ? 'FULL' : 'CROSS',
  left: left.scan,
  right: right.scan,
  ...(on ? { on } : {}),
  lateral: false,
  columns: [...left.scan.columns, ...right.scan.columns],
});

export function resolveDelete(statement: DeleteStatement, context: QueryContext, draft: Draft): ResolvedScan {
  const target = resolveTarget(plainTarget(statement.target), statement.alias, context, draft);
  const { scan } = target;
  if (!statement.where) return scan;
  const condition = resolveCondition(
    statement.where,
    plainContext(context, { names: target.names }, 'WHERE clause'),
  );
  draft.where = whereOf(condition);
  return { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns };
}

type MergeInsert = Extract<MergeAction, { kind: 'MergeInsert' }>;

export function resolveMerge(statement: MergeStatement, context: QueryContext, draft: Draft): ResolvedScan {
  const target = resolveTarget(statement.target, statement.alias, context, draft);
  const source = resolveFrom(statement.source, context);
  const names = joinNames(target.names, source.names);
  const on = resolveCondition(statement.on, plainContext(context, { names }, 'MERGE ON clause'));
  // A constant ON (`ON FALSE`) matches nothing or everything: which rows are hit is then up to the clauses.
  draft.where = whereOf(on);
  const values: Value[] = [];
  for (const clause of statement.clauses) {
    const seen =
      clause.matched === 'MATCHED'
        ? names
        : clause.matched === 'NOT_MATCHED_BY_SOURCE'
          ? target.names
          : source.names;
    const inside = plainContext(context, { names: seen }, 'MERGE WHEN clause');
    if (clause.condition) values.push({ expression: resolveCondition(clause.condition, inside) });
    if (clause.action.kind === 'MergeUpdate')
      values.push(...updateValues(clause.action.items, target, inside));
    if (clause.action.kind === 'MergeInsert')
      values.push(...mergeInsert(clause.action, target, source, inside));
  }
  return computing(cross(target, source, on), values, context, draft);
}

function mergeInsert(
  action: MergeInsert,
  target: Target,
  source: FromResult,
  inside: ExpressionContext,
): Value[] {
  const columns =
    action.columns.length > 0
      ? action.columns.map((c) => targetColumn(target, c))
      : target.names.fields.filter((f) => !f.hidden).map((f) => f.column);
  // INSERT ROW has no values: every column of the source goes in, by its place.
  const row = source.names.fields.filter((f) => !f.hidden);
  const count = action.values?.length ?? row.length;
  if (count !== columns.length)
    fail(action, `Inserted row has wrong column count; Has ${count}, expected ${columns.length}`);
  return columns.map((column, i) => {
    const given = action.values?.[i];
    if (given) return valueTo(column.name, assigned(given, column, inside), column.type);
    return valueTo(column.name, stored(columnRef(row[i]!.column, action.span), column, action), column.type);
  });
}
