import type {
  ColumnAttribute,
  ColumnDefinition,
  Expression,
  GeneratedColumn,
  Identifier,
} from '../ast/index.ts';
import { optionalCollation, parseColumnType } from './column-types.ts';
import { enforcement, foreignKeyReference } from './constraints.ts';
import type { Cursor } from './cursor.ts';
import { failAt, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { generatedColumn, generatesWithoutType, startsGenerated } from './generated-columns.ts';
import { optionalOptions } from './options.ts';

/** A column to add: as one of CREATE TABLE, or with a type that another engine infers. */
export function parseColumnDefinition(cursor: Cursor): ColumnDefinition {
  const name = cursor.name();
  if (!hasNoType(cursor, name)) return columnAfterName(cursor, name);
  cursor.foreign('column without a type');
  return columnWith(cursor, name, {});
}

/** `name type [COLLATE c] [DEFAULT e | GENERATED ...] attributes [OPTIONS (...)]` where the name is read. */
export function columnAfterName(cursor: Cursor, name: Identifier): ColumnDefinition {
  return columnWith(cursor, name, columnSchema(cursor));
}

function columnWith(cursor: Cursor, name: Identifier, schema: Schema): ColumnDefinition {
  const attributes = columnAttributes(cursor);
  const options = optionalOptions(cursor);
  const span = cursor.spanFrom(name.span.start);
  return { kind: 'ColumnDefinition', span, name, ...schema, attributes, ...options };
}

type Schema = Pick<ColumnDefinition, 'type' | 'collate' | 'generated' | 'default'>;

function columnSchema(cursor: Cursor): Schema {
  if (generatesWithoutType(cursor)) return { generated: generatedColumn(cursor) };
  const type = parseColumnType(cursor);
  return { type, ...optionalCollation(cursor), ...columnValue(cursor) };
}

/** A default or a generating expression; both are an error at the second. */
function columnValue(cursor: Cursor): { default?: Expression; generated?: GeneratedColumn } {
  if (startsGenerated(cursor)) {
    const generated = generatedColumn(cursor);
    if (cursor.isWord('DEFAULT')) refuseBoth(cursor, columnDefault);
    return { generated };
  }
  if (!cursor.isWord('DEFAULT')) return {};
  const value = columnDefault(cursor);
  if (startsGenerated(cursor)) refuseBoth(cursor, generatedColumn);
  return { default: value };
}

function columnDefault(cursor: Cursor): Expression {
  cursor.expectWord('DEFAULT');
  return parseExpression(cursor);
}

function refuseBoth(cursor: Cursor, second: (cursor: Cursor) => unknown): never {
  const { start } = cursor.token;
  second(cursor);
  const both = '"DEFAULT" and "[GENERATED [ALWAYS | BY DEFAULT]] AS" clauses must not be both provided';
  return failAt(`${both} for the column`, start);
}

/** What may follow a column's type, as words; punctuation apart. */
const afterType: ReadonlySet<string> = new Set([
  'CONSTRAINT',
  'FILL',
  'FOLLOWING',
  'HIDDEN',
  'NOT',
  'OPTIONS',
  'PRECEDING',
  'PRIMARY',
  'REFERENCES',
]);
const afterTypeOps: ReadonlySet<string> = new Set([',', ')', ';']);

const mayFollowType = (cursor: Cursor, ahead: number): boolean => {
  const token = cursor.peek(ahead);
  return token.kind === 'eof' || afterTypeOps.has(token.op) || afterType.has(token.word);
};

/** Whether the column whose name was just read has no type: `ADD COLUMN a NOT NULL`. */
function hasNoType(cursor: Cursor, name: Identifier): boolean {
  const { word } = cursor.token;
  const isConstraint = !name.quoted && name.name.toUpperCase() === 'CONSTRAINT';
  if (!mayFollowType(cursor, 0) || (isConstraint && cursor.isName())) return false;
  const next = cursor.peek(1);
  const afterNext = cursor.peek(2);
  switch (word) {
    case 'FILL':
      return next.word === 'USING';
    case 'PRIMARY':
      return next.word === 'KEY';
    case 'REFERENCES':
      return cursor.isName(next) && (afterNext.op === '.' || afterNext.op === '(');
    case 'OPTIONS':
      return next.op === '(';
    case 'HIDDEN':
      return mayFollowType(cursor, 1);
    case 'CONSTRAINT':
      return cursor.isName(next) && afterNext.word === 'REFERENCES';
    default:
      return true;
  }
}

function columnAttributes(cursor: Cursor): ColumnAttribute[] {
  const attributes: ColumnAttribute[] = [];
  for (;;) {
    const next = attributeAt(cursor, attributes);
    if (next === undefined) return attributes;
    attributes.push(next);
  }
}

function attributeAt(cursor: Cursor, before: ColumnAttribute[]): ColumnAttribute | undefined {
  const { start, word } = cursor.token;
  switch (word) {
    case 'NOT':
      if (before.length > 0 && cursor.peek(1).word === 'ENFORCED') return enforced(cursor, before);
      return notNull(cursor, before.length > 0);
    case 'ENFORCED':
      return before.length > 0 ? enforced(cursor, before) : undefined;
    case 'HIDDEN':
      cursor.foreign('HIDDEN column');
      cursor.advance();
      return { kind: 'HiddenAttribute', span: cursor.spanFrom(start) };
    case 'PRIMARY':
      cursor.advance();
      cursor.expectWord('KEY');
      return { kind: 'PrimaryKeyAttribute', span: cursor.spanFrom(start), enforced: true };
    case 'REFERENCES':
    case 'CONSTRAINT':
      return foreignKey(cursor);
    default:
      return undefined;
  }
}

function notNull(cursor: Cursor, mayBeEnforced: boolean): ColumnAttribute {
  const { start } = cursor.advance();
  if (!cursor.takeWord('NULL')) failExpected(cursor, 'NULL', ...(mayBeEnforced ? ['ENFORCED'] : []));
  return { kind: 'NotNullAttribute', span: cursor.spanFrom(start) };
}

function foreignKey(cursor: Cursor): ColumnAttribute {
  const { start } = cursor.token;
  const name = cursor.takeWord('CONSTRAINT') ? cursor.name() : undefined;
  const reference = foreignKeyReference(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'ForeignKeyAttribute', span, ...(name === undefined ? {} : { name }), reference };
}

/** `[NOT] ENFORCED` belongs to the key before it, which is replaced by its like. */
function enforced(cursor: Cursor, before: ColumnAttribute[]): ColumnAttribute | undefined {
  const { start } = cursor.token;
  const value = enforcement(cursor);
  const last = before.pop();
  if (last?.kind === 'PrimaryKeyAttribute')
    return { ...last, span: cursor.spanFrom(last.span.start), enforced: value };
  if (last?.kind === 'ForeignKeyAttribute') {
    const reference = { ...last.reference, enforced: value };
    return { ...last, span: cursor.spanFrom(last.span.start), reference };
  }
  return failAt('Unexpected constraint enforcement clause', start);
}
