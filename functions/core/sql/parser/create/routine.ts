import type {
  CreateFunctionStatement,
  CreateProcedureStatement,
  CreateTableFunctionStatement,
  Expression,
  Literal,
} from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failAt, failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseLiteral } from '../literals.ts';
import { parseObjectName } from '../object-names.ts';
import { optionalOptions } from '../options.ts';
import { parseBlock } from '../script/blocks.ts';
import { parseType } from '../types.ts';
import { optionalConnection, optionalSecurity, queryAfterAs, withConnection } from './clauses.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';
import {
  functionParameters,
  parseTableType,
  procedureParameters,
  startsTableType,
  templatedType,
} from './parameters.ts';

/** From the words `[AGGREGATE] FUNCTION` on. */
export function createFunction(cursor: Cursor, head: CreateHead): CreateFunctionStatement {
  const aggregate = cursor.takeWord('AGGREGATE');
  cursor.expectWord('FUNCTION');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, 'FunctionDeclaration');
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const parameters = functionParameters(cursor);
  const { returns, templated } = functionReturns(cursor);
  const security = optionalSecurity(cursor, 'SQL');
  const determinism = determinismLevel(cursor);
  const where = languageAndConnection(cursor);
  const early = optionalOptions(cursor);
  const body = cursor.isWord('AS') ? functionBody(cursor) : {};
  const options = 'body' in body || 'code' in body ? { ...early, ...lateOptions(cursor, early) } : early;
  if (templated !== undefined) failAt('Templated types are not allowed in the RETURNS clause', templated);
  return {
    kind: 'CreateFunctionStatement',
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    aggregate,
    parameters,
    ...(returns === undefined ? {} : { returns }),
    ...security,
    ...(determinism === undefined ? {} : { determinism }),
    ...where,
    ...options,
    ...body,
  };
}

/** OPTIONS stands once, before the body or after it. */
const lateOptions = (cursor: Cursor, early: object) => ('options' in early ? {} : optionalOptions(cursor));

function functionReturns(cursor: Cursor) {
  if (!cursor.takeWord('RETURNS')) return {};
  const { start } = cursor.token;
  if (!cursor.isWord('ANY')) return { returns: parseType(cursor) };
  templatedType(cursor);
  return { templated: start };
}

const foreignDeterminism: ReadonlySet<string> = new Set(['IMMUTABLE', 'STABLE', 'VOLATILE']);

function determinismLevel(cursor: Cursor): CreateFunctionStatement['determinism'] {
  if (cursor.takeWord('DETERMINISTIC')) return 'DETERMINISTIC';
  if (cursor.takeWord('NOT')) {
    cursor.expectWord('DETERMINISTIC');
    return 'NOT DETERMINISTIC';
  }
  const { word } = cursor.token;
  if (!foreignDeterminism.has(word)) return undefined;
  cursor.foreign(word);
  cursor.advance();
  return word as CreateFunctionStatement['determinism'];
}

type Where = Pick<CreateFunctionStatement, 'language' | 'remote' | 'connection'>;

/** `LANGUAGE name` and `[REMOTE] [WITH CONNECTION path]`, in either order. */
function languageAndConnection(cursor: Cursor): Where {
  const before = cursor.takeWord('LANGUAGE') ? cursor.name() : undefined;
  const remote = remoteAndConnection(cursor);
  const mayFollow = before === undefined && (remote.remote || 'connection' in remote);
  const language = mayFollow && cursor.takeWord('LANGUAGE') ? cursor.name() : before;
  return { ...remote, ...(language === undefined ? {} : { language }) };
}

/** `REMOTE`, `REMOTE WITH CONNECTION path`, `WITH CONNECTION path` or nothing. */
export function remoteAndConnection(cursor: Cursor): Pick<Where, 'remote' | 'connection'> {
  const remote = cursor.takeWord('REMOTE');
  return { remote, ...optionalConnection(cursor) };
}

/** `AS (expression)`, `AS "code"` */
function functionBody(cursor: Cursor): { body: Expression } | { code: Literal } {
  cursor.expectWord('AS');
  if (cursor.token.kind === 'string') return { code: stringLiteral(cursor) };
  if (!cursor.takeOp('(')) failExpected(cursor, '(', 'string literal');
  if (cursor.isWord('SELECT')) {
    const expected = 'The body of each CREATE FUNCTION statement is an expression, not a query';
    const advice = 'to use a query as an expression, the query must be wrapped with additional parentheses';
    failBare(`${expected}; ${advice} to make it a scalar subquery expression`, cursor.token.start);
  }
  const body = parseExpression(cursor);
  cursor.expectOp(')');
  return { body };
}

export function stringLiteral(cursor: Cursor): Literal {
  if (cursor.token.kind !== 'string') return failExpected(cursor, 'string literal');
  return parseLiteral(cursor) ?? cursor.unexpected();
}

/** From the words `TABLE FUNCTION` on. */
export function createTableFunction(cursor: Cursor, head: CreateHead): CreateTableFunctionStatement {
  cursor.expectWord('TABLE');
  cursor.expectWord('FUNCTION');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, 'FunctionDeclaration');
  const missingAt = cursor.isOp('(') ? undefined : cursor.lastEnd;
  const parameters = missingAt === undefined ? functionParameters(cursor) : [];
  const { returns, notTable } = tableReturns(cursor);
  const security = optionalSecurity(cursor, 'SQL');
  const language = languageAndOptions(cursor);
  const body = tableFunctionBody(cursor);
  if (missingAt !== undefined) failAt('Expected (', missingAt);
  if (notTable !== undefined) failAt('Expected keyword TABLE', notTable);
  return {
    kind: 'CreateTableFunctionStatement',
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    parameters,
    ...(returns === undefined ? {} : { returns }),
    ...security,
    ...language,
    ...body,
  };
}

function tableReturns(cursor: Cursor) {
  const { start } = cursor.token;
  if (!cursor.takeWord('RETURNS')) return {};
  if (startsTableType(cursor)) return { returns: parseTableType(cursor) };
  if (cursor.isWord('ANY')) {
    const templated = templatedType(cursor).span.start;
    return failAt('Templated types are not allowed in the RETURNS clause', templated);
  }
  parseType(cursor);
  return { notTable: start };
}

/** `LANGUAGE name` and OPTIONS, in either order. */
function languageAndOptions(cursor: Cursor): Pick<CreateTableFunctionStatement, 'language' | 'options'> {
  const early = optionalOptions(cursor);
  if (cursor.isWord('LANGUAGE')) cursor.foreign('LANGUAGE of a table function');
  const language = cursor.takeWord('LANGUAGE') ? { language: cursor.name() } : {};
  const late = 'language' in language ? lateOptions(cursor, early) : {};
  return { ...early, ...language, ...late };
}

function tableFunctionBody(cursor: Cursor): Pick<CreateTableFunctionStatement, 'query' | 'code'> {
  if (!cursor.takeWord('AS')) return {};
  if (cursor.token.kind !== 'string') return { query: queryAfterAs(cursor) };
  cursor.foreign('code of a table function');
  return { code: stringLiteral(cursor) };
}

/** From the word PROCEDURE on. */
export function createProcedure(cursor: Cursor, head: CreateHead): CreateProcedureStatement {
  const kind = 'CreateProcedureStatement';
  cursor.expectWord('PROCEDURE');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const parameters = procedureParameters(cursor);
  const security = optionalSecurity(cursor, 'EXTERNAL');
  const connection = cursor.isWord('WITH') ? { connection: withConnection(cursor) } : {};
  const options = optionalOptions(cursor);
  const body = procedureBody(cursor, { ...security, ...connection, ...options });
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    parameters,
    ...security,
    ...connection,
    ...options,
    ...body,
  };
}

/** `BEGIN ... END` or `LANGUAGE name [AS "code"]` */
function procedureBody(
  cursor: Cursor,
  before: Pick<CreateProcedureStatement, 'security' | 'connection' | 'options'>,
): Pick<CreateProcedureStatement, 'body' | 'language' | 'code'> {
  if (cursor.isWord('BEGIN')) return { body: parseBlock(cursor) };
  if (cursor.takeWord('LANGUAGE')) {
    const language = cursor.name();
    return cursor.takeWord('AS') ? { language, code: stringLiteral(cursor) } : { language };
  }
  if (before.options !== undefined) return failExpected(cursor, 'BEGIN', 'LANGUAGE');
  if (before.connection !== undefined) return failExpected(cursor, 'BEGIN', 'LANGUAGE', 'OPTIONS');
  if (before.security === undefined) return cursor.unexpected();
  return failExpected(cursor, 'BEGIN', 'LANGUAGE', 'OPTIONS', 'WITH');
}
