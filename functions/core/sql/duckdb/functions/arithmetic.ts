import { type SqlType, typeText } from '../../types.ts';
import type { RenderCall, Rendered } from '../render.ts';
import { dateAdd, dateSubtract, intervalDivide, intervalMultiply } from './date-operators.ts';

type Operation = 'add' | 'subtract' | 'multiply' | 'divide';

const sign: Readonly<Record<Operation, string>> = { add: '+', subtract: '-', multiply: '*', divide: '/' };

const nameOf = (type: SqlType | undefined): string => (type?.kind === 'scalar' ? type.name : 'other');

/** Operands that may be written several times: the text of nested arithmetic grows with each repetition. */
const isCheap = (a: string, b: string): boolean =>
  a.length + b.length <= 320 && !/SELECT |random\(\)/.test(a + b);

/**
 * FLOAT64: a finite pair that gives no finite result fails, as does division by zero, where DuckDB gives infinity.
 * DuckDB computes; only rows whose result is not finite (or NULL) go through our function, which knows what fails.
 */
function doubles(operation: Operation, a: string, b: string): string {
  const ours = `sluice_double_${operation}(${a}, ${b})`;
  const native = `${a} ${sign[operation]} ${b}`;
  return isCheap(a, b) ? `(CASE WHEN isfinite(${native}) THEN ${native} ELSE ${ours} END)` : ours;
}

export const arithmetic =
  (operation: Operation) =>
  (args: readonly string[], call: RenderCall): Rendered => {
    const [a = '', b = ''] = args;
    const [left, right] = [nameOf(call.types[0]), nameOf(call.types[1])];
    if (left !== right || left === 'other' || !['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'].includes(left))
      return onDates(operation, args, call);
    switch (left) {
      case 'INT64':
        return operation === 'divide'
          ? { refuse: 'INT64 is divided as FLOAT64' }
          : `(${a} ${sign[operation]} ${b})`;
      case 'FLOAT64':
        return doubles(operation, a, b);
      case 'NUMERIC':
        return operation === 'add' || operation === 'subtract'
          ? `(${a} ${sign[operation]} ${b})`
          : `sluice_numeric_${operation}(${a}, ${b})`;
      default:
        return `sluice_bignumeric_${operation}(${a}, ${b})`;
    }
  };

function onDates(operation: Operation, args: readonly string[], call: RenderCall): Rendered {
  if (operation === 'add') return dateAdd(args, call);
  if (operation === 'subtract') return dateSubtract(args, call);
  const types = call.types.map(nameOf);
  if (operation === 'multiply' && types.includes('INTERVAL') && types.includes('INT64'))
    return intervalMultiply(args, call);
  if (operation === 'divide' && types[0] === 'INTERVAL' && types[1] === 'INT64')
    return intervalDivide(args, call);
  return { refuse: `it is not understood for ${call.types.map(typeText).join(', ')}` };
}

export const negate = (args: readonly string[], call: RenderCall): Rendered => {
  switch (nameOf(call.types[0])) {
    case 'INT64':
    case 'FLOAT64':
    case 'NUMERIC':
      return `(-${args[0]})`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_subtract('0', ${args[0]})`;
    case 'INTERVAL':
      return `sluice_interval_negate(${args[0]})`;
    default:
      return { refuse: `it is not understood for ${call.types.map(typeText).join(', ')}` };
  }
};
