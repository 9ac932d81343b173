import type {
  ConnectionClause,
  CreateScope,
  Expression,
  ObjectName,
  ParameterType,
  RoutineParameter,
  Security,
  TableSource,
  TableType,
} from '../ast/index.ts';
import { printAny, printList, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printType } from './types.ts';

/** What every CREATE statement begins with. */
export type Head = {
  readonly orReplace: boolean;
  readonly scope?: CreateScope;
  readonly ifNotExists: boolean;
  readonly name?: ObjectName | undefined;
};

/** `CREATE OR REPLACE TEMP words IF NOT EXISTS name`; `words` say what is created. */
export function printHead({ orReplace, scope, ifNotExists, name }: Head, words: string): string {
  const parts = [
    orReplace ? 'CREATE OR REPLACE' : 'CREATE',
    scope ?? '',
    words,
    ifNotExists ? 'IF NOT EXISTS' : '',
    name === undefined ? '' : printPath(name.path),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** The rest of a clause where it has one: `words` and the text, with a space before them. */
export const clause = (words: string, text: string | undefined): string =>
  text === undefined ? '' : ` ${words} ${text}`;

/** ` DEFAULT COLLATE 'und:ci'`, or nothing. */
export const printDefaultCollate = (collate: Expression | undefined, layout: Layout): string =>
  clause('DEFAULT COLLATE', collate === undefined ? undefined : printAny(collate, layout));

/** A line `PARTITION BY a, b`, or nothing. */
export const printBy = (words: string, keys: readonly Expression[], layout: Layout): string =>
  keys.length === 0 ? '' : `${layout.newline}${words} BY ${printList(keys, layout)}`;

/** ` WITH CONNECTION path`, or nothing. */
export function printConnection(connection: ConnectionClause | undefined): string {
  if (connection === undefined) return '';
  return ` WITH CONNECTION ${connection.path === undefined ? 'DEFAULT' : printPath(connection.path)}`;
}

/** The table after CLONE or COPY. */
export function printTableSource({ object, systemTime, where }: TableSource, layout: Layout): string {
  const time = systemTime === undefined ? '' : ` FOR SYSTEM_TIME AS OF ${printAny(systemTime, layout)}`;
  return `${printPath(object.path)}${time}${where === undefined ? '' : ` WHERE ${printAny(where, layout)}`}`;
}

/** ` SQL SECURITY INVOKER`, or nothing. */
export const printSecurity = (security: Security | undefined, first: 'SQL' | 'EXTERNAL'): string =>
  clause(`${first} SECURITY`, security);

/** `(IN a INT64, b ANY TYPE)` */
export const printParameters = (parameters: readonly RoutineParameter[], layout: Layout): string =>
  `(${parameters.map((parameter) => printParameter(parameter, layout)).join(', ')})`;

function printParameter(parameter: RoutineParameter, layout: Layout): string {
  const value = parameter.default === undefined ? undefined : printAny(parameter.default, layout);
  const parts = [
    parameter.mode ?? '',
    parameter.name === undefined ? '' : printName(parameter.name),
    printParameterType(parameter.type),
    parameter.alias === undefined ? '' : `AS ${printName(parameter.alias)}`,
    value === undefined ? '' : `DEFAULT ${parameter.defaultIsColumns ? `COLUMNS(${value})` : value}`,
    parameter.notAggregate ? 'NOT AGGREGATE' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

export function printParameterType(type: ParameterType): string {
  switch (type.kind) {
    case 'TemplatedType':
      return `ANY ${type.any}`;
    case 'TableType':
      return printTableType(type);
    default:
      return printType(type);
  }
}

/** `TABLE<a INT64>` */
export function printTableType({ columns }: TableType): string {
  const items = columns.map(({ name, type }) => {
    const text = printType(type);
    return name === undefined ? text : `${printName(name)} ${text}`;
  });
  return `TABLE<${items.join(', ')}>`;
}
