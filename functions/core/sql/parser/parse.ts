import type { Expression, ForeignPart, Query, Script, TypeNode } from '../ast/index.ts';
import { checkText } from '../lexer/check-text.ts';
import { SqlFailure, toSqlError, unsupportedFailure } from '../lexer/failure.ts';
import { defaultSqlLimits, type SqlLimits } from '../lexer/limits.ts';
import { tokenize } from '../lexer/tokenize.ts';
import type { SqlResult } from '../sql-error.ts';
import { Cursor } from './cursor.ts';
import { parseExpression as expressionAt } from './expression.ts';
import { parseQuery as queryAt } from './query.ts';
import { parseStatements } from './statements.ts';
import { checkTreeDepth } from './tree-depth.ts';
import { parseType as typeAt } from './types.ts';

function run<T>(
  text: string,
  limits: Partial<SqlLimits>,
  part: (cursor: Cursor) => T,
  whole = 'script',
): SqlResult<T> {
  const all = { ...defaultSqlLimits, ...limits };
  try {
    checkText(text, all);
    const cursor = new Cursor(text, tokenize(text, all), all, whole);
    const value = part(cursor);
    if (!cursor.atEnd) cursor.failEnd();
    checkTreeDepth(cursor, value);
    return { ok: true, value };
  } catch (failure) {
    if (failure instanceof SqlFailure) return { ok: false, error: toSqlError(failure, text) };
    throw failure;
  }
}

/** Refuses what BigQuery does not have. */
const asBigQuery =
  <T>(part: (cursor: Cursor) => T) =>
  (cursor: Cursor): T => {
    const value = part(cursor);
    const [foreign] = cursor.foreignParts;
    if (foreign !== undefined) throw unsupportedFailure(foreign.subject, foreign.span.start);
    return value;
  };

function scriptAt(cursor: Cursor): Script {
  const statements = parseStatements(cursor);
  const span = { start: 0, end: cursor.text.length };
  return { kind: 'Script', span, statements, foreign: cursor.foreignParts };
}

function someStatement(cursor: Cursor): Script {
  const script = scriptAt(cursor);
  if (script.statements.length === 0) cursor.fail('Unexpected end of statement');
  return script;
}

/**
 * Reads a whole text: every statement in it, in order. GoogleSQL as BigQuery accepts it.
 * A text without a statement is an error.
 */
export function parseScript(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Script> {
  return run(text, limits, asBigQuery(someStatement));
}

/**
 * Reads a whole text of any GoogleSQL engine, to say what it is; it may hold no statement. The script's `foreign` lists what BigQuery
 * does not have; such a script must never run.
 */
export function parseGoogleSql(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Script> {
  return run(text, limits, scriptAt);
}

/** Reads one query and nothing else, such as the definition of a view. */
export function parseQuery(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Query> {
  return run(text, limits, asBigQuery(queryAt));
}

/** Reads one expression and nothing else. */
export function parseExpression(text: string, limits: Partial<SqlLimits> = {}): SqlResult<Expression> {
  return run(text, limits, asBigQuery(expressionAt), 'expression');
}

/** A part of a text of any GoogleSQL engine, with what BigQuery does not have of it. */
export type GoogleSqlPart<T> = { readonly value: T; readonly foreign: readonly ForeignPart[] };

const withForeign =
  <T>(part: (cursor: Cursor) => T) =>
  (cursor: Cursor): GoogleSqlPart<T> => ({ value: part(cursor), foreign: cursor.foreignParts });

/** Reads one expression of any GoogleSQL engine, to say what it is. */
export function parseGoogleSqlExpression(
  text: string,
  limits: Partial<SqlLimits> = {},
): SqlResult<GoogleSqlPart<Expression>> {
  return run(text, limits, withForeign(expressionAt), 'expression');
}

/** Reads one type of any GoogleSQL engine, to say what it is. */
export function parseGoogleSqlType(
  text: string,
  limits: Partial<SqlLimits> = {},
): SqlResult<GoogleSqlPart<TypeNode>> {
  return run(text, limits, withForeign(typeAt), 'type');
}
