import type { Expression, Quantifier } from '../ast/index.ts';
import { printAny } from './expressions.ts';
import type { Layout } from './layout.ts';

/** What says how often the thing before it repeats. */
export function printQuantifier(quantifier: Quantifier | undefined, layout: Layout): string {
  if (quantifier === undefined) return '';
  const count = (value: Expression | undefined): string =>
    value === undefined ? '' : printAny(value, layout);
  const reluctant = quantifier.reluctant ? '?' : '';
  switch (quantifier.form) {
    case 'COUNT':
      return `{${count(quantifier.count)}}`;
    case 'RANGE':
      return `{${count(quantifier.lower)}, ${count(quantifier.upper)}}${reluctant}`;
    case '+':
    case '*':
    case '?':
      return quantifier.form + reluctant;
  }
}
