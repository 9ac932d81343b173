import type {
  GraphBlock,
  GraphLinear,
  GraphOperator,
  GraphQuery,
  GraphSetOperation,
  GraphSetOperator,
  ObjectName,
  Query,
} from '../../ast/index.ts';
import { SqlFailure } from '../../lexer/failure.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parsePath } from '../names.ts';
import { startsSetOperation } from '../query.ts';
import { parseGraphOperator, startsGraphOperator } from './operators.ts';
import { parseGraphPattern } from './pattern.ts';

/** `GRAPH g ...` as a statement or after AS. */
export function parseGraphQuery(cursor: Cursor): Query {
  return cursor.nested((at) => {
    const { start } = at.expectWord('GRAPH');
    const graph = graphName(at);
    const body = parseGraphBlock(at);
    return asQuery({ kind: 'GraphQuery', span: at.spanFrom(start), graph, body });
  });
}

/** The graph that is asked, in the words of the tree. */
export function graphName(cursor: Cursor): ObjectName {
  const path = parsePath(cursor);
  return { kind: 'ObjectName', span: path.span, path, role: 'GraphTableQuery' };
}

const asQuery = (body: GraphQuery): Query => ({
  kind: 'Query',
  span: body.span,
  body,
  orderBy: [],
  pipes: [],
});

/** `{ [GRAPH g] operators }` where a subquery can stand. */
export function parseBracedGraph(cursor: Cursor): Query {
  return cursor.nested((at) => braced(at, false));
}

/** What EXISTS takes between braces: a pattern alone, or operators that need no RETURN. */
export function parseExistsGraph(cursor: Cursor): Query {
  return cursor.nested((at) => braced(at, true));
}

function braced(cursor: Cursor, exists: boolean): Query {
  const { start } = cursor.expectOp('{');
  const named = cursor.isWord('GRAPH') && !(exists && cursor.peek(1).op === '=');
  if (named) cursor.advance();
  const name = named ? graphName(cursor) : undefined;
  const body =
    exists && !startsGraphOperator(cursor) ? parseGraphPattern(cursor) : parseGraphBlock(cursor, exists);
  cursor.expectOp('}');
  const graph = name === undefined ? {} : { graph: { ...name, role: roleOver(body, exists) } };
  return asQuery({ kind: 'GraphQuery', span: cursor.spanFrom(start), ...graph, body });
}

/** The parser node above the graph's name: EXISTS has two of its own, for a pattern and for a missing RETURN. */
function roleOver(body: GraphQuery['body'], exists: boolean): string {
  if (body.kind === 'GraphPattern') return 'GqlGraphPatternQuery';
  const [part] = body.parts;
  const open = part?.kind === 'GraphLinear' && part.operators.at(-1)?.kind !== 'GraphReturn';
  return exists && open && !endsWithInsert(part) ? 'GqlLinearOpsQuery' : 'GraphTableQuery';
}

/**
 * Steps with NEXT between them, the first of which may have begun with operators that were read already.
 * `openEnd`: the only step may end without RETURN before a closing brace.
 */
export function parseGraphBlock(
  cursor: Cursor,
  openEnd = false,
  begun: readonly GraphOperator[] = [],
): GraphBlock {
  const start = begun[0]?.span.start ?? cursor.token.start;
  const parts = [blockPart(cursor, openEnd, begun)];
  while (cursor.takeWord('NEXT')) parts.push(blockPart(cursor, false, []));
  return { kind: 'GraphBlock', span: cursor.spanFrom(start), parts };
}

function blockPart(
  cursor: Cursor,
  openEnd: boolean,
  begun: readonly GraphOperator[],
): GraphLinear | GraphSetOperation {
  const first = linear(cursor, openEnd, true, begun);
  if (endsWithInsert(first) || !setOperationFollows(cursor)) return first;
  const inputs = [first];
  const operators: GraphSetOperator[] = [];
  while (setOperationFollows(cursor)) {
    operators.push(setOperator(cursor));
    inputs.push(linear(cursor, false, false, []));
  }
  const span = cursor.spanFrom(first.span.start);
  return { kind: 'GraphSetOperation', span, inputs, operators };
}

/** EXCEPT before a parenthesis is none. */
function setOperationFollows(cursor: Cursor): boolean {
  if (cursor.isWord('EXCEPT')) {
    const next = cursor.peek(1);
    if (next.op === '(') return false;
    if (next.word !== 'ALL' && next.word !== 'DISTINCT') failBareExcept(cursor);
  }
  return startsSetOperation(cursor, cursor.index);
}

function failBareExcept(cursor: Cursor): never {
  const message = 'EXCEPT must be followed by ALL, DISTINCT, or "("';
  throw new SqlFailure('syntax', message, cursor.token.start);
}

const endsWithInsert = ({ operators }: GraphLinear): boolean =>
  operators.some(({ kind }) => kind === 'GraphInsert');

/** Operators up to RETURN; an INSERT may stand at the end or before the RETURN. */
function linear(
  cursor: Cursor,
  openEnd: boolean,
  insert: boolean,
  begun: readonly GraphOperator[],
): GraphLinear {
  const start = begun[0]?.span.start ?? cursor.token.start;
  const operators = [...begun];
  const done = (): GraphLinear => ({ kind: 'GraphLinear', span: cursor.spanFrom(start), operators });
  for (;;) {
    if (openEnd && operators.length > 0 && cursor.isOp('}')) return done();
    const writes = cursor.isWord('INSERT');
    const operator = writes && !insert ? undefined : parseGraphOperator(cursor);
    if (operator === undefined) return failOperator(cursor, operators.length === 0, openEnd, insert);
    operators.push(operator);
    if (operator.kind === 'GraphReturn') return done();
    if (writes) {
      if (cursor.isWord('RETURN')) operators.push(parseGraphOperator(cursor)!);
      return done();
    }
  }
}

function failOperator(cursor: Cursor, first: boolean, openEnd: boolean, insert: boolean): never {
  if (first) cursor.unexpected();
  if (openEnd) return failExpected(cursor, '}', 'INSERT', 'RETURN');
  return insert ? failExpected(cursor, 'INSERT', 'RETURN') : failExpected(cursor, 'RETURN');
}

/** `[FULL|LEFT|INNER] UNION ALL|DISTINCT`: columns go by name, so nothing about them follows. */
function setOperator(cursor: Cursor): GraphSetOperator {
  const outer = outerMode(cursor);
  const operator = (['UNION', 'INTERSECT', 'EXCEPT'] as const).find((word) => cursor.takeWord(word));
  if (operator === undefined) return cursor.unexpected();
  const distinct = cursor.takeWord('DISTINCT');
  if (!distinct && !cursor.takeWord('ALL')) failExpected(cursor, 'ALL', 'DISTINCT');
  return { operator, distinct, ...(outer === undefined ? {} : { outer }) };
}

function outerMode(cursor: Cursor): GraphSetOperator['outer'] {
  if (cursor.takeWord('INNER')) return 'INNER';
  if (cursor.takeWord('OUTER')) return 'FULL';
  const mode = cursor.takeWord('FULL') ? 'FULL' : cursor.takeWord('LEFT') ? 'LEFT' : undefined;
  if (mode !== undefined) cursor.takeWord('OUTER');
  return mode;
}
