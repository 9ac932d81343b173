import type { Argument, Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failAt, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { columnsArgument, inputTableArgument, namedArgument } from './functions.ts';
import { parsePath, pathOf } from './names.ts';
import { startsWithExpression } from './special-forms.ts';
import { parseTableClause } from './table-clause.ts';

/** One argument of a table function or a procedure: a value, a table, a model or another named object. */
export function parseTableArgument(cursor: Cursor): Argument {
  refuseBareQuery(cursor);
  refuseParenthesized(cursor);
  const { start } = cursor.token;
  const special =
    namedTable(cursor) ??
    namedArgument(cursor) ??
    descriptor(cursor) ??
    columnsArgument(cursor, start, undefined) ??
    inputTableArgument(cursor, start, undefined) ??
    namedObject(cursor);
  if (special !== undefined) return special;
  const value = parseExpression(cursor);
  return { kind: 'PlainArgument', span: cursor.spanFrom(start), value };
}

function refuseBareQuery(cursor: Cursor): void {
  const { word } = cursor.token;
  if (word !== 'SELECT' && (word !== 'WITH' || startsWithExpression(cursor, 0))) return;
  cursor.fail(
    'Each subquery argument for table-valued function calls must be enclosed in parentheses. ' +
      `To fix this, replace ${word}... with (${word}...)`,
  );
}

/** `(MODEL m)` and the like: parentheses make a value, and these are none. */
function refuseParenthesized(cursor: Cursor): void {
  const open = cursor.token;
  if (open.op !== '(') return;
  const word = cursor.peek(1).word;
  const object = (word === 'MODEL' || word === 'CONNECTION') && cursor.isName(cursor.peek(2));
  if (!object && cursor.peek(2).op !== '=>') return;
  cursor.advance();
  const read = object ? namedObject(cursor) : namedArgument(cursor);
  if (read === undefined) cursor.unexpected();
  cursor.expectOp(')');
  const kind = object ? `${word.charAt(0)}${word.slice(1).toLowerCase()}` : 'Named';
  const shape = object ? `${word} path` : 'name => value';
  failAt(
    `${kind} arguments for table-valued function calls written as "${shape}" must not be enclosed in ` +
      `parentheses. To fix this, replace (${shape}) with ${shape}`,
    open.start,
  );
}

/** `name => TABLE t` */
function namedTable(cursor: Cursor): Argument | undefined {
  if (cursor.peek(1).op !== '=>' || !cursor.isName() || !startsTable(cursor, 2)) return undefined;
  const { start } = cursor.token;
  const name = cursor.name();
  cursor.advance();
  return tableArgument(cursor, start, name);
}

const startsTable = (cursor: Cursor, ahead: number): boolean => {
  const next = cursor.peek(ahead + 1);
  return cursor.peek(ahead).word === 'TABLE' && (cursor.isName(next) || next.word === 'IF');
};

function tableArgument(cursor: Cursor, start: number, name: Identifier | undefined): Argument {
  const { index } = cursor;
  const namePart = name === undefined ? {} : { name };
  cursor.advance();
  const path = cursor.isName() ? parsePath(cursor) : undefined;
  if (path !== undefined && !cursor.isOp('(') && !cursor.isWord('WHERE')) {
    return { kind: 'ObjectArgument', span: cursor.spanFrom(start), object: 'TABLE', path, ...namePart };
  }
  cursor.moveTo(index);
  const clause = parseTableClause(cursor);
  return { kind: 'TableClauseArgument', span: cursor.spanFrom(start), clause, ...namePart };
}

const objectWords = ['MODEL', 'CONNECTION', 'GRAPH'] as const;
const defaultWord: ReadonlySet<string> = new Set(['DEFAULT']);

/** `TABLE t`, `MODEL m`, `CONNECTION c`, `GRAPH g`; each word alone is a name. */
function namedObject(cursor: Cursor): Argument | undefined {
  const { start } = cursor.token;
  if (startsTable(cursor, 0)) return tableArgument(cursor, start, undefined);
  const object = objectWords.find((word) => cursor.isWord(word));
  const next = cursor.peek(1);
  if (object === undefined) return undefined;
  if (object === 'CONNECTION' && next.word === 'DEFAULT') {
    cursor.advance();
    const path = pathOf([cursor.nameOr(defaultWord)]);
    return { kind: 'ObjectArgument', span: cursor.spanFrom(start), object, path, isDefault: true };
  }
  if (!cursor.isName(next)) return undefined;
  if (object === 'GRAPH') cursor.foreign('GRAPH argument');
  cursor.advance();
  const path = parsePath(cursor);
  return { kind: 'ObjectArgument', span: cursor.spanFrom(start), object, path };
}

/** `DESCRIPTOR(a, b)` */
function descriptor(cursor: Cursor): Argument | undefined {
  if (!cursor.isWord('DESCRIPTOR') || cursor.peek(1).op !== '(') return undefined;
  const { start } = cursor.advance();
  cursor.expectOp('(');
  const columns = [cursor.name()];
  while (cursor.takeOp(',')) columns.push(cursor.name());
  if (!cursor.takeOp(')')) failExpected(cursor, ')', ',');
  return { kind: 'DescriptorArgument', span: cursor.spanFrom(start), columns };
}
