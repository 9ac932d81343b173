import type { Identifier } from '../ast/index.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { BOOL } from '../types.ts';
import type { FromResult } from './array-join.ts';
import { coerce } from './coercion.ts';
import type { QueryContext } from './context.ts';
import { operatorCall, unify } from './expression-operator.ts';
import { fail } from './failure.ts';
import { type JoinNode, joinScan } from './from.ts';
import { columnField, type Field, fieldRef, findField, key } from './scope.ts';
import { newColumn } from './session.ts';

/** USING: equal columns stand once, first in `*`; in a FULL JOIN whichever side has one. */
export function joinUsing(
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
    refuseTableAlias(left, id, 'left');
    refuseTableAlias(right, id, 'right');
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
    } else merged.push({ ...(type === 'RIGHT' ? r : l), name: id.name });
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

function refuseTableAlias({ names }: FromResult, id: Identifier, side: string): void {
  const range = names.ranges.find((r) => key(r.name) === key(id.name) && !r.weak);
  // An alias of a value is that value, a column like any other.
  if (range && (range.value === undefined || range.value.type.kind === 'struct'))
    fail(id, `Name ${id.name} in USING clause is a table alias, not a column name, on ${side} side of join`);
}
