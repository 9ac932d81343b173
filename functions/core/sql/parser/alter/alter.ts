import type { AlterObjectStatement, AlterStatement, ObjectKind } from '../../ast/index.ts';
import type { Token } from '../../lexer/tokens.ts';
import { entityName, mayBeEntity } from '../create/others.ts';
import type { Cursor } from '../cursor.ts';
import { failBare } from '../expected.ts';
import { given } from '../given.ts';
import { takeIfExists, takeObjectKind } from '../object-kinds.ts';
import { parseObjectName, parseTableName } from '../object-names.ts';
import { parseAlterActions, parsePolicyActions, startsAction } from './actions.ts';
import { alterAllPolicies, alterPrivilegeRestriction, alterRowAccessPolicy } from './policies.ts';

/** `ALTER kind [IF EXISTS] name action, ...` */
export function parseAlter(cursor: Cursor): AlterStatement {
  const { start } = cursor.expectWord('ALTER');
  switch (cursor.token.word) {
    case 'TABLE':
      return alterTable(cursor, start);
    case 'ROW':
      return alterRowAccessPolicy(cursor, start);
    case 'ALL':
      return alterAllPolicies(cursor, start);
    case 'PRIVILEGE':
      return alterPrivilegeRestriction(cursor, start);
    default:
  }
  const first = cursor.token;
  const object = takeObjectKind(cursor, 'ALTER');
  return object === undefined ? alterEntity(cursor, start) : alterObject(cursor, start, object, first);
}

function alterTable(cursor: Cursor, start: number): AlterStatement {
  const table = cursor.expectWord('TABLE');
  const isFunction = cursor.takeWord('FUNCTION');
  const kind = 'AlterTableStatement';
  const ifExists = takeIfExists(cursor);
  const name = parseTableName(cursor, kind);
  const actions = parseAlterActions(cursor);
  if (isFunction) failBare('ALTER TABLE FUNCTION is not supported', table.start);
  return { kind, span: cursor.spanFrom(start), ifExists, name, actions };
}

const kinds: Readonly<Partial<Record<ObjectKind, AlterObjectStatement['kind']>>> = {
  'APPROX VIEW': 'AlterApproxViewStatement',
  CONNECTION: 'AlterConnectionStatement',
  DATABASE: 'AlterDatabaseStatement',
  'EXTERNAL SCHEMA': 'AlterExternalSchemaStatement',
  'MATERIALIZED VIEW': 'AlterMaterializedViewStatement',
  MODEL: 'AlterModelStatement',
  SCHEMA: 'AlterSchemaStatement',
  SEQUENCE: 'AlterSequenceStatement',
  VIEW: 'AlterViewStatement',
};

const indexTypes: Readonly<Partial<Record<ObjectKind, 'AI' | 'SEARCH' | 'VECTOR'>>> = {
  'AI INDEX': 'AI',
  'SEARCH INDEX': 'SEARCH',
  'VECTOR INDEX': 'VECTOR',
};

function alterObject(cursor: Cursor, start: number, object: ObjectKind, first: Token): AlterStatement {
  const ifExists = takeIfExists(cursor);
  const type = indexTypes[object];
  const kind = type === undefined ? kinds[object] : 'AlterIndexStatement';
  const role = kind ?? 'AlterStatement';
  const name = parseObjectName(cursor, role);
  const table = type !== undefined && cursor.takeWord('ON') ? parseObjectName(cursor, role) : undefined;
  const actions = parseAlterActions(cursor);
  if (kind === undefined) return failBare(`ALTER ${object} is not supported`, first.start);
  const base = { span: cursor.spanFrom(start), ifExists, name, actions };
  if (kind !== 'AlterIndexStatement') return { kind, ...base };
  return { kind, ...base, type: type ?? 'SEARCH', ...given({ table }) };
}

/** Things that only their kind's name tells apart; those of the session itself have no name. */
function alterEntity(cursor: Cursor, start: number): AlterStatement {
  if (!mayBeEntity(cursor)) cursor.unexpected();
  const kind = 'AlterEntityStatement';
  const entity = entityName(cursor, 'ALTER');
  const ifExists = takeIfExists(cursor);
  const isPolicy = entity.name.toUpperCase() === 'DATA_POLICY';
  const named = isPolicy || (cursor.isName() && !startsAction(cursor));
  const name = named ? parseObjectName(cursor, kind) : undefined;
  const actions = isPolicy ? parsePolicyActions(cursor) : parseAlterActions(cursor);
  return { kind, span: cursor.spanFrom(start), entity, ifExists, ...given({ name }), actions };
}
