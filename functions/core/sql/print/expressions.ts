import type { Expression, Identifier, Path, Query } from '../ast/index.ts';
import { reservedKeywords } from '../lexer/keywords.ts';
import { printCall } from './calls.ts';
import { printComparison } from './comparisons.ts';
import { printLabel } from './graph/pattern.ts';
import { printBracedGraph } from './graph/query.ts';
import { printHint } from './hints.ts';
import { inner, type Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { binding, levelOf } from './precedence.ts';
import { printProto } from './proto.ts';
import { printQuery } from './queries.ts';
import { quoteIdentifier } from './quote.ts';
import { printType } from './types.ts';

export { printArgument } from './calls.ts';

export const printName = (name: Identifier): string => quoteIdentifier(name.name);

export const printPath = (path: Path): string => path.parts.map(printName).join('.');

/** A name that is a word of the grammar where it stands and so is not quoted. */
export const plainWord = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** An expression where operators at least as tight as `level` may stand bare. */
export function printAt(expression: Expression, level: number, layout: Layout): string {
  if (levelOf(expression) >= level) return printExpressionIn(expression, layout);
  return `(${printExpressionIn(expression, layout)})`;
}

export const printAny = (expression: Expression, layout: Layout): string =>
  printAt(expression, binding.or, layout);

export const printList = (list: readonly Expression[], layout: Layout): string =>
  list.map((item) => printAny(item, layout)).join(', ');

/** A parenthesized query, indented one step. */
export function printSubquery(query: Query, layout: Layout): string {
  if (query.body.kind === 'GraphQuery') return printBracedGraph(query.body, layout);
  const deeper = inner(layout);
  return `(${deeper.newline}${printQuery(query, deeper)}${layout.newline})`;
}

export const not = (isNot: boolean): string => (isNot ? 'NOT ' : '');

export function printExpressionIn(node: Expression, layout: Layout): string {
  const tight = (part: Expression): string => printAt(part, binding.bitOr, layout);
  const any = (part: Expression): string => printAny(part, layout);
  switch (node.kind) {
    case 'NullLiteral':
    case 'BoolLiteral':
    case 'IntLiteral':
    case 'FloatLiteral':
    case 'StringLiteral':
    case 'BytesLiteral':
    case 'TypedLiteral':
    case 'RangeLiteral':
      return printLiteral(node);
    case 'DefaultValue':
      return 'DEFAULT';
    case 'Parameter':
      return plainWord.test(node.name) ? `@${node.name}` : `@${quoteIdentifier(node.name)}`;
    case 'PositionalParameter':
      return '?';
    case 'SystemVariable':
      return `@@${node.path.parts.map((part) => (plainWord.test(part.name) ? part.name : printName(part))).join('.')}`;
    case 'PathExpression':
      return printPath(node.path);
    case 'FieldAccess':
      return `${printBase(node.base, layout)}.${printName(node.field)}`;
    case 'Subscript':
      return `${printSubscripted(node.base, layout)}[${printIndex(node, layout)}]`;
    case 'Unary':
      return printUnary(node, layout);
    case 'Binary':
      return printBinary(node, layout);
    case 'Logical': {
      const level = node.operator === 'AND' ? binding.not : binding.and;
      return node.operands.map((part) => printAt(part, level, layout)).join(` ${node.operator} `);
    }
    case 'IsTest':
      return `${tight(node.operand)} IS ${not(node.not)}${node.test}`;
    case 'IsDistinct':
      return `${tight(node.left)} IS ${not(node.not)}DISTINCT FROM ${tight(node.right)}`;
    case 'IsEndpoint':
      return `${tight(node.node)} IS ${not(node.not)}${node.end} OF ${tight(node.edge)}`;
    case 'IsLabeled':
      return `${tight(node.operand)} IS ${not(node.not)}LABELED ${printLabel(node.label)}`;
    case 'Between':
      return `${tight(node.operand)} ${not(node.not)}BETWEEN ${tight(node.low)} AND ${tight(node.high)}`;
    case 'InList':
      return `${tight(node.operand)} ${not(node.not)}IN (${inListItems(node.list, layout)})`;
    case 'InUnnest':
    case 'InQuery':
    case 'Like':
    case 'QuantifiedComparison':
      return printComparison(node, layout);
    case 'Case':
      return printCase(node, layout);
    case 'Cast': {
      const format = node.format === undefined ? '' : ` FORMAT ${any(node.format)}`;
      const zone = node.timeZone === undefined ? '' : ` AT TIME ZONE ${any(node.timeZone)}`;
      return `${node.safe ? 'SAFE_CAST' : 'CAST'}(${any(node.operand)} AS ${printType(node.type)}${format}${zone})`;
    }
    case 'Extract': {
      const zone = node.timeZone === undefined ? '' : ` AT TIME ZONE ${any(node.timeZone)}`;
      return `EXTRACT(${printDatePart(node.written)} FROM ${any(node.operand)}${zone})`;
    }
    case 'ExtractField': {
      const zone = node.timeZone === undefined ? '' : ` AT TIME ZONE ${any(node.timeZone)}`;
      return `EXTRACT(${any(node.part)} FROM ${any(node.operand)}${zone})`;
    }
    case 'Interval': {
      const { from, to } = node.written;
      const end = to === undefined ? '' : ` TO ${printPart(to)}`;
      return `INTERVAL ${printAt(node.value, binding.unary, layout)} ${printPart(from)}${end}`;
    }
    case 'FunctionCall':
      return printCall(node, layout);
    case 'ArrayConstructor': {
      const type = node.elementType === undefined ? '' : `ARRAY<${printType(node.elementType)}>`;
      return `${type}[${printList(node.elements, layout)}]`;
    }
    case 'StructConstructor':
      return printStruct(node, layout);
    case 'ScalarSubquery':
      return printScalarSubquery(node, layout);
    case 'ArraySubquery':
      return `ARRAY${printSubquery(node.query, layout)}`;
    case 'ExistsSubquery':
      return `EXISTS${printHint(node.hint, layout)}${printSubquery(node.query, layout)}`;
    case 'WithExpression': {
      const variables = node.variables.map(({ name, value }) => `${printName(name)} AS ${any(value)}`);
      return `WITH(${variables.join(', ')}, ${any(node.body)})`;
    }
    case 'Unpack':
      return node.columns
        ? `**COLUMNS(${any(node.operand)})`
        : `**${printAt(node.operand, binding.unary, layout)}`;
    case 'NewConstructor':
    case 'BracedConstructor':
    case 'ReplaceFields':
    case 'ExtensionAccess':
      return printProto(node, layout);
  }
}

/** A graph query gives its value by a word of its own. */
function printScalarSubquery(node: Extract<Expression, { kind: 'ScalarSubquery' }>, layout: Layout): string {
  const word = node.query.body.kind === 'GraphQuery' ? `VALUE${printHint(node.hint, layout)} ` : '';
  return word + printSubquery(node.query, layout);
}

/** A part of a date is a plain word; a name that is none goes between backticks. */
const printPart = (part: string): string =>
  plainWord.test(part) && !reservedKeywords.has(part.toUpperCase()) ? part : quoteIdentifier(part);

/** `WEEK(MONDAY)`: each word by itself */
const printDatePart = (part: string): string => part.replace(/\w+/g, printPart);

/** What a field, subscript or chained call can follow without parentheses. */
function standsAlone(base: Expression): boolean {
  switch (base.kind) {
    case 'FieldAccess':
    case 'Subscript':
    case 'ExtensionAccess':
    case 'Parameter':
    case 'ScalarSubquery':
      return true;
    case 'FunctionCall':
      return base.over === undefined;
    default:
      return false;
  }
}

/** A name before a field would become one path with it, so it goes between parentheses. */
export function printBase(base: Expression, layout: Layout): string {
  const text = printExpressionIn(base, layout);
  return standsAlone(base) ? text : `(${text})`;
}

/** `a.b[0]` needs none around its path. */
export function printSubscripted(base: Expression, layout: Layout): string {
  return base.kind === 'PathExpression' ? printPath(base.path) : printBase(base, layout);
}

/** One parenthesized query in the list would read as the query to look in. */
export function inListItems(list: readonly Expression[], layout: Layout): string {
  const only = list.length === 1 ? list[0] : undefined;
  const query = only?.kind === 'ScalarSubquery' && only.query.body.kind !== 'GraphQuery';
  return query ? `(${printAny(only, layout)})` : printList(list, layout);
}

function printIndex(node: Extract<Expression, { kind: 'Subscript' }>, layout: Layout): string {
  const index = printAny(node.index, layout);
  return node.accessor === undefined ? index : `${node.written ?? node.accessor}(${index})`;
}

function printUnary(node: Extract<Expression, { kind: 'Unary' }>, layout: Layout): string {
  if (node.operator === 'NOT') return `NOT ${printAt(node.operand, binding.not, layout)}`;
  const operand = printAt(node.operand, binding.unary, layout);
  // `--` would begin a comment
  return operand.startsWith(node.operator) ? `${node.operator} ${operand}` : `${node.operator}${operand}`;
}

function printBinary(node: Extract<Expression, { kind: 'Binary' }>, layout: Layout): string {
  const level = levelOf(node);
  // comparisons do not group at all, the others group from the left
  const leftLevel = level === binding.comparison ? level + 1 : level;
  return `${printAt(node.left, leftLevel, layout)} ${node.written ?? node.operator} ${printAt(node.right, level + 1, layout)}`;
}

function printCase(node: Extract<Expression, { kind: 'Case' }>, layout: Layout): string {
  const operand = node.operand === undefined ? '' : ` ${printAny(node.operand, layout)}`;
  const whens = node.whens.map(
    ({ when, then }) => ` WHEN ${printAny(when, layout)} THEN ${printAny(then, layout)}`,
  );
  const otherwise = node.else === undefined ? '' : ` ELSE ${printAny(node.else, layout)}`;
  return `CASE${operand}${whens.join('')}${otherwise} END`;
}

function printStruct(node: Extract<Expression, { kind: 'StructConstructor' }>, layout: Layout): string {
  const fields = node.fields.map(({ value, alias }) => {
    const text = printAny(value, layout);
    return alias === undefined ? text : `${text} AS ${printName(alias)}`;
  });
  if (node.tuple) return `(${fields.join(', ')})`;
  return `${node.type === undefined ? 'STRUCT' : printType(node.type)}(${fields.join(', ')})`;
}
