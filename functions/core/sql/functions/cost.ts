import { fit, isUntyped } from '../resolve/coercion.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { type ScalarName, type SqlType, sameType } from '../types.ts';

/** What a signature's conversions cost; the first number that differs decides between two. */
export type Cost = readonly [
  values: number,
  valueDistance: number,
  literals: number,
  literalDistance: number,
];

export const NO_COST: Cost = [0, 0, 0, 0];

/** Where each type stands in a row in which near types are preferred. Source: GoogleSQL's `Type::GetTypeCoercionCost`. */
const PLACES: Readonly<Record<ScalarName, number>> = {
  TIME: 2,
  DATETIME: 3,
  TIMESTAMP: 8,
  DATE: 9,
  BOOL: 10,
  INT64: 14,
  NUMERIC: 15,
  BIGNUMERIC: 16,
  FLOAT64: 17,
  STRING: 19,
  GEOGRAPHY: 24,
  JSON: 26,
  INTERVAL: 27,
  UUID: 32,
  BYTES: 38,
};

function place(type: SqlType): number {
  switch (type.kind) {
    case 'scalar':
      return PLACES[type.name];
    case 'struct':
      return 22;
    case 'array':
      return 23;
    case 'range':
      return 29;
  }
}

/** The cost with that of turning one more argument, which fits, into the wanted type. */
export function addCost(cost: Cost, value: ResolvedExpression, wanted: SqlType): Cost {
  if (sameType(value.type, wanted)) return cost;
  const distance = isUntyped(value) ? 1 : Math.abs(place(value.type) - place(wanted));
  const [values, valueDistance, literals, literalDistance] = cost;
  return fit(value, wanted) === 1 || value.kind === 'ParameterRef'
    ? [values, valueDistance, literals + 1, literalDistance + distance]
    : [values + 1, valueDistance + distance, literals, literalDistance];
}

/** Whether `a` costs less than `b`. */
export function isNearer(a: Cost, b: Cost): boolean {
  for (const [i, x] of a.entries()) if (x !== (b[i] ?? 0)) return x < (b[i] ?? 0);
  return false;
}
