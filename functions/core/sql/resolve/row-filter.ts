import type { Span } from '../ast/index.ts';
import type { ResolvedExpression } from '../resolved/index.ts';

/*
 * PIVOT chooses rows by conditions inside its aggregates. Such a condition decides which values are taken and is no
 * value itself, like WHERE. It is known by its span object, which every rewriting of the tree keeps.
 */
const filters = new WeakSet<Span>();

/** The condition, marked as one that only chooses rows. */
export function asRowFilter(e: ResolvedExpression): ResolvedExpression {
  const span = { ...e.span };
  filters.add(span);
  return { ...e, span };
}

export const isRowFilter = (e: ResolvedExpression): boolean => filters.has(e.span);
