import type { ResolvedExpression } from '../resolved/index.ts';
import { type ScalarName, type SqlType, sameType, typeText } from '../types.ts';
import { printExpression } from './expression.ts';
import { castFromString, castToFormat, castToString } from './functions/date-cast.ts';
import { isInfallible } from './infallible.ts';
import { letIn } from './let.ts';
import { refuse } from './refusal.ts';
import { duckdbType } from './render.ts';
import type { Scope } from './scope.ts';

type Cast = Extract<ResolvedExpression, { kind: 'ResolvedCast' }>;

/** A cast's text, and whether it may fail for some value. */
type Printed = { readonly text: string; readonly mayFail: boolean };

const sure = (text: string): Printed => ({ text, mayFail: false });
const risky = (text: string): Printed => ({ text, mayFail: true });

export function printCast(e: Cast, scope: Scope): string {
  const from = e.operand.type;
  if (e.sized)
    return refuse(
      `CAST to ${typeText(e.type)} with a length or precision`,
      'it cannot be checked here',
      e.span,
    );
  if (e.format || e.timeZone) return printFormatted(e, scope);
  const operand = printExpression(e.operand, scope);
  if (e.operand.kind === 'Constant' && e.operand.value.kind === 'null')
    return `CAST(NULL AS ${duckdbType(e.type)})`;
  const printed = castText(operand, from, e.type, e.safe, 0);
  if (printed === undefined)
    return refuse(
      `CAST from ${typeText(from)} to ${typeText(e.type)}`,
      'it has no exact translation',
      e.span,
    );
  if (!e.safe || !printed.mayFail) return printed.text;
  if (isInfallible(e.operand)) return `TRY(${printed.text})`;
  const call = /^(sluice_\w+)\((.*)\)$/s.exec(printed.text);
  if (call && call[2] === operand) return `${call[1]}__safe(${call[2]})`;
  return refuse('SAFE_CAST', 'its operand may fail on its own', e.span);
}

/** Texts of bytes by the format's name, both ways; what may fail for some bytes or text says so. */
const BYTES_TO_TEXT: Readonly<Record<string, (x: string) => Printed>> = {
  HEX: (x) => sure(`lower(hex(${x}))`),
  BASE16: (x) => sure(`lower(hex(${x}))`),
  BASE32: (x) => sure(`sluice_to_base32(${x})`),
  BASE64: (x) => sure(`to_base64(${x})`),
  ASCII: (x) => risky(`decode(${asciiOnly(x, `hex(${x})`, 'BLOB')})`),
};
const TEXT_TO_BYTES: Readonly<Record<string, (x: string) => Printed>> = {
  HEX: (x) => risky(`sluice_from_hex(${x})`),
  BASE16: (x) => risky(`sluice_from_hex(${x})`),
  BASE32: (x) => risky(`sluice_from_base32(${x})`),
  BASE64: (x) => risky(`sluice_from_base64(${x})`),
  ASCII: (x) => risky(asciiOnly(`encode(${x})`, `hex(encode(${x}))`, 'BLOB')),
  UTF8: (x) => sure(`encode(${x})`),
  'UTF-8': (x) => sure(`encode(${x})`),
};

const asciiOnly = (x: string, hex: string, type: string): string =>
  `CASE WHEN regexp_full_match(${hex}, '([0-7][0-9A-F])*') THEN ${x} WHEN ${hex} IS NULL THEN NULL ELSE CAST(sluice_fail('A value is not ASCII text') AS ${type}) END`;

/** BYTES as text in a base and back, dates and times by a format. */
function printFormatted(e: Cast, scope: Scope): string {
  const format = e.format?.kind === 'Constant' && e.format.value.kind === 'text' ? e.format.value.value : '';
  const types = `${typeText(e.operand.type)} ${typeText(e.type)}`;
  const formats =
    types === 'BYTES STRING' ? BYTES_TO_TEXT : types === 'STRING BYTES' ? TEXT_TO_BYTES : undefined;
  if (!formats || e.timeZone) return printTimeFormat(e, scope);
  const print = Object.hasOwn(formats, format.toUpperCase()) ? formats[format.toUpperCase()] : undefined;
  if (!print) return refuse('CAST with FORMAT', `the format ${format} has no exact translation`, e.span);
  const printed = print(`(${printExpression(e.operand, scope)})`);
  if (!e.safe || !printed.mayFail) return printed.text;
  if (isInfallible(e.operand)) return `TRY(${printed.text})`;
  return refuse('SAFE_CAST', 'its operand may fail on its own', e.span);
}

/** A text by a format as a date or time. SAFE_CAST is refused, for it would take what is not understood for no value. */
function printParsed(e: Cast, scope: Scope): string | undefined {
  const name = e.type.kind === 'scalar' && typeText(e.operand.type) === 'STRING' ? e.type.name : undefined;
  const ends = PARSED[name ?? ''];
  if (!ends || !e.format || e.timeZone || e.safe) return undefined;
  const [text, format] = [printExpression(e.operand, scope), printExpression(e.format, scope)];
  const century = Math.trunc(new Date(Number(scope.context.nowMicros / 1000n)).getUTCFullYear() / 100);
  return ends(`make_timestamp(sluice_cast_parse(${format}, ${text}, '${name}', CAST(${century} AS BIGINT)))`);
}

const PARSED: Readonly<Record<string, (moment: string) => string>> = {
  DATE: (moment) => `CAST(${moment} AS DATE)`,
  TIME: (moment) => `CAST(${moment} AS TIME)`,
  DATETIME: (moment) => moment,
  TIMESTAMP: (moment) => moment,
};

/** `CAST(x AS STRING FORMAT ...)` of dates and times; other formats have no exact translation. */
function printTimeFormat(e: Cast, scope: Scope): string {
  const toText = e.type.kind === 'scalar' && e.type.name === 'STRING' && e.format;
  const parsed = toText ? undefined : printParsed(e, scope);
  if (parsed !== undefined) return parsed;
  if (!toText) return refuse('CAST with FORMAT', 'it has no exact translation', e.span);
  const zone = e.timeZone && printExpression(e.timeZone, scope);
  const rendered = castToFormat(
    printExpression(e.operand, scope),
    e.operand.type,
    printExpression(toText, scope),
    zone,
  );
  if (typeof rendered !== 'string') return refuse('CAST with FORMAT', rendered.refuse, e.span);
  if (!e.safe) return rendered;
  if (isInfallible(e.operand) && isInfallible(toText)) return `TRY(${rendered})`;
  return refuse('SAFE_CAST', 'its operand may fail on its own', e.span);
}

/** `x`, of type `from`, as `to`; undefined where there is no exact translation. */
function castText(x: string, from: SqlType, to: SqlType, safe: boolean, depth: number): Printed | undefined {
  if (sameType(from, to)) return sure(x);
  if (from.kind === 'array' && to.kind === 'array') {
    const name = `sl_x${depth}`;
    const element = castText(name, from.element, to.element, safe, depth + 1);
    return element && { ...element, text: `list_transform(${x}, lambda ${name}: ${element.text})` };
  }
  if (from.kind === 'struct' && to.kind === 'struct') return castStruct(x, from, to, safe, depth);
  if (from.kind === 'scalar' && to.kind === 'scalar') return castScalar(x, from.name, to.name);
  if (from.kind === 'scalar' && from.name === 'STRING' && to.kind === 'range')
    return accepted(castFromString(x, to), true);
  if (from.kind === 'range' && to.kind === 'scalar' && to.name === 'STRING')
    return accepted(castToString(x, from), false);
  return undefined;
}

function castStruct(
  x: string,
  from: Extract<SqlType, { kind: 'struct' }>,
  to: Extract<SqlType, { kind: 'struct' }>,
  safe: boolean,
  depth: number,
): Printed | undefined {
  if (from.fields.length !== to.fields.length) return undefined;
  let mayFail = false;
  let complete = true;
  const text = letIn(`sl_s${depth}`, x, (s) => {
    const fields = from.fields.map((f, i) => {
      const field = castText(`struct_extract(${s}, 'f${i}')`, f.type, to.fields[i]!.type, safe, depth + 1);
      if (!field) complete = false;
      if (field?.mayFail) mayFail = true;
      return `f${i} := ${field?.text}`;
    });
    return `(CASE WHEN ${s} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END)`;
  });
  return complete ? { text, mayFail } : undefined;
}

function castScalar(x: string, from: ScalarName, to: ScalarName): Printed | undefined {
  switch (`${from} ${to}`) {
    case 'INT64 FLOAT64':
    case 'INT64 BOOL':
    case 'INT64 NUMERIC':
    case 'INT64 STRING':
    case 'BOOL INT64':
    case 'BOOL STRING':
    case 'DATE DATETIME':
    case 'DATE TIMESTAMP':
    case 'DATETIME DATE':
    case 'DATETIME TIME':
    case 'DATETIME TIMESTAMP':
    case 'TIMESTAMP DATE':
    case 'TIMESTAMP DATETIME':
    case 'TIMESTAMP TIME':
      return sure(`CAST(${x} AS ${duckdbType({ kind: 'scalar', name: to })})`);
    case 'INT64 BIGNUMERIC':
      return sure(`CAST(${x} AS VARCHAR)`);
    case 'FLOAT64 INT64':
      return risky(`sluice_double_to_int64(${x})`);
    case 'FLOAT64 NUMERIC':
      return risky(`sluice_double_to_numeric(${x})`);
    case 'FLOAT64 BIGNUMERIC':
      return risky(`sluice_double_to_bignumeric(${x})`);
    case 'FLOAT64 STRING':
      return sure(`sluice_double_to_string(${x})`);
    case 'NUMERIC INT64':
      return risky(`sluice_numeric_to_int64(${x})`);
    case 'NUMERIC FLOAT64':
      return sure(`sluice_numeric_to_double(${x})`);
    case 'NUMERIC STRING':
    case 'NUMERIC BIGNUMERIC':
      return sure(`sluice_numeric_to_string(${x})`);
    case 'BIGNUMERIC INT64':
      return risky(`sluice_bignumeric_to_int64(${x})`);
    case 'BIGNUMERIC FLOAT64':
      return sure(`sluice_bignumeric_to_double(${x})`);
    case 'BIGNUMERIC NUMERIC':
      return risky(`sluice_bignumeric_to_numeric(${x})`);
    case 'BIGNUMERIC STRING':
      return sure(x);
    case 'STRING INT64':
      return risky(`sluice_string_to_int64(${x})`);
    case 'STRING FLOAT64':
      return risky(`sluice_string_to_double(${x})`);
    case 'STRING NUMERIC':
      return risky(`sluice_string_to_numeric(${x})`);
    case 'STRING BIGNUMERIC':
      return risky(`sluice_string_to_bignumeric(${x})`);
    case 'STRING BOOL':
      return risky(`sluice_string_to_bool(${x})`);
    case 'STRING BYTES':
      return sure(`encode(${x})`);
    case 'BYTES STRING':
      return risky(`decode(${x})`);
    case 'STRING DATE':
    case 'STRING DATETIME':
    case 'STRING TIME':
    case 'STRING TIMESTAMP':
    case 'STRING INTERVAL':
      return accepted(castFromString(x, { kind: 'scalar', name: to }), true);
    case 'DATE STRING':
    case 'DATETIME STRING':
    case 'TIME STRING':
    case 'TIMESTAMP STRING':
    case 'INTERVAL STRING':
      return accepted(castToString(x, { kind: 'scalar', name: from }), false);
    default: // a pair of names, not a union: what is not listed is refused
      return undefined;
  }
}

const accepted = (rendered: string | { refuse: string }, mayFail: boolean): Printed | undefined =>
  typeof rendered === 'string' ? { text: rendered, mayFail } : undefined;
