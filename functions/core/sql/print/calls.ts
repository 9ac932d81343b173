import type { Argument, FunctionCall, Path, Within } from '../ast/index.ts';
import {
  plainWord,
  printAny,
  printAt,
  printBase,
  printName,
  printPath,
  printSubquery,
} from './expressions.ts';
import { printHint } from './hints.ts';
import type { Layout } from './layout.ts';
import { printOptionsList } from './options.ts';
import { binding } from './precedence.ts';
import { printGroupBy } from './queries.ts';
import { printTableClause } from './table-clause.ts';
import { printOrderBy, printOver } from './windows.ts';

/** First parts of built-in functions' names. Everything else with a dot is somebody's routine. */
const namespaces: ReadonlySet<string> = new Set([
  'SAFE',
  'NET',
  'HLL_COUNT',
  'KLL_QUANTILES',
  'KEYS',
  'AEAD',
  'DETERMINISTIC',
  'ML',
  'AI',
  'OBJ',
]);

/** Built-in functions by their plain name as written, routines by their quoted path. */
export function printFunctionName(path: Path): string {
  const plain = path.parts.every(
    (part, index) =>
      !part.quoted &&
      plainWord.test(part.name) &&
      (index === path.parts.length - 1 || namespaces.has(part.name.toUpperCase())),
  );
  return plain ? path.parts.map((part) => part.name).join('.') : printPath(path);
}

/** One argument of a function or table function. */
export function printArgument(argument: Argument, layout: Layout): string {
  const name = 'name' in argument && argument.name !== undefined ? `${printName(argument.name)} => ` : '';
  switch (argument.kind) {
    case 'PlainArgument': {
      const text = printAny(argument.value, layout);
      return argument.alias === undefined ? text : `${text} AS ${printName(argument.alias)}`;
    }
    case 'NamedArgument':
      return `${name}${printAny(argument.value, layout)}`;
    case 'LambdaArgument': {
      const parameters = argument.parameters.map(printName).join(', ');
      const names = argument.parameters.length === 1 ? parameters : `(${parameters})`;
      const head = argument.head === undefined ? names : printAny(argument.head, layout);
      return `${name}${head} -> ${printAny(argument.body, layout)}`;
    }
    case 'ObjectArgument':
      return `${name}${argument.object} ${argument.isDefault === true ? 'DEFAULT' : printPath(argument.path)}`;
    case 'TableClauseArgument':
      return `${name}${printTableClause(argument.clause, layout)}`;
    case 'DescriptorArgument':
      return `DESCRIPTOR(${argument.columns.map(printName).join(', ')})`;
    case 'ColumnsArgument':
      return `${name}COLUMNS(${printAny(argument.columns, layout)})`;
    case 'InputTableArgument':
      return `${name}INPUT TABLE`;
    case 'QueryArgument':
      return printSubquery(argument.query, layout);
  }
}

/** What stands between the parentheses of a call, in order; what is missing is ''. */
function callParts(node: FunctionCall, layout: Layout): string[] {
  const any = (before: string, part: FunctionCall['limit']): string =>
    part === undefined ? '' : `${before} ${printAny(part, layout)}`;
  const own = node.chained ? node.arguments.slice(1) : node.arguments;
  const args = own.map((argument) => printArgument(argument, layout));
  const { clamped, report } = node;
  return [
    node.distinct ? 'DISTINCT' : '',
    [...(node.star ? ['*'] : []), ...args].join(', '),
    node.nullHandling === undefined ? '' : `${node.nullHandling} NULLS`,
    any('WHERE', node.where),
    node.having === undefined ? '' : any(`HAVING ${node.having.type}`, node.having.expression),
    node.groupBy === undefined ? '' : printGroupBy(node.groupBy, layout),
    any('HAVING', node.groupHaving),
    clamped === undefined
      ? ''
      : `CLAMPED BETWEEN ${printAt(clamped.low, binding.bitOr, layout)} AND ${printAny(clamped.high, layout)}`,
    report === undefined ? '' : `WITH REPORT${printReport(report, layout)}`,
    printOrderBy(node.orderBy, layout, node.orderHint),
    node.limitAll === true ? 'LIMIT ALL' : any('LIMIT', node.limit),
    any('OFFSET', node.offset),
  ];
}

function printReport(report: NonNullable<FunctionCall['report']>, layout: Layout): string {
  return report.options === undefined ? '' : ` ${printOptionsList(report.options, layout)}`;
}

const printWithin = (within: Within, layout: Layout): string =>
  `WITHIN (${within.parts.map((part) => (typeof part === 'string' ? part : printAny(part, layout))).join(' ')})`;

/** A call with its modifiers, hint and window. */
export function printCall(node: FunctionCall, layout: Layout): string {
  const inside = callParts(node, layout).filter((part) => part !== '');
  const over = node.over === undefined ? '' : ` OVER ${printOver(node.over, layout)}`;
  const within = node.within === undefined ? '' : ` ${printWithin(node.within, layout)}`;
  const call = `(${inside.join(' ')})${printHint(node.hint, layout, ' ')}${over}${within}`;
  const receiver = node.chained ? node.arguments[0] : undefined;
  if (receiver === undefined) return `${printFunctionName(node.name)}${call}`;
  return `${printReceiver(receiver, layout)}.${chainedName(node.name)}${call}`;
}

function printReceiver(receiver: Argument, layout: Layout): string {
  return receiver.kind === 'PlainArgument'
    ? printBase(receiver.value, layout)
    : printArgument(receiver, layout);
}

function chainedName(path: Path): string {
  return path.parts.length === 1 ? printFunctionName(path) : `(${printFunctionName(path)})`;
}
