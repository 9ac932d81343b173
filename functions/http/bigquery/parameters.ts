import type { ParameterType, ParameterValue, QueryParameter } from '../../core/query/request.ts';
import type { JsonInput } from '../json-text.ts';
import { Fields, type Problems } from './fields.ts';
import { checkText, scalarType } from './parameter-text.ts';

const maximumParameters = 10_000;
const maximumDepth = 15;
const nameShape = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** Sluice's own parameters (masking key) begin like this. */
const reserved = 'sluice_';

/**
 * The query parameters of a request, checked against BigQuery's types and limits. Every refusal names the parameter.
 * https://cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter
 */
export function readParameters(fields: Fields): readonly QueryParameter[] {
  const { problems } = fields;
  const items = fields.list('queryParameters') ?? [];
  if (items.length > maximumParameters) {
    problems.add(`A query has at most ${maximumParameters} parameters.`, fields.nameOf('queryParameters'));
    return [];
  }
  const parameters = items.flatMap((item, at) => readParameter(item, at, problems));
  checkMode(fields, parameters);
  checkNames(parameters, problems);
  return parameters;
}

function readParameter(item: JsonInput, at: number, problems: Problems): readonly QueryParameter[] {
  const place = `queryParameters[${at}]`;
  if (!(item instanceof Map)) return fail(problems, place, 'it is not an object');
  const fields = new Fields(item, place, problems);
  fields.only(['name', 'parameterType', 'parameterValue']);
  const name = fields.text('name') ?? '';
  const shown = name === '' ? place : `${place} (${name.slice(0, 128)})`;
  if (name !== '' && !nameShape.test(name)) {
    return fail(problems, shown, 'its name may have letters, digits and underscores only');
  }
  if (name.toLowerCase().startsWith(reserved))
    return fail(problems, shown, `names that begin with ${reserved} are taken`);
  const type = readType(fields.get('parameterType'), shown, problems, 0);
  if (type === undefined) return [];
  const value = readValue(type, fields.get('parameterValue'), shown, problems);
  return value === undefined ? [] : [{ ...(name === '' ? {} : { name }), type, value }];
}

const fail = (problems: Problems, place: string, why: string): [] => {
  problems.add(`Invalid query parameter ${place}: ${why}.`, place.split(' ', 1)[0] ?? place);
  return [];
};

function readType(
  input: JsonInput | undefined,
  place: string,
  problems: Problems,
  depth: number,
): ParameterType | undefined {
  const bad = (why: string): undefined => {
    fail(problems, place, why);
  };
  if (!(input instanceof Map)) return bad('it has no parameterType');
  if (depth > maximumDepth) return bad(`its type is nested deeper than ${maximumDepth}`);
  const fields = new Fields(input, `${place}.parameterType`, problems);
  fields.only(['type', 'arrayType', 'structTypes', 'rangeElementType']);
  const written = fields.text('type') ?? '';
  switch (written.toUpperCase()) {
    case 'ARRAY': {
      const arrayType = readType(fields.get('arrayType'), place, problems, depth + 1);
      if (arrayType?.type === 'ARRAY') return bad('an ARRAY cannot hold ARRAYs; wrap them in a STRUCT');
      return arrayType && { type: 'ARRAY', arrayType };
    }
    case 'STRUCT':
      return readStructType(fields, place, problems, depth);
    case 'RANGE': {
      const rangeElementType = readType(fields.get('rangeElementType'), place, problems, depth + 1);
      if (rangeElementType === undefined) return undefined;
      if (!['DATE', 'DATETIME', 'TIMESTAMP'].includes(rangeElementType.type)) {
        return bad('a RANGE is of DATE, DATETIME or TIMESTAMP');
      }
      return { type: 'RANGE', rangeElementType };
    }
    default: {
      const type = scalarType(written);
      return type === undefined ? bad(`its type "${written.slice(0, 60)}" is not known`) : { type };
    }
  }
}

function readStructType(
  fields: Fields,
  place: string,
  problems: Problems,
  depth: number,
): ParameterType | undefined {
  const structTypes: { readonly name?: string; readonly type: ParameterType }[] = [];
  for (const [at, item] of (fields.list('structTypes') ?? []).entries()) {
    if (!(item instanceof Map)) {
      fail(problems, place, `structTypes[${at}] is not an object`);
      return undefined;
    }
    const field = new Fields(item, `${fields.path}.structTypes[${at}]`, problems);
    field.only(['name', 'type', 'description']);
    const type = readType(field.get('type'), place, problems, depth + 1);
    if (type === undefined) return undefined;
    const name = field.text('name') ?? '';
    structTypes.push({ ...(name === '' ? {} : { name }), type });
  }
  return { type: 'STRUCT', structTypes };
}

function readValue(
  type: ParameterType,
  input: JsonInput | undefined,
  place: string,
  problems: Problems,
): ParameterValue | undefined {
  if (input === undefined || input === null) return { value: null };
  if (!(input instanceof Map)) {
    fail(problems, place, 'its parameterValue is not an object');
    return undefined;
  }
  const fields = new Fields(input, `${place}.parameterValue`, problems);
  fields.only(['value', 'arrayValues', 'structValues', 'rangeValue']);
  const wanted = { ARRAY: 'arrayValues', STRUCT: 'structValues', RANGE: 'rangeValue' }[type.type] ?? 'value';
  const given = ['value', 'arrayValues', 'structValues', 'rangeValue'].filter(
    (name) => fields.get(name) !== undefined,
  );
  if (given.length === 0) return { value: null };
  // An empty list beside the value says nothing: some clients always send one.
  const extra = given.find((name) => name !== wanted && !isEmpty(fields.get(name)));
  if (extra !== undefined) {
    fail(problems, place, `a ${type.type} has ${wanted}, not ${extra}`);
    return undefined;
  }
  switch (type.type) {
    case 'ARRAY':
      return readArray(type, fields, place, problems);
    case 'STRUCT':
      return readStruct(type, fields, place, problems);
    case 'RANGE':
      return readRange(type, fields, place, problems);
    default:
      return readScalar(type, fields.get('value'), place, problems);
  }
}

const isEmpty = (value: JsonInput | undefined): boolean =>
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Map && value.size === 0);

function readScalar(
  type: ParameterType,
  input: JsonInput | undefined,
  place: string,
  problems: Problems,
): ParameterValue | undefined {
  if (input === undefined || input === null) return { value: null };
  const text = scalarText(input);
  const scalar = scalarType(type.type);
  const wrong =
    text === undefined || scalar === undefined
      ? `a ${type.type} is a string, a number or a boolean`
      : checkText(scalar, text);
  if (wrong === undefined && text !== undefined) return { value: text };
  fail(problems, place, wrong ?? 'its value is not text');
  return undefined;
}

/** A JSON string, number or boolean as text; a number keeps the digits it was written with. */
function scalarText(input: JsonInput): string | undefined {
  if (typeof input === 'string') return input;
  if (typeof input === 'boolean') return String(input);
  return input !== null && 'number' in input ? input.number : undefined;
}

function readArray(
  type: ParameterType,
  fields: Fields,
  place: string,
  problems: Problems,
): ParameterValue | undefined {
  const { arrayType } = type;
  if (arrayType === undefined) return undefined;
  const items = fields.list('arrayValues') ?? [];
  const arrayValues: ParameterValue[] = [];
  for (const [at, item] of items.entries()) {
    const value = readValue(arrayType, item, `${place}[${at}]`, problems);
    if (value === undefined) return undefined;
    arrayValues.push(value);
  }
  return { arrayValues };
}

function readStruct(
  type: ParameterType,
  fields: Fields,
  place: string,
  problems: Problems,
): ParameterValue | undefined {
  const values = fields.object('structValues');
  const declared = type.structTypes ?? [];
  const names = declared.map(({ name }) => name ?? '');
  values?.only(names);
  // A null-prototype object: a field may have any name.
  const structValues: Record<string, ParameterValue> = Object.create(null);
  for (const field of declared) {
    const name = field.name ?? '';
    if (name === '' || Object.hasOwn(structValues, name)) {
      fail(problems, place, 'the fields of a STRUCT need names, each once');
      return undefined;
    }
    const value = readValue(field.type, values?.get(name), `${place}.${name}`, problems);
    if (value === undefined) return undefined;
    structValues[name] = value;
  }
  return { structValues: { ...structValues } };
}

function readRange(
  type: ParameterType,
  fields: Fields,
  place: string,
  problems: Problems,
): ParameterValue | undefined {
  const { rangeElementType } = type;
  const range = fields.object('rangeValue');
  if (range === undefined || rangeElementType === undefined) return undefined;
  range.only(['start', 'end']);
  const start = readValue(rangeElementType, range.get('start'), `${place}.start`, problems);
  const end = readValue(rangeElementType, range.get('end'), `${place}.end`, problems);
  return start && end && { rangeValue: { start, end } };
}

function checkMode(fields: Fields, parameters: readonly QueryParameter[]): void {
  const mode = fields.text('parameterMode')?.toUpperCase();
  const place = fields.nameOf('parameterMode');
  const named = parameters.filter(({ name }) => name !== undefined).length;
  if (mode !== undefined && !['NAMED', 'POSITIONAL', ''].includes(mode)) {
    fields.problems.add('parameterMode is NAMED or POSITIONAL.', place);
  } else if (named > 0 && (named < parameters.length || mode === 'POSITIONAL')) {
    fields.problems.add(
      'Query parameters are either all named or all positional, as parameterMode says.',
      place,
    );
  } else if (named < parameters.length && mode === 'NAMED') {
    fields.problems.add('parameterMode is NAMED, but a query parameter has no name.', place);
  }
}

function checkNames(parameters: readonly QueryParameter[], problems: Problems): void {
  const seen = new Set<string>();
  for (const [at, { name }] of parameters.entries()) {
    const key = name?.toLowerCase();
    if (key !== undefined && seen.has(key))
      fail(problems, `queryParameters[${at}] (${name})`, 'its name comes twice');
    if (key !== undefined) seen.add(key);
  }
}
