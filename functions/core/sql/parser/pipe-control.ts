import type { PipeIf, PipeOperator, Subpipeline } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { hintPart } from './hints.ts';
import { trailingList } from './pipe-lists.ts';
import { parseSubpipeline } from './subpipelines.ts';

/** `FORK (|> ...), (|> ...)`, `TEE (|> ...), (|> ...)`; TEE alone only looks. */
export function pipeBranches(cursor: Cursor, start: number): PipeOperator {
  const { word } = cursor.token;
  cursor.foreign(`|> ${word}`);
  cursor.advance();
  const hint = hintPart(cursor);
  const none = word === 'TEE' && !cursor.isOp('(');
  if (!none && hint.hint === undefined && !cursor.isOp('(')) {
    cursor.fail(`Expected "(" or @ for hint but got ${cursor.here()}`);
  }
  const branches = none ? [] : trailingList(cursor, parseSubpipeline);
  const kind = word === 'TEE' ? 'PipeTee' : 'PipeFork';
  return { kind, span: cursor.spanFrom(start), ...hint, branches };
}

export function pipeLog(cursor: Cursor, start: number): PipeOperator {
  cursor.foreign('|> LOG');
  cursor.advance();
  const hint = hintPart(cursor);
  const pipeline = cursor.isOp('(') ? parseSubpipeline(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'PipeLog', span, ...hint, ...(pipeline === undefined ? {} : { pipeline }) };
}

/** `IF condition THEN (...) ELSEIF condition THEN (...) ELSE (...)` */
export function pipeIf(cursor: Cursor, start: number): PipeOperator {
  cursor.foreign('|> IF');
  cursor.advance();
  const hint = hintPart(cursor);
  const cases = [ifCase(cursor)];
  while (cursor.takeWord('ELSEIF')) cases.push(ifCase(cursor));
  if (cursor.isWord('ELSE') && cursor.peek(1).word === 'IF') {
    cursor.fail('Unexpected ELSE IF; Expected ELSEIF');
  }
  const otherwise = cursor.takeWord('ELSE') ? elseBranch(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'PipeIf', span, ...hint, cases, ...(otherwise === undefined ? {} : { else: otherwise }) };
}

function elseBranch(cursor: Cursor): Subpipeline {
  if (!cursor.isOp('(')) failExpected(cursor, '(', 'IF');
  return parseSubpipeline(cursor);
}

function ifCase(cursor: Cursor): PipeIf['cases'][number] {
  const condition = parseExpression(cursor);
  cursor.expectWord('THEN');
  return { condition, pipeline: parseSubpipeline(cursor) };
}
