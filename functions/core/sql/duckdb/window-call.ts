import { eachExpression } from '../resolve/walk.ts';
import type { AggregateCall, ResolvedExpression } from '../resolved/index.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import type { Scope } from './scope.ts';

const numbering = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'PERCENT_RANK', 'CUME_DIST']);

/** The value of a constant or parameter that must be a whole number of at least `least`. */
function wholeNumber(
  e: ResolvedExpression | undefined,
  least: bigint,
  call: AggregateCall,
  scope: Scope,
): bigint {
  const value = e?.kind === 'ParameterRef' ? scope.context.parameters.get(e.name ?? String(e.position)) : e;
  if (value?.kind !== 'Constant' || value.value.kind !== 'int64')
    return refuse(call.name, 'its number must be a constant', call.span);
  if (value.value.value < least) return refuse(call.name, `its number must be at least ${least}`, call.span);
  return value.value.value;
}

/** Reads no column and no subquery. */
function isConstant(e: ResolvedExpression): boolean {
  let constant = true;
  eachExpression(e, (x) => {
    if (x.kind === 'ColumnRef' || x.kind === 'Subquery') constant = false;
  });
  return constant;
}

const nullsOf = (call: AggregateCall): string => (call.nullHandling === 'IGNORE' ? ' IGNORE NULLS' : '');

/** Prints a numbering or navigation function; undefined for aggregates. */
export function printWindowCall(call: AggregateCall, over: string, scope: Scope): string | undefined {
  const args = call.arguments.map((a) => printExpression(a, scope));
  if (numbering.has(call.name)) return `${call.name.toLowerCase()}()${over}`;
  switch (call.name) {
    case 'NTILE':
      return `ntile(${wholeNumber(call.arguments[0], 1n, call, scope)})${over}`;
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return `${call.name.toLowerCase()}(${args[0]}${nullsOf(call)})${over}`;
    case 'NTH_VALUE':
      return `nth_value(${args[0]}, ${wholeNumber(call.arguments[1], 1n, call, scope)}${nullsOf(call)})${over}`;
    case 'LEAD':
    case 'LAG': {
      const offset = call.arguments[1] ? wholeNumber(call.arguments[1], 0n, call, scope) : 1n;
      if (call.arguments[2] && !isConstant(call.arguments[2]))
        return refuse(call.name, 'its default must be a constant', call.span);
      const fallback = args[2] === undefined ? '' : `, ${args[2]}`;
      return `${call.name.toLowerCase()}(${args[0]}, ${offset}${fallback}${nullsOf(call)})${over}`;
    }
    case 'PERCENTILE_CONT':
    case 'PERCENTILE_DISC':
      return percentile(call, args, over);
    default: // a name, not a union: aggregates are printed elsewhere
      return undefined;
  }
}

/** Over the values that are not NULL; NaN would sort otherwise in DuckDB, so it is refused when met. */
function percentile(call: AggregateCall, args: readonly string[], over: string): string {
  const type = call.arguments[0]?.type;
  const name = type?.kind === 'scalar' ? type.name : 'other';
  if (call.nullHandling === 'RESPECT') return refuse(call.name, 'RESPECT NULLS is not understood', call.span);
  const point = call.arguments[1];
  if (point?.kind !== 'Constant') return refuse(call.name, 'its percentile must be a constant', call.span);
  const share =
    point.value.kind === 'float64'
      ? point.value.value
      : Number(point.value.kind === 'text' ? point.value.value : Number.NaN);
  if (!(share >= 0 && share <= 1))
    return refuse(call.name, 'its percentile must lie within 0 and 1', call.span);
  const value = name === 'FLOAT64' ? `sluice_no_nan(${args[0]})` : args[0];
  if (call.name === 'PERCENTILE_CONT') {
    if (name !== 'FLOAT64') return refuse(call.name, `it is not understood for ${name}`, call.span);
    return `quantile_cont(${value}, ${share})${over}`;
  }
  if (['other', 'JSON', 'GEOGRAPHY', 'BIGNUMERIC', 'INTERVAL', 'BYTES'].includes(name))
    return refuse(call.name, `it is not understood for ${name}`, call.span);
  return `quantile_disc(${value}, ${share})${over}`;
}
