import type { Identifier, Path, TableExpression, TablePostfix } from '../ast/index.ts';
import { printAny, printArgument, printAt, printName, printPath, printSubquery } from './expressions.ts';
import { printGraphTable } from './graph/query.ts';
import { inner, type Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printMatchRecognize } from './match-recognize.ts';
import { binding } from './precedence.ts';
import { Unprintable } from './unprintable.ts';

const as = (alias: Identifier | undefined): string => (alias === undefined ? '' : ` AS ${printName(alias)}`);

/** `FROM` with its tables, a join a line. */
export function printFrom(from: TableExpression, layout: Layout): string {
  return `FROM ${printTable(from, inner(layout))}`;
}

export function printTable(table: TableExpression, layout: Layout): string {
  const postfix = 'postfix' in table ? table.postfix : [];
  const pivots = postfix.filter((item) => item.kind === 'Pivot' || item.kind === 'Unpivot');
  const later = postfix.filter((item) => item.kind !== 'Pivot' && item.kind !== 'Unpivot');
  const list = (items: readonly TablePostfix[]): string =>
    items.map((item) => ` ${printPostfix(item, layout)}`).join('');
  switch (table.kind) {
    case 'GraphTable':
      return printGraphTable(table, layout) + list(postfix);
    case 'TableName': {
      const time =
        table.systemTime === undefined ? '' : ` FOR SYSTEM_TIME AS OF ${printAny(table.systemTime, layout)}`;
      const start = `${printPath(table.path)}${as(table.alias)}${printOffset(table.withOffset)}`;
      return `${start}${list(pivots)}${time}${list(later)}`;
    }
    case 'TableSubquery': {
      const start = `${table.lateral ? 'LATERAL ' : ''}${printSubquery(table.query, layout)}`;
      return `${start}${as(table.alias)}${list(postfix)}`;
    }
    case 'UnnestTable': {
      const arrays = table.arrays.map((argument) => printArgument(argument, layout)).join(', ');
      return `UNNEST(${arrays})${as(table.alias)}${printOffset(table.withOffset)}${list(postfix)}`;
    }
    case 'TableFunction': {
      const args = table.arguments.map((argument) => printArgument(argument, layout)).join(', ');
      return `${printTableFunctionName(table.name)}(${args})${as(table.alias)}${list(postfix)}`;
    }
    case 'Join':
      return printJoin(table, layout);
    case 'ParenthesizedJoin': {
      const deeper = inner(layout);
      return `(${deeper.newline}${printTable(table.join, deeper)}${layout.newline})${list(postfix)}`;
    }
  }
}

/** Built-in table functions are known without quotes, as are ML's. */
export function printTableFunctionName(path: Path): string {
  const [first, second] = path.parts;
  const plain = path.parts.every((part) => !part.quoted && /^[A-Za-z_]\w*$/.test(part.name));
  if (plain && second === undefined) return first!.name;
  const builtIn = plain && path.parts.length === 2 && /^(ML|AI|SAFE)$/i.test(first!.name);
  return builtIn ? `${first!.name}.${second!.name}` : printPath(path);
}

function printOffset(offset: { readonly alias?: Identifier } | undefined): string {
  return offset === undefined ? '' : ` WITH OFFSET${as(offset.alias)}`;
}

type Join = Extract<TableExpression, { kind: 'Join' }>;

function printJoin(join: Join, layout: Layout): string {
  const left = printTable(join.left, layout);
  const right = printTable(join.right, layout);
  if (join.type === 'COMMA') return `${left},${layout.newline}${right}`;
  return `${left}${layout.newline}${printJoinType(join)} ${right}${printCondition(join, layout)}`;
}

export const printJoinType = ({ type }: Pick<Join, 'type'>): string =>
  type === 'INNER' ? 'JOIN' : `${type} JOIN`;

export function printCondition(join: Pick<Join, 'on' | 'using'>, layout: Layout): string {
  if (join.on !== undefined) return ` ON ${printAny(join.on, layout)}`;
  return join.using === undefined ? '' : ` USING (${join.using.map(printName).join(', ')})`;
}

export function printPostfix(postfix: TablePostfix, layout: Layout): string {
  const aliased = ({
    expression,
    alias,
  }: Extract<TablePostfix, { kind: 'Pivot' }>['values'][number]): string =>
    printAny(expression, layout) + as(alias);
  switch (postfix.kind) {
    case 'Pivot': {
      const aggregates = postfix.aggregates.map(aliased).join(', ');
      const on = printAt(postfix.on, binding.bitOr, layout);
      return `PIVOT (${aggregates} FOR ${on} IN (${postfix.values.map(aliased).join(', ')}))${as(postfix.alias)}`;
    }
    case 'Unpivot':
      return printUnpivot(postfix);
    case 'TableSample': {
      const size = printAny(postfix.size, layout);
      return `TABLESAMPLE ${printName(postfix.method)} (${size} ${postfix.unit})`;
    }
    case 'MatchRecognize':
      return printMatchRecognize(postfix, layout);
  }
}

function printUnpivot(unpivot: Extract<TablePostfix, { kind: 'Unpivot' }>): string {
  const names = unpivot.values.map(printName).join(', ');
  const values = unpivot.values.length === 1 ? names : `(${names})`;
  const inputs = unpivot.inputs.map(({ columns, label }) => {
    const paths = columns.map(printPath).join(', ');
    const list = columns.length === 1 ? paths : `(${paths})`;
    if (label === undefined) return list;
    if (label.kind !== 'StringLiteral' && label.kind !== 'IntLiteral') throw new Unprintable('UNPIVOT label');
    return `${list} AS ${printLiteral(label)}`;
  });
  const nulls = unpivot.includeNulls ? ' INCLUDE NULLS' : '';
  const head = `UNPIVOT${nulls} (${values} FOR ${printName(unpivot.nameColumn)}`;
  return `${head} IN (${inputs.join(', ')}))${as(unpivot.alias)}`;
}
