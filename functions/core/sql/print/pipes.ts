import type { OrderingItem, PipeIf, PipeOperator, Query, Subpipeline, TableClause } from '../ast/index.ts';
import { printAny, printList, printName, printSubquery } from './expressions.ts';
import { printHint } from './hints.ts';
import { inner, type Layout } from './layout.ts';
import {
  printDepth,
  printGroupingItem,
  printItems,
  printLimit,
  printSelectHead,
  printSelectItem,
  printSetOperator,
  printWindows,
  printWith,
  printWithModifier,
} from './queries.ts';
import { printColumnNames } from './select-star.ts';
import { printStatementIn } from './statements.ts';
import { printTableClause } from './table-clause.ts';
import { printCondition, printJoinHead, printPostfix, printTable, printTableCall } from './tables.ts';
import { printOrderBy, printOrderMarks } from './windows.ts';

/** One pipe operator without its `|>`. */
export function printPipe(pipe: PipeOperator, layout: Layout): string {
  const any = (node: Parameters<typeof printAny>[0]): string => printAny(node, layout);
  const items = (list: Parameters<typeof printSelectItem>[0][]): string =>
    printItems(
      list.map((item) => printSelectItem(item, layout)),
      layout,
    );
  switch (pipe.kind) {
    case 'PipeSelect':
      return printSelectHead(pipe.select, layout) + windowsAfter(pipe.select.windows, layout);
    case 'PipeExtend':
      return `EXTEND${items([...pipe.items])}${windowsAfter(pipe.windows, layout)}`;
    case 'PipeWindow':
      return `WINDOW${items([...pipe.items])}`;
    case 'PipeSet':
      return `SET ${pipe.items.map(({ name, value }) => `${printName(name)} = ${any(value)}`).join(', ')}`;
    case 'PipeDrop':
      return `DROP ${printColumnNames(pipe.columns, layout)}`;
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
      return printOrderBy(pipe.items, layout, pipe.orderHint);
    case 'PipeJoin':
      return `${printJoinHead(pipe, layout)} ${printTable(pipe.right, layout)}${printCondition(pipe, layout)}`;
    case 'PipeSetOperation': {
      const queries = pipe.queries.map((query) => printSetInput(query, layout)).join(', ');
      return `${printSetOperator(pipe, layout)} ${queries}`;
    }
    case 'PipeRecursiveUnion':
      return printRecursive(pipe, layout);
    case 'PipePostfix':
      return printPostfix(pipe.postfix, layout);
    case 'PipeCall': {
      const alias = pipe.alias === undefined ? '' : ` AS ${printName(pipe.alias)}`;
      return `CALL ${printTableCall(pipe, layout)}${alias}`;
    }
    case 'PipeWith':
      return printWith(pipe.with, layout);
    case 'PipeAssert':
      return `ASSERT ${printList([pipe.condition, ...pipe.payload], layout)}`;
    case 'PipeFork':
    case 'PipeTee': {
      const branches = pipe.branches.map((branch) => ` ${printSubpipeline(branch, layout)}`).join(',');
      return `${pipe.kind === 'PipeFork' ? 'FORK' : 'TEE'}${printHint(pipe.hint, layout, ' ')}${branches}`;
    }
    case 'PipeIf':
      return printIf(pipe, layout);
    case 'PipeLog': {
      const branch = pipe.pipeline === undefined ? '' : ` ${printSubpipeline(pipe.pipeline, layout)}`;
      return `LOG${printHint(pipe.hint, layout, ' ')}${branch}`;
    }
    case 'PipeFinish':
      return `FINISH${printHint(pipe.hint, layout, ' ')}`;
    case 'PipeDescribe':
      return 'DESCRIBE';
    case 'PipeStaticDescribe':
      return 'STATIC_DESCRIBE';
    case 'PipeCreateTable':
    case 'PipeExportData':
      return printStatementIn(pipe.statement, layout);
    case 'PipeInsert':
      return printStatementIn(pipe.statement, layout);
  }
}

function printSetInput(input: Query | TableClause, layout: Layout): string {
  return input.kind === 'Query' ? printSubquery(input, layout) : printTableClause(input, layout);
}

/** Operators one a line, each with its `|>`. */
export function printOperators(pipes: readonly PipeOperator[], layout: Layout): string {
  return pipes.map((pipe) => `|> ${printPipe(pipe, layout)}`).join(layout.newline);
}

function printSubpipeline({ pipes }: Subpipeline, layout: Layout): string {
  if (pipes.length === 0) return '()';
  const deeper = inner(layout);
  return `(${deeper.newline}${printOperators(pipes, deeper)}${layout.newline})`;
}

function printIf(pipe: PipeIf, layout: Layout): string {
  const cases = pipe.cases.map(
    ({ condition, pipeline }) => `${printAny(condition, layout)} THEN ${printSubpipeline(pipeline, layout)}`,
  );
  const end = pipe.else === undefined ? '' : ` ELSE ${printSubpipeline(pipe.else, layout)}`;
  return `IF${printHint(pipe.hint, layout, ' ')} ${cases.join(' ELSEIF ')}${end}`;
}

type Recursive = Extract<PipeOperator, { kind: 'PipeRecursiveUnion' }>;

function printRecursive(pipe: Recursive, layout: Layout): string {
  const depth = pipe.depth === undefined ? '' : ` ${printDepth(pipe.depth, layout)}`;
  const { input } = pipe;
  const text = input.kind === 'Query' ? printSubquery(input, layout) : printSubpipeline(input, layout);
  const alias = pipe.alias === undefined ? '' : ` AS ${printName(pipe.alias)}`;
  return `RECURSIVE ${printSetOperator(pipe, layout)}${depth} ${text}${alias}`;
}

function windowsAfter(windows: Parameters<typeof printWindows>[0], layout: Layout): string {
  return windows.length === 0 ? '' : `${layout.newline}${printWindows(windows, layout)}`;
}

const marks = (order: OrderingItem | undefined, layout: Layout): string =>
  order === undefined ? '' : printOrderMarks(order, layout);

function printAggregate(pipe: Extract<PipeOperator, { kind: 'PipeAggregate' }>, layout: Layout): string {
  const items = pipe.items.map(({ item, order }) => printSelectItem(item, layout) + marks(order, layout));
  const head = `AGGREGATE${printWithModifier(pipe.withModifier, layout)}`;
  const start = items.length === 0 ? head : `${head}${printItems(items, layout)}`;
  if (pipe.groupBy === undefined) return start;
  const grouping = pipe.groupBy.items.map(
    (item, index) => printGroupingItem(item, layout) + marks(pipe.groupOrder[index], layout),
  );
  const words = `GROUP${printHint(pipe.groupBy.hint, layout, ' ')}${pipe.andOrder ? ' AND ORDER' : ''} BY`;
  return `${start}${layout.newline}${words} ${grouping.join(', ')}`;
}
