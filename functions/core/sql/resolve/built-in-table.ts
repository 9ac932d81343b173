import type { Argument } from '../ast/index.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import { type TableFunctionArgument, tableShape } from '../functions/table-signature.ts';
import type { ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import type { FromResult } from './array-join.ts';
import { coerce, fit } from './coercion.ts';
import { outerScope, plainContext, type QueryContext, type QueryOutput } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { derivedTable } from './from.ts';
import { resolveQuery } from './query.ts';
import { columnRef, key, rangeValue } from './scope.ts';
import { fixedTable, newColumn } from './session.ts';
import { resolveTableName } from './table.ts';
import { named, type TableCall } from './table-function.ts';

type Given = { readonly table?: FromResult; readonly value?: ResolvedExpression };

/**
 * A table function of BigQuery's own. Columns of its inputs are passed on as they are; those that it makes are
 * computed of all that was passed in. One whose columns depend on a model or on options is refused by name.
 */
export function callTableEntry(
  node: TableCall,
  entry: FunctionEntry,
  context: QueryContext,
  piped?: FromResult,
): FromResult {
  context.session.shared.functions.add(entry.name);
  const shape = entry.table === undefined ? undefined : tableShape(entry.table);
  if (shape === undefined || !shape.complete)
    return unsupported(node, entry.name, `Table-valued function ${entry.name} is not supported`);
  const given = new Map<string, Given>();
  const places = shape.arguments.filter((a) => !a.namedOnly);
  let next = 0;
  if (piped) {
    const [first] = places;
    if (first?.kind !== 'table')
      return fail(node.name, `Table-valued function ${entry.name} takes no table from a pipe`);
    given.set(first.name, { table: piped });
    next++;
  }
  for (const a of node.arguments) {
    const wanted = 'name' in a ? a.name?.name : undefined;
    const argument =
      wanted === undefined ? places[next++] : shape.arguments.find((x) => key(x.name) === key(wanted));
    if (argument === undefined || given.has(argument.name))
      return fail(a, `Table-valued function ${entry.name} does not take this argument`);
    given.set(argument.name, argumentOf(a, argument, entry, context));
  }
  for (const a of shape.arguments)
    if (!a.optional && !given.has(a.name))
      fail(node, `Table-valued function ${entry.name} lacks its argument ${a.name}`);
  return named(node, outputOf(node, shape.columns, given, context), context);
}

function argumentOf(
  a: Argument,
  wanted: TableFunctionArgument,
  entry: FunctionEntry,
  context: QueryContext,
): Given {
  const wrong = (): never => fail(a, `${wanted.name} of ${entry.name} is a ${wanted.kind}`);
  switch (wanted.kind) {
    case 'table':
    case 'table-name':
      if (a.kind === 'QueryArgument' && wanted.kind === 'table')
        return { table: derivedTable(resolveQuery(a.query, context), undefined) };
      if (a.kind === 'ObjectArgument' && a.object === 'TABLE')
        return { table: resolveTableName(fixedTable(a.path), context, undefined) };
      return wrong();
    case 'model':
      return a.kind === 'ObjectArgument' && a.object === 'MODEL' ? {} : wrong();
    case 'graph':
      return unsupported(a, entry.name, `Table-valued function ${entry.name} of a graph is not supported`);
    case 'value': {
      if (a.kind !== 'PlainArgument' && a.kind !== 'NamedArgument') return wrong();
      const inside = plainContext(context, outerScope(context), 'argument of a table function');
      const value = resolveExpression(a.value, inside);
      if (wanted.type === undefined) return { value };
      return fit(value, wanted.type) === undefined ? wrong() : { value: coerce(value, wanted.type) };
    }
  }
}

type Shape = ReturnType<typeof tableShape>;

function outputOf(
  node: TableCall,
  columns: Shape['columns'],
  given: ReadonlyMap<string, Given>,
  context: QueryContext,
): { scan: ResolvedScan; outputs: readonly QueryOutput[]; asValue: boolean } {
  const { session } = context;
  const tables = [...given.values()].flatMap(({ table }) => (table ? [table] : []));
  const values = [...given.values()].flatMap(({ value }) => (value ? [value] : []));
  const input = tables.map((t) => t.scan).reduce<ResolvedScan>(cross, { kind: 'SingleRowScan', columns: [] });
  const passed = tables.flatMap((t) => t.scan.columns.map((c) => columnRef(c, node.span)));
  const computed: { column: ReturnType<typeof newColumn>; expression: ResolvedExpression }[] = [];
  const make = (name: string, expression: ResolvedExpression): QueryOutput => {
    const column = newColumn(session, name, expression.type);
    computed.push({ column, expression });
    return { name, column };
  };
  const outputs = columns.flatMap((c): QueryOutput[] => {
    if (c.kind === 'column') {
      const parts = [...passed, ...values];
      const all: ResolvedExpression = {
        kind: 'Call',
        type: c.type,
        span: node.span,
        name: '$table_function',
        safe: false,
        arguments: parts,
      };
      return [make(c.name, all)];
    }
    const table = given.get(c.argument)?.table;
    if (table === undefined) return [];
    const visible = table.names.fields.filter((f) => !f.hidden);
    if (c.kind === 'all-of') return visible.map((f) => ({ name: f.name, column: f.column }));
    return [make(c.name, rangeValue({ name: c.name, fields: visible }, node.span, false))];
  });
  const all = [
    ...new Map([...input.columns, ...computed.map((c) => c.column)].map((c) => [c.id, c])).values(),
  ];
  return { scan: { kind: 'ProjectScan', input, computed, columns: all }, outputs, asValue: false };
}

const cross = (left: ResolvedScan, right: ResolvedScan): ResolvedScan =>
  left.kind === 'SingleRowScan'
    ? right
    : {
        kind: 'JoinScan',
        type: 'CROSS',
        left,
        right,
        lateral: false,
        columns: [...left.columns, ...right.columns],
      };
