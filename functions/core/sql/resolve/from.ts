import type { Identifier, TableExpression } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { type ArrayJoin, arrayScan, type FromResult, type Left, leftScope, unnest } from './array-join.ts';
import { plainContext, type QueryContext, type QueryResult, resolveCondition } from './context.ts';
import { fail, unsupported } from './failure.ts';
import { refuseGraphQuery } from './graph.ts';
import { joinUsing } from './join-using.ts';
import { refuseCombination, resolvePostfix } from './postfix.ts';
import { isOpen, resolveOpen, resolveQuery } from './query.ts';
import { columnField, type Field, joinNames, key, type NameList, type Scope, valueFields } from './scope.ts';
import { arrayPath, resolveTableName } from './table.ts';
import { resolveTableCall } from './table-function.ts';

export type { FromResult } from './array-join.ts';

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
      if (node.lateral && left === undefined)
        fail(
          node,
          'First item in the parenthesized join or at the top level of the FROM clause cannot be LATERAL',
        );
      const scope = node.lateral && left ? leftScope(context, left) : context.outer;
      const inside = { ...context, outer: scope };
      if (node.alias === undefined && isOpen(node.query))
        return postfixes(node, resolveOpen(node.query, inside), context);
      return postfixes(node, derivedTable(resolveQuery(node.query, inside), node.alias), context);
    }
    case 'UnnestTable':
      if (node.systemTime) fail(node.systemTime, 'FOR SYSTEM_TIME AS OF cannot be used with an array');
      return postfixes(node, unnest(node, context, left, 'CROSS'), context);
    case 'GroupRows':
      return unsupported(node, 'FROM GROUP ROWS');
    case 'GraphTable':
      return refuseGraphQuery(node, context);
    case 'TableFunction':
      if (node.lateral) unsupported(node, 'LATERAL table function');
      return postfixes(node, resolveTableCall(node, context), context);
  }
}

function postfixes(
  node: Exclude<TableExpression, { kind: 'Join' }>,
  start: FromResult,
  context: QueryContext,
): FromResult {
  refuseCombination(node.postfix);
  let result = start;
  for (const postfix of node.postfix) result = resolvePostfix(postfix, result, context);
  return result;
}

/** A subquery's columns under its alias. */
export function derivedTable(result: QueryResult, alias: Identifier | undefined): FromResult {
  const value = result.asValue ? result.outputs[0]?.column : undefined;
  const name = alias?.name ?? '';
  const fields: readonly Field[] = value
    ? valueRow(name, value)
    : result.outputs.map((o) => columnField(o.name, o.column));
  const ranges = alias ? [{ name, fields, ...(value ? { value } : {}) }] : [];
  return { scan: result.scan, names: { fields, ranges }, ...(value ? { value } : {}) };
}

/** The fields of a value; a scalar without a name is one column without a name. */
export function valueRow(name: string, value: Column): readonly Field[] {
  const fields = valueFields(name, value);
  return fields.length === 0 && value.type.kind !== 'struct' ? [columnField(name, value)] : fields;
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

/** Every join has all columns of both sides: many joins of wide tables take time and memory by its square. */
const MAX_COLUMNS = 25_000;

export type JoinNode = Omit<Node<'Join'>, 'kind' | 'left'>;

export function joinOne(node: JoinNode, left: FromResult, context: QueryContext): FromResult {
  if (node.natural) unsupported(node, 'NATURAL JOIN');
  if (node.method) unsupported(node, `${node.method} JOIN`);
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
  checkCondition(node);
  const lateral = node.right.kind === 'TableSubquery' && node.right.lateral;
  if (lateral && (node.type === 'RIGHT' || node.type === 'FULL'))
    fail(node.right, 'LATERAL items cannot be on the RHS of a RIGHT or FULL JOIN');
  const right = resolveFrom(node.right, context, lateral ? left : undefined);
  if (left.scan.columns.length + right.scan.columns.length > MAX_COLUMNS)
    unsupported(node, `a join of more than ${MAX_COLUMNS} columns`);
  refuseSameAlias(left.names, right.names, node);
  const type = node.type === 'COMMA' ? 'CROSS' : node.type;
  if (type === 'CROSS' && right.scan.kind !== 'ArrayScan') context.session.shared.crossJoins++;
  if (node.using) return joinUsing(node, node.using, left, right, context);
  const names = joinNames(left.names, right.names);
  const scope: Scope = context.outer ? { names, parent: context.outer } : { names };
  const on = node.on && resolveCondition(node.on, plainContext(context, scope, 'JOIN ON clause'));
  return { scan: joinScan(type, left, right, lateral, on), names };
}

/** A join with an array may lack a condition, or have one after CROSS JOIN; any other join may not. */
function checkCondition({ type, on, using, words, condition, span, right }: JoinNode): void {
  if (type === 'COMMA') return;
  if (right.kind === 'TableSubquery' && right.lateral && (type === 'INNER' || type === 'LEFT')) return;
  if (type === 'CROSS') {
    if (on || using)
      fail(condition?.span ?? span, `${on ? 'ON' : 'USING'} clause cannot be used with CROSS JOIN`);
    return;
  }
  if (!on && !using)
    fail(words?.span ?? span, `${type} JOIN must have an immediately following ON or USING clause`);
}

function refuseSameAlias(left: NameList, right: NameList, node: JoinNode): void {
  for (const r of right.ranges)
    if (left.ranges.some((l) => key(l.name) === key(r.name) && !(l.weak && r.weak)))
      fail(node.right, `Duplicate table alias ${r.name} in the same FROM clause`);
}

export function joinScan(
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
