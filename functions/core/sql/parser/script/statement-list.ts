import type { Statement } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseStatement } from '../statements.ts';
import { isLabel } from './labels.ts';

/** Words that go on with a block after its statements. */
const blockWords: ReadonlySet<string> = new Set(['END', 'ELSE', 'ELSEIF', 'WHEN', 'EXCEPTION', 'UNTIL']);

/**
 * Statements, each with its `;`, up to one of the words that go on with the block; that word stays.
 * `ends` are the words that may stand here, `named` those of them that an error names.
 */
export function parseStatementList(
  cursor: Cursor,
  ends: readonly string[],
  named: readonly string[] = ends,
): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    const { word } = cursor.token;
    if (blockWords.has(word) && !isLabel(cursor)) {
      if (ends.includes(word)) return statements;
      return statements.length === 0 ? cursor.unexpected() : failExpected(cursor, ...named);
    }
    statements.push(parseStatement(cursor));
    cursor.expectOp(';');
  }
}
