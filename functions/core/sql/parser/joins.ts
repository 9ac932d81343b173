import type { JoinSides, JoinType, TableExpression } from '../ast/index.ts';
import { columnList } from './columns-listed.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTable } from './from.ts';
import { parseHint } from './hints.ts';
import { groupJoins, type JoinCondition, type Joined, JoinRules } from './join-groups.ts';

/** The words of a join. */
export type JoinHead = Pick<JoinSides, 'words' | 'type' | 'innerWritten' | 'natural' | 'method' | 'hint'>;

/** Tables with joins and commas between them, as they stand after FROM; grouped from the left. */
export function parseJoins(cursor: Cursor): TableExpression {
  const start = cursor.token.start;
  const first = parseTable(cursor);
  const joined = joinedTables(cursor, start, true);
  return joined.length === 0 ? first : groupJoins(first, start, joined);
}

/** Joins between parentheses, up to the closing one: at least one join, and no comma. */
export function parseJoinsInside(cursor: Cursor): TableExpression {
  const start = cursor.token.start;
  const first = parseTable(cursor);
  const joined = joinedTables(cursor, start, false);
  if (joined.length === 0) cursor.expectWord('JOIN');
  cursor.expectOp(')');
  return groupJoins(first, start, joined);
}

function joinedTables(cursor: Cursor, start: number, commas: boolean): Joined[] {
  const joined: Joined[] = [];
  const rules = new JoinRules();
  for (;;) {
    const at = cursor.token;
    if (commas && cursor.takeOp(',')) {
      const table = parseTable(cursor);
      rules.comma(start);
      joined.push({ head: { type: 'COMMA' }, at, table, conditions: [] });
    } else {
      const head = parseJoinHead(cursor, (type, place) => rules.afterComma(type, place));
      if (head === undefined) return joined;
      const table = parseTable(cursor);
      const next = { head, at, table, conditions: parseConditions(cursor) };
      rules.join(next);
      joined.push(next);
    }
    cursor.chainSteps++;
  }
}

const sides: ReadonlySet<string> = new Set(['LEFT', 'RIGHT', 'FULL']);

function joinTypeHere(word: string): JoinType | undefined {
  switch (word) {
    case 'INNER':
    case 'CROSS':
    case 'LEFT':
    case 'RIGHT':
    case 'FULL':
      return word;
    default:
      return undefined;
  }
}

/**
 * `[NATURAL] [INNER | CROSS | LEFT | RIGHT | FULL] [OUTER] [HASH | LOOKUP] JOIN`, or nothing.
 * `check` sees the type before anything is read after it.
 */
export function parseJoinHead(
  cursor: Cursor,
  check?: (type: JoinType, at: number) => void,
): JoinHead | undefined {
  const { word } = cursor.token;
  const type = joinTypeHere(word);
  const starts =
    word === 'JOIN' || type !== undefined || word === 'NATURAL' || word === 'HASH' || word === 'LOOKUP';
  if (!starts || setOperationFollows(cursor)) return undefined;
  return joinWords(cursor, check);
}

/** `LEFT OUTER UNION` */
function setOperationFollows(cursor: Cursor): boolean {
  const { word } = cursor.token;
  if (word !== 'FULL' && word !== 'LEFT' && word !== 'INNER') return false;
  const next = cursor.peek(1).word === 'OUTER' ? cursor.peek(2).word : cursor.peek(1).word;
  return next === 'UNION' || next === 'INTERSECT' || next === 'EXCEPT';
}

function joinWords(cursor: Cursor, check?: (type: JoinType, at: number) => void): JoinHead {
  const { start } = cursor.token;
  const natural = cursor.isWord('NATURAL');
  if (natural) {
    cursor.foreign('NATURAL JOIN');
    cursor.advance();
  }
  const at = cursor.token;
  const type = setOperationFollows(cursor) ? undefined : joinTypeHere(at.word);
  if (type !== undefined) cursor.advance();
  if (type !== undefined && sides.has(at.word)) cursor.takeWord('OUTER');
  const method = joinMethod(cursor);
  cursor.expectWord('JOIN');
  const words = { span: cursor.spanFrom(start) };
  const hint = parseHint(cursor);
  if (type !== undefined) check?.(type, at.start);
  return {
    words,
    type: type ?? 'INNER',
    ...(type === 'INNER' ? { innerWritten: true as const } : {}),
    ...(natural ? { natural: true as const } : {}),
    ...(method === undefined ? {} : { method }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function joinMethod(cursor: Cursor): JoinSides['method'] {
  const { word } = cursor.token;
  if (word !== 'HASH' && word !== 'LOOKUP') return undefined;
  cursor.foreign(`${word} JOIN`);
  cursor.advance();
  return word;
}

function parseConditions(cursor: Cursor): JoinCondition[] {
  const conditions: JoinCondition[] = [];
  for (;;) {
    const condition = parseJoinCondition(cursor);
    if (condition === undefined) return conditions;
    conditions.push(condition);
  }
}

/** `ON condition`, `USING (columns)`, or nothing. */
export function parseJoinCondition(cursor: Cursor): JoinCondition | undefined {
  const { start } = cursor.token;
  if (cursor.takeWord('ON')) {
    const on = parseExpression(cursor);
    const span = cursor.spanFrom(start);
    return { word: 'ON', span, part: { condition: { span }, on } };
  }
  if (!cursor.takeWord('USING')) return undefined;
  const using = columnList(cursor);
  const span = cursor.spanFrom(start);
  return { word: 'USING', span, part: { condition: { span }, using } };
}
