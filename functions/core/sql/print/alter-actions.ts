import type { AlterAction, AlterColumnAction } from '../ast/index.ts';
import { printColumn, printConstraint, printField, printIdentity } from './columns.ts';
import { printAny, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printLiteral } from './literals.ts';
import { printOptions } from './options.ts';

type Part = { readonly ifExists: boolean; readonly name: Parameters<typeof printName>[0] };

const part = ({ ifExists, name }: Part): string => `${ifExists ? 'IF EXISTS ' : ''}${printName(name)}`;
const orExists = (ifExists: boolean): string => (ifExists ? ' IF EXISTS' : '');
const orNot = (ifNotExists: boolean): string => (ifNotExists ? ' IF NOT EXISTS' : '');

/** One change of an ALTER statement. */
export function printAlterAction(action: AlterAction, layout: Layout): string {
  switch (action.kind) {
    case 'SetOptionsAction':
      return `SET${printOptions(action.options, layout)}`;
    case 'SetAsAction':
      return `SET AS ${printLiteral(action.body)}`;
    case 'SetCollateClause':
      return `SET DEFAULT COLLATE ${printAny(action.collate, layout)}`;
    case 'SetConditionAction':
      return `SET CONDITION (${printAny(action.condition, layout)})`;
    case 'AddConstraintAction':
      return printAddConstraint(action, layout);
    case 'AddColumnAction':
      return printAddColumn(action, layout);
    case 'DropColumnAction':
      return `DROP COLUMN ${part(action)}`;
    case 'DropConstraintAction':
      return `DROP CONSTRAINT ${part(action)}`;
    case 'DropPrimaryKeyAction':
      return `DROP PRIMARY KEY${orExists(action.ifExists)}`;
    case 'AlterConstraintEnforcementAction':
      return `ALTER CONSTRAINT ${part(action)} ${action.enforced ? 'ENFORCED' : 'NOT ENFORCED'}`;
    case 'AlterConstraintSetOptionsAction':
      return `ALTER CONSTRAINT ${part(action)} SET${printOptions(action.options, layout)}`;
    case 'RenameColumnAction':
      return `RENAME COLUMN ${part(action)} TO ${printName(action.newName)}`;
    case 'RenameToClause':
      return `RENAME TO ${printPath(action.name.path)}`;
    case 'RebuildAction':
      return 'REBUILD';
    case 'AddSubEntityAction':
    case 'DropSubEntityAction':
    case 'AlterSubEntityAction':
      return printSubEntity(action, layout);
    default:
      return printAlterColumn(action, layout);
  }
}

function printAddConstraint(
  action: Extract<AlterAction, { kind: 'AddConstraintAction' }>,
  layout: Layout,
): string {
  const text = printConstraint(action.constraint, layout);
  // the condition stands between the word CONSTRAINT and the name
  return `ADD ${action.ifNotExists ? text.replace('CONSTRAINT', 'CONSTRAINT IF NOT EXISTS') : text}`;
}

function printAddColumn(action: Extract<AlterAction, { kind: 'AddColumnAction' }>, layout: Layout): string {
  const { position, fill } = action;
  const place = position === undefined ? '' : ` ${position.side} ${printName(position.column)}`;
  const filled = fill === undefined ? '' : ` FILL USING ${printAny(fill, layout)}`;
  return `ADD COLUMN${orNot(action.ifNotExists)} ${printColumn(action.column, layout)}${place}${filled}`;
}

type SubEntityAction = Extract<
  AlterAction,
  { kind: 'AddSubEntityAction' | 'DropSubEntityAction' | 'AlterSubEntityAction' }
>;

function printSubEntity(action: SubEntityAction, layout: Layout): string {
  const entity = action.entity.name.toUpperCase();
  switch (action.kind) {
    case 'AddSubEntityAction': {
      const options = printOptions(action.options, layout);
      return `ADD ${entity}${orNot(action.ifNotExists)} ${printName(action.name)}${options}`;
    }
    case 'DropSubEntityAction':
      return `DROP ${entity} ${part(action)}`;
    case 'AlterSubEntityAction':
      return `ALTER ${entity} ${part(action)} ${printAlterAction(action.action, layout)}`;
  }
}

function printAlterColumn(action: AlterColumnAction, layout: Layout): string {
  return `ALTER COLUMN ${part(action)} ${columnChange(action, layout)}`;
}

function columnChange(action: AlterColumnAction, layout: Layout): string {
  switch (action.kind) {
    case 'AlterColumnTypeAction':
      return `SET DATA TYPE ${printField(action.type, layout)}`;
    case 'AlterColumnOptionsAction':
      return `SET${printOptions(action.options, layout)}`;
    case 'AlterColumnSetDefaultAction':
      return `SET DEFAULT ${printAny(action.value, layout)}`;
    case 'AlterColumnDropDefaultAction':
      return 'DROP DEFAULT';
    case 'AlterColumnDropNotNullAction':
      return 'DROP NOT NULL';
    case 'AlterColumnDropGeneratedAction':
      return 'DROP GENERATED';
    case 'AlterColumnSetGeneratedAction': {
      const mode = action.mode === 'ALWAYS' ? 'ALWAYS' : 'BY DEFAULT';
      return `SET GENERATED ${mode} AS ${printIdentity(action.identity, layout)}`;
    }
  }
}
