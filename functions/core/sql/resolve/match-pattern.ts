import type { Expression, MatchRecognize, Quantifier, RowPattern } from '../ast/index.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { INT64 } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { fail } from './failure.ts';
import { key } from './scope.ts';

/**
 * Holds a pattern to its definitions: each symbol in it has one, each definition is in it, and bounds are numbers
 * in order. Gives the bounds that are parameters.
 */
export function checkPattern(
  { pattern, definitions }: Pick<MatchRecognize, 'pattern' | 'definitions'>,
  resolve: (e: Expression) => ResolvedExpression,
): ResolvedExpression[] {
  const defined = new Set<string>();
  for (const { name } of definitions) {
    if (defined.has(key(name.name)))
      fail(name, `Pattern variable \`${name.name}\` is defined multiple times`);
    defined.add(key(name.name));
  }
  const used = new Set<string>();
  const counts: ResolvedExpression[] = [];
  walk(pattern, (part) => {
    if (part.kind === 'RowPatternQuantified') counts.push(...checkBounds(part.quantifier, resolve));
    if (part.kind !== 'RowPatternSymbol') return;
    const { name } = part.name;
    if (!defined.has(key(name)))
      fail(part, `Pattern variable \`${name}\` is not defined in the DEFINE clause`);
    used.add(key(name));
  });
  const idle = definitions.find(({ name }) => !used.has(key(name.name)));
  if (idle !== undefined)
    fail(idle.name, `Pattern variable \`${idle.name.name}\` is defined but not used in the pattern`);
  return counts;
}

function walk(pattern: RowPattern, visit: (part: RowPattern) => void): void {
  visit(pattern);
  switch (pattern.kind) {
    case 'RowPatternSymbol':
    case 'RowPatternEmpty':
    case 'RowPatternAnchor':
      return;
    case 'RowPatternQuantified':
      walk(pattern.operand, visit);
      return;
    case 'RowPatternConcatenation':
    case 'RowPatternAlternation':
      for (const operand of pattern.operands) walk(operand, visit);
      return;
  }
}

function checkBounds(
  { lower, upper, count, span }: Quantifier,
  resolve: (e: Expression) => ResolvedExpression,
): ResolvedExpression[] {
  const bounds = [count, lower, upper].filter((e) => e !== undefined);
  if (lower?.kind === 'IntLiteral' && upper?.kind === 'IntLiteral' && upper.value < lower.value)
    fail(span, 'Quantifier upper bound cannot be smaller than the lower bound');
  return bounds.flatMap((bound) => {
    const value = resolve(bound);
    const constant = value.kind === 'Constant' || value.kind === 'ParameterRef';
    if (!constant || fit(value, INT64) === undefined)
      fail(bound, 'MATCH_RECOGNIZE quantifier bound expects an integer literal or parameter');
    return value.kind === 'Constant' ? [] : [coerce(value, INT64)];
  });
}
