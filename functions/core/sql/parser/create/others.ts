import type {
  CreateConstantStatement,
  CreateEntityStatement,
  CreateExternalSchemaStatement,
  CreateNamedStatement,
  CreateSchemaStatement,
  Expression,
  Identifier,
  Literal,
} from '../../ast/index.ts';
import { nonReservedKeywords } from '../../lexer/keywords.ts';
import type { Cursor } from '../cursor.ts';
import { failBare, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseLiteral } from '../literals.ts';
import { parseObjectName } from '../object-names.ts';
import { optionalOptions, parseOptions } from '../options.ts';
import { optionalConnection, optionalDefaultCollate } from './clauses.ts';
import { type CreateHead, headOf, takeIfNotExists } from './head.ts';
import { stringLiteral } from './routine.ts';

/** From the word SCHEMA on. */
export function createSchema(cursor: Cursor, head: CreateHead): CreateSchemaStatement {
  const kind = 'CreateSchemaStatement';
  cursor.expectWord('SCHEMA');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  const defaultCollate = optionalDefaultCollate(cursor);
  const options = optionalOptions(cursor);
  const span = cursor.spanFrom(head.start);
  return { kind, span, ...headOf(head, ifNotExists), name, ...defaultCollate, ...options };
}

/** After EXTERNAL, from the word SCHEMA on. */
export function createExternalSchema(cursor: Cursor, head: CreateHead): CreateExternalSchemaStatement {
  const kind = 'CreateExternalSchemaStatement';
  cursor.expectWord('SCHEMA');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  const connection = optionalConnection(cursor);
  const options = parseOptions(cursor);
  const span = cursor.spanFrom(head.start);
  return { kind, span, ...headOf(head, ifNotExists), name, ...connection, options };
}

type Named = CreateNamedStatement['kind'];

const foreignNamed: Readonly<Record<Named, string | undefined>> = {
  CreateConnectionStatement: undefined,
  CreateDatabaseStatement: 'CREATE DATABASE',
  CreateLocalityGroupStatement: 'CREATE LOCALITY GROUP',
  CreateSequenceStatement: 'CREATE SEQUENCE',
};

/** A name and options; `mayExist`: whether IF NOT EXISTS may stand before the name. */
export function createNamed(
  cursor: Cursor,
  head: CreateHead,
  kind: Named,
  words: readonly string[],
  mayExist: boolean,
): CreateNamedStatement {
  const subject = foreignNamed[kind];
  if (subject !== undefined) cursor.foreign(subject);
  for (const word of words) cursor.expectWord(word);
  const ifNotExists = mayExist && takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  const options = optionalOptions(cursor);
  return { kind, span: cursor.spanFrom(head.start), ...headOf(head, ifNotExists), name, ...options };
}

/** From the word CONSTANT on. */
export function createConstant(cursor: Cursor, head: CreateHead): CreateConstantStatement {
  const kind = 'CreateConstantStatement';
  cursor.foreign('CREATE CONSTANT');
  cursor.expectWord('CONSTANT');
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  if (!cursor.takeOp('=')) failExpected(cursor, '.', '=');
  const value = parseExpression(cursor);
  const span = cursor.spanFrom(head.start);
  return { kind, span, ...headOf(head, ifNotExists), name, value };
}

/** Objects without a grammar of their own; `true` for what BigQuery creates. */
const entities: Readonly<Record<string, boolean>> = {
  CAPACITY: true,
  RESERVATION: true,
  ASSIGNMENT: true,
  DATA_POLICY: true,
  BI_CAPACITY: false,
  ORGANIZATION: false,
  PROJECT: false,
};

const entityWords: ReadonlySet<string> = new Set(['DATA_POLICY', 'PROJECT']);

/** Whether a word can be a kind of object; other keywords cannot. */
export function mayBeEntity(cursor: Cursor): boolean {
  const { word } = cursor.token;
  return cursor.isName() && (!nonReservedKeywords.has(word) || entityWords.has(word));
}

/** From the word for the kind of object on. */
export function createEntity(cursor: Cursor, head: CreateHead): CreateEntityStatement {
  const kind = 'CreateEntityStatement';
  if (!mayBeEntity(cursor)) cursor.unexpected();
  const entity = entityName(cursor);
  const ifNotExists = takeIfNotExists(cursor);
  const name = parseObjectName(cursor, kind);
  const options = optionalOptions(cursor);
  const body = cursor.takeWord('AS') ? { body: entityBody(cursor) } : {};
  const condition = entity.name.toUpperCase() === 'DATA_POLICY' ? policyCondition(cursor) : {};
  const span = cursor.spanFrom(head.start);
  return { kind, span, ...headOf(head, ifNotExists), entity, name, ...options, ...body, ...condition };
}

export function entityName(cursor: Cursor, verb: 'CREATE' | 'ALTER' | 'DROP' = 'CREATE'): Identifier {
  const { start, end, word } = cursor.token;
  if (!Object.hasOwn(entities, word)) {
    failBare(`${cursor.text.slice(start, end)} is not a supported object type`, start);
  }
  if (entities[word] === false && verb !== 'ALTER') cursor.foreign(`${verb} ${word}`);
  return cursor.name();
}

export function entityBody(cursor: Cursor): Literal {
  if (!cursor.isWord('JSON')) {
    return cursor.token.kind === 'string'
      ? stringLiteral(cursor)
      : failExpected(cursor, 'JSON', 'string literal');
  }
  if (cursor.peek(1).kind === 'string') return parseLiteral(cursor) ?? cursor.unexpected();
  cursor.advance();
  return failExpected(cursor, 'string literal');
}

/** `WITH CONDITION (condition)` of a data policy. */
function policyCondition(cursor: Cursor): { readonly condition?: Expression } {
  if (!cursor.isWord('WITH')) return {};
  cursor.foreign('WITH CONDITION');
  cursor.advance();
  cursor.expectWord('CONDITION');
  cursor.expectOp('(');
  const condition = parseExpression(cursor);
  cursor.expectOp(')');
  return { condition };
}
