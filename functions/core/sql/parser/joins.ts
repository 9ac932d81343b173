import type { Expression, Identifier, JoinType, TableExpression } from '../ast/index.ts';
import { syntaxFailure } from '../lexer/failure.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTable } from './from.ts';
import { columnList } from './set-operations.ts';

/** What ties a join's two sides. */
export type JoinCondition = { readonly on?: Expression; readonly using?: readonly Identifier[] };

/** One table and how it joins what is left of it. */
type Joined = {
  readonly type: JoinType;
  readonly start: number;
  readonly end: number;
  readonly table: TableExpression;
  readonly condition: JoinCondition;
  /** took in earlier joins whose conditions came after it */
  readonly regrouped: boolean;
};

/** Tables with joins and, where `commas` says so, commas between them; grouped from the left. */
export function parseJoins(cursor: Cursor, commas: boolean): TableExpression {
  const start = cursor.token.start;
  const first = parseTable(cursor);
  const rest: Joined[] = [];
  for (;;) {
    const joinWord = cursor.token;
    const type = commas && cursor.takeOp(',') ? 'COMMA' : parseJoinType(cursor);
    if (type === undefined) break;
    if ((type === 'RIGHT' || type === 'FULL') && rest.some((joined) => joined.type === 'COMMA')) {
      cursor.fail(`${type} JOIN must be parenthesized when following a comma join`, joinWord);
    }
    addJoined(cursor, rest, type);
    cursor.chainSteps++;
  }
  checkConditions(rest);
  return rest.reduce<TableExpression>(
    (left, { type, end, table, condition }) => ({
      kind: 'Join',
      span: { start, end },
      type,
      left,
      right: table,
      ...condition,
    }),
    first,
  );
}

/** `[INNER | CROSS | LEFT | RIGHT | FULL] [OUTER] JOIN`, or nothing. */
export function parseJoinType(cursor: Cursor): JoinType | undefined {
  const { word } = cursor.token;
  if (word === 'NATURAL') cursor.unsupported('NATURAL JOIN');
  if (word === 'HASH' || word === 'LOOKUP') cursor.unsupported(`${word} JOIN`);
  if (
    word !== 'JOIN' &&
    word !== 'INNER' &&
    word !== 'CROSS' &&
    word !== 'LEFT' &&
    word !== 'RIGHT' &&
    word !== 'FULL'
  ) {
    return undefined;
  }
  const side = word === 'LEFT' || word === 'RIGHT' || word === 'FULL';
  const next = cursor.peek(side && cursor.peek(1).word === 'OUTER' ? 2 : 1).word;
  if (word !== 'JOIN') {
    if (next === 'UNION' || next === 'INTERSECT' || next === 'EXCEPT') return undefined;
    cursor.advance();
    if (side) cursor.takeWord('OUTER');
    if (cursor.isWord('HASH') || cursor.isWord('LOOKUP')) cursor.unsupported(`${cursor.token.word} JOIN`);
  }
  cursor.expectWord('JOIN');
  cursor.refuseHint();
  return word === 'JOIN' ? 'INNER' : word;
}

/**
 * The right side of a join and its conditions. With several, as in `a JOIN b JOIN c ON x ON y`, each but
 * the last belongs to an earlier pair: that is `a JOIN (b JOIN c ON x) ON y`.
 */
function addJoined(cursor: Cursor, joined: Joined[], joinType: JoinType): void {
  let type = joinType;
  let start = cursor.token.start;
  let table = parseTable(cursor);
  if ((type === 'CROSS' || type === 'COMMA') && conditionFollows(cursor)) {
    cursor.fail(`${cursor.token.word} cannot follow a ${type === 'CROSS' ? 'CROSS JOIN' : 'comma join'}`);
  }
  let condition = parseJoinCondition(cursor);
  const regrouped = conditionFollows(cursor);
  while (conditionFollows(cursor)) {
    const outer = joined.pop();
    if (outer === undefined || outer.type === 'CROSS' || outer.type === 'COMMA' || hasCondition(outer)) {
      cursor.fail(`The number of join conditions exceeds the number of joins: unexpected ${cursor.here()}`);
    }
    const span = cursor.spanFrom(outer.start);
    const join = { kind: 'Join' as const, span, type, left: outer.table, right: table, ...condition };
    table = { kind: 'ParenthesizedJoin', span, join, postfix: [] };
    type = outer.type;
    start = outer.start;
    condition = parseJoinCondition(cursor);
    cursor.chainSteps += 2;
  }
  joined.push({ type, start, end: cursor.lastEnd, table, condition, regrouped });
}

/** Where conditions were matched to joins by their number, none may be left over on either side. */
function checkConditions(joined: readonly Joined[]): void {
  if (!joined.some(({ regrouped }) => regrouped)) return;
  const lacking = joined.find(
    (join) => join.type !== 'CROSS' && join.type !== 'COMMA' && !hasCondition(join),
  );
  if (lacking === undefined) return;
  throw syntaxFailure(`${lacking.type} JOIN must have an ON or USING clause`, lacking.start);
}

const hasCondition = ({ condition }: Joined): boolean =>
  condition.on !== undefined || condition.using !== undefined;

function conditionFollows(cursor: Cursor): boolean {
  return cursor.isWord('ON') || cursor.isWord('USING');
}

/** `ON condition`, `USING (columns)`, or nothing. */
export function parseJoinCondition(cursor: Cursor): JoinCondition {
  if (cursor.takeWord('ON')) return { on: parseExpression(cursor) };
  if (cursor.takeWord('USING')) return { using: columnList(cursor) };
  return {};
}
