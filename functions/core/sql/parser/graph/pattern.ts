import type {
  Expression,
  GraphElementFiller,
  GraphPathElement,
  GraphPathMode,
  GraphPathPattern,
  GraphPathSearch,
  GraphPattern,
  Identifier,
  Quantifier,
} from '../../ast/index.ts';
import { SqlFailure } from '../../lexer/failure.ts';
import type { Token } from '../../lexer/tokens.ts';
import { parseCount } from '../counts.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { hintPart, parseHint, startsHint } from '../hints.ts';
import { optionalCount, optionalSymbol, parseBraceQuantifier } from '../quantifier.ts';
import { parseLabel } from './labels.ts';

const pathModes: ReadonlySet<string> = new Set<GraphPathMode>(['WALK', 'TRAIL', 'SIMPLE', 'ACYCLIC']);
/** Where a path may begin these are words of the grammar, though they are names elsewhere. */
const pathWords: ReadonlySet<string> = new Set([...pathModes, 'PATH', 'PATHS']);

/** Paths with commas between them, then WHERE. */
export function parseGraphPattern(cursor: Cursor): GraphPattern {
  const { start } = cursor.token;
  const paths = [parsePathPattern(cursor)];
  while (cursor.takeOp(',')) {
    const hint = hintPart(cursor);
    paths.push({ ...parsePathPattern(cursor), ...hint });
  }
  const where = optionalWhere(cursor);
  return { kind: 'GraphPattern', span: cursor.spanFrom(start), paths, ...where };
}

function optionalWhere(cursor: Cursor): { readonly where?: Expression } {
  return cursor.takeWord('WHERE') ? { where: parseExpression(cursor) } : {};
}

/** A name of a path or an element: the words that begin a path are none. */
const isElementName = (cursor: Cursor, token: Token = cursor.token): boolean =>
  cursor.isName(token) && !pathWords.has(token.word);

function parsePathPattern(cursor: Cursor): GraphPathPattern {
  return cursor.nested(pathPattern);
}

function pathPattern(cursor: Cursor): GraphPathPattern {
  const { start } = cursor.token;
  const variable = isElementName(cursor) && !countedSearch(cursor, 0) ? pathVariable(cursor) : undefined;
  const search = pathSearch(cursor);
  const mode = pathModes.has(cursor.token.word) ? (cursor.advance().word as GraphPathMode) : undefined;
  const word = cursor.takeWord('PATH') || cursor.takeWord('PATHS');
  const elements = pathElements(cursor, mode !== undefined || word);
  return {
    kind: 'GraphPathPattern',
    span: cursor.spanFrom(start),
    ...(variable === undefined ? {} : { variable }),
    ...(search === undefined ? {} : { search }),
    ...(mode === undefined ? {} : { mode }),
    elements,
  };
}

function pathVariable(cursor: Cursor): Identifier {
  const name = cursor.name();
  cursor.expectOp('=');
  return name;
}

function withCount<T extends GraphPathSearch['type']>(
  type: T,
  count: Expression | undefined,
): GraphPathSearch {
  return count === undefined ? { type } : { type, count };
}

function pathSearch(cursor: Cursor): GraphPathSearch | undefined {
  if (cursor.takeWord('ANY')) {
    if (cursor.takeWord('SHORTEST')) return { type: 'SHORTEST' };
    if (cursor.takeWord('CHEAPEST')) return { type: 'CHEAPEST' };
    return withCount('ANY', optionalCount(cursor));
  }
  if (cursor.takeWord('ALL')) {
    if (cursor.takeWord('SHORTEST')) return { type: 'ALL_SHORTEST' };
    return { type: cursor.takeWord('CHEAPEST') ? 'ALL_CHEAPEST' : 'ALL' };
  }
  if (cursor.isWord('SHORTEST') || cursor.isWord('CHEAPEST')) {
    const type = cursor.advance().word === 'SHORTEST' ? 'SHORTEST' : 'CHEAPEST';
    return withCount(type, parseCount(cursor));
  }
  return undefined;
}

const startsElement = ({ op }: Token): boolean => op === '(' || op === '-' || op === '<' || op === '->';

function pathElements(cursor: Cursor, prefixed: boolean): GraphPathElement[] {
  if (!startsElement(cursor.token)) {
    if (prefixed) failElement(cursor);
    cursor.unexpected();
  }
  const elements = [pathElement(cursor)];
  for (;;) {
    const hintAt = cursor.token;
    const hint = startsHint(cursor) ? parseHint(cursor) : undefined;
    if (!startsElement(cursor.token)) {
      if (hint !== undefined) failElement(cursor);
      return elements;
    }
    const element = pathElement(cursor);
    if (hint !== undefined && isBareEdge(elements.at(-1)!) && isBareEdge(element)) {
      throw new SqlFailure('syntax', 'Hint cannot be used in between two GraphEdgePatterns', hintAt.start);
    }
    elements.push(hint === undefined ? element : { ...element, hint });
  }
}

/** An edge with a quantifier counts as a path of its own. */
const isBareEdge = (element: GraphPathElement): boolean =>
  element.kind === 'GraphEdge' && element.quantifier === undefined;

function failElement(cursor: Cursor): never {
  if (cursor.token.kind === 'attached') return cursor.unexpected();
  return cursor.fail(`Expected "(" or "-" or "<" or -> but got ${cursor.here()}`);
}

function pathElement(cursor: Cursor): GraphPathElement {
  const open = cursor.token;
  if (open.op !== '(') return edge(cursor);
  if (startsPath(cursor, afterHint(cursor, 1))) return subpath(cursor);
  cursor.advance();
  const filler = elementFiller(cursor);
  cursor.expectOp(')');
  const node: GraphPathElement = { kind: 'GraphNode', span: cursor.spanFrom(open.start), filler };
  if (pathQuantifier(cursor) !== undefined) {
    throw new SqlFailure('syntax', 'Quantifier cannot be used on a node pattern', open.start);
  }
  return node;
}

/** Whether a path begins at the token `ahead`. */
function startsPath(cursor: Cursor, ahead: number): boolean {
  const token = cursor.peek(ahead);
  const next = cursor.peek(ahead + 1);
  if (startsElement(token) || token.word === 'ANY' || token.word === 'ALL') return true;
  if (pathWords.has(token.word)) return true;
  return countedSearch(cursor, ahead) || (isElementName(cursor, token) && next.op === '=');
}

/** `SHORTEST 3`, `CHEAPEST @k`: the words alone are names. */
function countedSearch(cursor: Cursor, ahead: number): boolean {
  const { word } = cursor.peek(ahead);
  if (word !== 'SHORTEST' && word !== 'CHEAPEST') return false;
  const { kind, op } = cursor.peek(ahead + 1);
  return kind === 'int' || op === '@' || op === '@@' || op === '?';
}

/** The distance of the token after a hint that begins `ahead`, or `ahead` where none does. */
function afterHint(cursor: Cursor, ahead: number): number {
  if (cursor.peek(ahead).op !== '@') return ahead;
  const afterShards = cursor.peek(ahead + 1).kind === 'int' ? ahead + 2 : ahead;
  const brace = cursor.peek(afterShards).op === '@' ? cursor.peek(afterShards + 1) : undefined;
  if (brace === undefined || brace.op !== '{' || brace.match < 0) return afterShards;
  return brace.match + 1 - cursor.index;
}

function subpath(cursor: Cursor): GraphPathElement {
  const { start } = cursor.expectOp('(');
  const hintAt = cursor.token;
  const hint = parseHint(cursor);
  const path = parsePathPattern(cursor);
  const where = optionalWhere(cursor);
  cursor.expectOp(')');
  if (hint !== undefined) {
    throw new SqlFailure('syntax', 'Hint cannot be used at beginning of path pattern', hintAt.start);
  }
  const quantifier = pathQuantifier(cursor);
  return {
    kind: 'GraphSubpath',
    span: cursor.spanFrom(start),
    path,
    ...where,
    ...(quantifier === undefined ? {} : { quantifier }),
  };
}

function pathQuantifier(cursor: Cursor): Quantifier | undefined {
  return cursor.isOp('{') ? parseBraceQuantifier(cursor) : optionalSymbol(cursor);
}

/** `-[...]->`, `<-[...]-`, `-[...]-`, or one of them without brackets. */
function edge(cursor: Cursor): GraphPathElement {
  const { start } = cursor.token;
  const { direction, filler } = edgeHead(cursor);
  const quantifier = pathQuantifier(cursor);
  return {
    kind: 'GraphEdge',
    span: cursor.spanFrom(start),
    direction,
    ...(filler === undefined ? {} : { filler }),
    ...(quantifier === undefined ? {} : { quantifier }),
  };
}

type EdgeHead = { readonly direction: 'ANY' | 'LEFT' | 'RIGHT'; readonly filler?: GraphElementFiller };

function edgeHead(cursor: Cursor): EdgeHead {
  if (cursor.takeOp('->')) return { direction: 'RIGHT' };
  const first = cursor.token;
  const left = cursor.takeOp('<');
  const dash = cursor.expectOp('-');
  if (!cursor.isOp('[')) {
    if (left) refuseGap(first, dash);
    return { direction: left ? 'LEFT' : 'ANY' };
  }
  const open = cursor.advance();
  const filler = elementFiller(cursor);
  const close = cursor.expectOp(']');
  const end = cursor.token;
  if (end.op !== '-' && (left || end.op !== '->')) {
    if (left) cursor.expectOp('-');
    if (end.kind === 'attached') cursor.unexpected();
    cursor.fail(`Expected "-" or -> but got ${cursor.here()}`);
  }
  cursor.advance();
  if (left) refuseGap(first, dash);
  refuseGap(dash, open);
  refuseGap(close, end);
  return { direction: left ? 'LEFT' : end.op === '->' ? 'RIGHT' : 'ANY', filler };
}

/** An edge's marks are one sign in several tokens. */
function refuseGap(left: Token, right: Token): void {
  if (left.end === right.start) return;
  throw new SqlFailure(
    'syntax',
    `Syntax error: Unexpected whitespace between "${left.op}" and "${right.op}"`,
    left.start,
  );
}

/** `@{hint} name IS label {property: value} WHERE condition COST price`, each part optional. */
function elementFiller(cursor: Cursor): GraphElementFiller {
  const hint = hintPart(cursor);
  const variable = optionalElementName(cursor);
  const label = parseIsLabel(cursor);
  const properties = cursor.isOp('{') ? { properties: parsePropertyValues(cursor) } : {};
  const whereAt = cursor.token;
  const where = optionalWhere(cursor);
  const cost = cursor.takeWord('COST') ? { cost: parseExpression(cursor) } : {};
  if ('where' in where && 'properties' in properties) {
    if (!cursor.isOp(')') && !cursor.isOp(']')) cursor.unexpected();
    const message = 'WHERE clause cannot be used together with property specification';
    throw new SqlFailure('syntax', message, whereAt.start);
  }
  return { ...hint, ...variable, ...label, ...properties, ...where, ...cost };
}

export function optionalElementName(cursor: Cursor): Pick<GraphElementFiller, 'variable'> {
  return isElementName(cursor) ? { variable: cursor.name() } : {};
}

/** `IS label` or `:label`, or nothing. */
export function parseIsLabel(cursor: Cursor): Pick<GraphElementFiller, 'label'> {
  return cursor.takeWord('IS') || cursor.takeOp(':') ? { label: parseLabel(cursor) } : {};
}

/** `{name: value, ...}` */
export function parsePropertyValues(cursor: Cursor): NonNullable<GraphElementFiller['properties']> {
  cursor.expectOp('{');
  const properties = commaList(cursor, (at) => {
    const name = at.name();
    at.expectOp(':');
    return { name, value: parseExpression(at) };
  });
  if (!cursor.isOp('}')) failExpected(cursor, ',', '}');
  cursor.advance();
  return properties;
}
