import type {
  DropFamilyStatement,
  DropIndexStatement,
  DropNamedStatement,
  ObjectKind,
  UndropStatement,
} from '../ast/index.ts';
import type { Token } from '../lexer/tokens.ts';
import { systemTimeOf } from './create/clauses.ts';
import { takeIfNotExists } from './create/head.ts';
import { entityName, mayBeEntity } from './create/others.ts';
import { functionParameters } from './create/parameters.ts';
import { restrictedPrivilege } from './create/policy.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failAt, failBare, failExpected } from './expected.ts';
import { given } from './given.ts';
import { takeIfExists, takeObjectKind } from './object-kinds.ts';
import { oneName, parseObjectName, parseTableName } from './object-names.ts';
import { optionalOptions } from './options.ts';

/** `DROP kind [IF EXISTS] name` */
export function parseDrop(cursor: Cursor): DropFamilyStatement {
  const { start } = cursor.expectWord('DROP');
  switch (cursor.token.word) {
    case 'TABLE':
      return dropTable(cursor, start);
    case 'SNAPSHOT':
      return dropSnapshot(cursor, start);
    case 'ROW':
      return dropRowAccessPolicy(cursor, start);
    case 'ALL':
      return dropAllPolicies(cursor, start);
    case 'PRIVILEGE':
      return dropPrivilegeRestriction(cursor, start);
    default:
  }
  const first = cursor.token;
  const object = takeObjectKind(cursor, 'DROP');
  return object === undefined ? dropEntity(cursor, start) : dropObject(cursor, start, object, first);
}

function dropTable(cursor: Cursor, start: number): DropFamilyStatement {
  cursor.expectWord('TABLE');
  const isFunction = cursor.takeWord('FUNCTION');
  const kind = isFunction ? 'DropTableFunctionStatement' : 'DropStatement';
  const ifExists = takeIfExists(cursor);
  const name = parseTableName(cursor, kind);
  if (cursor.isOp('(')) failParameters(cursor, isFunction);
  const span = cursor.spanFrom(start);
  return isFunction
    ? { kind: 'DropTableFunctionStatement', span, ifExists, name }
    : { kind: 'DropStatement', span, object: 'TABLE', ifExists, name };
}

/** GoogleSQL reads the parameters before it says that they cannot stand there. */
function failParameters(cursor: Cursor, isFunction: boolean): never {
  const { start } = cursor.token;
  functionParameters(cursor);
  if (!isFunction) failAt('Unexpected "("', start);
  const why = "because table functions don't support overloading";
  return failAt(`Parameters are not supported for DROP TABLE FUNCTION ${why}`, start);
}

function dropSnapshot(cursor: Cursor, start: number): DropNamedStatement {
  cursor.expectWord('SNAPSHOT');
  cursor.expectWord('TABLE');
  const kind = 'DropSnapshotTableStatement';
  const ifExists = takeIfExists(cursor);
  const name = parseTableName(cursor, kind);
  return { kind, span: cursor.spanFrom(start), ifExists, name };
}

function dropRowAccessPolicy(cursor: Cursor, start: number): DropFamilyStatement {
  for (const word of ['ROW', 'ACCESS', 'POLICY']) cursor.expectWord(word);
  const kind = 'DropRowAccessPolicyStatement';
  const ifExists = takeIfExists(cursor);
  const name = oneName(cursor.name(), kind);
  cursor.expectWord('ON');
  const table = parseObjectName(cursor, kind);
  return { kind, span: cursor.spanFrom(start), ifExists, name, table };
}

function dropAllPolicies(cursor: Cursor, start: number): DropFamilyStatement {
  cursor.expectWord('ALL');
  cursor.expectWord('ROW');
  const kind = 'DropAllRowAccessPoliciesStatement';
  const access = cursor.takeWord('ACCESS');
  if (!access && !cursor.isWord('POLICIES')) failExpected(cursor, 'ACCESS', 'POLICIES');
  cursor.expectWord('POLICIES');
  cursor.expectWord('ON');
  const table = parseObjectName(cursor, kind);
  return { kind, span: cursor.spanFrom(start), access, table };
}

function dropPrivilegeRestriction(cursor: Cursor, start: number): DropFamilyStatement {
  cursor.foreign('DROP PRIVILEGE RESTRICTION');
  cursor.expectWord('PRIVILEGE');
  cursor.expectWord('RESTRICTION');
  const kind = 'DropPrivilegeRestrictionStatement';
  const ifExists = takeIfExists(cursor);
  cursor.expectWord('ON');
  const privileges = commaList(cursor, restrictedPrivilege);
  cursor.expectWord('ON');
  const objectType = cursor.name();
  const name = parseObjectName(cursor, kind);
  return { kind, span: cursor.spanFrom(start), ifExists, privileges, objectType, name };
}

function dropEntity(cursor: Cursor, start: number): DropFamilyStatement {
  if (!mayBeEntity(cursor)) cursor.unexpected();
  const kind = 'DropEntityStatement';
  const entity = entityName(cursor, 'DROP');
  const ifExists = takeIfExists(cursor);
  const name = parseObjectName(cursor, kind);
  return { kind, span: cursor.spanFrom(start), entity, ifExists, name };
}

const indexKinds: ReadonlyMap<ObjectKind, DropIndexStatement['kind']> = new Map([
  ['AI INDEX', 'DropAiIndexStatement'],
  ['SEARCH INDEX', 'DropSearchIndexStatement'],
  ['VECTOR INDEX', 'DropVectorIndexStatement'],
]);

const modes = { CASCADE: 'CASCADE', RESTRICT: 'RESTRICT' } as const;

function dropMode(cursor: Cursor): 'CASCADE' | 'RESTRICT' | undefined {
  const { word } = cursor.token;
  if (word !== 'CASCADE' && word !== 'RESTRICT') return undefined;
  cursor.advance();
  return modes[word];
}

/** What may follow the name is read for every kind of object; what it cannot have is named afterwards. */
function dropObject(cursor: Cursor, start: number, object: ObjectKind, first: Token): DropFamilyStatement {
  const ifExists = takeIfExists(cursor);
  const kind = dropKind(object);
  const name = parseObjectName(cursor, kind);
  const listAt = cursor.token;
  const parameters = cursor.isOp('(') ? functionParameters(cursor) : undefined;
  const table = indexKinds.has(object) && cursor.takeWord('ON') ? parseObjectName(cursor, kind) : undefined;
  const modeAt = cursor.token;
  const mode = dropMode(cursor);
  if (object === 'AGGREGATE FUNCTION') {
    failBare('DROP AGGREGATE FUNCTION is not supported, use DROP FUNCTION', first.start);
  }
  if (parameters !== undefined && object !== 'FUNCTION') {
    failAt('Parameters are only supported for DROP FUNCTION', listAt.start);
  }
  if (mode !== undefined && object !== 'SCHEMA') {
    failAt(`'${mode}' is not supported for DROP ${object}`, modeAt.start);
  }
  const base = { span: cursor.spanFrom(start), ifExists, name };
  if (kind === 'DropStatement') return { kind, ...base, object, ...given({ mode }) };
  if (kind === 'DropFunctionStatement') return { kind, ...base, ...given({ parameters }) };
  return kind === 'DropMaterializedViewStatement'
    ? { kind, ...base }
    : { kind, ...base, ...given({ table }) };
}

function dropKind(
  object: ObjectKind,
): 'DropStatement' | 'DropFunctionStatement' | 'DropMaterializedViewStatement' | DropIndexStatement['kind'] {
  if (object === 'FUNCTION') return 'DropFunctionStatement';
  if (object === 'MATERIALIZED VIEW') return 'DropMaterializedViewStatement';
  return indexKinds.get(object) ?? 'DropStatement';
}

/** `UNDROP SCHEMA [IF NOT EXISTS] name [FOR SYSTEM_TIME AS OF time] [OPTIONS (...)]` */
export function parseUndrop(cursor: Cursor): UndropStatement {
  const { start } = cursor.expectWord('UNDROP');
  const first = cursor.token;
  const object = takeObjectKind(cursor, 'UNDROP') ?? cursor.unexpected();
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, 'UndropStatement');
  const systemTime = cursor.isWord('FOR') ? systemTimeOf(cursor) : undefined;
  const options = optionalOptions(cursor);
  if (object !== 'SCHEMA') failBare(`UNDROP ${object} is not supported`, first.start);
  const span = cursor.spanFrom(start);
  return { kind: 'UndropStatement', span, ifNotExists, name, ...given({ systemTime }), ...options };
}
