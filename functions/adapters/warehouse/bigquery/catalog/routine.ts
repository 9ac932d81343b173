import type { CatalogRoutine } from '../../../../core/sql/catalog.ts';
import { quoteIdentifier, quoteString } from '../../../../core/sql/print/quote.ts';
import { type Fields, object, objects, required, text } from '../rest/json.ts';
import { MalformedAnswer } from '../rest/malformed.ts';

/**
 * A Routine resource as the CREATE statement that makes it.
 * https://cloud.google.com/bigquery/docs/reference/rest/v2/routines#resource:-routine
 */
export function routineFrom(fields: Fields): CatalogRoutine {
  const reference = required(object(fields, 'routineReference'), 'routineReference');
  const parts = ['projectId', 'datasetId', 'routineId'].map((id) => required(text(reference, id), id));
  return { name: parts.join('.'), definition: statementOf(fields, parts.map(quoteIdentifier).join('.')) };
}

function statementOf(fields: Fields, name: string): string {
  const type = required(text(fields, 'routineType'), 'routineType');
  const given = `${name}(${objects(fields, 'arguments')
    .map((each) => argumentOf(each, type))
    .join(', ')})`;
  switch (type) {
    case 'SCALAR_FUNCTION':
      return `CREATE FUNCTION ${given}${returns(fields)}${bodyOf(fields)}`;
    case 'AGGREGATE_FUNCTION':
      return `CREATE AGGREGATE FUNCTION ${given}${returns(fields)}${bodyOf(fields)}`;
    case 'TABLE_VALUED_FUNCTION':
      return `CREATE TABLE FUNCTION ${given}${returnsTable(fields)} AS (${body(fields)}\n)`;
    case 'PROCEDURE':
      return `CREATE PROCEDURE ${given}${procedureBody(fields)}`;
    default:
      throw new MalformedAnswer('routineType');
  }
}

const body = (fields: Fields): string => required(text(fields, 'definitionBody'), 'definitionBody');

/** The expression, the source in another language, or the place of a function that is somewhere else. */
function bodyOf(fields: Fields): string {
  const remote = object(fields, 'remoteFunctionOptions');
  if (remote) {
    const connection = required(text(remote, 'connection'), 'connection').split('/').filter(isConnectionPart);
    const endpoint = quoteString(text(remote, 'endpoint') ?? '');
    return ` REMOTE WITH CONNECTION ${connection.map(quoteIdentifier).join('.')} OPTIONS (endpoint = ${endpoint})`;
  }
  const language = (text(fields, 'language') ?? 'SQL').toUpperCase();
  // A comment at the end of the body must not swallow the bracket.
  if (language === 'SQL') return ` AS (${body(fields)}\n)`;
  return ` LANGUAGE ${language.toLowerCase().replaceAll(/[^a-z]/g, '')} AS ${quoteString(body(fields))}`;
}

/** `projects/P/locations/L/connections/C` without the words. */
const isConnectionPart = (_: string, index: number, all: readonly string[]): boolean =>
  all.length !== 6 || index % 2 === 1;

function procedureBody(fields: Fields): string {
  const language = (text(fields, 'language') ?? 'SQL').toUpperCase();
  if (language !== 'SQL')
    return ` LANGUAGE ${language.toLowerCase().replaceAll(/[^a-z]/g, '')} AS ${quoteString(body(fields))}`;
  const statements = body(fields);
  return /^\s*BEGIN\b/i.test(statements) ? ` ${statements}` : ` BEGIN\n${statements}\nEND`;
}

function argumentOf(fields: Fields, routineType: string): string {
  const mode = routineType === 'PROCEDURE' ? `${text(fields, 'mode') ?? 'IN'} ` : '';
  const name = text(fields, 'name');
  const written = name === undefined ? '' : `${quoteIdentifier(name)} `;
  const dataType = object(fields, 'dataType');
  if (text(fields, 'argumentKind') === 'ANY_TYPE' || dataType === undefined)
    return `${mode}${written}ANY TYPE`;
  const aggregate = fields.isAggregate === false ? ' NOT AGGREGATE' : '';
  return `${mode}${written}${typeOf(dataType)}${aggregate}`;
}

function returns(fields: Fields): string {
  const type = object(fields, 'returnType');
  return type === undefined ? '' : ` RETURNS ${typeOf(type)}`;
}

function returnsTable(fields: Fields): string {
  const table = object(fields, 'returnTableType');
  if (table === undefined) return '';
  return ` RETURNS TABLE<${objects(table, 'columns').map(fieldOf).join(', ')}>`;
}

const fieldOf = (field: Fields): string =>
  `${quoteIdentifier(required(text(field, 'name'), 'name'))} ${typeOf(required(object(field, 'type'), 'type'))}`;

/** A StandardSqlDataType in GoogleSQL: https://cloud.google.com/bigquery/docs/reference/rest/v2/StandardSqlDataType */
function typeOf(type: Fields): string {
  const kind = required(text(type, 'typeKind'), 'typeKind');
  switch (kind) {
    case 'ARRAY':
      return `ARRAY<${typeOf(required(object(type, 'arrayElementType'), 'arrayElementType'))}>`;
    case 'STRUCT':
      return `STRUCT<${objects(object(type, 'structType') ?? {}, 'fields')
        .map(fieldOf)
        .join(', ')}>`;
    case 'RANGE':
      return `RANGE<${typeOf(required(object(type, 'rangeElementType'), 'rangeElementType'))}>`;
    default:
      if (!/^[A-Z0-9]{1,20}$/.test(kind)) throw new MalformedAnswer('typeKind');
      return kind;
  }
}
