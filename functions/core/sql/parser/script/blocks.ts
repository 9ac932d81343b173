import type { ExceptionHandler, Identifier, Statement } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';
import { parseParenthesizedQuery } from '../query.ts';
import { checkEndLabel, parseLabel } from './labels.ts';
import { parseStatementList } from './statement-list.ts';

/** The rest of `BEGIN` where it begins a transaction. */
const transactionWords: ReadonlySet<string> = new Set(['TRANSACTION', 'READ', 'ISOLATION']);

/** Whether the `BEGIN` here is one of a block of statements. */
export function beginsBlock(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  return next.op !== ';' && next.kind !== 'eof' && !transactionWords.has(next.word);
}

/** `label: block label` */
export function parseLabelled(cursor: Cursor): Statement {
  const { start } = cursor.token;
  const label = parseLabel(cursor);
  const block = parseBlock(cursor, start, label);
  checkEndLabel(cursor, label);
  return { ...block, span: cursor.spanFrom(start) };
}

/** BEGIN, LOOP, WHILE, REPEAT or FOR to its END. */
export function parseBlock(cursor: Cursor, start = cursor.token.start, name?: Identifier): Statement {
  const label = given({ label: name });
  return cursor.nested((at): Statement => {
    switch (at.token.word) {
      case 'BEGIN':
        return { kind: 'BeginEndBlock', ...label, ...begin(at), span: at.spanFrom(start) };
      case 'LOOP':
        return { kind: 'WhileStatement', ...label, ...loop(at), span: at.spanFrom(start) };
      case 'WHILE':
        return { kind: 'WhileStatement', ...label, ...whileLoop(at), span: at.spanFrom(start) };
      case 'REPEAT':
        return { kind: 'RepeatStatement', ...label, ...repeat(at), span: at.spanFrom(start) };
      case 'FOR':
        return { kind: 'ForInStatement', ...label, ...forIn(at), span: at.spanFrom(start) };
      default:
        return at.unexpected();
    }
  });
}

function begin(cursor: Cursor) {
  cursor.expectWord('BEGIN');
  const statements = parseStatementList(cursor, ['END', 'EXCEPTION']);
  const handler = cursor.isWord('EXCEPTION') ? exceptionHandler(cursor) : undefined;
  cursor.expectWord('END');
  return { statements, ...given({ handler }) };
}

function exceptionHandler(cursor: Cursor): ExceptionHandler {
  cursor.expectWord('EXCEPTION');
  const { start } = cursor.expectWord('WHEN');
  cursor.expectWord('ERROR');
  cursor.expectWord('THEN');
  const statements = parseStatementList(cursor, ['END']);
  return { kind: 'ExceptionHandler', span: cursor.spanFrom(start), statements };
}

function endOf(cursor: Cursor, word: string): void {
  cursor.expectWord('END');
  cursor.expectWord(word);
}

function loop(cursor: Cursor) {
  cursor.expectWord('LOOP');
  const statements = parseStatementList(cursor, ['END']);
  endOf(cursor, 'LOOP');
  return { statements };
}

function whileLoop(cursor: Cursor) {
  cursor.expectWord('WHILE');
  const condition = parseExpression(cursor);
  cursor.expectWord('DO');
  const statements = parseStatementList(cursor, ['END']);
  endOf(cursor, 'WHILE');
  return { condition, statements };
}

function repeat(cursor: Cursor) {
  cursor.expectWord('REPEAT');
  const statements = parseStatementList(cursor, ['UNTIL']);
  cursor.expectWord('UNTIL');
  const until = parseExpression(cursor);
  endOf(cursor, 'REPEAT');
  return { statements, until };
}

function forIn(cursor: Cursor) {
  cursor.expectWord('FOR');
  const variable = cursor.name();
  cursor.expectWord('IN');
  const query = parseParenthesizedQuery(cursor);
  cursor.expectWord('DO');
  const statements = parseStatementList(cursor, ['END']);
  endOf(cursor, 'FOR');
  return { variable, query, statements };
}
