import type { OrderingItem, PipeOperator } from '../ast/index.ts';
import { printAny, printArgument, printName, printSubquery } from './expressions.ts';
import type { Layout } from './layout.ts';
import {
  printGroupingItem,
  printItems,
  printLimit,
  printSelectHead,
  printSelectItem,
  printSetOperator,
  printWindows,
} from './queries.ts';
import { printCondition, printJoinType, printPostfix, printTable, printTableFunctionName } from './tables.ts';
import { Unprintable } from './unprintable.ts';
import { printOrderBy, printOrderMarks } from './windows.ts';

/** One pipe operator without its `|>`. */
export function printPipe(pipe: PipeOperator, layout: Layout): string {
  const any = (node: Parameters<typeof printAny>[0]): string => printAny(node, layout);
  switch (pipe.kind) {
    case 'PipeSelect':
      return printSelectHead(pipe.select, layout) + windowsAfter(pipe.select.windows, layout);
    case 'PipeExtend': {
      const items = pipe.items.map((item) => printSelectItem(item, layout));
      return `EXTEND${printItems(items, layout)}${windowsAfter(pipe.windows, layout)}`;
    }
    case 'PipeSet':
      return `SET ${pipe.items.map(({ name, value }) => `${printName(name)} = ${any(value)}`).join(', ')}`;
    case 'PipeDrop':
      return `DROP ${pipe.columns.map(printName).join(', ')}`;
    case 'PipeRename':
      return `RENAME ${pipe.items.map(({ from, to }) => `${printName(from)} AS ${printName(to)}`).join(', ')}`;
    case 'PipeAs':
      return `AS ${printName(pipe.alias)}`;
    case 'PipeWhere':
      return `WHERE ${any(pipe.condition)}`;
    case 'PipeLimit':
      return printLimit(pipe, layout);
    case 'PipeAggregate':
      return printAggregate(pipe, layout);
    case 'PipeDistinct':
      return 'DISTINCT';
    case 'PipeOrderBy':
      return printOrderBy(pipe.items, layout);
    case 'PipeJoin':
      return `${printJoinType(pipe)} ${printTable(pipe.right, layout)}${printCondition(pipe, layout)}`;
    case 'PipeSetOperation':
      return `${printSetOperator(pipe)} ${pipe.queries.map((query) => printSubquery(query, layout)).join(', ')}`;
    case 'PipePostfix':
      return printPostfix(pipe.postfix, layout);
    case 'PipeCall': {
      const args = pipe.arguments.map((argument) => printArgument(argument, layout)).join(', ');
      const alias = pipe.alias === undefined ? '' : ` AS ${printName(pipe.alias)}`;
      return `CALL ${printTableFunctionName(pipe.name)}(${args})${alias}`;
    }
    case 'PipeOther':
      if (pipe.items === undefined) throw new Unprintable(`|> ${pipe.name}`);
      return (
        pipe.name +
        printItems(
          pipe.items.map((item) => printSelectItem(item, layout)),
          layout,
        )
      );
  }
}

function windowsAfter(windows: Parameters<typeof printWindows>[0], layout: Layout): string {
  return windows.length === 0 ? '' : `${layout.newline}${printWindows(windows, layout)}`;
}

const marks = (order: OrderingItem | undefined, layout: Layout): string =>
  order === undefined ? '' : printOrderMarks(order, layout);

function printAggregate(pipe: Extract<PipeOperator, { kind: 'PipeAggregate' }>, layout: Layout): string {
  const items = pipe.items.map(({ item, order }) => printSelectItem(item, layout) + marks(order, layout));
  const start = items.length === 0 ? 'AGGREGATE' : `AGGREGATE${printItems(items, layout)}`;
  if (pipe.groupBy === undefined) return start;
  const grouping = pipe.groupBy.items.map(
    (item, index) => printGroupingItem(item, layout) + marks(pipe.groupOrder[index], layout),
  );
  return `${start}${layout.newline}GROUP ${pipe.andOrder ? 'AND ORDER ' : ''}BY ${grouping.join(', ')}`;
}
