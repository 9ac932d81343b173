import type { Quantifier, RowPattern } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { optionalSymbol, parseBraceQuantifier } from './quantifier.ts';

/** Alternatives with `|` between them, each a run of factors or empty; up to a closing parenthesis. */
export function parseRowPattern(cursor: Cursor): RowPattern {
  const { start } = cursor.token;
  const operands = [concatenation(cursor)];
  while (!cursor.isOp(')')) {
    const { op, start: barStart } = cursor.token;
    // two bars are one token, with an empty alternative in its middle
    if (op === '||') operands.push(emptyAt(barStart + 1));
    else if (op !== '|') failBar(cursor);
    cursor.advance();
    operands.push(concatenation(cursor));
  }
  if (operands.length === 1) return operands[0]!;
  return { kind: 'RowPatternAlternation', span: cursor.spanFrom(start), operands };
}

const emptyAt = (offset: number): RowPattern => ({
  kind: 'RowPatternEmpty',
  span: { start: offset, end: offset },
  parenthesized: false,
});

function failBar(cursor: Cursor): never {
  if (cursor.token.kind === 'attached') return cursor.unexpected();
  return cursor.fail(`Expected ")" or "|" or || but got ${cursor.here()}`);
}

function startsFactor(cursor: Cursor): boolean {
  const { op } = cursor.token;
  return op === '(' || op === '^' || op === '$' || cursor.isName();
}

function concatenation(cursor: Cursor): RowPattern {
  const { start } = cursor.token;
  if (!startsFactor(cursor)) return emptyAt(start);
  const operands = [factor(cursor)];
  while (startsFactor(cursor)) operands.push(factor(cursor));
  if (operands.length === 1) return operands[0]!;
  return { kind: 'RowPatternConcatenation', span: cursor.spanFrom(start), operands };
}

function factor(cursor: Cursor): RowPattern {
  const { start, op } = cursor.token;
  if (op === '^' || op === '$') {
    cursor.advance();
    const anchor = op === '^' ? 'START' : 'END';
    return { kind: 'RowPatternAnchor', span: cursor.spanFrom(start), anchor };
  }
  const operand = primary(cursor);
  const quantifier = rowQuantifier(cursor);
  if (quantifier === undefined) return operand;
  return { kind: 'RowPatternQuantified', span: cursor.spanFrom(start), operand, quantifier };
}

function primary(cursor: Cursor): RowPattern {
  if (!cursor.takeOp('(')) {
    const name = cursor.name();
    return { kind: 'RowPatternSymbol', span: name.span, name };
  }
  const inside = cursor.nested(parseRowPattern);
  cursor.expectOp(')');
  return inside.kind === 'RowPatternEmpty' ? { ...inside, parenthesized: true } : inside;
}

/** `?`, `*`, `+` or `{n, m}`, each with `?` after it if it is to match as little as it can; `{n}`. */
function rowQuantifier(cursor: Cursor): Quantifier | undefined {
  const { start } = cursor.token;
  const quantifier = plainQuantifier(cursor);
  if (quantifier === undefined || quantifier.form === 'COUNT' || !cursor.takeOp('?')) return quantifier;
  return { ...quantifier, span: cursor.spanFrom(start), reluctant: true };
}

function plainQuantifier(cursor: Cursor): Quantifier | undefined {
  const { start } = cursor.token;
  if (cursor.isOp('{')) return parseBraceQuantifier(cursor);
  if (!cursor.takeOp('?')) return optionalSymbol(cursor);
  return { kind: 'Quantifier', form: '?', reluctant: false, span: cursor.spanFrom(start) };
}
