import type { AlterAction } from '../../ast/index.ts';
import { stringOrParameter } from '../column-types.ts';
import { entityBody } from '../create/others.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { takeIfExists } from '../object-kinds.ts';
import { parseObjectName } from '../object-names.ts';
import { parseOptions } from '../options.ts';
import { addAction, parseCondition } from './add.ts';
import { alterAction } from './alter-part.ts';
import { dropAction } from './drop-part.ts';
import { refuseRowDeletion } from './row-deletion.ts';

const actionWords: ReadonlySet<string> = new Set([
  'ADD',
  'ALTER',
  'DROP',
  'REBUILD',
  'RENAME',
  'REPLACE',
  'SET',
]);

/** Whether an action begins here, and no name that only looks like one: `rename RENAME TO x`. */
export function startsAction(cursor: Cursor): boolean {
  if (!actionWords.has(cursor.token.word)) return false;
  const next = cursor.peek(1);
  return next.op !== '.' && (cursor.isWord('SET') || !actionWords.has(next.word));
}

/** `action, action` */
export const parseAlterActions = (cursor: Cursor): AlterAction[] => commaList(cursor, parseAlterAction);

export function parseAlterAction(cursor: Cursor): AlterAction {
  const { start, word } = cursor.token;
  switch (word) {
    case 'SET':
      return setAction(cursor, start);
    case 'ADD':
      return addAction(cursor, start);
    case 'DROP':
      return dropAction(cursor, start);
    case 'ALTER':
      return cursor.nested((at) => alterAction(at, start));
    case 'RENAME':
      return renameAction(cursor, start);
    case 'REPLACE':
      return replaceAction(cursor);
    case 'REBUILD':
      cursor.advance();
      return { kind: 'RebuildAction', span: cursor.spanFrom(start) };
    default:
      return cursor.unexpected();
  }
}

function setAction(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('SET');
  if (cursor.isWord('OPTIONS')) {
    const options = parseOptions(cursor);
    return { kind: 'SetOptionsAction', span: cursor.spanFrom(start), options };
  }
  if (cursor.takeWord('AS')) {
    const body = entityBody(cursor);
    return { kind: 'SetAsAction', span: cursor.spanFrom(start), body };
  }
  if (!cursor.takeWord('DEFAULT')) return failExpected(cursor, 'AS', 'DEFAULT', 'ON', 'OPTIONS');
  cursor.expectWord('COLLATE');
  const collate = stringOrParameter(cursor);
  return { kind: 'SetCollateClause', span: cursor.spanFrom(start), collate };
}

/** A data policy has few actions: `SET CONDITION (condition)` and `SET OPTIONS (...)`. */
export function parsePolicyActions(cursor: Cursor): AlterAction[] {
  return commaList(cursor, (at): AlterAction => {
    const { start } = at.token;
    if (!at.isWord('SET')) return at.unexpected();
    at.advance();
    if (at.isWord('OPTIONS')) {
      const options = parseOptions(at);
      return { kind: 'SetOptionsAction', span: at.spanFrom(start), options };
    }
    if (!at.isWord('CONDITION')) return failExpected(at, 'CONDITION', 'OPTIONS');
    at.foreign('SET CONDITION');
    at.advance();
    const condition = parseCondition(at);
    return { kind: 'SetConditionAction', span: at.spanFrom(start), condition };
  });
}

function renameAction(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('RENAME');
  if (cursor.takeWord('TO')) {
    const name = parseObjectName(cursor, 'RenameToClause');
    return { kind: 'RenameToClause', span: cursor.spanFrom(start), name };
  }
  if (!cursor.takeWord('COLUMN')) return failExpected(cursor, 'COLUMN', 'TO');
  const ifExists = takeIfExists(cursor);
  const name = cursor.name();
  cursor.expectWord('TO');
  const newName = cursor.name();
  return { kind: 'RenameColumnAction', span: cursor.spanFrom(start), ifExists, name, newName };
}

function replaceAction(cursor: Cursor): AlterAction {
  cursor.expectWord('REPLACE');
  return refuseRowDeletion(cursor, 'REPLACE');
}
