import type { Identifier, QueryBody, SetOperation, SetOperationMatch, SetOperator } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseParenthesizedQuery, startsSetOperation } from './query.ts';
import { parseSelect } from './select.ts';

/** What a set operation says besides its inputs. */
export type SetOperationHead = Pick<SetOperation, 'operator' | 'distinct' | 'match'>;

/** Selects and parenthesized queries, joined by one kind of set operation. */
export function parseQueryBody(cursor: Cursor): QueryBody {
  const start = cursor.token.start;
  const first = queryPrimary(cursor);
  if (!startsSetOperation(cursor, cursor.index)) return first;
  const head = parseSetOperationHead(cursor);
  const inputs = [first, queryPrimary(cursor)];
  while (startsSetOperation(cursor, cursor.index)) {
    const at = cursor.token;
    const next = parseSetOperationHead(cursor);
    if (!sameHead(head, next)) {
      cursor.fail(
        'Different set operations cannot be used in the same query without using parentheses for grouping',
        at,
      );
    }
    inputs.push(queryPrimary(cursor));
  }
  return { kind: 'SetOperation', span: cursor.spanFrom(start), ...head, inputs };
}

function queryPrimary(cursor: Cursor): QueryBody {
  if (cursor.isOp('(')) {
    const start = cursor.token.start;
    const query = parseParenthesizedQuery(cursor);
    if (cursor.isWord('AS')) cursor.unsupported('alias of a parenthesized query');
    return { kind: 'ParenthesizedQuery', span: cursor.spanFrom(start), query };
  }
  if (cursor.isWord('TABLE')) cursor.unsupported('TABLE clause');
  if (cursor.isWord('FROM')) {
    cursor.fail('Unexpected FROM; FROM queries following a set operation must be parenthesized');
  }
  if (cursor.isWord('SELECT')) return parseSelect(cursor);
  return cursor.unexpected();
}

function sameHead(a: SetOperationHead, b: SetOperationHead): boolean {
  return a.operator === b.operator && a.distinct === b.distinct && sameMatch(a.match, b.match);
}

function sameMatch(a: SetOperationMatch | undefined, b: SetOperationMatch | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const columns = (match: SetOperationMatch) =>
    match.columns?.map((column) => column.name.toLowerCase()).join('\n');
  return a.mode === b.mode && a.outer === b.outer && a.strict === b.strict && columns(a) === columns(b);
}

/** `[FULL|LEFT|INNER] [OUTER] UNION ALL|DISTINCT [STRICT] [CORRESPONDING [BY (..)] | BY NAME [ON (..)]]` */
export function parseSetOperationHead(cursor: Cursor): SetOperationHead {
  const outer = outerMode(cursor);
  const operator = setOperator(cursor);
  cursor.refuseHint();
  const distinct = allOrDistinct(cursor);
  const strict = cursor.takeWord('STRICT');
  const match = columnMatch(cursor, outer, strict);
  if (strict && outer !== undefined) cursor.fail('STRICT cannot be used with outer mode in set operations');
  if (strict && match?.mode === 'BY_NAME')
    cursor.fail('STRICT cannot be used with BY NAME in set operations');
  if (match === undefined && (strict || outer !== undefined)) {
    cursor.fail('A set operation mode needs BY NAME or CORRESPONDING');
  }
  return match === undefined ? { operator, distinct } : { operator, distinct, match };
}

function outerMode(cursor: Cursor): SetOperationMatch['outer'] {
  if (cursor.takeWord('INNER')) return 'INNER';
  if (cursor.takeWord('OUTER')) return 'FULL';
  const mode = cursor.takeWord('FULL') ? 'FULL' : cursor.takeWord('LEFT') ? 'LEFT' : undefined;
  if (mode !== undefined) cursor.takeWord('OUTER');
  return mode;
}

function setOperator(cursor: Cursor): SetOperator {
  if (cursor.takeWord('UNION')) return 'UNION';
  if (cursor.takeWord('INTERSECT')) return 'INTERSECT';
  cursor.expectWord('EXCEPT');
  return 'EXCEPT';
}

function allOrDistinct(cursor: Cursor): boolean {
  if (cursor.takeWord('ALL')) return false;
  if (cursor.takeWord('DISTINCT')) return true;
  return cursor.fail(`Expected keyword ALL or keyword DISTINCT but got ${cursor.here()}`);
}

function columnMatch(
  cursor: Cursor,
  outer: SetOperationMatch['outer'],
  strict: boolean,
): SetOperationMatch | undefined {
  const mode = cursor.takeWord('CORRESPONDING') ? 'CORRESPONDING' : byName(cursor) ? 'BY_NAME' : undefined;
  if (mode === undefined) return undefined;
  const listed = cursor.takeWord(mode === 'CORRESPONDING' ? 'BY' : 'ON');
  const columns = listed ? columnList(cursor) : undefined;
  return {
    mode,
    ...(outer === undefined ? {} : { outer }),
    strict,
    ...(columns === undefined ? {} : { columns }),
  };
}

function byName(cursor: Cursor): boolean {
  if (!cursor.takeWord('BY')) return false;
  cursor.expectWord('NAME');
  return true;
}

/** `(a, b)` */
export function columnList(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const columns = commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return columns;
}
