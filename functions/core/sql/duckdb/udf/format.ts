import type { TypeCode } from '../functions/encode.ts';
import { type Udf, UdfError } from '../udf.ts';
import {
  type Directive,
  formatDouble,
  formatInteger,
  formatNumeric,
  formatText,
  type Pieces,
} from './format-number.ts';
import { literalText, plainText, type Value } from './format-value.ts';
import { remembered, strict } from './make.ts';

const SPECIFIER = /%([-+ #'0]*)(\*|[0-9]*)(?:\.(\*|[0-9]*))?([\s\S])/y;

/** Texts between directives, and directives; every text but the last is followed by one. */
function parse(pattern: string): readonly (string | Directive)[] {
  const parts: (string | Directive)[] = [];
  for (let at = 0; at < pattern.length; ) {
    const next = pattern.indexOf('%', at);
    if (next !== at) {
      parts.push(pattern.slice(at, next < 0 ? undefined : next));
      if (next < 0) break;
      at = next;
    }
    SPECIFIER.lastIndex = at;
    const m = SPECIFIER.exec(pattern);
    if (!m) throw new UdfError(`Invalid FORMAT string: "${pattern}"`);
    at += m[0].length;
    const [, flags = '', width = '', precision, specifier = ''] = m;
    if (specifier === '%') {
      if (m[0] !== '%%') throw new UdfError(`Invalid FORMAT string: "${pattern}"`);
      parts.push('%');
    } else parts.push({ flags, width, precision, specifier });
  }
  return parts;
}

const parsed = remembered(parse);
const typesOf = remembered((text: string) => JSON.parse(text) as readonly TypeCode[]);

class Arguments {
  private next = 0;
  private readonly types: readonly TypeCode[];
  private readonly values: readonly Value[];
  private readonly pattern: string;
  constructor(types: readonly TypeCode[], values: readonly Value[], pattern: string) {
    this.types = types;
    this.values = values;
    this.pattern = pattern;
  }
  take(): { readonly type: TypeCode; readonly value: Value; readonly place: number } {
    const type = this.types[this.next];
    if (type === undefined) throw new UdfError(`Too few arguments to FORMAT for pattern "${this.pattern}"`);
    const value = this.values[this.next++] ?? null;
    return { type, value, place: this.next + 1 };
  }
  /** A `*`: undefined where the argument is NULL. */
  takeSize(): number | undefined {
    const { type, value, place } = this.take();
    if (type !== 'INT64')
      throw new UdfError(`Invalid type for argument ${place} to FORMAT; Expected integer`);
    return typeof value === 'string' ? Number(value) : undefined;
  }
  finish(): void {
    if (this.next < this.types.length) {
      throw new UdfError(`Too many arguments to FORMAT for pattern "${this.pattern}"`);
    }
  }
}

const MOST = 1 << 20;

/** Width and precision, stars taken; null if a star is NULL. */
function sizes(directive: Directive, args: Arguments): Pieces | null {
  const size = (text: string | undefined): number | undefined =>
    text === '*' ? args.takeSize() : Number(text || 0);
  const width = size(directive.width);
  const precision = directive.precision === undefined ? -1 : size(directive.precision);
  if (width === undefined || precision === undefined) return null;
  if (Math.abs(width) > MOST)
    throw new UdfError(`Output string too long while evaluating FORMAT; limit ${MOST}`);
  if (directive.precision !== undefined && precision < 0) {
    throw new UdfError('A negative precision is not supported in FORMAT');
  }
  const flags = width < 0 ? `${directive.flags}-` : directive.flags;
  return { flags, width: Math.abs(width), precision, specifier: directive.specifier };
}

/** One directive's text; null makes the whole result NULL. */
function write(directive: Directive, args: Arguments): string | null {
  const pieces = sizes(directive, args);
  const { type, value, place } = args.take();
  const expect = (wanted: string, fits: boolean): void => {
    const got = typeof type === 'string' ? type : String(type[0]);
    if (!fits)
      throw new UdfError(`Invalid type for argument ${place} to FORMAT; Expected ${wanted}; Got ${got}`);
  };
  const s = directive.specifier;
  if (s === 't' || s === 'T') {
    const text = value === null ? 'NULL' : s === 't' ? plainText(value, type) : literalText(value, type);
    return pieces && formatText(text, pieces);
  }
  if ('dioxX'.includes(s)) expect('integer', type === 'INT64');
  else if (s === 'u') expect('UINT', false);
  else if ('fFeEgG'.includes(s))
    expect('FLOAT64', type === 'FLOAT64' || type === 'NUMERIC' || type === 'BIGNUMERIC');
  else if (s === 's') expect('STRING', type === 'STRING');
  else if (s === 'p' || s === 'P') throw new UdfError(`FORMAT("%${s}") is not supported`);
  else throw new UdfError(`Invalid format specifier character "${s}" in FORMAT string`);
  if (pieces === null || value === null || typeof value !== 'string') return null;
  if (s === 's') return formatText(value.split('\0')[0] ?? '', pieces);
  if (type === 'INT64') return formatInteger(BigInt(value), pieces);
  return type === 'FLOAT64' ? formatDouble(value, pieces) : formatNumeric(value, pieces);
}

function format(pattern: string, types: string, values: string): string | null {
  const args = new Arguments(typesOf(types), JSON.parse(values) as readonly Value[], pattern);
  let out: string | null = '';
  for (const part of parsed(pattern)) {
    const text = typeof part === 'string' ? part : write(part, args);
    out = out === null || text === null ? null : out + text;
  }
  args.finish();
  if (out !== null && out.length > MOST) {
    throw new UdfError(`Output string too long while evaluating FORMAT; limit ${MOST}`);
  }
  return out;
}

/** FORMAT: pattern, types and values as `encodeValue` writes them. */
export const formatUdfs: readonly Udf[] = [
  strict('format', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', format),
];
