import type { OtherStatement, Statement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseParenthesizedQuery } from './query.ts';
import { beginDraft, type Draft, finish, noted, noteTables } from './statement-parts.ts';
import { parseStatement } from './statements.ts';

const blockEnds: ReadonlySet<string> = new Set(['END', 'ELSE', 'ELSEIF', 'WHEN', 'EXCEPTION', 'UNTIL']);

const script = (googleKind: string) => ({ statementType: 'SCRIPT', googleKind });

/** Whether a block of statements begins here, label included. */
export function startsBlock(cursor: Cursor): boolean {
  const at = isLabel(cursor) ? 2 : 0;
  const next = cursor.peek(at + 1);
  switch (cursor.peek(at).word) {
    case 'BEGIN':
      return at === 2 || !(next.word === 'TRANSACTION' || next.op === ';' || next.kind === 'eof');
    case 'LOOP':
    case 'WHILE':
    case 'REPEAT':
    case 'FOR':
      return true;
    case 'IF':
    case 'CASE':
      return at === 0;
    default:
      return false;
  }
}

function isLabel(cursor: Cursor): boolean {
  return cursor.isName() && cursor.peek(1).op === ':';
}

/** BEGIN, IF, CASE, LOOP, WHILE, REPEAT or FOR with everything to its END. */
export function parseBlock(cursor: Cursor): OtherStatement {
  return cursor.nested(block);
}

function block(cursor: Cursor): OtherStatement {
  const draft = beginDraft(cursor);
  const label = isLabel(cursor) ? cursor.name() : undefined;
  if (label !== undefined) cursor.expectOp(':');
  const kind = script(blockBody(cursor, draft));
  if (label !== undefined && cursor.isName()) endLabel(cursor, label.name);
  for (const statement of draft.inner) noteInner(draft, statement);
  return finish(cursor, draft, kind);
}

function endLabel(cursor: Cursor, label: string): void {
  const at = cursor.token;
  const { name } = cursor.name();
  if (name.toLowerCase() !== label.toLowerCase())
    cursor.fail(`Mismatched end label; expected ${label}, got ${name}`, at);
}

/** A block names whatever the statements in it name. */
function noteInner(draft: Draft, statement: Statement): void {
  if (statement.kind === 'OtherStatement') draft.objects.push(...statement.objects);
  else if ('target' in statement) draft.objects.push({ path: statement.target, role: statement.kind });
  const analyzed = statement.kind === 'OtherStatement' ? statement.query : statement;
  if (analyzed !== undefined) noteTables(draft, analyzed);
}

function blockBody(cursor: Cursor, draft: Draft): string {
  const { word } = cursor.advance();
  const statements = (): void => statementList(cursor, draft);
  const condition = (): void => {
    noted(cursor, draft, parseExpression);
  };
  switch (word) {
    case 'BEGIN':
      statements();
      if (cursor.takeWord('EXCEPTION')) {
        for (const next of ['WHEN', 'ERROR', 'THEN']) cursor.expectWord(next);
        statements();
      }
      cursor.expectWord('END');
      return 'BeginEndBlock';
    case 'LOOP':
      statements();
      ends(cursor, word);
      return 'WhileStatement';
    case 'WHILE':
      condition();
      cursor.expectWord('DO');
      statements();
      ends(cursor, word);
      return 'WhileStatement';
    case 'REPEAT':
      statements();
      cursor.expectWord('UNTIL');
      condition();
      ends(cursor, word);
      return 'RepeatStatement';
    case 'FOR':
      cursor.name();
      cursor.expectWord('IN');
      noted(cursor, draft, parseParenthesizedQuery);
      cursor.expectWord('DO');
      statements();
      ends(cursor, word);
      return 'ForInStatement';
    case 'IF':
      branches(cursor, draft, 'ELSEIF');
      ends(cursor, word);
      return 'IfStatement';
    case 'CASE':
      if (!cursor.isWord('WHEN')) condition();
      cursor.expectWord('WHEN');
      branches(cursor, draft, 'WHEN');
      ends(cursor, word);
      return 'CaseStatement';
    default:
      return cursor.unexpected();
  }
}

function ends(cursor: Cursor, word: string): void {
  cursor.expectWord('END');
  cursor.expectWord(word);
}

/** `condition THEN statements`, again after each `again`, and ELSE. */
function branches(cursor: Cursor, draft: Draft, again: string): void {
  do {
    noted(cursor, draft, parseExpression);
    cursor.expectWord('THEN');
    statementList(cursor, draft);
  } while (cursor.takeWord(again));
  if (cursor.takeWord('ELSE')) statementList(cursor, draft);
}

/** Statements, each with its `;`, up to a word that goes on with the block. */
function statementList(cursor: Cursor, draft: Draft): void {
  while (!blockEnds.has(cursor.token.word) || isLabel(cursor)) {
    draft.inner.push(parseStatement(cursor));
    cursor.expectOp(';');
  }
}
