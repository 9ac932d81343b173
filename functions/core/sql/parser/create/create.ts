import type { CreateStatement } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failBare, failExpected } from '../expected.ts';
import { type CreateHead, createHead } from './head.ts';
import { createModel } from './model.ts';
import { createConstant, createEntity, createExternalSchema, createNamed, createSchema } from './others.ts';
import { createPrivilegeRestriction, createRowAccessPolicy } from './policy.ts';
import { createFunction, createProcedure, createTableFunction } from './routine.ts';
import { createIndex } from './search-index.ts';
import { createExternalTable, createLiveTable, createSnapshot, createTable } from './table.ts';
import { createMaterializedView, createView } from './view.ts';

type Reader = (cursor: Cursor, head: CreateHead) => CreateStatement;

/** Which of `OR REPLACE` and a scope may stand before the word. */
type Prefix = 'none' | 'replace' | 'scope';

/** What can be created, by its first word. Everything else is an object that only its name tells apart. */
const readers: Readonly<Record<string, readonly [Reader, Prefix]>> = {
  AGGREGATE: [createFunction, 'scope'],
  AI: [createIndex, 'replace'],
  APPROX: [approxView, 'replace'],
  CONNECTION: [connection, 'replace'],
  CONSTANT: [createConstant, 'scope'],
  DATABASE: [database, 'none'],
  DATA_POLICY: [createEntity, 'replace'],
  EXTERNAL: [external, 'scope'],
  FUNCTION: [createFunction, 'scope'],
  INDEX: [createIndex, 'replace'],
  LIVE: [createLiveTable, 'scope'],
  LOCALITY: [localityGroup, 'none'],
  MATERIALIZED: [createMaterializedView, 'replace'],
  MODEL: [createModel, 'scope'],
  NULL_FILTERED: [createIndex, 'replace'],
  PRIVILEGE: [createPrivilegeRestriction, 'replace'],
  PROCEDURE: [createProcedure, 'scope'],
  RECURSIVE: [view, 'scope'],
  ROW: [createRowAccessPolicy, 'replace'],
  SCHEMA: [createSchema, 'replace'],
  SEARCH: [createIndex, 'replace'],
  SEQUENCE: [sequence, 'replace'],
  SNAPSHOT: [createSnapshot, 'replace'],
  TABLE: [tableOrFunction, 'scope'],
  UNIQUE: [createIndex, 'replace'],
  VECTOR: [createIndex, 'replace'],
  VIEW: [view, 'scope'],
};

/** Any CREATE statement but that of a property graph. */
export function parseCreate(cursor: Cursor): CreateStatement {
  const head = createHead(cursor);
  const { word } = cursor.token;
  const [reader, prefix] = Object.hasOwn(readers, word)
    ? readers[word]!
    : ([createEntity, 'replace'] as const);
  if (prefix !== 'scope' && head.scope !== undefined) cursor.unexpected();
  if (prefix === 'none' && head.orReplace) cursor.unexpected();
  return reader(cursor, head);
}

function tableOrFunction(cursor: Cursor, head: CreateHead): CreateStatement {
  const isFunction = cursor.peek(1).word === 'FUNCTION';
  return isFunction ? createTableFunction(cursor, head) : createTable(cursor, head);
}

function external(cursor: Cursor, head: CreateHead): CreateStatement {
  const { start } = cursor.expectWord('EXTERNAL');
  if (cursor.isWord('SCHEMA')) return createExternalSchema(cursor, head);
  return cursor.isWord('TABLE')
    ? createExternalTable(cursor, head, start)
    : failExpected(cursor, 'SCHEMA', 'TABLE');
}

function view(cursor: Cursor, head: CreateHead): CreateStatement {
  return createView(cursor, head, 'CreateViewStatement');
}

function approxView(cursor: Cursor, head: CreateHead): CreateStatement {
  cursor.foreign('CREATE APPROX VIEW');
  cursor.expectWord('APPROX');
  return createView(cursor, head, 'CreateApproxViewStatement');
}

function connection(cursor: Cursor, head: CreateHead): CreateStatement {
  return createNamed(cursor, head, 'CreateConnectionStatement', ['CONNECTION'], true);
}

function database(cursor: Cursor, head: CreateHead): CreateStatement {
  return createNamed(cursor, head, 'CreateDatabaseStatement', ['DATABASE'], false);
}

function sequence(cursor: Cursor, head: CreateHead): CreateStatement {
  return createNamed(cursor, head, 'CreateSequenceStatement', ['SEQUENCE'], true);
}

/** Only engines with a feature of their own have it; GoogleSQL says so at its word. */
function localityGroup(cursor: Cursor, head: CreateHead): CreateStatement {
  const { start } = cursor.token;
  createNamed(cursor, head, 'CreateLocalityGroupStatement', ['LOCALITY', 'GROUP'], false);
  return failBare('CREATE LOCALITY GROUP is not supported', start);
}
