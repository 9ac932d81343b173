import type {
  AssertStatement,
  CallStatement,
  ExecuteArgument,
  ExecuteImmediateStatement,
  Literal,
} from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { tableArguments } from '../from.ts';
import { given } from '../given.ts';
import { parseLiteral } from '../literals.ts';
import { parseObjectName } from '../object-names.ts';

/** `CALL procedure(arguments)` */
export function parseCall(cursor: Cursor): CallStatement {
  const { start } = cursor.expectWord('CALL');
  const procedure = parseObjectName(cursor, 'CallStatement');
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const list = tableArguments(cursor, closeList);
  return { kind: 'CallStatement', span: cursor.spanFrom(start), procedure, arguments: list };
}

/** `EXECUTE IMMEDIATE sql [INTO variables] [USING values]` */
export function parseExecuteImmediate(cursor: Cursor): ExecuteImmediateStatement {
  const { start } = cursor.expectWord('EXECUTE');
  cursor.expectWord('IMMEDIATE');
  const sql = parseExpression(cursor);
  const into = cursor.takeWord('INTO') ? commaList(cursor, (at) => at.name()) : [];
  const using = cursor.takeWord('USING') ? commaList(cursor, executeArgument) : [];
  return { kind: 'ExecuteImmediateStatement', span: cursor.spanFrom(start), sql, into, using };
}

function executeArgument(cursor: Cursor): ExecuteArgument {
  const { start } = cursor.token;
  const value = parseExpression(cursor);
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  return { kind: 'ExecuteArgument', span: cursor.spanFrom(start), value, ...given({ alias }) };
}

/** `ASSERT condition [AS 'description']` */
export function parseAssert(cursor: Cursor): AssertStatement {
  const { start } = cursor.expectWord('ASSERT');
  const condition = parseExpression(cursor);
  const description = cursor.takeWord('AS') ? stringLiteral(cursor) : undefined;
  return { kind: 'AssertStatement', span: cursor.spanFrom(start), condition, ...given({ description }) };
}

/** A string literal and nothing else. */
export function stringLiteral(cursor: Cursor): Literal {
  if (cursor.token.kind !== 'string') return failExpected(cursor, 'string literal');
  return parseLiteral(cursor) ?? cursor.unexpected();
}
