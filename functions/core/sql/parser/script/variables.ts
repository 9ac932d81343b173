import type { Expression, Identifier, Statement, VariableDeclaration } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';
import { parseParameter } from '../literals.ts';
import { wholePath } from '../object-names.ts';
import { parseType } from '../types.ts';
import { parseTransactionModes, startsTransactionMode } from './transactions.ts';

/** `DECLARE names [type] [DEFAULT expression]` */
export function parseDeclare(cursor: Cursor): VariableDeclaration {
  const { start } = cursor.expectWord('DECLARE');
  const names = commaList(cursor, (at) => at.name());
  const type = cursor.isWord('DEFAULT') ? undefined : parseType(cursor);
  const value = cursor.takeWord('DEFAULT') ? parseExpression(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'VariableDeclaration', span, names, ...given({ type, default: value }) };
}

/** `SET x = 1`, `SET (x, y) = (1, 2)`, `SET @@time_zone = 'UTC'`, `SET @x = 1`, `SET TRANSACTION ...` */
export function parseSet(cursor: Cursor): Statement {
  const { start } = cursor.expectWord('SET');
  const { op } = cursor.token;
  if (op === '@@') return setSystemVariable(cursor, start);
  if (op === '@') return setParameter(cursor, start);
  if (op === '(') return setTogether(cursor, start);
  if (cursor.isWord('TRANSACTION') && startsTransactionMode(cursor, 1)) return setTransaction(cursor, start);
  return setOne(cursor, start);
}

function assigned(cursor: Cursor): Expression {
  cursor.expectOp('=');
  return parseExpression(cursor);
}

function setOne(cursor: Cursor, start: number): Statement {
  const variable = cursor.name();
  if (cursor.isOp(',')) return failTogether(cursor, variable);
  if (!cursor.isOp('=')) return failExpected(cursor, ',', '=');
  const value = assigned(cursor);
  return { kind: 'SingleAssignment', span: cursor.spanFrom(start), variable, value };
}

/** Several names without parentheses: GoogleSQL says so once it has seen the `=`. */
function failTogether(cursor: Cursor, first: Identifier): never {
  cursor.expectOp(',');
  commaList(cursor, (at) => at.name());
  cursor.expectOp('=');
  return failBare(
    'Using SET with multiple variables requires parentheses around the variable list',
    first.span.start,
  );
}

function setTogether(cursor: Cursor, start: number): Statement {
  cursor.expectOp('(');
  if (cursor.isOp(')')) {
    failBare('Parenthesized SET statement requires a variable list', cursor.token.start);
  }
  const variables: Identifier[] = commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  const value = assigned(cursor);
  return { kind: 'AssignmentFromStruct', span: cursor.spanFrom(start), variables, value };
}

function setSystemVariable(cursor: Cursor, start: number): Statement {
  cursor.expectOp('@@');
  const variable = wholePath(cursor);
  const value = assigned(cursor);
  return { kind: 'SystemVariableAssignment', span: cursor.spanFrom(start), variable, value };
}

/** Parameters of BigQuery come with the request. */
function setParameter(cursor: Cursor, start: number): Statement {
  cursor.foreign('SET of a parameter');
  const parameter = parseParameter(cursor) ?? cursor.unexpected();
  const value = assigned(cursor);
  return { kind: 'ParameterAssignment', span: cursor.spanFrom(start), parameter, value };
}

function setTransaction(cursor: Cursor, start: number): Statement {
  cursor.foreign('SET TRANSACTION');
  cursor.expectWord('TRANSACTION');
  const modes = parseTransactionModes(cursor);
  return { kind: 'SetTransactionStatement', span: cursor.spanFrom(start), modes };
}
