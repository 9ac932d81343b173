import type { CreateModelStatement, NamedQuery, SelectItem, TableElement } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeList, failAt, failExpected } from '../expected.ts';
import { parseObjectName } from '../object-names.ts';
import { optionalOptions } from '../options.ts';
import { parseParenthesizedQuery } from '../query.ts';
import { parseSelectItems } from '../select.ts';
import { parseTableElements } from '../table-elements.ts';
import { parseRecursionDepth } from '../with.ts';
import { queryAfterAs } from './clauses.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';
import { remoteAndConnection } from './routine.ts';

/** From the word MODEL on. */
export function createModel(cursor: Cursor, head: CreateHead): CreateModelStatement {
  const kind = 'CreateModelStatement';
  cursor.expectWord('MODEL');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  const columns = inputAndOutput(cursor);
  const transform = transformClause(cursor);
  const remote = remoteAndConnection(cursor);
  const options = optionalOptions(cursor);
  const made = madeFrom(cursor);
  return {
    kind,
    span: cursor.spanFrom(head.start),
    ...headOf(head, ifNotExists),
    name,
    ...columns,
    ...transform,
    ...remote,
    ...options,
    ...made,
  };
}

/** `INPUT (...) OUTPUT (...)`, both or none. */
function inputAndOutput(cursor: Cursor): Partial<Pick<CreateModelStatement, 'input' | 'output'>> {
  if (!cursor.takeWord('INPUT')) return {};
  const inputAt = cursor.token.start;
  const input = parseTableElements(cursor);
  cursor.expectWord('OUTPUT');
  const outputAt = cursor.token.start;
  const output = parseTableElements(cursor);
  refuseConstraints(input, inputAt);
  refuseConstraints(output, outputAt);
  return { input, output };
}

function refuseConstraints(elements: readonly TableElement[], at: number): void {
  if (elements.some(({ kind }) => kind !== 'ColumnDefinition')) {
    failAt('Element list contains unexpected constraint', at);
  }
}

/** `TRANSFORM (select list)` */
function transformClause(cursor: Cursor): { readonly transform?: SelectItem[] } {
  if (!cursor.takeWord('TRANSFORM')) return {};
  cursor.expectOp('(');
  const transform = parseSelectItems(cursor, true);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return { transform };
}

/** `AS query` or `AS (name AS (query), ...)` */
function madeFrom(cursor: Cursor): Partial<Pick<CreateModelStatement, 'query' | 'queries'>> {
  if (!cursor.takeWord('AS')) return {};
  if (!namesQueries(cursor)) return { query: queryAfterAs(cursor) };
  cursor.expectOp('(');
  const queries = commaList(cursor, namedQuery);
  closeList(cursor);
  return { queries };
}

/** A query may begin with a name only if it is a word of the grammar. */
const queryWords: ReadonlySet<string> = new Set(['GRAPH', 'TABLE']);

function namesQueries(cursor: Cursor): boolean {
  const name = cursor.peek(1);
  if (!cursor.isOp('(') || !cursor.isName(name)) return false;
  return cursor.peek(2).word === 'AS' || !queryWords.has(name.word);
}

function namedQuery(cursor: Cursor): NamedQuery {
  const name = cursor.name();
  cursor.expectWord('AS');
  const query = parseParenthesizedQuery(cursor);
  const depth = cursor.isWord('WITH') ? { depth: parseRecursionDepth(cursor) } : {};
  return { kind: 'NamedQuery', span: cursor.spanFrom(name.span.start), name, query, ...depth };
}
