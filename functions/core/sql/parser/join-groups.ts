import type { JoinSides, JoinType, Span, TableExpression } from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import { failAt } from './expected.ts';

/** What ties a join's two sides. */
export type JoinCondition = {
  readonly word: 'ON' | 'USING';
  readonly span: Span;
  readonly part: Pick<JoinSides, 'condition' | 'on' | 'using'>;
};

/** One table, how it joins what is left of it, and the conditions after it. */
export type Joined = {
  readonly head: Pick<JoinSides, 'words' | 'type' | 'innerWritten' | 'natural' | 'method' | 'hint'>;
  /** where the join's words or its comma begin */
  readonly at: Token;
  readonly table: TableExpression;
  readonly conditions: readonly JoinCondition[];
};

const needsCondition = ({ type, natural }: Joined['head']): boolean =>
  type !== 'CROSS' && type !== 'COMMA' && natural === undefined;

/** What GoogleSQL checks join by join, from the left. */
export class JoinRules {
  /** joins that lack a condition so far; a comma begins anew */
  #unmatched = 0;
  #hasComma = false;
  /** a join had several conditions, so that all of them are grouped by their conditions */
  #regrouped = false;
  #surplus: { readonly condition: JoinCondition; readonly message: string } | undefined;
  #afterComma: { readonly type: JoinType; readonly at: number } | undefined;

  comma(start: number): void {
    if (this.#regrouped) failAt('Comma join is not allowed after consecutive ON/USING clauses', start);
    this.#unmatched = 0;
    this.#hasComma = true;
    this.#surplus = undefined;
  }

  /** RIGHT and FULL JOIN bind differently after a comma in the standard. */
  afterComma(type: JoinType, at: number): void {
    if (this.#hasComma && (type === 'RIGHT' || type === 'FULL')) this.#afterComma = { type, at };
  }

  join({ head, conditions }: Joined): void {
    if (this.#afterComma !== undefined) {
      const { type, at } = this.#afterComma;
      failAt(
        `${type} JOIN must be parenthesized when following a comma join.  Also, if the preceding comma join is a correlated CROSS JOIN that unnests an array, then CROSS JOIN syntax must be used in place of the comma join`,
        at,
      );
    }
    const joins = this.#unmatched + (needsCondition(head) ? 1 : 0);
    const second = conditions[1];
    if (second !== undefined && this.#hasComma) {
      failAt(`Unexpected keyword ${second.word}`, second.span.start);
    }
    if (second !== undefined) this.#regrouped = true;
    this.#unmatched = joins - conditions.length;
    this.#checkSurplus(conditions, joins);
  }

  /** One condition too many is kept until several follow one join: alone it is for the resolver to refuse. */
  #checkSurplus(conditions: readonly JoinCondition[], joins: number): void {
    const extra = conditions[Math.max(joins, 0)];
    if (this.#surplus === undefined && extra !== undefined) {
      const message = `The number of join conditions is ${conditions.length} but the number of joins that require a join condition is only ${joins}. Unexpected keyword ${extra.word}`;
      this.#surplus = { condition: extra, message };
    }
    if (this.#surplus === undefined || conditions.length < 2) return;
    failAt(this.#surplus.message, this.#surplus.condition.span.start);
  }
}

/**
 * Joins lean to the left. Where a join has several conditions, each but the first belongs to an earlier
 * join: `a JOIN b JOIN c ON x ON y` is `a JOIN (b JOIN c ON x) ON y`.
 */
export function groupJoins(
  first: TableExpression,
  start: number,
  joined: readonly Joined[],
): TableExpression {
  if (joined.some(({ conditions }) => conditions.length > 1)) return groupByConditions(first, joined);
  return joined.reduce<TableExpression>((left, next) => {
    const condition = next.conditions[0];
    const end = condition?.span.end ?? next.table.span.end;
    return joinOf({ start, end }, left, next, next.table, condition);
  }, first);
}

function joinOf(
  span: Span,
  left: TableExpression,
  { head }: Joined,
  right: TableExpression,
  condition: JoinCondition | undefined,
): TableExpression {
  return { kind: 'Join', span, ...head, left, right, ...condition?.part };
}

/** A table, and a join that waits for its condition in front of it. */
type Waiting = { readonly table: TableExpression; readonly by?: Joined };

function groupByConditions(first: TableExpression, joined: readonly Joined[]): TableExpression {
  const stack: Waiting[] = [{ table: first }];
  const counts = { joins: 0, conditions: 0 };
  for (const next of joined) {
    if (needsCondition(next.head)) {
      counts.joins++;
      stack.push({ table: next.table, by: next });
    } else {
      const left = stack.pop()!;
      const span = { start: left.table.span.start, end: next.table.span.end };
      stack.push({ ...left, table: joinOf(span, left.table, next, next.table, undefined) });
    }
    for (const condition of next.conditions) {
      matchCondition(stack, condition);
      counts.conditions++;
      if (counts.conditions === counts.joins) counts.joins = counts.conditions = 0;
    }
  }
  if (stack.length > 1) refuseUnmatched(stack, counts);
  return stack[0]!.table;
}

function matchCondition(stack: Waiting[], condition: JoinCondition): void {
  const right = stack.pop()!;
  const left = stack.pop()!;
  const span = { start: left.table.span.start, end: condition.span.end };
  const table = joinOf(span, left.table, right.by!, asOperand(right.table), condition);
  stack.push({ ...left, table });
}

/** A join on the right side, as if it had parentheses. */
function asOperand(table: TableExpression): TableExpression {
  if (table.kind !== 'Join') return table;
  return { kind: 'ParenthesizedJoin', span: table.span, join: table, implied: true, postfix: [] };
}

function refuseUnmatched(stack: readonly Waiting[], counts: { joins: number; conditions: number }): never {
  const { head, at } = stack.find(({ by }) => by !== undefined)!.by!;
  return failAt(
    `The number of join conditions is ${counts.conditions} but the number of joins that require a join condition is ${counts.joins}. ${head.type} JOIN must have an ON or USING clause`,
    at.start,
  );
}
