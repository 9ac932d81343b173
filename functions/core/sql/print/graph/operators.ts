import type { Expression, GraphCall, GraphOperator, GraphWith, Identifier } from '../../ast/index.ts';
import { printAny, printArgument, printName, printSubquery } from '../expressions.ts';
import { printHint } from '../hints.ts';
import { inner, type Layout } from '../layout.ts';
import { printGroupBy, printItems, printSelectItem } from '../queries.ts';
import { printPostfix, printTableFunctionName } from '../tables.ts';
import { printOrderingItem } from '../windows.ts';
import { printGraphPattern, printPathPattern } from './pattern.ts';

const as = (alias: Identifier | undefined): string => (alias === undefined ? '' : ` AS ${printName(alias)}`);

/** One operator of a graph query. */
export function printGraphOperator(operator: GraphOperator, layout: Layout): string {
  const any = (node: Expression): string => printAny(node, layout);
  switch (operator.kind) {
    case 'GraphMatch': {
      const head = `${operator.optional ? 'OPTIONAL ' : ''}MATCH${printHint(operator.hint, layout)}`;
      return `${head} ${printGraphPattern(operator.pattern, inner(layout))}`;
    }
    case 'GraphLet':
      return `LET ${operator.items.map(({ name, value }) => `${printName(name)} = ${any(value)}`).join(', ')}`;
    case 'GraphFilter':
      return `FILTER WHERE ${any(operator.condition)}`;
    case 'GraphOrderBy': {
      const items = operator.items.map((item) => printOrderingItem(item, layout));
      return `ORDER${printHint(operator.hint, layout)} BY ${items.join(', ')}`;
    }
    case 'GraphPage': {
      const offset = operator.offset === undefined ? [] : [`OFFSET ${any(operator.offset)}`];
      const limit = operator.limit === undefined ? [] : [`LIMIT ${any(operator.limit)}`];
      return [...offset, ...limit].join(' ');
    }
    case 'GraphWith': {
      const hint = printHint(operator.hint, layout, operator.distinct ? ' ' : '');
      return `WITH${operator.distinct ? ' DISTINCT' : ''}${hint}${printProjection(operator, layout)}`;
    }
    case 'GraphReturn': {
      const head = `RETURN${printHint(operator.hint, layout)}${operator.distinct ? ' DISTINCT' : ''}`;
      const lines = [head + printProjection(operator, layout)];
      if (operator.orderBy !== undefined) lines.push(printGraphOperator(operator.orderBy, layout));
      if (operator.page !== undefined) lines.push(printGraphOperator(operator.page, layout));
      return lines.join(layout.newline);
    }
    case 'GraphFor': {
      const offset = operator.withOffset === undefined ? '' : ` WITH OFFSET${as(operator.withOffset.alias)}`;
      return `FOR ${printName(operator.name)} IN ${any(operator.array)}${offset}`;
    }
    case 'GraphSample':
      return printPostfix(operator.sample, layout);
    case 'GraphCall':
      return printCall(operator, layout);
    case 'GraphInsert':
      return `INSERT ${operator.paths.map((path) => printPathPattern(path, layout)).join(', ')}`;
  }
}

function printProjection(node: Pick<GraphWith, 'items' | 'groupBy'>, layout: Layout): string {
  const deeper = inner(layout);
  const items = printItems(
    node.items.map((item) => printSelectItem(item, deeper)),
    layout,
  );
  return node.groupBy === undefined
    ? items
    : `${items}${layout.newline}${printGroupBy(node.groupBy, layout)}`;
}

function printCall(call: GraphCall, layout: Layout): string {
  const names = (list: readonly Identifier[]): string => `(${list.map(printName).join(', ')})`;
  const per = call.per === undefined ? '' : ` PER ${names(call.per)}`;
  const start = `${call.optional ? 'OPTIONAL ' : ''}CALL${per} `;
  const { callee } = call;
  if (callee.form === 'SUBQUERY') {
    const captured = callee.captured === undefined ? '' : `${names(callee.captured)} `;
    return `${start}${captured}${printSubquery(callee.query, layout)}`;
  }
  const args = callee.arguments.map((argument) => printArgument(argument, layout)).join(', ');
  const yields = callee.yields.map(({ name, alias }) => printName(name) + as(alias)).join(', ');
  const hint = printHint(callee.hint, layout, ' ');
  const yielded = yields === '' ? '' : ` YIELD ${yields}`;
  return `${start}${printTableFunctionName(callee.name.path)}(${args})${hint}${yielded}`;
}
