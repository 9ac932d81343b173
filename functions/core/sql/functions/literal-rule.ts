import { isUntyped } from '../resolve/coercion.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { sameType } from '../types.ts';
import type { LiteralRule } from './signature.ts';
import { isNull } from './templates.ts';

/** A literal or a parameter, cast or not. */
const isConstant = (e: ResolvedExpression): boolean =>
  e.kind === 'Constant' || e.kind === 'ParameterRef' || (e.kind === 'ResolvedCast' && isConstant(e.operand));

/** Whether an argument that must be constant is, and keeps the rule of a literal. A parameter's value is not known. */
export function literalFitsRule(e: ResolvedExpression, rule: LiteralRule | undefined): boolean {
  if (!isConstant(e)) return false;
  if (rule === undefined) return true;
  const literal = e.kind === 'ResolvedCast' ? e.operand : e;
  if (isNull(literal)) return false;
  if (literal.kind !== 'Constant' || isUntyped(literal) || !sameType(literal.type, e.type)) return true;
  const { value } = literal;
  if (rule.words !== undefined) return value.kind === 'text' && rule.words.includes(value.value);
  if (rule.least === undefined && rule.most === undefined) return true;
  const number = 'value' in value ? Number(value.value) : Number.NaN;
  return number >= (rule.least ?? number) && number <= (rule.most ?? number);
}
