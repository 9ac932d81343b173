import type {
  Align,
  AlignBound,
  AlignWithin,
  Expression,
  Identifier,
  Path,
  TablePostfix,
  Unpack,
} from '../ast/index.ts';
import { printAny, printAt, printList, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printMatchRecognize } from './match-recognize.ts';
import { binding } from './precedence.ts';
import { Unprintable } from './unprintable.ts';

const as = (alias: Identifier | undefined): string => (alias === undefined ? '' : ` AS ${printName(alias)}`);

type Aliased = { readonly expression: Expression; readonly alias?: Identifier };

function printAliased(items: readonly Aliased[], layout: Layout): string {
  return items.map(({ expression, alias }) => printAny(expression, layout) + as(alias)).join(', ');
}

/** A clause after a table, without the space before it. */
export function printPostfix(postfix: TablePostfix, layout: Layout): string {
  switch (postfix.kind) {
    case 'Pivot': {
      const on = printAt(postfix.on, binding.bitOr, layout);
      const values = printAliased(postfix.values, layout);
      return `PIVOT (${printAliased(postfix.aggregates, layout)} FOR ${on} IN (${values}))${as(postfix.alias)}`;
    }
    case 'Unpivot':
      return printUnpivot(postfix, layout);
    case 'TableSample':
      return printSample(postfix, layout);
    case 'Align':
      return printAlign(postfix, layout);
    case 'MatchRecognize':
      return printMatchRecognize(postfix, layout);
  }
}

type Unpivot = Extract<TablePostfix, { kind: 'Unpivot' }>;

const printColumn = (column: Path | Unpack, layout: Layout): string =>
  column.kind === 'Path' ? printPath(column) : printAny(column, layout);

function printColumns(columns: readonly (Path | Unpack)[], list: boolean, layout: Layout): string {
  const text = columns.map((column) => printColumn(column, layout)).join(', ');
  return list ? `(${text})` : text;
}

/** One new column needs no parentheses, but for one that is unpacked. */
function printUnpivot(unpivot: Unpivot, layout: Layout): string {
  const [first] = unpivot.values;
  const several = unpivot.values.length > 1 || first?.kind === 'Unpack';
  const values = printColumns(unpivot.values, several, layout);
  const inputs = unpivot.inputs.map((input) => printInput(input, layout)).join(', ');
  const nulls = unpivot.includeNulls ? ' INCLUDE NULLS' : unpivot.excludeNulls ? ' EXCLUDE NULLS' : '';
  const head = `UNPIVOT${nulls} (${values} FOR ${printPath(unpivot.nameColumn)}`;
  return `${head} IN (${inputs}))${as(unpivot.alias)}`;
}

function printInput({ columns, parenthesized, label }: Unpivot['inputs'][number], layout: Layout): string {
  const several = columns.length > 1 || parenthesized === true;
  const list = printColumns(columns, several, layout);
  if (label === undefined) return list;
  if (label.kind !== 'StringLiteral' && label.kind !== 'IntLiteral') throw new Unprintable('UNPIVOT label');
  return `${list} AS ${printLiteral(label)}`;
}

function printSample(sample: Extract<TablePostfix, { kind: 'TableSample' }>, layout: Layout): string {
  const { partitionBy, weight, repeatable } = sample;
  const partition = partitionBy === undefined ? '' : ` PARTITION BY ${printList(partitionBy, layout)}`;
  const size = `${printAny(sample.size, layout)} ${sample.unit}${partition}`;
  const weighted = weight === undefined ? '' : ` WITH WEIGHT${as(weight.alias)}`;
  const seed = repeatable === undefined ? '' : ` REPEATABLE (${printAny(repeatable, layout)})`;
  return `TABLESAMPLE ${printName(sample.method)} (${size})${weighted}${seed}`;
}

function printAlign(align: Align, layout: Layout): string {
  const any = (node: Expression): string => printAny(node, layout);
  const { timestamp, origin, within, partitionBy, metrics } = align;
  const parts = [
    timestamp === undefined ? '' : `TIMESTAMP ${any(timestamp.expression)}${as(timestamp.alias)}`,
    `PERIOD ${any(align.period)}`,
    origin === undefined ? '' : `ORIGIN ${printOrigin(origin, layout)}`,
    within === undefined ? '' : `OUTPUT WITHIN ${printWithin(within, layout)}`,
    partitionBy.length === 0 ? '' : `PARTITION BY ${printAliased(partitionBy, layout)}`,
    metrics.length === 0 ? '' : `METRICS ${printAliased(metrics, layout)}`,
  ];
  return `ALIGN (${parts.filter((part) => part !== '').join(' ')})${as(align.alias)}`;
}

/** EPOCH without backticks is no column. */
function printOrigin(origin: Expression, layout: Layout): string {
  const first =
    origin.kind === 'PathExpression' && origin.path.parts.length === 1 ? origin.path.parts[0]! : undefined;
  const epoch = first !== undefined && !first.quoted && first.name.toUpperCase() === 'EPOCH';
  return epoch ? 'EPOCH' : printAny(origin, layout);
}

function printWithin(within: AlignWithin, layout: Layout): string {
  if (within.form === 'BOUND') return printBound(within.bound, layout);
  const from = within.from === undefined ? '' : ` FROM ${printBound(within.from, layout)}`;
  const to = within.to === undefined ? '' : ` TO ${printBound(within.to, layout)}`;
  return `RANGE${from}${to}`;
}

function printBound({ expression, period, side }: AlignBound, layout: Layout): string {
  const start = expression === undefined ? 'UNBOUNDED' : printAny(expression, layout);
  return `${start}${period ? ' PERIOD' : ''}${side === undefined ? '' : ` ${side}`}`;
}
