import { findFunction } from '../functions/index.ts';
import type { ConstantValue, ResolvedExpression } from '../resolved/index.ts';
import { sameType } from '../types.ts';
import { visitExpression } from './visit.ts';

/** Whether an expression may have another value each time it is evaluated. */
export function isRandom(e: ResolvedExpression): boolean {
  let random = false;
  visitExpression(e, {
    expression: (x) => {
      if (x.kind === 'Call' && findFunction(x.name)?.effects?.includes('random')) random = true;
    },
  });
  return random;
}

/** Whether two expressions always have the same value in one row: the same tree, nothing random in it. */
export function sameExpression(a: ResolvedExpression, b: ResolvedExpression): boolean {
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  switch (a.kind) {
    case 'Constant':
      return b.kind === 'Constant' && sameValue(a.value, b.value);
    case 'ParameterRef':
      return b.kind === 'ParameterRef' && a.name === b.name && a.position === b.position;
    case 'ColumnRef':
      return b.kind === 'ColumnRef' && a.column.id === b.column.id;
    case 'GetField':
      return b.kind === 'GetField' && a.index === b.index && sameExpression(a.base, b.base);
    case 'GetJsonField':
      return b.kind === 'GetJsonField' && a.field === b.field && sameExpression(a.base, b.base);
    case 'MakeStruct':
      return b.kind === 'MakeStruct' && sameAll(a.fields, b.fields);
    case 'ResolvedCast':
      return (
        b.kind === 'ResolvedCast' &&
        a.safe === b.safe &&
        a.size === b.size &&
        sameExpression(a.operand, b.operand) &&
        sameOptional(a.format, b.format) &&
        sameOptional(a.timeZone, b.timeZone)
      );
    case 'Call':
      return (
        b.kind === 'Call' &&
        a.name === b.name &&
        a.safe === b.safe &&
        !a.lambdas &&
        !b.lambdas &&
        !findFunction(a.name)?.effects?.includes('random') &&
        sameAll(a.arguments, b.arguments) &&
        sameNamed(a.named ?? {}, b.named ?? {})
      );
    case 'Subquery':
    case 'Let':
      return a === b;
  }
}

const sameAll = (a: readonly ResolvedExpression[], b: readonly ResolvedExpression[]): boolean =>
  a.length === b.length && a.every((x, i) => sameExpression(x, b[i] as ResolvedExpression));

const sameOptional = (a?: ResolvedExpression, b?: ResolvedExpression): boolean =>
  a === undefined ? b === undefined : b !== undefined && sameExpression(a, b);

function sameNamed(
  a: Readonly<Record<string, ResolvedExpression>>,
  b: Readonly<Record<string, ResolvedExpression>>,
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((n) => sameOptional(a[n], b[n]));
}

function sameValue(a: ConstantValue, b: ConstantValue): boolean {
  if (a.kind === 'null') return b.kind === 'null';
  if (a.kind === 'bytes')
    return (
      b.kind === 'bytes' && a.value.length === b.value.length && a.value.every((x, i) => x === b.value[i])
    );
  return b.kind === a.kind && 'value' in b && Object.is(a.value, b.value);
}

/** A short text that equal expressions share: to look for an equal one among few instead of all. */
export function roughKey(e: ResolvedExpression, depth = 3): string {
  switch (e.kind) {
    case 'ColumnRef':
      return `#${e.column.id}`;
    case 'Constant':
      return e.value.kind === 'null' || e.value.kind === 'bytes'
        ? e.value.kind
        : String(e.value.value).slice(0, 40);
    case 'GetField':
      return `${depth > 0 ? roughKey(e.base, depth - 1) : ''}.${e.index}`;
    case 'Call': {
      const some = depth > 0 ? e.arguments.slice(0, 4).map((a) => roughKey(a, depth - 1)) : [];
      return `${e.name}(${some.join(',')}`;
    }
    case 'ResolvedCast':
      return `cast ${depth > 0 ? roughKey(e.operand, depth - 1) : ''}`;
    case 'ParameterRef':
    case 'GetJsonField':
    case 'MakeStruct':
    case 'Subquery':
    case 'Let':
      return e.kind;
  }
}
