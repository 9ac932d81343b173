import type {
  GraphBlock,
  GraphLinear,
  GraphQuery,
  GraphSetOperation,
  GraphSetOperator,
  GraphTable,
} from '../../ast/index.ts';
import { printName, printPath } from '../expressions.ts';
import { inner, type Layout } from '../layout.ts';
import { printItems, printSelectItem } from '../queries.ts';
import { printGraphOperator } from './operators.ts';
import { printGraphPattern } from './pattern.ts';

/** A graph query as a statement, an operator a line. */
export function printGraphQuery(query: GraphQuery, layout: Layout): string {
  const graph = query.graph === undefined ? '' : `GRAPH ${printPath(query.graph.path)}${layout.newline}`;
  return graph + printBody(query.body, layout);
}

/** A graph query between braces, indented one step. */
export function printBracedGraph(query: GraphQuery, layout: Layout): string {
  const deeper = inner(layout);
  return `{${deeper.newline}${printGraphQuery(query, deeper)}${layout.newline}}`;
}

function printBody(body: GraphQuery['body'], layout: Layout): string {
  return body.kind === 'GraphPattern' ? printGraphPattern(body, layout) : printBlock(body, layout);
}

function printBlock(block: GraphBlock, layout: Layout): string {
  const parts = block.parts.map((part) => printPart(part, layout));
  return parts.join(`${layout.newline}NEXT${layout.newline}`);
}

function printPart(part: GraphLinear | GraphSetOperation, layout: Layout): string {
  if (part.kind === 'GraphLinear') return printLinear(part, layout);
  const [first, ...rest] = part.inputs.map((input) => printLinear(input, layout));
  const joined = rest.map(
    (input, index) => `${printSetOperator(part.operators[index]!)}${layout.newline}${input}`,
  );
  return [first, ...joined].join(layout.newline);
}

function printLinear(linear: GraphLinear, layout: Layout): string {
  return linear.operators.map((operator) => printGraphOperator(operator, layout)).join(layout.newline);
}

function printSetOperator({ operator, distinct, outer }: GraphSetOperator): string {
  const mode = outer === undefined ? '' : `${outer}${outer === 'INNER' ? '' : ' OUTER'} `;
  return `${mode}${operator} ${distinct ? 'DISTINCT' : 'ALL'}`;
}

/** `GRAPH_TABLE (...)` with its alias, without what follows it. */
export function printGraphTable(table: GraphTable, layout: Layout): string {
  const deeper = inner(layout);
  const head = `GRAPH_TABLE (${deeper.newline}${printPath(table.graph.path)}${deeper.newline}`;
  const alias = table.alias === undefined ? '' : ` AS ${printName(table.alias)}`;
  return `${head}${printTableBody(table.body, deeper)}${layout.newline})${alias}`;
}

function printTableBody(body: GraphTable['body'], layout: Layout): string {
  if (body.kind === 'GraphBlock') return printBlock(body, layout);
  const match = printGraphOperator(body.match, layout);
  if (body.columns === undefined) return match;
  const items = body.columns.map((item) => printSelectItem(item, inner(layout)));
  return `${match}${layout.newline}COLUMNS (${printItems(items, layout).trimStart()})`;
}
