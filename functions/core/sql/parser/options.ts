import type { Expression, OptionEntry, OptionsList } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { pathOf } from './names.ts';

/** Reserved words that are names of options and hints. */
const optionNames: ReadonlySet<string> = new Set(['HASH', 'PARTITION', 'PROTO']);
const protoValue: ReadonlySet<string> = new Set(['PROTO']);

/** `OPTIONS (name = value, ...)` if it begins here, to spread into a node. */
export function optionalOptions(cursor: Cursor): { readonly options?: OptionsList } {
  return cursor.isWord('OPTIONS') ? { options: parseOptions(cursor) } : {};
}

/** `OPTIONS (name = value, ...)` */
export function parseOptions(cursor: Cursor): OptionsList {
  cursor.expectWord('OPTIONS');
  return parseOptionsList(cursor);
}

/** `(name = value, ...)`, as it stands after OPTIONS. */
export function parseOptionsList(cursor: Cursor): OptionsList {
  const { start } = cursor.expectOp('(');
  const entries = optionEntries(cursor);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return { kind: 'OptionsList', span: cursor.spanFrom(start), entries };
}

function optionEntries(cursor: Cursor): OptionEntry[] {
  if (cursor.isOp(')')) return [];
  if (!cursor.isName() && !optionNames.has(cursor.token.word)) failExpected(cursor, ')');
  return commaList(cursor, parseOptionEntry);
}

function parseOptionEntry(cursor: Cursor): OptionEntry {
  const { start } = cursor.token;
  const name = cursor.nameOr(optionNames);
  const operator = assignment(cursor);
  const value = optionValue(cursor);
  return { kind: 'OptionEntry', span: cursor.spanFrom(start), name, operator, value };
}

function assignment(cursor: Cursor): '=' | '+=' | '-=' {
  const { op } = cursor.token;
  if (op !== '=' && op !== '+=' && op !== '-=') return failExpected(cursor, '=');
  cursor.advance();
  return op;
}

function optionValue(cursor: Cursor): Expression {
  if (!cursor.isWord('PROTO')) return parseExpression(cursor);
  const path = pathOf([{ ...cursor.nameOr(protoValue), name: 'PROTO' }]);
  return { kind: 'PathExpression', span: path.span, path };
}
