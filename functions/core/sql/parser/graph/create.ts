import type {
  CreatePropertyGraphStatement,
  CreatePropertyGraphTypeStatement,
  GraphElementTable,
  GraphElementType,
  GraphNodeReference,
  ObjectName,
} from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parsePath } from '../names.ts';
import { optionalOptions } from '../options.ts';
import { columnList } from '../set-operations.ts';
import { parseType } from '../types.ts';
import { dynamicParts } from './dynamic.ts';
import { inlinedEdges } from './inlined-edges.ts';
import { optionalAs } from './operators.ts';
import { elementLabels } from './properties.ts';

const scopes: Readonly<Record<string, 'TEMP' | 'PUBLIC' | 'PRIVATE'>> = {
  TEMP: 'TEMP',
  TEMPORARY: 'TEMP',
  PUBLIC: 'PUBLIC',
  PRIVATE: 'PRIVATE',
};

const scopeAt = (cursor: Cursor, ahead: number): 'TEMP' | 'PUBLIC' | 'PRIVATE' | undefined => {
  const { word } = cursor.peek(ahead);
  return Object.hasOwn(scopes, word) ? scopes[word] : undefined;
};

/** Whether `CREATE ... PROPERTY` begins here; nothing but GRAPH can follow. */
export function startsCreateGraph(cursor: Cursor): boolean {
  if (!cursor.isWord('CREATE')) return false;
  const afterReplace = cursor.peek(1).word === 'OR' && cursor.peek(2).word === 'REPLACE' ? 3 : 1;
  const ahead = scopeAt(cursor, afterReplace) === undefined ? afterReplace : afterReplace + 1;
  return cursor.peek(ahead).word === 'PROPERTY';
}

/** `CREATE PROPERTY GRAPH` with its tables, or a type of graphs with its element types. */
export function parseCreateGraph(
  cursor: Cursor,
): CreatePropertyGraphStatement | CreatePropertyGraphTypeStatement {
  const { start } = cursor.expectWord('CREATE');
  const orReplace = cursor.takeWords('OR', 'REPLACE');
  const scope = scopeAt(cursor, 0);
  if (scope !== undefined) {
    cursor.foreign(`CREATE ${cursor.token.word} PROPERTY GRAPH`);
    cursor.advance();
  }
  cursor.expectWord('PROPERTY');
  cursor.expectWord('GRAPH');
  const ofType = cursor.isWord('TYPE') && !isNamedType(cursor);
  if (ofType) {
    cursor.foreign('CREATE PROPERTY GRAPH TYPE');
    cursor.advance();
  }
  const ifNotExists = takeIfNotExists(cursor);
  const head = { orReplace, ...(scope === undefined ? {} : { scope }), ifNotExists };
  return ofType ? graphType(cursor, start, head) : graph(cursor, start, head);
}

/** Whether a graph is called `type`, by what follows the name. */
function isNamedType(cursor: Cursor): boolean {
  const { kind, op, word } = cursor.peek(1);
  if (kind === 'eof' || op === ';' || op === '.' || op === '(') return true;
  return word === 'NODE' && cursor.peek(2).word === 'TABLES';
}

function takeIfNotExists(cursor: Cursor): boolean {
  if (!cursor.takeWord('IF')) return false;
  cursor.expectWord('NOT');
  cursor.expectWord('EXISTS');
  return true;
}

type Head = Pick<CreatePropertyGraphStatement, 'orReplace' | 'scope' | 'ifNotExists'>;

function objectName(cursor: Cursor, role: string): ObjectName {
  const path = parsePath(cursor);
  return { kind: 'ObjectName', span: path.span, path, role };
}

function graph(cursor: Cursor, start: number, head: Head): CreatePropertyGraphStatement {
  const kind = 'CreatePropertyGraphStatement';
  const name = objectName(cursor, kind);
  if (!cursor.isWord('NODE')) failExpected(cursor, '.', 'NODE');
  cursor.advance();
  cursor.expectWord('TABLES');
  const nodes = trailingList(cursor, elementTable);
  const edges = cursor.takeWord('EDGE') ? { edges: edgeTables(cursor) } : {};
  const options = optionalOptions(cursor);
  return { kind, span: cursor.spanFrom(start), ...head, name, nodes, ...edges, ...options };
}

function edgeTables(cursor: Cursor): GraphElementTable[] {
  cursor.expectWord('TABLES');
  return trailingList(cursor, elementTable);
}

/** A list in parentheses where a comma may trail. */
function trailingList<T>(cursor: Cursor, part: (cursor: Cursor) => T): T[] {
  cursor.expectOp('(');
  const parts = [part(cursor)];
  while (cursor.takeOp(',')) {
    if (cursor.isOp(')')) break;
    parts.push(part(cursor));
  }
  closeList(cursor);
  return parts;
}

function elementTable(cursor: Cursor): GraphElementTable {
  const { start } = cursor.token;
  const table = objectName(cursor, 'GraphElementTable');
  const alias = optionalAs(cursor);
  const key = cursor.takeWord('KEY') ? { key: columnList(cursor) } : {};
  const source = cursor.takeWord('SOURCE') ? { source: nodeReference(cursor) } : {};
  const destination = cursor.takeWord('DESTINATION') ? { destination: nodeReference(cursor) } : {};
  const options = optionalOptions(cursor);
  const labels = elementLabels(cursor);
  const dynamic = dynamicParts(cursor);
  const edges = inlinedEdges(cursor);
  return {
    kind: 'GraphElementTable',
    span: cursor.spanFrom(start),
    table,
    ...alias,
    ...key,
    ...source,
    ...destination,
    ...options,
    labels,
    ...dynamic,
    inlinedEdges: edges,
  };
}

/** `KEY (columns) REFERENCES node (columns)` after SOURCE or DESTINATION. */
function nodeReference(cursor: Cursor): GraphNodeReference {
  const { start } = cursor.expectWord('KEY');
  const columns = columnList(cursor);
  cursor.expectWord('REFERENCES');
  const node = cursor.name();
  const nodeColumns = cursor.isOp('(') ? { nodeColumns: columnList(cursor) } : {};
  return { kind: 'GraphNodeReference', span: cursor.spanFrom(start), columns, node, ...nodeColumns };
}

function graphType(cursor: Cursor, start: number, head: Head): CreatePropertyGraphTypeStatement {
  const kind = 'CreatePropertyGraphTypeStatement';
  const name = objectName(cursor, kind);
  cursor.expectWord('NODE');
  const nodes = elementTypes(cursor);
  const edges = cursor.takeWord('EDGE') ? { edges: elementTypes(cursor) } : {};
  const options = optionalOptions(cursor);
  return { kind, span: cursor.spanFrom(start), ...head, name, nodes, ...edges, ...options };
}

/** `TYPES (...)`; the list may be empty. */
function elementTypes(cursor: Cursor): GraphElementType[] {
  cursor.expectWord('TYPES');
  if (cursor.isOp('(') && cursor.peek(1).op === ')') {
    cursor.advance();
    cursor.advance();
    return [];
  }
  return trailingList(cursor, elementType);
}

function elementType(cursor: Cursor): GraphElementType {
  const { start } = cursor.token;
  const name = cursor.name();
  const from = cursor.takeWord('FROM') ? { from: cursor.name() } : {};
  const to = cursor.takeWord('TO') ? { to: cursor.name() } : {};
  const options = optionalOptions(cursor);
  const properties = cursor.takeWord('PROPERTIES') ? { properties: propertyTypes(cursor) } : {};
  return {
    kind: 'GraphElementType',
    span: cursor.spanFrom(start),
    name,
    ...from,
    ...to,
    ...options,
    ...properties,
  };
}

function propertyTypes(cursor: Cursor): NonNullable<GraphElementType['properties']> {
  cursor.expectOp('(');
  const properties = commaList(cursor, (at) => {
    const name = at.name();
    return { name, type: parseType(at), ...optionalOptions(at) };
  });
  closeList(cursor);
  return properties;
}
