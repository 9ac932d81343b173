import type {
  GroupBy,
  GroupingItem,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
} from '../ast/index.ts';
import { printAny, printList, printName, printSubquery } from './expressions.ts';
import { printGraphQuery } from './graph/query.ts';
import { inner, type Layout } from './layout.ts';
import { printPipe } from './pipes.ts';
import { printSelectBase } from './select-star.ts';
import { printFrom } from './tables.ts';
import { printOrderBy, printWindowSpec } from './windows.ts';

/** A query from its WITH to its last pipe operator, one clause a line. */
export function printQuery(query: Query, layout: Layout): string {
  const lines: string[] = [];
  if (query.with !== undefined) lines.push(printWith(query.with, layout));
  lines.push(printBody(query.body, layout));
  if (query.orderBy.length > 0) lines.push(printOrderBy(query.orderBy, layout));
  const limit = printLimit(query, layout);
  if (limit !== '') lines.push(limit);
  for (const pipe of query.pipes) lines.push(`|> ${printPipe(pipe, layout)}`);
  return lines.join(layout.newline);
}

export function printLimit(query: Pick<Query, 'limit' | 'offset'>, layout: Layout): string {
  const offset = query.offset === undefined ? '' : ` OFFSET ${printAny(query.offset, layout)}`;
  if (query.limit !== undefined) return `LIMIT ${printAny(query.limit, layout)}${offset}`;
  return offset === '' ? '' : `LIMIT ALL${offset}`;
}

function printWith(clause: NonNullable<Query['with']>, layout: Layout): string {
  const deeper = inner(layout);
  const tables = clause.tables.map(
    ({ name, query }) => `${printName(name)} AS ${printSubquery(query, deeper)}`,
  );
  return `WITH${clause.recursive ? ' RECURSIVE' : ''}${deeper.newline}${tables.join(`,${deeper.newline}`)}`;
}

function printBody(body: QueryBody, layout: Layout): string {
  switch (body.kind) {
    case 'Select':
      return printSelect(body, layout);
    case 'FromQuery':
      return printFrom(body.from, layout);
    case 'GraphQuery':
      return printGraphQuery(body, layout);
    case 'ParenthesizedQuery':
      return printSubquery(body.query, layout);
    case 'SetOperation': {
      const between = `${layout.newline}${printSetOperator(body)}${layout.newline}`;
      return body.inputs.map((input) => printBody(input, layout)).join(between);
    }
  }
}

/** `LEFT OUTER UNION ALL STRICT BY NAME ON (a)` */
export function printSetOperator(operation: Pick<SetOperation, 'operator' | 'distinct' | 'match'>): string {
  const { match } = operation;
  const outer = match?.outer === undefined ? '' : `${match.outer}${match.outer === 'INNER' ? '' : ' OUTER'} `;
  const start = `${outer}${operation.operator} ${operation.distinct ? 'DISTINCT' : 'ALL'}`;
  if (match === undefined) return start;
  const byName = match.mode === 'BY_NAME';
  const columns = match.columns?.map(printName).join(', ');
  const list = columns === undefined ? '' : ` ${byName ? 'ON' : 'BY'} (${columns})`;
  return `${start}${match.strict ? ' STRICT' : ''} ${byName ? 'BY NAME' : 'CORRESPONDING'}${list}`;
}

function printSelect(select: Select, layout: Layout): string {
  const lines = [printSelectHead(select, layout)];
  if (select.from !== undefined) lines.push(printFrom(select.from, layout));
  if (select.where !== undefined) lines.push(`WHERE ${printAny(select.where, layout)}`);
  if (select.groupBy !== undefined) lines.push(printGroupBy(select.groupBy, layout));
  if (select.having !== undefined) lines.push(`HAVING ${printAny(select.having, layout)}`);
  if (select.qualify !== undefined) lines.push(`QUALIFY ${printAny(select.qualify, layout)}`);
  if (select.windows.length > 0) lines.push(printWindows(select.windows, layout));
  return lines.join(layout.newline);
}

/** A short list stays on one line, a long one has an item a line. */
const widestList = 80;

export function printItems(items: readonly string[], layout: Layout): string {
  const oneLine = items.join(', ');
  if (items.length === 1 || (oneLine.length <= widestList && !oneLine.includes('\n'))) return ` ${oneLine}`;
  const { newline } = inner(layout);
  return newline + items.join(`,${newline}`);
}

/** `SELECT` with its modifiers and items. */
export function printSelectHead(select: Select, layout: Layout): string {
  const modifier = select.withModifier;
  const options = modifier?.options?.map(
    ({ name, value }) => `${printName(name)} = ${printAny(value, layout)}`,
  );
  const optionList = options === undefined ? '' : ` OPTIONS(${options.join(', ')})`;
  const withText = modifier === undefined ? '' : ` WITH ${printName(modifier.name)}${optionList}`;
  const as = select.as === undefined ? '' : ` AS ${select.as}`;
  // without ALL the first item could read as the modifier's options
  const all = modifier !== undefined && options === undefined && !select.distinct ? ' ALL' : '';
  const deeper = inner(layout);
  const items = select.items.map((item) => printSelectItem(item, deeper));
  return `SELECT${withText}${all}${select.distinct ? ' DISTINCT' : ''}${as}${printItems(items, layout)}`;
}

export function printSelectItem(item: SelectItem, layout: Layout): string {
  if (item.kind === 'SelectExpression') {
    const text = printAny(item.expression, layout);
    return item.alias === undefined ? text : `${text} AS ${printName(item.alias)}`;
  }
  const base = item.base === undefined ? '' : `${printSelectBase(item.base, layout)}.`;
  const except = item.except.length === 0 ? '' : ` EXCEPT (${item.except.map(printName).join(', ')})`;
  const replaced = item.replace.map(
    ({ expression, name }) => `${printAny(expression, layout)} AS ${printName(name)}`,
  );
  return `${base}*${except}${replaced.length === 0 ? '' : ` REPLACE (${replaced.join(', ')})`}`;
}

export function printWindows(windows: Select['windows'], layout: Layout): string {
  return `WINDOW ${windows.map(({ name, spec }) => `${printName(name)} AS ${printWindowSpec(spec, layout)}`).join(', ')}`;
}

export function printGroupBy(groupBy: GroupBy, layout: Layout): string {
  if (groupBy.all) return 'GROUP BY ALL';
  return `GROUP BY ${groupBy.items.map((item) => printGroupingItem(item, layout)).join(', ')}`;
}

export function printGroupingItem(item: GroupingItem, layout: Layout): string {
  switch (item.kind) {
    case 'GroupingExpression': {
      const text = printAny(item.expression, layout);
      return item.alias === undefined ? text : `${text} AS ${printName(item.alias)}`;
    }
    case 'Rollup':
    case 'Cube': {
      const sets = item.sets.map((set) =>
        set.length === 1 ? printList(set, layout) : `(${printList(set, layout)})`,
      );
      return `${item.kind === 'Rollup' ? 'ROLLUP' : 'CUBE'}(${sets.join(', ')})`;
    }
    case 'GroupingSets':
      return `GROUPING SETS (${item.items.map((inside) => printGroupingItem(inside, layout)).join(', ')})`;
    case 'GroupingSet':
      return `(${printList(item.expressions, layout)})`;
  }
}
