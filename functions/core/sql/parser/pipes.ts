import type { PipeOperator } from '../ast/index.ts';
import { parseAlign } from './align.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { hintPart } from './hints.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { functionKeywords, optionalAlias, parsePath, pathOf } from './names.ts';
import { orderByWords } from './order-by.ts';
import { pipeAggregate } from './pipe-aggregate.ts';
import { pipeDrop, pipeExtend, pipeRename, pipeSelect, pipeSet, pipeWindow } from './pipe-columns.ts';
import { pipeBranches, pipeIf, pipeLog } from './pipe-control.ts';
import { trailingList } from './pipe-lists.ts';
import { pipeJoin, pipeRecursiveUnion, pipeSetOperation } from './pipe-tables.ts';
import { pipeWrite } from './pipe-writes.ts';
import { parsePivot, parseUnpivot } from './pivots.ts';
import { parseLimit, startsSetOperation } from './query.ts';
import { tableArguments } from './table-function.ts';
import { alignFollows } from './table-postfix.ts';
import { parseTableSample } from './table-sample.ts';
import { parseOrderingItem } from './windows.ts';
import { parsePipeWith } from './with.ts';

/** All `|>` operators that follow. */
export function parsePipes(cursor: Cursor): PipeOperator[] {
  const pipes: PipeOperator[] = [];
  while (cursor.takeOp('|>')) pipes.push(parsePipe(cursor));
  return pipes;
}

function parsePipe(cursor: Cursor): PipeOperator {
  const { start, word } = cursor.token;
  const read = Object.hasOwn(operators, word) ? operators[word] : undefined;
  if (read !== undefined && !(word === 'ALIGN' && !alignFollows(cursor))) return read(cursor, start);
  if (startsSetOperation(cursor, cursor.index)) return pipeSetOperation(cursor, start);
  return pipeJoin(cursor, start);
}

/** Reads an operator whose first word is at the cursor. Joins and set operations begin with several words. */
type Reader = (cursor: Cursor, start: number) => PipeOperator;

const operators: Readonly<Record<string, Reader>> = {
  WHERE: pipeWhere,
  SELECT: pipeSelect,
  EXTEND: pipeExtend,
  WINDOW: pipeWindow,
  SET: pipeSet,
  DROP: pipeDrop,
  RENAME: pipeRename,
  AS: pipeAs,
  LIMIT: pipeLimit,
  AGGREGATE: pipeAggregate,
  GROUP: refuseGroupBy,
  DISTINCT: (cursor, start) => bare(cursor, start, 'PipeDistinct'),
  ORDER: pipeOrderBy,
  RECURSIVE: pipeRecursiveUnion,
  CALL: pipeCall,
  TABLESAMPLE: pipePostfix(parseTableSample),
  PIVOT: pipePostfix(parsePivot),
  UNPIVOT: pipePostfix(parseUnpivot),
  MATCH_RECOGNIZE: pipePostfix((cursor) => parseMatchRecognize(cursor)),
  ALIGN: pipePostfix(parseAlign),
  WITH: pipeWith,
  ASSERT: pipeAssert,
  IF: pipeIf,
  ELSEIF: refuseBranch,
  ELSE: refuseBranch,
  FORK: pipeBranches,
  TEE: pipeBranches,
  LOG: pipeLog,
  FINISH: pipeFinish,
  DESCRIBE: (cursor, start) => foreignBare(cursor, start, 'PipeDescribe'),
  STATIC_DESCRIBE: (cursor, start) => foreignBare(cursor, start, 'PipeStaticDescribe'),
  CREATE: pipeWrite,
  EXPORT: pipeWrite,
  INSERT: pipeWrite,
};

function bare(cursor: Cursor, start: number, kind: 'PipeDistinct'): PipeOperator {
  cursor.advance();
  return { kind, span: cursor.spanFrom(start) };
}

function foreignBare(
  cursor: Cursor,
  start: number,
  kind: 'PipeDescribe' | 'PipeStaticDescribe',
): PipeOperator {
  cursor.foreign(`|> ${cursor.token.word}`);
  cursor.advance();
  return { kind, span: cursor.spanFrom(start) };
}

function pipeFinish(cursor: Cursor, start: number): PipeOperator {
  cursor.foreign('|> FINISH');
  cursor.advance();
  const hint = hintPart(cursor);
  return { kind: 'PipeFinish', span: cursor.spanFrom(start), ...hint };
}

function pipePostfix(
  read: (cursor: Cursor) => Extract<PipeOperator, { kind: 'PipePostfix' }>['postfix'],
): Reader {
  return (cursor, start) => ({ kind: 'PipePostfix', postfix: read(cursor), span: cursor.spanFrom(start) });
}

function pipeWhere(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const condition = parseExpression(cursor);
  return { kind: 'PipeWhere', span: cursor.spanFrom(start), condition };
}

function pipeAs(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const alias = cursor.name();
  return { kind: 'PipeAs', span: cursor.spanFrom(start), alias };
}

function pipeLimit(cursor: Cursor, start: number): PipeOperator {
  const limit = parseLimit(cursor);
  return { kind: 'PipeLimit', span: cursor.spanFrom(start), ...limit };
}

function pipeOrderBy(cursor: Cursor, start: number): PipeOperator {
  const orderHint = orderByWords(cursor);
  const items = trailingList(cursor, parseOrderingItem);
  const span = cursor.spanFrom(start);
  return { kind: 'PipeOrderBy', span, ...(orderHint === undefined ? {} : { orderHint }), items };
}

function pipeCall(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const name = cursor.isWord('IF') ? pathOf([cursor.nameOr(functionKeywords)]) : parsePath(cursor);
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const list = tableArguments(cursor);
  const hint = hintPart(cursor);
  const alias = optionalAlias(cursor);
  const span = cursor.spanFrom(start);
  return {
    kind: 'PipeCall',
    span,
    name,
    arguments: list,
    ...hint,
    ...(alias === undefined ? {} : { alias }),
  };
}

function pipeWith(cursor: Cursor, start: number): PipeOperator {
  const clause = parsePipeWith(cursor);
  return { kind: 'PipeWith', span: cursor.spanFrom(start), with: clause };
}

/** `ASSERT condition [, payload, ...]` */
function pipeAssert(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const [condition, ...payload] = trailingList(cursor, parseExpression);
  return { kind: 'PipeAssert', span: cursor.spanFrom(start), condition: condition!, payload };
}

function refuseGroupBy(cursor: Cursor): never {
  return cursor.fail('GROUP BY should be part of a pipe AGGREGATE operator, without a leading pipe symbol');
}

function refuseBranch(cursor: Cursor): never {
  return cursor.fail(`${cursor.token.word} should be part of a pipe IF, without a leading pipe symbol`);
}
