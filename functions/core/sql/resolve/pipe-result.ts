import type { PipeOperator } from '../ast/index.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import type { FromResult } from './array-join.ts';
import type { QueryContext, QueryOutput, QueryResult } from './context.ts';
import { fail } from './failure.ts';
import { type Computed, projectInOrder } from './project.ts';
import { columnField, type Field, fieldRef } from './scope.ts';
import { newColumn } from './session.ts';

/** `|> DISTINCT`: table aliases stay, for the columns that are left. */
export function distinct(
  pipe: Extract<PipeOperator, { kind: 'PipeDistinct' }>,
  from: FromResult,
  context: QueryContext,
): FromResult {
  const result = fromResult(from, context);
  for (const { column } of result.outputs)
    if (column.type.kind === 'scalar' && (column.type.name === 'JSON' || column.type.name === 'GEOGRAPHY'))
      fail(pipe, `Column ${column.name} of type ${typeText(column.type)} cannot be used in |> DISTINCT`);
  const { columns } = result.scan;
  const scan: ResolvedScan = { kind: 'DistinctScan', input: result.scan, columns };
  if (result.asValue) return { ...from, scan };
  const fields = result.outputs.map((o) => columnField(o.name, o.column));
  const visible = from.names.fields.filter((f) => !f.hidden);
  const kept = new Map(visible.map((f, i) => [place(f), fields[i] as Field]));
  const ranges = from.names.ranges.map(({ name, fields: own }) => ({
    name,
    fields: own.flatMap((f) => {
      const field = kept.get(place(f));
      return field ? [{ ...field, name: f.name }] : [];
    }),
  }));
  return { scan, names: { fields, ranges } };
}

const place = ({ column, path }: Field): string => [column.id, ...path].join('.');

/** What a pipe ends in, as a query: its visible columns, each once. */
export function fromResult(from: FromResult, context: QueryContext): QueryResult {
  if (from.value !== undefined) {
    const outputs = [{ name: '', column: from.value }];
    return { scan: projectInOrder(from.scan, [], [from.value]), outputs, asValue: true };
  }
  const computed: Computed[] = [];
  const used = new Set<number>();
  const outputs: QueryOutput[] = from.names.fields
    .filter((f) => !f.hidden)
    .map((f) => {
      const span = { start: 0, end: 0 };
      let column = f.column;
      if (f.path.length > 0 || used.has(column.id)) {
        const expression = fieldRef(f, span);
        column = newColumn(context.session, f.name, expression.type);
        computed.push({ column, expression });
      }
      used.add(column.id);
      return { name: f.name, column };
    });
  const columns = outputs.map((o) => o.column);
  const { scan } = from;
  const same =
    columns.length === scan.columns.length && columns.every((c, i) => c.id === scan.columns[i]?.id);
  if (same) return { scan, outputs, asValue: false };
  return { scan: projectInOrder(scan, computed, columns), outputs, asValue: false };
}
