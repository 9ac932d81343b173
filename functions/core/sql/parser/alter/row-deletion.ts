import { takeIfNotExists } from '../create/head.ts';
import type { Cursor } from '../cursor.ts';
import { failBare } from '../expected.ts';
import { takeIfExists } from '../object-kinds.ts';
import { parseCondition } from './add.ts';

/** `ROW DELETION POLICY [IF ...] [(condition)]`: GoogleSQL says that it is not supported once it is read whole. */
export function refuseRowDeletion(cursor: Cursor, verb: 'ADD' | 'REPLACE' | 'DROP'): never {
  const { start } = cursor.expectWord('ROW');
  cursor.expectWord('DELETION');
  cursor.expectWord('POLICY');
  if (verb === 'ADD') takeIfNotExists(cursor);
  else takeIfExists(cursor);
  if (verb !== 'DROP') parseCondition(cursor);
  return failBare(`${verb} ROW DELETION POLICY clause is not supported.`, start);
}
