import type {
  GraphElementFiller,
  GraphLabel,
  GraphPathElement,
  GraphPathPattern,
  GraphPathSearch,
  GraphPattern,
} from '../../ast/index.ts';
import { printAny, printName } from '../expressions.ts';
import { printHint } from '../hints.ts';
import type { Layout } from '../layout.ts';
import { printQuantifier } from '../quantifier.ts';

/** Paths, one a line where there are several, and their condition. */
export function printGraphPattern(pattern: GraphPattern, layout: Layout): string {
  const paths = pattern.paths.map(
    (path) => `${printHint(path.hint, layout)}${printPathPattern(path, layout)}`,
  );
  const where =
    pattern.where === undefined ? '' : `${layout.newline}WHERE ${printAny(pattern.where, layout)}`;
  return paths.join(`,${layout.newline}`) + where;
}

export function printPathPattern(path: GraphPathPattern, layout: Layout): string {
  const variable = path.variable === undefined ? '' : `${printName(path.variable)} = `;
  const search = path.search === undefined ? '' : `${printSearch(path.search, layout)} `;
  const mode = path.mode === undefined ? '' : `${path.mode} `;
  return variable + search + mode + printElements(path.elements, layout);
}

/** Two edges side by side would read as one sign, or as a comment. */
function printElements(elements: readonly GraphPathElement[], layout: Layout): string {
  let out = '';
  for (const [index, element] of elements.entries()) {
    const gap = element.kind === 'GraphEdge' && elements[index - 1]?.kind === 'GraphEdge';
    out += (gap ? ' ' : '') + printElement(element, layout);
  }
  return out;
}

const searchWords: Readonly<Record<GraphPathSearch['type'], string>> = {
  ANY: 'ANY',
  SHORTEST: 'SHORTEST',
  CHEAPEST: 'CHEAPEST',
  ALL: 'ALL',
  ALL_SHORTEST: 'ALL SHORTEST',
  ALL_CHEAPEST: 'ALL CHEAPEST',
};

function printSearch({ type, count }: GraphPathSearch, layout: Layout): string {
  if (count !== undefined) return `${searchWords[type]} ${printAny(count, layout)}`;
  return type === 'SHORTEST' || type === 'CHEAPEST' ? `ANY ${type}` : searchWords[type];
}

function printElement(element: GraphPathElement, layout: Layout): string {
  return printHint(element.hint, layout) + printBareElement(element, layout);
}

function printBareElement(element: GraphPathElement, layout: Layout): string {
  switch (element.kind) {
    case 'GraphNode':
      return `(${printFiller(element.filler, layout)})`;
    case 'GraphEdge': {
      const { filler, direction } = element;
      const quantifier = printQuantifier(element.quantifier, layout);
      if (filler === undefined) return { ANY: '-', LEFT: '<-', RIGHT: '->' }[direction] + quantifier;
      const inside = `-[${printFiller(filler, layout)}]-`;
      return `${direction === 'LEFT' ? '<' : ''}${inside}${direction === 'RIGHT' ? '>' : ''}${quantifier}`;
    }
    case 'GraphSubpath': {
      const where = element.where === undefined ? '' : ` WHERE ${printAny(element.where, layout)}`;
      const inside = `(${printPathPattern(element.path, layout)}${where})`;
      return inside + printQuantifier(element.quantifier, layout);
    }
  }
}

function printFiller(filler: GraphElementFiller, layout: Layout): string {
  const values = filler.properties?.map(
    ({ name, value }) => `${printName(name)}: ${printAny(value, layout)}`,
  );
  const parts = [
    printHint(filler.hint, layout),
    filler.variable === undefined ? '' : printName(filler.variable),
    filler.label === undefined ? '' : `IS ${printLabel(filler.label)}`,
    values === undefined ? '' : `{${values.join(', ')}}`,
    filler.where === undefined ? '' : `WHERE ${printAny(filler.where, layout)}`,
    filler.cost === undefined ? '' : `COST ${printAny(filler.cost, layout)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** A label expression; `&` binds tighter than `|`, and each holds a flat list. */
export function printLabel(label: GraphLabel): string {
  switch (label.kind) {
    case 'GraphLabelName':
      return printName(label.name);
    case 'GraphLabelWildcard':
      return '%';
    case 'GraphLabelNot':
      return `!${label.operand.kind === 'GraphLabelOperation' ? inParentheses(label.operand) : printLabel(label.operand)}`;
    case 'GraphLabelOperation': {
      const bare = (operand: GraphLabel): boolean =>
        operand.kind !== 'GraphLabelOperation' || (label.operator === '|' && operand.operator === '&');
      const operands = label.operands.map((part) => (bare(part) ? printLabel(part) : inParentheses(part)));
      return operands.join(` ${label.operator} `);
    }
  }
}

const inParentheses = (label: GraphLabel): string => `(${printLabel(label)})`;
