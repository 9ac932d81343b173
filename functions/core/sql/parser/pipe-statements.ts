import type { Statement, SubpipelineStatement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { openSubpipeline } from './subpipelines.ts';

/** `|> WHERE x |> SELECT y` as a statement: what its input is, only its engine knows. */
export function parseSubpipelineStatement(cursor: Cursor): SubpipelineStatement {
  cursor.foreign('a statement of pipe operators alone');
  const pipeline = openSubpipeline(cursor);
  return { kind: 'SubpipelineStatement', span: pipeline.span, pipeline };
}

/** Statements that may return a table, which pipe operators can follow. */
const returnTables: ReadonlySet<string> = new Set([
  'CallStatement',
  'DescribeStatement',
  'ExecuteImmediateStatement',
  'RunStatement',
  'ShowStatement',
]);

/** The statement, with the pipe operators that follow it if it may have some. */
export function withPipeOperators(cursor: Cursor, statement: Statement): Statement {
  if (!cursor.isOp('|>')) return statement;
  if (!returnTables.has(statement.kind)) return statement;
  cursor.foreign('pipe operators after a statement');
  const pipeline = openSubpipeline(cursor);
  const suffix: SubpipelineStatement = { kind: 'SubpipelineStatement', span: pipeline.span, pipeline };
  const span = { start: statement.span.start, end: pipeline.span.end };
  return { kind: 'StatementWithPipeOperators', span, statement, suffix };
}
