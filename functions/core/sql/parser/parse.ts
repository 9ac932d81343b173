import type { Expression, Query, Script } from '../ast/index.ts';
import { checkText } from '../lexer/check-text.ts';
import { SqlFailure, toSqlError } from '../lexer/failure.ts';
import { defaultSqlLimits, type SqlLimits } from '../lexer/limits.ts';
import { tokenize } from '../lexer/tokenize.ts';
import type { SqlResult } from '../sql-error.ts';
import { Cursor } from './cursor.ts';
import { parseExpression as expressionAt } from './expression.ts';
import { parseQuery as queryAt } from './query.ts';
import { parseStatements } from './statements.ts';
import { checkTreeDepth } from './tree-depth.ts';

function run<T>(text: string, limits: Partial<SqlLimits>, part: (cursor: Cursor) => T): SqlResult<T> {
  const all = { ...defaultSqlLimits, ...limits };
  try {
    checkText(text, all);
    const cursor = new Cursor(text, tokenize(text, all), all);
    const value = part(cursor);
    if (!cursor.atEnd) cursor.failEnd();
    if (cursor.passedQuestionMark && cursor.positionalParameters > 0) {
      cursor.unsupported('positional parameters beside a clause that is not analyzed');
    }
    checkTreeDepth(cursor, value);
    return { ok: true, value };
  } catch (failure) {
    if (failure instanceof SqlFailure) return { ok: false, error: toSqlError(failure, text) };
    throw failure;
  }
}

/**
 * Reads a whole text: every statement in it, in order. GoogleSQL as BigQuery accepts it.
 * A text without a statement is an error.
 */
export function parseScript(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Script> {
  return run(text, limits, (cursor) => {
    const statements = parseStatements(cursor);
    if (statements.length === 0) cursor.fail('Unexpected end of statement');
    return { kind: 'Script', span: { start: 0, end: text.length }, statements };
  });
}

/** Reads one query and nothing else, such as the definition of a view. */
export function parseQuery(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Query> {
  return run(text, limits, queryAt);
}

/** Reads one expression and nothing else. */
export function parseExpression(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Expression> {
  return run(text, limits, expressionAt);
}
