import type {
  ColumnAttribute,
  ColumnDefinition,
  ColumnField,
  ColumnType,
  Expression,
  ForeignKeyAction,
  ForeignKeyReference,
  GeneratedColumn,
  Identifier,
  IdentityColumn,
  TableConstraint,
  TableElement,
} from '../ast/index.ts';
import { printAny, printName, printPath } from './expressions.ts';
import { inner, type Layout } from './layout.ts';
import { printOptions } from './options.ts';
import { printTypeName, printTypeParameter } from './types.ts';

/** `(column, ..., constraint, ...)`, an element a line. */
export function printTableElements(elements: readonly TableElement[], layout: Layout): string {
  const deeper = inner(layout);
  const lines = elements.map((element) => deeper.newline + printElement(element, deeper));
  return `(${lines.join(',')}${layout.newline})`;
}

const printElement = (element: TableElement, layout: Layout): string =>
  element.kind === 'ColumnDefinition' ? printColumn(element, layout) : printConstraint(element, layout);

/** `name type ...` as in CREATE TABLE and ADD COLUMN. */
export function printColumn(column: ColumnDefinition, layout: Layout): string {
  const parts = [
    printName(column.name),
    column.type === undefined ? '' : printColumnType(column.type, layout),
    printCollation(column.collate, layout),
    column.default === undefined ? '' : `DEFAULT ${printAny(column.default, layout)}`,
    column.generated === undefined ? '' : printGenerated(column.generated, layout),
    ...column.attributes.map(printAttribute),
  ];
  return parts.filter((part) => part !== '').join(' ') + printOptions(column.options, layout);
}

const printCollation = (collate: Expression | undefined, layout: Layout): string =>
  collate === undefined ? '' : `COLLATE ${printAny(collate, layout)}`;

/** A column's type with the attributes of its fields. */
export function printColumnType(type: ColumnType, layout: Layout): string {
  const parameters = type.parameters.map(printTypeParameter).join(', ');
  return printTemplate(type, layout) + (parameters === '' ? '' : `(${parameters})`);
}

function printTemplate(type: ColumnType, layout: Layout): string {
  switch (type.kind) {
    case 'SimpleColumnType':
      return printTypeName(type.name);
    case 'ArrayColumnType':
      return `ARRAY<${printField(type.element, layout)}>`;
    case 'RangeColumnType':
      return `RANGE<${printField(type.element, layout)}>`;
    case 'MapColumnType':
      return `MAP<${printField(type.key, layout)}, ${printField(type.value, layout)}>`;
    case 'StructColumnType':
      return `STRUCT<${type.fields.map((field) => printField(field, layout)).join(', ')}>`;
  }
}

/** `name type COLLATE c NOT NULL OPTIONS (...)` */
export function printField(field: ColumnField, layout: Layout): string {
  const parts = [
    field.name === undefined ? '' : printName(field.name),
    printColumnType(field.type, layout),
    printCollation(field.collate, layout),
    field.notNull ? 'NOT NULL' : '',
  ];
  return parts.filter((part) => part !== '').join(' ') + printOptions(field.options, layout);
}

function printGenerated({ mode, value, stored }: GeneratedColumn, layout: Layout): string {
  const head = `GENERATED ${mode === 'ALWAYS' ? 'ALWAYS' : 'BY DEFAULT'} AS`;
  if (value.kind === 'IdentityColumn') return `${head} ${printIdentity(value, layout)}`;
  const tail = stored === undefined ? '' : stored === 'STORED' ? ' STORED' : ' STORED VOLATILE';
  return `${head} (${printAny(value, layout)})${tail}`;
}

/** `IDENTITY (START WITH 1 ...)` */
export function printIdentity(identity: IdentityColumn, layout: Layout): string {
  const part = (words: string, value: Expression | undefined): string =>
    value === undefined ? '' : `${words} ${printAny(value, layout)}`;
  const parts = [
    part('START WITH', identity.startWith),
    part('INCREMENT BY', identity.incrementBy),
    part('MAXVALUE', identity.maxValue),
    part('MINVALUE', identity.minValue),
    identity.cycle ? 'CYCLE' : '',
  ];
  return `IDENTITY (${parts.filter((text) => text !== '').join(' ')})`;
}

function printAttribute(attribute: ColumnAttribute): string {
  switch (attribute.kind) {
    case 'NotNullAttribute':
      return 'NOT NULL';
    case 'HiddenAttribute':
      return 'HIDDEN';
    case 'PrimaryKeyAttribute':
      return `PRIMARY KEY${printEnforcement(attribute.enforced)}`;
    case 'ForeignKeyAttribute':
      return `${constraintName(attribute.name)}${printReference(attribute.reference)}`;
  }
}

const constraintName = (name: Identifier | undefined): string =>
  name === undefined ? '' : `CONSTRAINT ${printName(name)} `;

const printEnforcement = (enforced: boolean): string => (enforced ? '' : ' NOT ENFORCED');

const printNames = (names: readonly Identifier[]): string => `(${names.map(printName).join(', ')})`;

/** One constraint of a table, its name included. */
export function printConstraint(constraint: TableConstraint, layout: Layout): string {
  const text = constraintName(constraint.name) + printRule(constraint, layout);
  return text + printOptions(constraint.options, layout);
}

function printRule(constraint: TableConstraint, layout: Layout): string {
  switch (constraint.kind) {
    case 'PrimaryKeyConstraint':
      return `PRIMARY KEY ${printNames(constraint.columns)}${printEnforcement(constraint.enforced)}`;
    case 'ForeignKeyConstraint':
      return `FOREIGN KEY ${printNames(constraint.columns)} ${printReference(constraint.reference)}`;
    case 'CheckConstraint':
      return `CHECK (${printAny(constraint.condition, layout)})${printEnforcement(constraint.enforced)}`;
  }
}

const matchText = { SIMPLE: '', FULL: ' MATCH FULL', NOT_DISTINCT: ' MATCH NOT DISTINCT' } as const;

const actionText = (event: string, action: ForeignKeyAction): string =>
  action === 'NO_ACTION' ? '' : ` ON ${event} ${action.replace('_', ' ')}`;

function printReference(reference: ForeignKeyReference): string {
  const { table, columns, match, onUpdate, onDelete, enforced } = reference;
  const actions = actionText('UPDATE', onUpdate) + actionText('DELETE', onDelete);
  const head = `REFERENCES ${printPath(table.path)} ${printNames(columns)}${matchText[match]}`;
  return head + actions + printEnforcement(enforced);
}
