import type { AlterAction, Identifier } from '../../ast/index.ts';
import { parseFieldSchema } from '../column-types.ts';
import { enforcement } from '../constraints.ts';
import type { Cursor } from '../cursor.ts';
import { failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { identityColumn } from '../generated-columns.ts';
import { takeIfExists } from '../object-kinds.ts';
import { parseOptions } from '../options.ts';
import { parseAlterAction } from './actions.ts';
import { subEntityName } from './sub-entity.ts';

/** What every action on a named part begins with. */
type Head = { readonly start: number; readonly ifExists: boolean; readonly name: Identifier };

const headAt = (cursor: Cursor, start: number): Head => ({
  start,
  ifExists: takeIfExists(cursor),
  name: cursor.name(),
});

/** The parts of a node that come from its head, once the rest is read. */
const part = (cursor: Cursor, { start, ifExists, name }: Head) => ({
  span: cursor.spanFrom(start),
  ifExists,
  name,
});

/** What follows ALTER inside of ALTER. */
export function alterAction(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('ALTER');
  if (cursor.takeWord('COLUMN')) return alterColumn(cursor, headAt(cursor, start));
  if (cursor.takeWord('CONSTRAINT')) return alterConstraint(cursor, headAt(cursor, start));
  const entity =
    subEntityName(cursor) ?? failExpected(cursor, 'identifier', 'COLUMN', 'CONSTRAINT', 'REPLICA');
  const head = headAt(cursor, start);
  const action = parseAlterAction(cursor);
  return { kind: 'AlterSubEntityAction', ...part(cursor, head), entity, action };
}

function alterConstraint(cursor: Cursor, head: Head): AlterAction {
  cursor.foreign('ALTER CONSTRAINT');
  if (cursor.takeWord('SET')) {
    const options = parseOptions(cursor);
    return { kind: 'AlterConstraintSetOptionsAction', ...part(cursor, head), options };
  }
  if (!cursor.isWord('NOT') && !cursor.isWord('ENFORCED')) {
    return failExpected(cursor, 'ENFORCED', 'NOT', 'SET');
  }
  const enforced = enforcement(cursor);
  return { kind: 'AlterConstraintEnforcementAction', ...part(cursor, head), enforced };
}

/** Types that are reserved words. */
const reservedTypes: ReadonlySet<string> = new Set(['ARRAY', 'STRUCT', 'RANGE', 'INTERVAL']);

function alterColumn(cursor: Cursor, head: Head): AlterAction {
  if (cursor.isWord('SET')) return setOnColumn(cursor, head);
  const dropped = ['DEFAULT', 'NOT', 'GENERATED'].includes(cursor.peek(1).word);
  if (cursor.isWord('DROP') && dropped) return dropOnColumn(cursor, head);
  // another engine reads a type here
  if (!cursor.isName() && !reservedTypes.has(cursor.token.word)) return cursor.unexpected();
  return failBare('Expected keyword DROP or keyword SET but got identifier', cursor.token.start);
}

function dropOnColumn(cursor: Cursor, head: Head): AlterAction {
  cursor.expectWord('DROP');
  if (cursor.takeWord('DEFAULT')) return { kind: 'AlterColumnDropDefaultAction', ...part(cursor, head) };
  if (cursor.isWord('GENERATED')) {
    cursor.foreign('DROP GENERATED');
    cursor.advance();
    return { kind: 'AlterColumnDropGeneratedAction', ...part(cursor, head) };
  }
  cursor.expectWord('NOT');
  cursor.expectWord('NULL');
  return { kind: 'AlterColumnDropNotNullAction', ...part(cursor, head) };
}

function setOnColumn(cursor: Cursor, head: Head): AlterAction {
  cursor.expectWord('SET');
  switch (cursor.token.word) {
    case 'OPTIONS': {
      const options = parseOptions(cursor);
      return { kind: 'AlterColumnOptionsAction', ...part(cursor, head), options };
    }
    case 'DEFAULT': {
      cursor.advance();
      const value = parseExpression(cursor);
      return { kind: 'AlterColumnSetDefaultAction', ...part(cursor, head), value };
    }
    case 'DATA': {
      cursor.advance();
      cursor.expectWord('TYPE');
      const type = parseFieldSchema(cursor);
      return { kind: 'AlterColumnTypeAction', ...part(cursor, head), type };
    }
    case 'GENERATED':
      return setGenerated(cursor, head);
    default:
      return failExpected(cursor, 'DATA', 'DEFAULT', 'GENERATED', 'OPTIONS');
  }
}

/** `GENERATED [ALWAYS | BY DEFAULT] AS IDENTITY (...)` */
function setGenerated(cursor: Cursor, head: Head): AlterAction {
  cursor.foreign('SET GENERATED');
  cursor.expectWord('GENERATED');
  const byDefault = cursor.takeWord('BY');
  if (byDefault) cursor.expectWord('DEFAULT');
  const always = !byDefault && cursor.takeWord('ALWAYS');
  if (!cursor.isWord('AS') && !byDefault && !always) failExpected(cursor, 'ALWAYS', 'AS', 'BY');
  cursor.expectWord('AS');
  const identity = identityColumn(cursor);
  const mode = byDefault ? 'BY_DEFAULT' : 'ALWAYS';
  return { kind: 'AlterColumnSetGeneratedAction', ...part(cursor, head), mode, identity };
}
