import type { Refusal } from '../errors.ts';
import type { ConstantValue, ResolvedExpression } from '../sql/resolved/index.ts';
import { arrayOf, type ScalarName, type SqlType, STRING, scalarType, typeText } from '../sql/types.ts';
import { parseInterval } from '../sql/values/interval.ts';
import {
  parseBignumeric,
  parseDate,
  parseDatetime,
  parseJson,
  parseNumeric,
  parseRange,
  parseTime,
  parseTimestamp,
} from '../sql/values/literal.ts';
import type { ParameterType, ParameterValue, QueryParameter } from './request.ts';

/** Parameters as the resolver and the printer take them. Positions count from 1 in the values' keys. */
export type Parameters = {
  readonly declared: {
    readonly named: Readonly<Record<string, SqlType>>;
    readonly positional: readonly SqlType[];
  };
  readonly values: ReadonlyMap<string, ResolvedExpression>;
};

class BadParameter extends Error {}

/** Values become typed constants of the resolved tree: none is ever put into SQL text as it came. */
export function readParameters(
  parameters: readonly QueryParameter[],
  secrets: Readonly<Record<string, string>>,
): { readonly ok: true; readonly value: Parameters } | { readonly ok: false; readonly error: Refusal } {
  const named: Record<string, SqlType> = {};
  const positional: SqlType[] = [];
  const values = new Map<string, ResolvedExpression>();
  try {
    for (const [index, parameter] of parameters.entries()) {
      const key = parameter.name === undefined ? String(positional.length + 1) : parameter.name.toLowerCase();
      if (values.has(key)) throw new BadParameter(`Duplicate parameter name "${parameter.name}"`);
      const where =
        parameter.name === undefined ? `query parameter ${index + 1}` : `query parameter "${parameter.name}"`;
      const type = typeOf(parameter.type, where);
      if (parameter.name === undefined) positional.push(type);
      else named[key] = type;
      values.set(key, constantOf(parameter.value, type, where));
    }
    for (const [name, secret] of Object.entries(secrets)) {
      named[name.toLowerCase()] = STRING;
      values.set(name.toLowerCase(), constant(STRING, { kind: 'text', value: secret }));
    }
  } catch (cause) {
    if (!(cause instanceof BadParameter)) throw cause;
    return { ok: false, error: { code: 'invalid_query', message: cause.message, location: 'parameters' } };
  }
  return { ok: true, value: { declared: { named, positional }, values } };
}

function typeOf(type: ParameterType, where: string): SqlType {
  const name = type.type.toUpperCase();
  if (name === 'ARRAY') {
    const element = type.arrayType && typeOf(type.arrayType, where);
    if (!element || element.kind === 'array')
      throw new BadParameter(`The array type of ${where} is not valid`);
    return arrayOf(element);
  }
  if (name === 'STRUCT' || name === 'RECORD')
    return {
      kind: 'struct',
      fields: (type.structTypes ?? []).map((f) => ({
        ...(f.name ? { name: f.name } : {}),
        type: typeOf(f.type, where),
      })),
    };
  if (name === 'RANGE') {
    const element = type.rangeElementType?.type.toUpperCase();
    if (element !== 'DATE' && element !== 'DATETIME' && element !== 'TIMESTAMP')
      throw new BadParameter(`The range type of ${where} is not valid`);
    return { kind: 'range', element };
  }
  const scalar = scalarType(name);
  if (scalar === undefined)
    throw new BadParameter(`The type ${type.type} of ${where} is not a BigQuery type`);
  return scalar;
}

/** A parameter's value stands nowhere in the text. */
const nowhere = { start: 0, end: 0 };

const constant = (type: SqlType, value: ConstantValue): ResolvedExpression => ({
  kind: 'Constant',
  type,
  span: nowhere,
  value,
});

function constantOf(value: ParameterValue, type: SqlType, where: string): ResolvedExpression {
  switch (type.kind) {
    case 'array':
      if (value.arrayValues === undefined && value.value === null) return constant(type, { kind: 'null' });
      return {
        kind: 'Call',
        type,
        span: nowhere,
        name: '$array',
        safe: false,
        arguments: (value.arrayValues ?? []).map((item) => constantOf(item, type.element, where)),
      };
    case 'struct':
      return structValue(value, type, where);
    case 'range':
      return rangeValue(value, type.element, where);
    case 'scalar': {
      if (value.value === undefined || value.value === null) return constant(type, { kind: 'null' });
      const read = scalarValue(value.value, type.name);
      if (read === undefined)
        throw new BadParameter(`The value of ${where} is not a valid ${typeText(type)}`);
      return constant(type, read);
    }
  }
}

function structValue(
  value: ParameterValue,
  type: Extract<SqlType, { kind: 'struct' }>,
  where: string,
): ResolvedExpression {
  const given = value.structValues;
  if (given === undefined) return constant(type, { kind: 'null' });
  const fields = type.fields.map((f, i) =>
    constantOf(given[f.name ?? `_${i}`] ?? { value: null }, f.type, where),
  );
  const unknown = Object.keys(given).find(
    (name, i) => !type.fields.some((f) => f.name === name) && name !== `_${i}`,
  );
  if (unknown !== undefined) throw new BadParameter(`${where} has no field "${unknown}" in its type`);
  return { kind: 'MakeStruct', type, span: nowhere, fields };
}

function rangeValue(
  value: ParameterValue,
  element: 'DATE' | 'DATETIME' | 'TIMESTAMP',
  where: string,
): ResolvedExpression {
  const type: SqlType = { kind: 'range', element };
  const end = (side: ParameterValue | undefined): string => side?.value ?? 'UNBOUNDED';
  const written = value.rangeValue
    ? `[${end(value.rangeValue.start)}, ${end(value.rangeValue.end)})`
    : (value.value ?? undefined);
  if (written === undefined) return constant(type, { kind: 'null' });
  const range = parseRange(written, element);
  if (range === undefined) throw new BadParameter(`The value of ${where} is not a valid RANGE<${element}>`);
  return constant(type, { kind: 'text', value: range });
}

const text = (value: string | undefined): ConstantValue | undefined =>
  value === undefined ? undefined : { kind: 'text', value };

const floats: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
};

function floatValue(value: string): ConstantValue | undefined {
  const named = floats[value.toLowerCase()];
  if (named !== undefined) return { kind: 'float64', value: named };
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? { kind: 'float64', value: Number(value) }
    : undefined;
}

function intValue(value: string): ConstantValue | undefined {
  if (!/^[+-]?\d{1,19}$/.test(value)) return undefined;
  const integer = BigInt(value.replace('+', ''));
  return BigInt.asIntN(64, integer) === integer ? { kind: 'int64', value: integer } : undefined;
}

function scalarValue(value: string, type: ScalarName): ConstantValue | undefined {
  switch (type) {
    case 'INT64':
      return intValue(value);
    case 'FLOAT64':
      return floatValue(value);
    case 'BOOL':
      return /^(true|false)$/i.test(value)
        ? { kind: 'bool', value: value.toLowerCase() === 'true' }
        : undefined;
    case 'NUMERIC':
      return text(parseNumeric(value));
    case 'BIGNUMERIC':
      return text(parseBignumeric(value));
    case 'BYTES':
      return /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
        ? { kind: 'bytes', value: Buffer.from(value, 'base64') }
        : undefined;
    case 'DATE':
      return text(parseDate(value));
    case 'DATETIME':
      return text(parseDatetime(value));
    case 'TIME':
      return text(parseTime(value));
    case 'TIMESTAMP':
      return text(parseTimestamp(value.replace(/ UTC$/, 'Z')));
    case 'INTERVAL':
      return parseInterval(value).ok ? { kind: 'text', value } : undefined;
    case 'JSON':
      return text(parseJson(value));
    case 'STRING':
    case 'GEOGRAPHY':
    case 'UUID':
      return { kind: 'text', value };
  }
}
