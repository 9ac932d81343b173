import type { TypeCode } from '../functions/encode.ts';
import { UdfError } from '../udf.ts';
import { doubleText } from './numbers.ts';

/** A value as `encodeValue` writes it. */
export type Value = null | string | readonly Value[];

const inner = (type: TypeCode, index: number): TypeCode =>
  typeof type === 'string' ? type : ((type[0] === 'ARRAY' ? type[1] : type[index + 1]) ?? '');

/** A double with a point or an exponent, so that it cannot be taken for an integer. */
function doubleLiteral(text: string): string {
  if (/nan|inf/.test(text))
    throw new UdfError('FORMAT does not support %t and %T of a FLOAT64 that is not finite');
  const shown = doubleText(Number(text));
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}

/** NUMERIC without the zeros that its scale adds. */
const decimal = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

const NAMED = new Set(['DATE', 'DATETIME', 'TIME', 'TIMESTAMP']);

/** Bytes as GoogleSQL escapes them, between no quotes. */
function escapeBytes(hex: string, quote: string): string {
  return hex.replace(/../g, (pair) => {
    const byte = Number.parseInt(pair, 16);
    const c = String.fromCharCode(byte);
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    if (c === '\t') return '\\t';
    if (c === '\\' || (quote !== '' && c === quote)) return `\\${c}`;
    if (quote === '' && (c === '"' || c === "'"))
      throw new UdfError('FORMAT does not support %t of BYTES with quotes');
    return byte >= 0x20 && byte < 0x7f ? c : `\\x${pair.toLowerCase()}`;
  });
}

/** `%t` */
export function plainText(value: Value, type: TypeCode): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') {
    const parts = value.map((v, i) => plainText(v, inner(type, i))).join(', ');
    return Array.isArray(type) && type[0] === 'ARRAY' ? `[${parts}]` : `(${parts})`;
  }
  switch (type) {
    case 'FLOAT64':
      return doubleLiteral(value);
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return decimal(value);
    case 'BYTES':
      return escapeBytes(value, '');
    case 'JSON':
      throw new UdfError('FORMAT does not support %t of JSON');
    default:
      return value;
  }
}

/** A STRING literal: in double quotes, or in single ones if that spares escapes. */
function stringLiteral(text: string): string {
  if (/[^\x20-\x7e\n\r\t\u00a0-\uffff]/.test(text)) {
    throw new UdfError('FORMAT does not support %T of a STRING with unprintable characters');
  }
  const quote = text.includes('"') && !text.includes("'") ? "'" : '"';
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
  const shown = text.replace(/[\n\r\t\\"']/g, (c) => escapes[c] ?? (c === quote ? `\\${c}` : c));
  return quote + shown + quote;
}

function bytesLiteral(hex: string): string {
  const quote = /^(?:..)*22/.test(hex) && !/^(?:..)*27/.test(hex) ? "'" : '"';
  return `b${quote}${escapeBytes(hex, quote)}${quote}`;
}

/** `%T`: a literal of the value. */
export function literalText(value: Value, type: TypeCode): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') {
    const parts = value.map((v, i) => literalText(v, inner(type, i))).join(', ');
    if (Array.isArray(type) && type[0] === 'ARRAY') return `[${parts}]`;
    return value.length > 1 ? `(${parts})` : `STRUCT(${parts})`;
  }
  if (typeof type !== 'string') return value;
  if (NAMED.has(type)) return `${type} "${value}"`;
  switch (type) {
    case 'FLOAT64':
      return doubleLiteral(value);
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return `${type} "${decimal(value)}"`;
    case 'STRING':
      return stringLiteral(value);
    case 'BYTES':
      return bytesLiteral(value);
    case 'INTERVAL':
      return `INTERVAL "${value}" YEAR TO SECOND`;
    case 'JSON':
      throw new UdfError('FORMAT does not support %T of JSON');
    default:
      return value;
  }
}
