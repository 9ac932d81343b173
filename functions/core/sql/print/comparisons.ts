import type { Expression, UnnestRest } from '../ast/index.ts';
import { printArgument } from './calls.ts';
import { not, printAny, printAt, printList, printName, printSubquery } from './expressions.ts';
import { printHint } from './hints.ts';
import type { Layout } from './layout.ts';
import { binding } from './precedence.ts';

type Comparison = Extract<Expression, { kind: 'InUnnest' | 'InQuery' | 'Like' | 'QuantifiedComparison' }>;

/** Comparisons with a set of values: IN, LIKE, and operators with ANY, SOME or ALL. */
export function printComparison(node: Comparison, layout: Layout): string {
  const operand = printAt(node.operand, binding.bitOr, layout);
  switch (node.kind) {
    case 'InUnnest':
      return `${operand} ${not(node.not)}IN ${printUnnest(node.array, node, layout)}`;
    case 'InQuery':
      return `${operand} ${not(node.not)}IN${printHint(node.hint, layout, ' ')} ${printSubquery(node.query, layout)}`;
    case 'Like': {
      const { patterns, patternsFrom } = node;
      const start = `${operand} ${not(node.not)}LIKE`;
      if (node.quantifier === undefined) return `${start} ${printAt(patterns[0]!, binding.bitOr, layout)}`;
      return `${start} ${printQuantified(node, patterns, patternsFrom, layout)}`;
    }
    case 'QuantifiedComparison':
      return `${operand} ${node.written ?? node.operator} ${printQuantified(node, node.values, node.valuesFrom, layout)}`;
  }
}

function printQuantified(
  node: Extract<Comparison, { kind: 'Like' | 'QuantifiedComparison' }>,
  items: readonly Expression[],
  from: 'UNNEST' | 'QUERY' | undefined,
  layout: Layout,
): string {
  const word = node.some === true ? 'SOME' : node.quantifier;
  const start = `${word}${printHint(node.hint, layout, ' ')}`;
  if (from === 'UNNEST') return `${start} ${printUnnest(items[0]!, node, layout)}`;
  if (from === 'QUERY') return `${start} ${printList(items, layout)}`;
  return `${start} (${printList(items, layout)})`;
}

function printUnnest(array: Expression, rest: UnnestRest, layout: Layout): string {
  const alias = rest.arrayAlias === undefined ? '' : ` AS ${printName(rest.arrayAlias)}`;
  const others = (rest.otherArrays ?? []).map((argument) => printArgument(argument, layout));
  return `UNNEST(${[`${printAny(array, layout)}${alias}`, ...others].join(', ')})`;
}
