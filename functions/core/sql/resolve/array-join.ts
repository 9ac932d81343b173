import type { Expression, TableExpression } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { INT64, typeText } from '../types.ts';
import { plainContext, type QueryContext, resolveCondition } from './context.ts';
import { resolveExpression } from './expression.ts';
import { inferredName } from './expression-forms.ts';
import { fail } from './failure.ts';
import {
  columnField,
  type Field,
  joinNames,
  type NameList,
  NO_NAMES,
  type Scope,
  valueFields,
} from './scope.ts';
import { newColumn } from './session.ts';

/** `value` is set where a row is one value and has no other columns. */
export type FromResult = { readonly scan: ResolvedScan; readonly names: NameList; readonly value?: Column };

/** What stands to the left in the same FROM clause: its arrays may be unnested, LATERAL sees it. */
export type Left = FromResult | undefined;

export type ArrayJoin = 'CROSS' | 'LEFT';

type Node<K extends TableExpression['kind']> = Extract<TableExpression, { kind: K }>;

export const leftScope = (context: QueryContext, left: FromResult): Scope =>
  context.outer ? { names: left.names, parent: context.outer } : { names: left.names };

/** `UNNEST(...)`, joined to what stands left of it where there is something. */
export function unnest(
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
      // An array that is a column or a field gives its elements its name.
      names.push(a.alias?.name ?? inferredName(a.value) ?? '');
    } else fail(a, 'Invalid argument of UNNEST');
  }
  const mode = node.arrays.find((a) => a.kind === 'NamedArgument');
  if (mode && arrays.length < 2)
    fail(mode, 'Argument `mode` is not allowed when UNNEST only has one array argument');
  if (node.alias && arrays.length > 1)
    fail(
      node.alias,
      'When 2 or more array arguments are supplied to UNNEST, aliases for the element columns must be specified following the argument inside the parenthesis',
    );
  if (arrays.length === 1) names[0] = node.alias?.name ?? names[0] ?? '';
  return arrayScan(node, arrays, names, context, left, type, on, zip);
}

function zipMode(e: Expression): 'PAD' | 'TRUNCATE' | 'STRICT' {
  const text = e.kind === 'StringLiteral' ? e.value.toUpperCase() : '';
  if (text !== 'PAD' && text !== 'TRUNCATE' && text !== 'STRICT')
    fail(e, 'UNNEST mode must be "PAD", "TRUNCATE" or "STRICT"');
  return text;
}

export function arrayScan(
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
