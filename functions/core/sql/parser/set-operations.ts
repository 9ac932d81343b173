import type { QueryBody, SetOperationHead, SetOperationMatch, SetOperator } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import { columnListWithUnpack } from './columns-listed.ts';
import type { Cursor } from './cursor.ts';
import { failBare, failExpected } from './expected.ts';
import { hintPart, startsHint } from './hints.ts';
import { parseParenthesizedQuery, startsSetOperation } from './query.ts';
import { parseSelect } from './select.ts';
import { parseTableClause } from './table-clause.ts';

export { columnList } from './columns-listed.ts';

/** Selects and parenthesized queries with set operations between them. */
export function parseQueryBody(cursor: Cursor): QueryBody {
  const start = cursor.token.start;
  const first = queryPrimary(cursor, false);
  if (!startsSetOperation(cursor, cursor.index)) return first;
  const heads: SetOperationHead[] = [];
  const inputs = [first];
  while (startsSetOperation(cursor, cursor.index)) {
    heads.push(parseSetOperationHead(cursor));
    inputs.push(queryPrimary(cursor, true));
  }
  const { operator, distinct, match } = heads[0]!;
  const same = { operator, distinct, ...(match === undefined ? {} : { match }) };
  return { kind: 'SetOperation', span: cursor.spanFrom(start), ...same, heads, inputs };
}

/** `after`: a set operator stands before it. */
function queryPrimary(cursor: Cursor, after: boolean): QueryBody {
  if (cursor.isWord('SELECT')) return parseSelect(cursor);
  if (cursor.isOp('(')) return parenthesizedInput(cursor);
  if (cursor.isWord('TABLE') && (!after || tableMayFollow(cursor))) {
    cursor.foreign('TABLE clause');
    return parseTableClause(cursor);
  }
  if (!after) return cursor.unexpected();
  if (cursor.isWord('FROM')) {
    cursor.fail('Unexpected FROM; FROM queries following a set operation must be parenthesized');
  }
  return failExpected(cursor, '(', 'SELECT', 'TABLE');
}

/** TABLE is a word of the grammar right after ALL, DISTINCT, CORRESPONDING or a list of columns only. */
function tableMayFollow(cursor: Cursor): boolean {
  const { op, word } = cursor.peek(-1);
  return op === ')' || word === 'ALL' || word === 'DISTINCT' || word === 'CORRESPONDING';
}

function parenthesizedInput(cursor: Cursor): QueryBody {
  const start = cursor.token.start;
  const query = parseParenthesizedQuery(cursor);
  if (!cursor.takeWord('AS')) return { kind: 'ParenthesizedQuery', span: cursor.spanFrom(start), query };
  const alias = cursor.name();
  return { kind: 'AliasedQuery', span: cursor.spanFrom(start), query, alias };
}

/** `[FULL|LEFT|INNER] [OUTER] UNION ALL|DISTINCT [STRICT] [CORRESPONDING [BY (..)] | BY NAME [ON (..)]]` */
export function parseSetOperationHead(cursor: Cursor): SetOperationHead {
  const { start } = cursor.token;
  const outer = outerMode(cursor);
  const operator = setOperator(cursor);
  const hint = hintPart(cursor);
  const distinct = allOrDistinct(cursor);
  const strict = cursor.isWord('STRICT') ? cursor.advance() : undefined;
  const columns = columnMatch(cursor);
  refuseStrict(cursor, strict, outer, columns?.mode);
  const span = cursor.spanFrom(start);
  const plain = outer === undefined && strict === undefined && columns === undefined;
  const match: SetOperationMatch = {
    ...columns,
    ...(outer === undefined ? {} : { outer }),
    strict: strict !== undefined,
  };
  return { kind: 'SetOperationHead', span, operator, distinct, ...hint, ...(plain ? {} : { match }) };
}

function refuseStrict(
  cursor: Cursor,
  strict: Token | undefined,
  outer: SetOperationMatch['outer'],
  mode: SetOperationMatch['mode'],
): void {
  if (strict === undefined) return;
  if (outer !== undefined) cursor.fail('STRICT cannot be used with outer mode in set operations', strict);
  if (mode === 'BY_NAME') cursor.fail('STRICT cannot be used with BY NAME in set operations', strict);
}

function outerMode(cursor: Cursor): SetOperationMatch['outer'] {
  if (cursor.takeWord('INNER')) return 'INNER';
  if (cursor.takeWord('OUTER')) return 'FULL';
  const mode = cursor.takeWord('FULL') ? 'FULL' : cursor.takeWord('LEFT') ? 'LEFT' : undefined;
  if (mode !== undefined) cursor.takeWord('OUTER');
  return mode;
}

/** EXCEPT is also a part of `SELECT * EXCEPT (...)`: what follows it decides, whatever stands before. */
function setOperator(cursor: Cursor): SetOperator {
  if (cursor.takeWord('UNION')) return 'UNION';
  if (cursor.takeWord('INTERSECT')) return 'INTERSECT';
  if (!cursor.isWord('EXCEPT')) failExpected(cursor, 'EXCEPT', 'INTERSECT', 'UNION');
  const { start } = cursor.advance();
  const fits = cursor.isWord('ALL') || cursor.isWord('DISTINCT') || startsHint(cursor);
  if (!fits) failBare('EXCEPT must be followed by ALL, DISTINCT, or "("', start);
  return 'EXCEPT';
}

function allOrDistinct(cursor: Cursor): boolean {
  if (cursor.takeWord('ALL')) return false;
  if (cursor.takeWord('DISTINCT')) return true;
  return failExpected(cursor, 'ALL', 'DISTINCT');
}

function columnMatch(cursor: Cursor): Pick<SetOperationMatch, 'mode' | 'columns'> | undefined {
  const mode = cursor.takeWord('CORRESPONDING') ? 'CORRESPONDING' : byName(cursor) ? 'BY_NAME' : undefined;
  if (mode === undefined) return undefined;
  const listed = cursor.takeWord(mode === 'CORRESPONDING' ? 'BY' : 'ON');
  return listed ? { mode, columns: columnListWithUnpack(cursor) } : { mode };
}

function byName(cursor: Cursor): boolean {
  if (!cursor.takeWord('BY')) return false;
  cursor.expectWord('NAME');
  return true;
}
