import type { Statement } from '../../ast/index.ts';
import { parseStartBatch } from '../batch.ts';
import type { Cursor } from '../cursor.ts';
import { beginsBlock, parseBlock, parseLabelled } from './blocks.ts';
import { parseCase, parseIf } from './branches.ts';
import { parseAssert, parseCall, parseExecuteImmediate } from './calls.ts';
import { parseBreak, parseContinue, parseRaise, parseReturn } from './flow.ts';
import { isLabel } from './labels.ts';
import { parseBeginTransaction, parseCommit, parseRollback } from './transactions.ts';
import { parseDeclare, parseSet } from './variables.ts';

type Parser = (cursor: Cursor) => Statement;

/** What only a script holds, so that no hint and no EXPLAIN can stand before it. */
const scriptWords: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['IF', parseIf],
  ['CASE', parseCase],
  ['LOOP', (cursor) => parseBlock(cursor)],
  ['WHILE', (cursor) => parseBlock(cursor)],
  ['REPEAT', (cursor) => parseBlock(cursor)],
  ['FOR', (cursor) => parseBlock(cursor)],
  ['DECLARE', parseDeclare],
  ['BREAK', parseBreak],
  ['LEAVE', parseBreak],
  ['CONTINUE', parseContinue],
  ['ITERATE', parseContinue],
  ['RETURN', parseReturn],
  ['RAISE', parseRaise],
]);

/** Statements that stand in scripts above all, and alone too. */
const otherWords: ReadonlyMap<string, Parser> = new Map<string, Parser>([
  ['BEGIN', parseBeginTransaction],
  [
    'START',
    (cursor) => (cursor.peek(1).word === 'BATCH' ? parseStartBatch(cursor) : parseBeginTransaction(cursor)),
  ],
  ['COMMIT', parseCommit],
  ['ROLLBACK', parseRollback],
  ['SET', parseSet],
  ['CALL', parseCall],
  ['EXECUTE', parseExecuteImmediate],
  ['ASSERT', parseAssert],
]);

/** A block or another statement of the procedural language, if one begins here. */
export function parseScriptStatement(cursor: Cursor): Statement | undefined {
  if (isLabel(cursor)) return parseLabelled(cursor);
  if (cursor.isWord('BEGIN') && beginsBlock(cursor)) return parseBlock(cursor);
  return scriptWords.get(cursor.token.word)?.(cursor);
}

/** SET, CALL, a transaction's statements and the like, if one begins here. */
export const parseProceduralStatement = (cursor: Cursor): Statement | undefined =>
  otherWords.get(cursor.token.word)?.(cursor);
