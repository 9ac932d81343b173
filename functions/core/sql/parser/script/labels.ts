import type { Identifier } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failBare } from '../expected.ts';

/** What a label may stand before. */
const labelled: ReadonlySet<string> = new Set(['BEGIN', 'WHILE', 'LOOP', 'REPEAT', 'FOR']);

/** Whether `name:` and a block stand here. Any word is taken for a label then, reserved ones too. */
export function isLabel(cursor: Cursor): boolean {
  if (cursor.peek(1).op !== ':') return false;
  const { kind } = cursor.token;
  return (kind === 'word' || kind === 'quoted') && labelled.has(cursor.peek(2).word);
}

/** `name:` */
export function parseLabel(cursor: Cursor): Identifier {
  const { reserved, start, name } = cursor.token;
  if (reserved)
    failBare(`Reserved keyword '${name}' may not be used as a label name without backticks`, start);
  const label = cursor.name();
  cursor.expectOp(':');
  return label;
}

/** The name after `END LOOP` and the like must be the label's. */
export function checkEndLabel(cursor: Cursor, label: Identifier): void {
  if (!cursor.isName()) return;
  const end = cursor.name();
  if (end.name.toLowerCase() === label.name.toLowerCase()) return;
  failBare(`Mismatched end label; expected ${label.name}, got ${end.name}`, end.span.start);
}
