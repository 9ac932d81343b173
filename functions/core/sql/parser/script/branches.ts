import type { CaseStatement, IfStatement, ScriptBranch, Statement } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';
import { parseStatementList } from './statement-list.ts';

type Branches = { readonly branches: readonly ScriptBranch[]; readonly else?: readonly Statement[] };

/** `IF condition THEN ... ELSEIF condition THEN ... ELSE ... END IF` */
export function parseIf(cursor: Cursor): IfStatement {
  return cursor.nested(() => {
    const { start } = cursor.token;
    const parts = branches(cursor, 'IF', 'ELSEIF');
    return { kind: 'IfStatement', ...parts, span: cursor.spanFrom(start) };
  });
}

/** `CASE [operand] WHEN expression THEN ... ELSE ... END CASE` */
export function parseCase(cursor: Cursor): CaseStatement {
  return cursor.nested(() => {
    const { start } = cursor.expectWord('CASE');
    const operand = cursor.isWord('WHEN') ? undefined : parseExpression(cursor);
    if (!cursor.isWord('WHEN')) cursor.expectWord('WHEN');
    const parts = branches(cursor, 'WHEN', 'WHEN', 'CASE');
    return { kind: 'CaseStatement', ...given({ operand }), ...parts, span: cursor.spanFrom(start) };
  });
}

/** Branches that begin with `first`, then each with `next`; after them ELSE, and END with `last`. */
function branches(cursor: Cursor, first: string, next: string, last = first): Branches {
  const list = [branch(cursor, first, next)];
  while (cursor.isWord(next)) list.push(branch(cursor, next, next));
  const otherwise = cursor.takeWord('ELSE') ? parseStatementList(cursor, ['END']) : undefined;
  cursor.expectWord('END');
  cursor.expectWord(last);
  return { branches: list, ...given({ else: otherwise }) };
}

function branch(cursor: Cursor, word: string, next: string): ScriptBranch {
  const { start } = cursor.expectWord(word);
  const condition = parseExpression(cursor);
  cursor.expectWord('THEN');
  const statements = parseStatementList(cursor, [next, 'ELSE', 'END'], next === 'WHEN' ? undefined : ['END']);
  return { kind: 'ScriptBranch', span: cursor.spanFrom(start), condition, statements };
}
