import type { Subpipeline } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parsePipes } from './pipes.ts';

/** `(|> ... |> ...)`; there may be nothing between the parentheses. */
export function subpipelineInParentheses(cursor: Cursor): Subpipeline {
  const { start } = cursor.expectOp('(');
  const pipes = cursor.nested(parsePipes);
  cursor.expectOp(')');
  return { kind: 'Subpipeline', span: cursor.spanFrom(start), pipes };
}

const queryWords: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WITH']);
const operatorWords: ReadonlySet<string> = new Set(['WHERE', 'LIMIT', 'JOIN', 'ORDER', 'GROUP']);

/** The same where only a pipeline can stand: a query or an operator without its `|>` is named. */
export function parseSubpipeline(cursor: Cursor): Subpipeline {
  const next = cursor.peek(1);
  if (cursor.isOp('(') && next.op !== '|>' && next.op !== ')') {
    cursor.advance();
    if (queryWords.has(next.word)) cursor.fail('Expected subpipeline starting with |>, not a subquery');
    const operator = cursor.isName() || cursor.isOp('(') || operatorWords.has(next.word);
    if (operator) cursor.fail('Expected subpipeline starting with |>');
    cursor.expectOp(')');
  }
  return subpipelineInParentheses(cursor);
}

/** `|> ... |> ...` without parentheses, up to where no operator follows. */
export function openSubpipeline(cursor: Cursor): Subpipeline {
  const { start } = cursor.token;
  const pipes = parsePipes(cursor);
  return { kind: 'Subpipeline', span: cursor.spanFrom(start), pipes };
}
