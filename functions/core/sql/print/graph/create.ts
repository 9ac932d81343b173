import type {
  CreatePropertyGraphStatement,
  CreatePropertyGraphTypeStatement,
  GraphElementLabels,
  GraphElementTable,
  GraphElementType,
  GraphInlinedEdge,
  GraphNodeReference,
  GraphProperties,
  Identifier,
} from '../../ast/index.ts';
import { printAny, printName, printPath } from '../expressions.ts';
import { inner, type Layout } from '../layout.ts';
import { printOptions } from '../options.ts';
import { printType } from '../types.ts';

type Created = CreatePropertyGraphStatement | CreatePropertyGraphTypeStatement;

/** `CREATE PROPERTY GRAPH` or `CREATE PROPERTY GRAPH TYPE`, an element a line. */
export function printCreateGraph(node: Created, layout: Layout): string {
  const ofType = node.kind === 'CreatePropertyGraphTypeStatement';
  const what = ofType ? 'TYPES' : 'TABLES';
  const scope = node.scope === undefined ? '' : `${node.scope} `;
  const words = `CREATE ${node.orReplace ? 'OR REPLACE ' : ''}${scope}PROPERTY GRAPH ${ofType ? 'TYPE ' : ''}`;
  const head = `${words}${node.ifNotExists ? 'IF NOT EXISTS ' : ''}${printPath(node.name.path)}`;
  const lines = [head, `NODE ${what} ${printElements(node.nodes, layout)}`];
  if (node.edges !== undefined) lines.push(`EDGE ${what} ${printElements(node.edges, layout)}`);
  if (node.options !== undefined) lines.push(printOptions(node.options, layout).trimStart());
  return lines.join(layout.newline);
}

function printElements(elements: readonly (GraphElementTable | GraphElementType)[], layout: Layout): string {
  const deeper = inner(layout);
  const texts = elements.map((element) =>
    element.kind === 'GraphElementTable'
      ? printElementTable(element, deeper)
      : printElementType(element, deeper),
  );
  return texts.length === 0
    ? '()'
    : `(${deeper.newline}${texts.join(`,${deeper.newline}`)}${layout.newline})`;
}

const columns = (names: readonly Identifier[] | undefined): string =>
  names === undefined ? '' : ` (${names.map(printName).join(', ')})`;

const as = (alias: Identifier | undefined): string => (alias === undefined ? '' : ` AS ${printName(alias)}`);

function printElementTable(table: GraphElementTable, layout: Layout): string {
  const key = table.key === undefined ? '' : ` KEY${columns(table.key)}`;
  const ends = `${printReference('SOURCE', table.source)}${printReference('DESTINATION', table.destination)}`;
  const head = `${printPath(table.table.path)}${as(table.alias)}${key}${ends}`;
  const edges = table.inlinedEdges.map((edge) => ` ${printInlinedEdge(edge, layout)}`).join('');
  return `${head}${printOptions(table.options, layout)}${printDetails(table, layout)}${edges}`;
}

function printReference(word: string, node: GraphNodeReference | undefined): string {
  if (node === undefined) return '';
  return ` ${word} KEY${columns(node.columns)} REFERENCES ${printName(node.node)}${columns(node.nodeColumns)}`;
}

function printInlinedEdge(edge: GraphInlinedEdge, layout: Layout): string {
  const join = `EDGE AS ${printName(edge.name)} JOIN KEY${columns(edge.columns)}`;
  const target = ` REFERENCES ${printName(edge.node)}${columns(edge.nodeColumns)}`;
  const direction = edge.direction === undefined ? '' : ` ${edge.direction}`;
  return `${join}${target}${direction}${printOptions(edge.options, layout)}${printDetails(edge, layout)}`;
}

type Details = Pick<GraphElementTable, 'labels' | 'dynamicLabel' | 'dynamicProperties'>;

/** Labels and properties, those known from the statement and those known from the rows. */
function printDetails(element: Details, layout: Layout): string {
  const { dynamicLabel, dynamicProperties } = element;
  const label = dynamicLabel === undefined ? '' : ` DYNAMIC LABEL (${printAny(dynamicLabel, layout)})`;
  const properties =
    dynamicProperties === undefined ? '' : ` DYNAMIC PROPERTIES (${printAny(dynamicProperties, layout)})`;
  return printLabels(element.labels, layout) + label + properties;
}

function printLabels(labels: GraphElementLabels, layout: Layout): string {
  if (labels.form === 'DEFAULT') return printProperties(labels.properties, layout);
  const texts = labels.labels.map(({ name, options, properties }) => {
    const head =
      name === undefined ? ` DEFAULT LABEL${printOptions(options, layout)}` : ` LABEL ${printName(name)}`;
    return head + printProperties(properties, layout);
  });
  return texts.join('');
}

function printProperties(properties: GraphProperties | undefined, layout: Layout): string {
  if (properties === undefined) return '';
  switch (properties.kind) {
    case 'NoProperties':
      return ' NO PROPERTIES';
    case 'AllColumns':
      return ` PROPERTIES ALL COLUMNS${properties.except === undefined ? '' : ` EXCEPT${columns(properties.except)}`}`;
    case 'PropertyList': {
      const items = properties.items.map(
        ({ value, alias, options }) =>
          `${printAny(value, layout)}${as(alias)}${printOptions(options, layout)}`,
      );
      return ` PROPERTIES (${items.join(', ')})`;
    }
  }
}

function printElementType(type: GraphElementType, layout: Layout): string {
  const from = type.from === undefined ? '' : ` FROM ${printName(type.from)}`;
  const to = type.to === undefined ? '' : ` TO ${printName(type.to)}`;
  const properties = type.properties?.map(
    ({ name, type: of, options }) => `${printName(name)} ${printType(of)}${printOptions(options, layout)}`,
  );
  const list = properties === undefined ? '' : ` PROPERTIES (${properties.join(', ')})`;
  return `${printName(type.name)}${from}${to}${printOptions(type.options, layout)}${list}`;
}
