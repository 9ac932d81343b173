import type {
  ParameterType,
  RoutineParameter,
  TableType,
  TableTypeColumn,
  TemplatedType,
} from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { closeTemplate, failAt, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseType } from '../types.ts';

const reservedTypes: ReadonlySet<string> = new Set(['ANY', 'ARRAY', 'STRUCT', 'RANGE', 'INTERVAL']);

/** Whether a type follows the name that stands here, so that it is a parameter's or column's name. */
function namesType(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  return cursor.isName() && (cursor.isName(next) || reservedTypes.has(next.word));
}

/** `(name type, ...)` of a function. */
export function functionParameters(cursor: Cursor): RoutineParameter[] {
  const first = cursor.peek(1);
  if (cursor.isOp('(') && first.op !== ')' && !cursor.isName(first) && !reservedTypes.has(first.word)) {
    cursor.advance();
    failExpected(cursor, ')');
  }
  return parameterList(cursor, functionParameter);
}

/** `(IN name type, OUT name type, ...)` of a procedure. */
export function procedureParameters(cursor: Cursor): RoutineParameter[] {
  return parameterList(cursor, procedureParameter);
}

function parameterList(cursor: Cursor, part: (cursor: Cursor) => RoutineParameter): RoutineParameter[] {
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return [];
  const parameters = commaList(cursor, part);
  if (!cursor.takeOp(')')) failExpected(cursor, ')');
  return parameters;
}

function functionParameter(cursor: Cursor): RoutineParameter {
  const { start } = cursor.token;
  const name = namesType(cursor) ? cursor.name() : undefined;
  const type = parameterType(cursor);
  if (cursor.isWord('AS')) cursor.foreign('alias of a parameter');
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const value = optionalDefault(cursor, name !== undefined);
  const notAggregate = cursor.takeWord('NOT');
  if (notAggregate) cursor.expectWord('AGGREGATE');
  return {
    kind: 'RoutineParameter',
    span: cursor.spanFrom(start),
    ...(name === undefined ? {} : { name }),
    type,
    ...(alias === undefined ? {} : { alias }),
    ...value,
    notAggregate,
  };
}

function optionalDefault(
  cursor: Cursor,
  hasName: boolean,
): Pick<RoutineParameter, 'default' | 'defaultIsColumns'> {
  const { start } = cursor.token;
  if (!cursor.isWord('DEFAULT')) return { defaultIsColumns: false };
  cursor.foreign('default value of a parameter');
  cursor.advance();
  const columns = cursor.isWord('COLUMNS') && cursor.peek(1).op === '(';
  if (columns) cursor.advance();
  if (columns) cursor.expectOp('(');
  const value = parseExpression(cursor);
  if (columns) cursor.expectOp(')');
  if (!hasName) failAt('Default expression is only allowed for named parameters', start);
  return { default: value, defaultIsColumns: columns };
}

const modes: ReadonlySet<string> = new Set(['IN', 'OUT', 'INOUT']);

function procedureParameter(cursor: Cursor): RoutineParameter {
  const { start } = cursor.token;
  const mode = parameterMode(cursor);
  const name = cursor.name();
  if (cursor.isOp(')') || cursor.isOp(',')) failNoType(cursor);
  const type = parameterType(cursor);
  return {
    kind: 'RoutineParameter',
    span: cursor.spanFrom(start),
    ...(mode === undefined ? {} : { mode }),
    name,
    type,
    defaultIsColumns: false,
    notAggregate: false,
  };
}

function parameterMode(cursor: Cursor): RoutineParameter['mode'] {
  const { word } = cursor.token;
  if (!modes.has(word)) return undefined;
  cursor.advance();
  return word as RoutineParameter['mode'];
}

function failNoType(cursor: Cursor): never {
  const shape = 'Parameters should be in the format [<parameter mode>] <parameter name> <type>.';
  const names =
    'If IN/OUT/INOUT is intended to be the name of a parameter, it must be escaped with backticks';
  return cursor.fail(`Unexpected end of parameter. ${shape} ${names}`);
}

/** A type, `ANY TYPE` or `TABLE<...>` */
export function parameterType(cursor: Cursor): ParameterType {
  if (cursor.isWord('ANY')) return templatedType(cursor);
  return startsTableType(cursor) ? parseTableType(cursor) : parseType(cursor);
}

export const startsTableType = (cursor: Cursor): boolean =>
  cursor.isWord('TABLE') && cursor.peek(1).op === '<';

/** `TABLE<a INT64, b STRING>` */
export function parseTableType(cursor: Cursor): TableType {
  const { start } = cursor.expectWord('TABLE');
  cursor.expectOp('<');
  const columns = commaList(cursor, tableTypeColumn);
  closeTemplate(cursor);
  return { kind: 'TableType', span: cursor.spanFrom(start), columns };
}

function tableTypeColumn(cursor: Cursor): TableTypeColumn {
  const { start } = cursor.token;
  const name = namesType(cursor) ? cursor.name() : undefined;
  const type = parseType(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'TableTypeColumn', span, ...(name === undefined ? {} : { name }), type };
}

const templates: ReadonlySet<string> = new Set([
  'TYPE',
  'TABLE',
  'STRING',
  'STRUCT',
  'ARRAY',
  'PROTO',
  'ENUM',
]);
const reservedTemplates: ReadonlySet<string> = new Set(['STRUCT', 'ARRAY', 'PROTO', 'ENUM']);

/** `ANY TYPE` and its like */
export function templatedType(cursor: Cursor): TemplatedType {
  const { start } = cursor.expectWord('ANY');
  const at = cursor.token;
  const name = cursor.nameOr(reservedTemplates).name.toUpperCase();
  if (!templates.has(name)) cursor.fail('unexpected ANY template type', at);
  if (name !== 'TYPE') cursor.foreign(`ANY ${name}`, at);
  return { kind: 'TemplatedType', span: cursor.spanFrom(start), any: name as TemplatedType['any'] };
}
