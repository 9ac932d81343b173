import type { Path, TablePostfix, Unpack } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { arrayOf, BOOL, INT64, type SqlType, STRING, sameType, typeText } from '../types.ts';
import { plainContext, type QueryContext } from './context.ts';
import { resolvePath } from './expression.ts';
import { not } from './expression-operator.ts';
import { fail, unsupported } from './failure.ts';
import type { FromResult } from './from.ts';
import { columnField, columnRef, stringConstant, structField } from './scope.ts';
import { inOwnText, newColumn } from './session.ts';

type Unpivot = Extract<TablePostfix, { kind: 'Unpivot' }>;

/** A column's path; what is unpacked has none. */
function plainPath(column: Path | Unpack): Path {
  return column.kind === 'Path' ? column : unsupported(column, 'unpacking with **');
}

/** The name of a new column, which is a single one. */
function newName(column: Path | Unpack, what: string): string {
  const { parts, span } = plainPath(column);
  if (parts.length > 1) fail(span, `Only ${what} in UNPIVOT. Qualified names are not allowed`);
  return parts[0]?.name ?? '';
}

/** UNPIVOT as a join with an array of (values..., label), one element for each listed column. */
export function unpivot(node: Unpivot, from: FromResult, context: QueryContext): FromResult {
  const scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  const inside = plainContext(context, scope, 'UNPIVOT');
  const rows = node.inputs.map((input) => {
    if (input.columns.length !== node.values.length)
      fail(
        node,
        `UNPIVOT has ${node.values.length} value columns but an IN item has ${input.columns.length}`,
      );
    return input.columns.map((p) => resolvePath(plainPath(p), inside));
  });
  const named = new Set<number>();
  for (const e of rows.flat()) {
    if (e.kind !== 'ColumnRef') fail(e, 'UNPIVOT takes columns only');
    if (named.has(e.column.id)) fail(e, 'Column names in UNPIVOT IN clause cannot be repeated');
    named.add(e.column.id);
  }
  const types = (rows[0] ?? []).map((e) => e.type);
  for (const row of rows)
    for (const [i, e] of row.entries())
      if (!sameType(e.type, types[i] ?? e.type))
        fail(
          e,
          `The datatype of column does not match with other datatypes in the IN clause. Expected ${typeText(types[i] ?? e.type)}, Found ${typeText(e.type)}`,
        );
  const labels = node.inputs.map((input) => label(input.label, input.columns.map(plainPath), node));
  const labelType: SqlType = labels[0]?.type ?? STRING;
  const type: SqlType = { kind: 'struct', fields: [...types, labelType].map((t) => ({ type: t })) };
  const span = node.span;
  const elements = rows.map((row, i): ResolvedExpression => {
    const end = labels[i] as ResolvedExpression;
    if (!sameType(end.type, labelType)) fail(end, 'All labels of UNPIVOT must have the same type');
    return { kind: 'MakeStruct', type, span, fields: [...row, end] };
  });
  const array: ResolvedExpression = {
    kind: 'Call',
    type: arrayOf(type),
    span,
    name: '$array',
    safe: false,
    arguments: elements,
  };
  return expand(node, from, context, array, type, rows);
}

function label(
  e: Unpivot['inputs'][number]['label'],
  columns: readonly Path[],
  node: Unpivot,
): ResolvedExpression {
  if (e?.kind === 'StringLiteral') return stringConstant(e.value, e.span);
  if (e?.kind === 'IntLiteral')
    return { kind: 'Constant', type: INT64, span: e.span, value: { kind: 'int64', value: e.value } };
  if (e !== undefined) fail(e, 'UNPIVOT label must be a STRING or INT64 literal');
  return stringConstant(columns.map((p) => p.parts[p.parts.length - 1]?.name).join('_'), node.span);
}

function expand(
  node: Unpivot,
  from: FromResult,
  context: QueryContext,
  array: ResolvedExpression,
  type: SqlType,
  rows: readonly (readonly ResolvedExpression[])[],
): FromResult {
  const { span } = node;
  const element = newColumn(context.session, '$unpivot', type);
  let scan: ResolvedScan = {
    kind: 'ArrayScan',
    input: from.scan,
    arrays: [array],
    elements: [element],
    outer: false,
    zip: 'PAD',
    columns: [...from.scan.columns, element],
  };
  const names = [
    ...node.values.map((value) => newName(value, 'names of the new columns are accepted as value columns')),
    newName(node.nameColumn, 'name of the new column is accepted as label column'),
  ];
  const computed = names.map((name, i) => {
    const expression = structField(columnRef(element, span), i, span);
    return { column: newColumn(context.session, name, expression.type), expression };
  });
  scan = {
    kind: 'ProjectScan',
    input: scan,
    computed,
    columns: [...from.scan.columns, ...computed.map((c) => c.column)],
    ...(inOwnText(context.session)
      ? { listed: from.names.fields.filter((f) => !f.hidden).map((f) => f.column) }
      : {}),
  };
  if (!node.includeNulls) {
    const present = computed.slice(0, -1).map((c) => notNull(c.column, node));
    const condition: ResolvedExpression =
      present.length === 1
        ? (present[0] as ResolvedExpression)
        : { kind: 'Call', type: BOOL, span, name: '$or', safe: false, arguments: present };
    scan = { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns };
  }
  const taken = new Set(rows.flat().map((e) => (e.kind === 'ColumnRef' ? e.column.id : -1)));
  const fields = [
    ...from.names.fields.filter((f) => f.hidden || !taken.has(f.column.id)),
    ...computed.map((c) => columnField(c.column.name, c.column)),
  ];
  const name = node.alias?.name ?? (from.names.ranges.length === 1 ? from.names.ranges[0]?.name : undefined);
  return { scan, names: { fields, ranges: name === undefined ? [] : [{ name, fields }] } };
}

function notNull(column: Column, node: Unpivot): ResolvedExpression {
  const isNull: ResolvedExpression = {
    kind: 'Call',
    type: BOOL,
    span: node.span,
    name: '$is_null',
    safe: false,
    arguments: [columnRef(column, node.span)],
  };
  return not(isNull, true);
}
