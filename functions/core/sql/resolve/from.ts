import type { Expression, Identifier, TableExpression } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { BOOL, INT64, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { plainContext, type QueryContext, type QueryResult, resolveCondition } from './context.ts';
import { resolveExpression } from './expression.ts';
import { operatorCall, unify } from './expression-operator.ts';
import { fail, unsupported } from './failure.ts';
import { resolvePostfix } from './postfix.ts';
import { resolveQuery } from './query.ts';
import {
  columnField,
  type Field,
  fieldRef,
  findField,
  joinNames,
  key,
  type NameList,
  NO_NAMES,
  type Scope,
  valueFields,
} from './scope.ts';
import { newColumn } from './session.ts';
import { arrayPath, resolveTableName } from './table.ts';

export type FromResult = { readonly scan: ResolvedScan; readonly names: NameList };

/** What stands to the left in the same FROM clause: its arrays may be unnested, LATERAL sees it. */
type Left = FromResult | undefined;

type Node<K extends TableExpression['kind']> = Extract<TableExpression, { kind: K }>;

export function resolveFrom(node: TableExpression, context: QueryContext, left?: Left): FromResult {
  switch (node.kind) {
    case 'Join':
      return resolveJoin(node, context);
    case 'ParenthesizedJoin':
      return postfixes(node, resolveFrom(node.join, context), context);
    case 'TableName':
      return postfixes(node, resolveTableName(node, context, left && leftScope(context, left)), context);
    case 'TableSubquery': {
      const scope = node.lateral && left ? leftScope(context, left) : context.outer;
      const result = resolveQuery(node.query, { ...context, outer: scope });
      return postfixes(node, derivedTable(result, node.alias), context);
    }
    case 'UnnestTable':
      return postfixes(node, unnest(node, context, left, 'CROSS'), context);
    case 'TableFunction': {
      const name = node.name.parts.map((p) => p.name).join('.');
      return unsupported(node, name, `Table-valued function ${name} is not supported`);
    }
  }
}

const leftScope = (context: QueryContext, left: FromResult): Scope =>
  context.outer ? { names: left.names, parent: context.outer } : { names: left.names };

function postfixes(
  node: Exclude<TableExpression, { kind: 'Join' }>,
  start: FromResult,
  context: QueryContext,
): FromResult {
  let result = start;
  for (const postfix of node.postfix) result = resolvePostfix(postfix, result, context);
  return result;
}

/** A subquery's columns under its alias. */
export function derivedTable(result: QueryResult, alias: Identifier | undefined): FromResult {
  const value = result.asValue ? result.outputs[0]?.column : undefined;
  const name = alias?.name ?? '';
  const fields: readonly Field[] = value
    ? valueFields(name, value)
    : result.outputs.map((o) => columnField(o.name, o.column));
  const ranges = alias ? [{ name, fields, ...(value ? { value } : {}) }] : [];
  return { scan: result.scan, names: { fields, ranges } };
}

type ArrayJoin = 'CROSS' | 'LEFT';

/** `UNNEST(...)`, joined to what stands left of it where there is something. */
function unnest(
  node: Node<'UnnestTable'>,
  context: QueryContext,
  left: Left,
  type: ArrayJoin,
  on?: Expression,
): FromResult {
  const scope = left ? leftScope(context, left) : (context.outer ?? { names: NO_NAMES });
  const arrays: ResolvedExpression[] = [];
  const names: string[] = [];
  let zip: 'PAD' | 'TRUNCATE' | 'STRICT' = 'PAD';
  for (const a of node.arrays) {
    if (a.kind === 'NamedArgument' && a.name.name.toLowerCase() === 'mode') zip = zipMode(a.value);
    else if (a.kind === 'PlainArgument') {
      const array = resolveExpression(a.value, plainContext(context, scope, 'UNNEST'));
      if (array.type.kind !== 'array')
        fail(
          a,
          `Values referenced in UNNEST must be arrays. UNNEST contains expression of type ${typeText(array.type)}`,
        );
      arrays.push(array);
      names.push(a.alias?.name ?? '');
    } else fail(a, 'Invalid argument of UNNEST');
  }
  if (arrays.length === 1) names[0] = node.alias?.name ?? names[0] ?? '';
  return arrayScan(node, arrays, names, context, left, type, on, zip);
}

function zipMode(e: Expression): 'PAD' | 'TRUNCATE' | 'STRICT' {
  const text = e.kind === 'StringLiteral' ? e.value.toUpperCase() : '';
  if (text !== 'PAD' && text !== 'TRUNCATE' && text !== 'STRICT')
    fail(e, 'UNNEST mode must be "PAD", "TRUNCATE" or "STRICT"');
  return text;
}

function arrayScan(
  node: Node<'UnnestTable' | 'TableName'>,
  arrays: readonly ResolvedExpression[],
  names: readonly string[],
  context: QueryContext,
  left: Left,
  type: ArrayJoin,
  on?: Expression,
  zip: 'PAD' | 'TRUNCATE' | 'STRICT' = 'PAD',
): FromResult {
  const { session } = context;
  const elements = arrays.map((a, i) =>
    newColumn(session, names[i] || 'element', a.type.kind === 'array' ? a.type.element : a.type),
  );
  const offset = node.withOffset && newColumn(session, node.withOffset.alias?.name ?? 'offset', INT64);
  const fields: Field[] = [];
  const ranges: NameList['ranges'][number][] = [];
  for (const [i, column] of elements.entries()) {
    const name = names[i] ?? '';
    const own = arrays.length === 1 ? valueFields(name, column) : [columnField(name, column)];
    // An unnamed UNNEST of scalars still is one column of `*`.
    fields.push(...(own.length === 0 ? [columnField('', column)] : own));
    if (name !== '')
      ranges.push({
        name,
        fields: column.type.kind === 'struct' ? valueFields(name, column) : [],
        value: column,
      });
  }
  if (offset) fields.push(columnField(offset.name, offset));
  const right: NameList = { fields, ranges };
  const joined = left ? joinNames(left.names, right) : right;
  const columns: Column[] = [...(left?.scan.columns ?? []), ...elements, ...(offset ? [offset] : [])];
  const onScope: Scope = context.outer ? { names: joined, parent: context.outer } : { names: joined };
  const condition = on && resolveCondition(on, plainContext(context, onScope, 'JOIN ON clause'));
  const scan: ResolvedScan = {
    kind: 'ArrayScan',
    ...(left ? { input: left.scan } : {}),
    arrays,
    elements,
    ...(offset ? { offset } : {}),
    outer: type === 'LEFT',
    ...(condition ? { on: condition } : {}),
    zip,
    columns,
  };
  return { scan, names: joined };
}

/** Joins lean left and may be many: the spine is walked, not recursed into. */
function resolveJoin(node: Node<'Join'>, context: QueryContext): FromResult {
  const spine: Node<'Join'>[] = [];
  let first: TableExpression = node;
  while (first.kind === 'Join') {
    spine.push(first);
    first = first.left;
  }
  let result = resolveFrom(first, context);
  for (const join of spine.reverse()) result = joinOne(join, result, context);
  return result;
}

export type JoinNode = Pick<Node<'Join'>, 'type' | 'right' | 'on' | 'using' | 'span'>;

export function joinOne(node: JoinNode, left: FromResult, context: QueryContext): FromResult {
  const arrayType: ArrayJoin | undefined =
    node.type === 'LEFT' ? 'LEFT' : node.type === 'RIGHT' || node.type === 'FULL' ? undefined : 'CROSS';
  const plain = node.right.kind === 'UnnestTable' || node.right.kind === 'TableName';
  if (arrayType && plain && !node.using && node.right.postfix.length === 0) {
    if (node.right.kind === 'UnnestTable') return unnest(node.right, context, left, arrayType, node.on);
    const array = arrayPath(node.right, context, leftScope(context, left));
    if (array) {
      const parts = node.right.path.parts;
      const name = node.right.alias?.name ?? parts[parts.length - 1]?.name ?? '';
      return arrayScan(node.right, [array], [name], context, left, arrayType, node.on);
    }
  }
  const lateral = node.right.kind === 'TableSubquery' && node.right.lateral;
  const right = resolveFrom(node.right, context, lateral ? left : undefined);
  refuseSameAlias(left.names, right.names, node);
  const type = node.type === 'COMMA' ? 'CROSS' : node.type;
  if (type === 'CROSS' && right.scan.kind !== 'ArrayScan') context.session.shared.crossJoins++;
  if (node.using) return joinUsing(node, node.using, left, right, context);
  const names = joinNames(left.names, right.names);
  const scope: Scope = context.outer ? { names, parent: context.outer } : { names };
  const on = node.on && resolveCondition(node.on, plainContext(context, scope, 'JOIN ON clause'));
  return { scan: joinScan(type, left, right, lateral, on), names };
}

function refuseSameAlias(left: NameList, right: NameList, node: JoinNode): void {
  for (const r of right.ranges)
    if (left.ranges.some((l) => key(l.name) === key(r.name)))
      fail(node.right, `Duplicate table alias ${r.name} in the same FROM clause`);
}

function joinScan(
  type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS',
  left: FromResult,
  right: FromResult,
  lateral: boolean,
  on?: ResolvedExpression,
): ResolvedScan {
  const columns = [...left.scan.columns, ...right.scan.columns];
  return {
    kind: 'JoinScan',
    type,
    left: left.scan,
    right: right.scan,
    ...(on ? { on } : {}),
    lateral,
    columns,
  };
}

/** USING: equal columns stand once, first in `*`; in a FULL JOIN whichever side has one. */
function joinUsing(
  node: JoinNode,
  using: readonly Identifier[],
  left: FromResult,
  right: FromResult,
  context: QueryContext,
): FromResult {
  const type =
    node.type === 'COMMA' || node.type === 'CROSS'
      ? fail(node, 'USING cannot be used with CROSS JOIN')
      : node.type;
  const conditions: ResolvedExpression[] = [];
  const merged: Field[] = [];
  const computed: { column: Column; expression: ResolvedExpression }[] = [];
  const taken = new Set<Field>();
  for (const id of using) {
    const l = findField(left.names.fields, id.name, id.span);
    const r = findField(right.names.fields, id.name, id.span);
    if (!l) fail(id, `Column ${id.name} in USING clause not found on left side of join`);
    if (!r) fail(id, `Column ${id.name} in USING clause not found on right side of join`);
    const sides = [fieldRef(l, id.span), fieldRef(r, id.span)];
    conditions.push(operatorCall('$eq', sides, id.span));
    if (type === 'FULL') {
      const unified = unify(sides);
      if (!unified) fail(id, `Column ${id.name} in USING has incompatible types`);
      const column = newColumn(context.session, id.name, unified.type);
      computed.push({
        column,
        expression: {
          kind: 'Call',
          type: unified.type,
          span: id.span,
          name: 'COALESCE',
          safe: false,
          arguments: unified.values,
        },
      });
      merged.push(columnField(id.name, column));
    } else merged.push(type === 'RIGHT' ? { ...r, name: l.name } : l);
    taken.add(l).add(r);
  }
  const on = conditions.length === 1 ? conditions[0] : operatorCall('$and', conditions, node.span);
  let scan = joinScan(type, left, right, false, on && coerce(on, BOOL));
  if (computed.length > 0)
    scan = {
      kind: 'ProjectScan',
      input: scan,
      computed,
      columns: [...scan.columns, ...computed.map((c) => c.column)],
    };
  const rest = (fields: readonly Field[]): Field[] =>
    fields.filter(
      (f) =>
        ![...taken].some((t) => t === f || (t.column.id === f.column.id && t.path.join() === f.path.join())),
    );
  return {
    scan,
    names: {
      fields: [...merged, ...rest(left.names.fields), ...rest(right.names.fields)],
      ranges: [...left.names.ranges, ...right.names.ranges],
    },
  };
}

/** The standalone form of a correlated array path: `FROM outer_table.items`. */
export function arrayFrom(
  node: Node<'TableName'>,
  array: ResolvedExpression,
  context: QueryContext,
): FromResult {
  const parts = node.path.parts;
  return arrayScan(
    node,
    [array],
    [node.alias?.name ?? parts[parts.length - 1]?.name ?? ''],
    context,
    undefined,
    'CROSS',
  );
}

export const asInt64 = (e: ResolvedExpression, what: string): ResolvedExpression => {
  if (fit(e, INT64) === undefined) fail(e, `${what} expects INT64, got ${typeText(e.type)}`);
  return coerce(e, INT64);
};
