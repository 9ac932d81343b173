import type { PipeOperator, Query, Subpipeline, TableClause } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseTable } from './from.ts';
import { parseJoinCondition, parseJoinHead } from './joins.ts';
import { trailingList } from './pipe-lists.ts';
import { parseParenthesizedQuery, startsSetOperation } from './query.ts';
import { parseSetOperationHead } from './set-operations.ts';
import { subpipelineInParentheses } from './subpipelines.ts';
import { parseTableClause } from './table-clause.ts';
import { parseRecursionDepth } from './with.ts';

/** A join; where no operator begins, GoogleSQL expects one. */
export function pipeJoin(cursor: Cursor, start: number): PipeOperator {
  const head = parseJoinHead(cursor);
  if (head === undefined) return failExpected(cursor, 'JOIN');
  const right = parseTable(cursor);
  const condition = parseJoinCondition(cursor);
  return { kind: 'PipeJoin', span: cursor.spanFrom(start), ...head, right, ...condition?.part };
}

export function pipeSetOperation(cursor: Cursor, start: number): PipeOperator {
  const { kind: _, span: __, ...head } = parseSetOperationHead(cursor);
  const queries = trailingList(cursor, setInput);
  return { kind: 'PipeSetOperation', span: cursor.spanFrom(start), ...head, queries };
}

function setInput(cursor: Cursor): Query | TableClause {
  if (cursor.isWord('TABLE')) {
    cursor.foreign('TABLE clause');
    return parseTableClause(cursor);
  }
  if (!cursor.isOp('(')) failExpected(cursor, '(', 'TABLE');
  return parseParenthesizedQuery(cursor);
}

/** `RECURSIVE UNION ALL [WITH DEPTH ...] (|> ... | query) [AS name]` */
export function pipeRecursiveUnion(cursor: Cursor, start: number): PipeOperator {
  cursor.foreign('|> RECURSIVE');
  cursor.advance();
  if (!startsSetOperation(cursor, cursor.index)) failExpected(cursor, 'EXCEPT', 'INTERSECT', 'UNION');
  const { kind: _, span: __, ...head } = parseSetOperationHead(cursor);
  const depth = cursor.isWord('WITH') ? parseRecursionDepth(cursor) : undefined;
  const input = recursiveInput(cursor);
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  if (alias === undefined && cursor.isName()) {
    cursor.fail('The keyword "AS" is required before the alias for pipe RECURSIVE UNION');
  }
  return {
    kind: 'PipeRecursiveUnion',
    span: cursor.spanFrom(start),
    ...head,
    ...(depth === undefined ? {} : { depth }),
    input,
    ...(alias === undefined ? {} : { alias }),
  };
}

function recursiveInput(cursor: Cursor): Query | Subpipeline {
  const { op } = cursor.peek(1);
  return op === '|>' || op === ')' ? subpipelineInParentheses(cursor) : parseParenthesizedQuery(cursor);
}
