import { invalid } from './errors.ts';
import type { ParameterType, ParameterValue } from './wire.ts';

/** A parameter's type as GoogleSQL writes it. */
export function parameterTypeText(type: ParameterType): string {
  const name = (type.type ?? '').toUpperCase();
  switch (name) {
    case 'ARRAY':
      return `ARRAY<${parameterTypeText(type.arrayType ?? {})}>`;
    case 'STRUCT':
    case 'RECORD':
      return `STRUCT<${(type.structTypes ?? [])
        .map((field) => `${field.name ? `\`${field.name}\` ` : ''}${parameterTypeText(field.type)}`)
        .join(', ')}>`;
    case 'RANGE':
      return `RANGE<${parameterTypeText(type.rangeElementType ?? {})}>`;
    case 'INTEGER':
      return 'INT64';
    case 'FLOAT':
      return 'FLOAT64';
    case 'BOOLEAN':
      return 'BOOL';
    case '':
      throw invalid('A query parameter has no type', 'queryParameters');
    default:
      if (!/^[A-Z0-9]+$/.test(name)) throw invalid(`Invalid query parameter type ${name}`, 'queryParameters');
      return name;
  }
}

/** A string literal of GoogleSQL that says exactly this text, in ASCII without a quote that could end it. */
export function stringLiteral(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const plain = code >= 32 && code < 127 && !'\'"`\\'.includes(character);
    if (plain) out += character;
    else if (code <= 0xffff) out += `\\u${code.toString(16).padStart(4, '0')}`;
    else out += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `'${out}'`;
}

function bytesLiteral(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  return `b'${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`;
}

/** The value of a parameter as an expression of exactly its type. */
export function literal(type: ParameterType, value: ParameterValue | undefined): string {
  const text = parameterTypeText(type);
  if (text.startsWith('ARRAY<')) return arrayLiteral(type, text, value);
  if (text.startsWith('STRUCT<')) return structLiteral(type, text, value);
  if (text.startsWith('RANGE<')) return rangeLiteral(type, text, value);
  const given = value?.value;
  if (given === undefined || given === null) return `CAST(NULL AS ${text})`;
  return scalarLiteral(text, String(given));
}

function arrayLiteral(type: ParameterType, text: string, value: ParameterValue | undefined): string {
  const element = type.arrayType ?? {};
  const values = value?.arrayValues ?? [];
  return `${text}[${values.map((v) => literal(element, v)).join(', ')}]`;
}

function structLiteral(type: ParameterType, text: string, value: ParameterValue | undefined): string {
  const values = value?.structValues;
  if (values === undefined) return `CAST(NULL AS ${text})`;
  const fields = type.structTypes ?? [];
  return `${text}(${fields.map((f) => literal(f.type, values[f.name ?? '']))})`;
}

function rangeLiteral(type: ParameterType, text: string, value: ParameterValue | undefined): string {
  const range = value?.rangeValue;
  if (range === undefined) return `CAST(NULL AS ${text})`;
  const end = (at: ParameterValue | undefined) => literal(type.rangeElementType ?? {}, at);
  return `RANGE(${end(range.start)}, ${end(range.end)})`;
}

function bad(type: string, text: string): never {
  throw invalid(
    `Invalid value for query parameter: Could not parse '${text}' as ${type}.`,
    'queryParameters',
  );
}

function scalarLiteral(type: string, text: string): string {
  switch (type) {
    case 'STRING':
      return stringLiteral(text);
    case 'INT64':
      if (!/^[-+]?\d+$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) bad(type, text);
      return `CAST(${stringLiteral(text)} AS INT64)`;
    case 'FLOAT64':
      return floatLiteral(text);
    case 'BOOL':
      if (!/^(true|false)$/i.test(text)) bad(type, text);
      return text.toUpperCase();
    case 'BYTES':
      return bytesLiteral(text);
    case 'JSON':
      return `PARSE_JSON(${stringLiteral(text)})`;
    case 'GEOGRAPHY':
      return `ST_GEOGFROMTEXT(${stringLiteral(text)})`;
    case 'NUMERIC':
    case 'BIGNUMERIC':
      if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) bad(type, text);
      return `${type} '${text}'`;
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
    case 'TIMESTAMP':
      return `${type} ${stringLiteral(text)}`;
    default:
      return `CAST(${stringLiteral(text)} AS ${type})`;
  }
}

function floatLiteral(text: string): string {
  if (/^[-+]?nan$/i.test(text)) return 'IEEE_DIVIDE(0.0, 0.0)';
  const infinite = /^([-+]?)inf(inity)?$/i.exec(text);
  if (infinite) return `IEEE_DIVIDE(${infinite[1] === '-' ? '-1.0' : '1.0'}, 0.0)`;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) bad('FLOAT64', text);
  return `CAST(${stringLiteral(text)} AS FLOAT64)`;
}
