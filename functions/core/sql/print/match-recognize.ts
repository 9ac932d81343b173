import type { MatchRecognize, NamedExpression, RowPattern } from '../ast/index.ts';
import { printAny, printList, printName } from './expressions.ts';
import { printHint } from './hints.ts';
import { inner, type Layout } from './layout.ts';
import { printOptions } from './options.ts';
import { printQuantifier } from './quantifier.ts';
import { printOrderingItem } from './windows.ts';

/** The clause from its word to its alias, a part a line. */
export function printMatchRecognize(node: MatchRecognize, layout: Layout): string {
  const deeper = inner(layout);
  const lines: string[] = [];
  if (node.partitionBy.length > 0) {
    const hint = printHint(node.partitionHint, deeper);
    lines.push(`PARTITION${hint} BY ${printList(node.partitionBy, deeper)}`);
  }
  const order = node.orderBy.map((item) => printOrderingItem(item, deeper)).join(', ');
  lines.push(`ORDER${printHint(node.orderHint, deeper)} BY ${order}`);
  lines.push(
    `MEASURES ${node.measures.map((item) => `${printAny(item.value, deeper)}${as(item)}`).join(', ')}`,
  );
  if (node.afterMatchSkip !== undefined) {
    lines.push(`AFTER MATCH SKIP ${node.afterMatchSkip === 'TO_NEXT_ROW' ? 'TO NEXT ROW' : 'PAST LAST ROW'}`);
  }
  lines.push(`PATTERN (${printRowPattern(node.pattern, deeper)})`);
  const definitions = node.definitions.map(
    ({ name, value }) => `${printName(name)} AS ${printAny(value, deeper)}`,
  );
  lines.push(`DEFINE ${definitions.join(`,${inner(deeper).newline}`)}`);
  if (node.options !== undefined) lines.push(printOptions(node.options, deeper).trimStart());
  const alias = node.alias === undefined ? '' : ` AS ${printName(node.alias)}`;
  return `MATCH_RECOGNIZE (${deeper.newline}${lines.join(deeper.newline)}${layout.newline})${alias}`;
}

const as = ({ name }: NamedExpression): string => ` AS ${printName(name)}`;

function printRowPattern(pattern: RowPattern, layout: Layout): string {
  switch (pattern.kind) {
    case 'RowPatternSymbol':
      return printName(pattern.name);
    case 'RowPatternEmpty':
      return pattern.parenthesized ? '()' : '';
    case 'RowPatternAnchor':
      return pattern.anchor === 'START' ? '^' : '$';
    case 'RowPatternQuantified':
      return `${printPrimary(pattern.operand, layout)}${printQuantifier(pattern.quantifier, layout)}`;
    case 'RowPatternConcatenation':
      return pattern.operands.map((part) => printWithin(part, layout)).join(' ');
    case 'RowPatternAlternation': {
      const operands = pattern.operands.map((part) =>
        part.kind === 'RowPatternAlternation'
          ? `(${printRowPattern(part, layout)})`
          : printRowPattern(part, layout),
      );
      return operands.join(' | ');
    }
  }
}

/** What a quantifier can follow. */
function printPrimary(pattern: RowPattern, layout: Layout): string {
  const bare = pattern.kind === 'RowPatternSymbol' || pattern.kind === 'RowPatternEmpty';
  const text = printRowPattern(pattern, layout);
  return bare ? text : `(${text})`;
}

function printWithin(pattern: RowPattern, layout: Layout): string {
  const text = printRowPattern(pattern, layout);
  const several = pattern.kind === 'RowPatternConcatenation' || pattern.kind === 'RowPatternAlternation';
  return several ? `(${text})` : text;
}
