import type { NamedObject, OtherStatement, Query, Statement } from '../ast/index.ts';
import type { Node } from '../ast/walk.ts';
import { visit } from '../ast/walk.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTablePath } from './names.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';
import { skippedText } from './skipped.ts';
import type { StatementKind } from './statement-kinds.ts';

/** An unfinished OtherStatement: where it began, what it is, what it names so far. */
export type Draft = {
  readonly start: number;
  readonly startIndex: number;
  readonly objects: NamedObject[];
  readonly inner: Statement[];
};

export function beginDraft(cursor: Cursor): Draft {
  return { start: cursor.token.start, startIndex: cursor.index, objects: [], inner: [] };
}

/** Closes a statement that was read up to the cursor. A query at its end is printed from its tree. */
export function finish(
  cursor: Cursor,
  draft: Draft,
  kind: StatementKind,
  tail?: { query: Query; index: number },
): OtherStatement {
  const text = skippedText(cursor.tokens, draft.startIndex, tail?.index ?? cursor.index);
  return {
    kind: 'OtherStatement',
    span: cursor.spanFrom(draft.start),
    ...kind,
    objects: draft.objects,
    text,
    ...(draft.inner.length === 0 ? {} : { inner: draft.inner }),
    ...(tail === undefined ? {} : { query: tail.query }),
  };
}

/** Reads a path and notes it. */
export function takeObject(cursor: Cursor, draft: Draft, role: string): void {
  draft.objects.push({ path: parseTablePath(cursor), role });
}

/** Notes every name in table position under a node. */
export function noteTables(draft: Draft, root: Node): void {
  visit(root, (node) => {
    if (node.kind === 'TableName') draft.objects.push({ path: node.path, role: 'TablePathExpression' });
    else if (node.kind === 'TableFunction' || node.kind === 'PipeCall')
      draft.objects.push({ path: node.name, role: 'TVF' });
    else if (node.kind === 'ObjectArgument')
      draft.objects.push({ path: node.path, role: `${node.object}Argument` });
  });
}

/** Parses a part and notes the tables in it. */
export function noted<T extends Node>(cursor: Cursor, draft: Draft, part: (cursor: Cursor) => T): T {
  const node = part(cursor);
  noteTables(draft, node);
  return node;
}

export const atStatementEnd = (cursor: Cursor): boolean => cursor.atEnd || cursor.isOp(';');

/**
 * Passes one token, or a whole parenthesized query, whose tables are noted: what is not analyzed may
 * still read something.
 */
export function pass(cursor: Cursor, draft: Draft): void {
  const { op, match } = cursor.token;
  if (op === '(' && startsQuery(cursor, 1)) {
    noted(cursor, draft, parseParenthesizedQuery);
    return;
  }
  if ((op === '(' || op === '[' || op === '{') && match < 0) cursor.unexpected();
  if (op === '?') cursor.passedQuestionMark = true;
  const reference = cursor.isWord('REFERENCES') && cursor.isName(cursor.peek(1));
  cursor.advance();
  if (reference) takeObject(cursor, draft, 'ForeignKeyReference');
}

/** Passes a parenthesized list. */
export function passParentheses(cursor: Cursor, draft: Draft): void {
  const open = cursor.token;
  if (open.op !== '(' || open.match < 0) cursor.expectOp(open.op === '(' ? ')' : '(');
  cursor.advance();
  while (cursor.index < open.match) pass(cursor, draft);
  cursor.expectOp(')');
}

const hintWords: ReadonlySet<string> = new Set(['HASH', 'PARTITION', 'PROTO']);

/** `OPTIONS (name = value, ...)`; arrays may also be added to with `+=` and taken from with `-=`. */
export function passOptions(cursor: Cursor, draft: Draft): void {
  cursor.expectWord('OPTIONS');
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return;
  commaList(cursor, (at) => {
    at.nameOr(hintWords);
    if (!at.takeOp('+=') && !at.takeOp('-=')) at.expectOp('=');
    noted(at, draft, parseExpression);
  });
  cursor.expectOp(')');
}

/** Passes everything to the end of the statement. */
export function passRest(cursor: Cursor, draft: Draft): void {
  while (!atStatementEnd(cursor)) {
    if (cursor.isOp('(')) passParentheses(cursor, draft);
    else if (cursor.isOp(')') || cursor.isOp(']') || cursor.isOp('}')) cursor.unexpected();
    else pass(cursor, draft);
  }
}
