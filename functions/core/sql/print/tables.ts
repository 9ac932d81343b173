import type { Identifier, JoinSides, Path, TableExpression, TablePostfix } from '../ast/index.ts';
import { printAny, printArgument, printName, printPath, printSubquery } from './expressions.ts';
import { printGraphTable } from './graph/query.ts';
import { printHint } from './hints.ts';
import { inner, type Layout } from './layout.ts';
import { printPostfix } from './table-postfix.ts';

export { printPostfix } from './table-postfix.ts';

const as = (alias: Identifier | undefined): string => (alias === undefined ? '' : ` AS ${printName(alias)}`);

/** `FROM` with its tables, a join a line. */
export function printFrom(from: TableExpression, layout: Layout): string {
  return `FROM ${printTable(from, inner(layout))}`;
}

export function printTable(table: TableExpression, layout: Layout): string {
  const postfix = 'postfix' in table ? table.postfix : [];
  const list = (items: readonly TablePostfix[]): string =>
    items.map((item) => ` ${printPostfix(item, layout)}`).join('');
  switch (table.kind) {
    case 'GraphTable':
      return printGraphTable(table, layout) + list(postfix);
    case 'TableName':
      return printPath(table.path) + printTail(table, layout);
    case 'TableSubquery': {
      const start = `${table.lateral ? 'LATERAL ' : ''}${printSubquery(table.query, layout)}`;
      return `${start}${as(table.alias)}${list(postfix)}`;
    }
    case 'UnnestTable': {
      const arrays = table.arrays.map((argument) => printArgument(argument, layout)).join(', ');
      return `UNNEST(${arrays})${printTail(table, layout)}`;
    }
    case 'TableFunction': {
      const start = `${table.lateral ? 'LATERAL ' : ''}${printTableCall(table, layout)}`;
      return `${start}${as(table.alias)}${list(postfix)}`;
    }
    case 'GroupRows':
      return `GROUP ROWS${as(table.alias)}${list(postfix)}`;
    case 'Join':
      return printJoin(table, layout);
    case 'ParenthesizedJoin': {
      if (table.implied) return printTable(table.join, layout);
      const deeper = inner(layout);
      return `(${deeper.newline}${printTable(table.join, deeper)}${layout.newline})${list(postfix)}`;
    }
  }
}

type Scanned = Extract<TableExpression, { kind: 'TableName' | 'UnnestTable' }>;

/** What follows a table's name or array: PIVOT stands before the time, everything else after it. */
function printTail(table: Scanned, layout: Layout): string {
  const isPivot = ({ kind }: TablePostfix): boolean => kind === 'Pivot' || kind === 'Unpivot';
  const list = (items: readonly TablePostfix[]): string =>
    items.map((item) => ` ${printPostfix(item, layout)}`).join('');
  const { systemTime, withOffset } = table;
  const time = systemTime === undefined ? '' : ` FOR SYSTEM_TIME AS OF ${printAny(systemTime, layout)}`;
  const offset = withOffset === undefined ? '' : ` WITH OFFSET${as(withOffset.alias)}`;
  const start = `${printHint(table.hint, layout, ' ')}${as(table.alias)}${offset}`;
  const later = table.postfix.filter((item) => !isPivot(item));
  return `${start}${list(table.postfix.filter(isPivot))}${time}${list(later)}`;
}

type TableCall = Pick<Extract<TableExpression, { kind: 'TableFunction' }>, 'name' | 'arguments' | 'hint'>;

/** `f(x, TABLE y)` with its hint, without its alias. */
export function printTableCall(call: TableCall, layout: Layout): string {
  const args = call.arguments.map((argument) => printArgument(argument, layout)).join(', ');
  return `${printTableFunctionName(call.name)}(${args})${printHint(call.hint, layout, ' ')}`;
}

/** Built-in table functions are known without quotes, as are ML's. */
export function printTableFunctionName(path: Path): string {
  const [first, second] = path.parts;
  const plain = path.parts.every((part) => !part.quoted && /^[A-Za-z_]\w*$/.test(part.name));
  if (plain && second === undefined) return first!.name;
  const builtIn = plain && path.parts.length === 2 && /^(ML|AI|SAFE)$/i.test(first!.name);
  return builtIn ? `${first!.name}.${second!.name}` : printPath(path);
}

type Join = Extract<TableExpression, { kind: 'Join' }>;

function printJoin(join: Join, layout: Layout): string {
  const left = printTable(join.left, layout);
  const right = printTable(join.right, layout);
  if (join.type === 'COMMA') return `${left},${layout.newline}${right}`;
  return `${left}${layout.newline}${printJoinHead(join, layout)} ${right}${printCondition(join, layout)}`;
}

/** `NATURAL LEFT HASH JOIN @{...}` */
export function printJoinHead(join: Omit<JoinSides, 'left' | 'right'>, layout: Layout): string {
  const natural = join.natural ? 'NATURAL ' : '';
  const plain = join.type === 'INNER' && join.innerWritten === undefined;
  const type = plain ? '' : `${join.type} `;
  const method = join.method === undefined ? '' : `${join.method} `;
  return `${natural}${type}${method}JOIN${printHint(join.hint, layout, ' ')}`;
}

export function printCondition(join: Pick<JoinSides, 'on' | 'using'>, layout: Layout): string {
  if (join.on !== undefined) return ` ON ${printAny(join.on, layout)}`;
  return join.using === undefined ? '' : ` USING (${join.using.map(printName).join(', ')})`;
}
