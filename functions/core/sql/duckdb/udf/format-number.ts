import { UdfError } from '../udf.ts';
import { characters } from './text.ts';

/** `%-+10.3f` as written; `*` stands for an argument. */
export type Directive = {
  readonly flags: string;
  readonly width: string;
  readonly precision: string | undefined;
  readonly specifier: string;
};

/** A directive with its sizes; precision -1: none given. */
export type Pieces = {
  readonly flags: string;
  readonly width: number;
  readonly precision: number;
  readonly specifier: string;
};

const unsupported = (what: string): never => {
  throw new UdfError(`FORMAT does not support ${what}`);
};

/** A text cut to `precision` characters and padded with spaces. */
export function formatText(text: string, { flags, width, precision }: Pieces): string {
  const all = characters(text);
  const kept = precision >= 0 ? all.slice(0, precision) : all;
  const padding = ' '.repeat(Math.max(0, width - kept.length));
  const shown = kept.join('');
  return flags.includes('-') ? shown + padding : padding + shown;
}

/** Sign, prefix, digits brought to the width: `0` pads behind sign and prefix. */
function padded(sign: string, digits: string, { flags, width }: Pieces, zeros: boolean): string {
  const missing = Math.max(0, width - sign.length - digits.length);
  if (flags.includes('-')) return sign + digits + ' '.repeat(missing);
  return zeros && flags.includes('0')
    ? sign + '0'.repeat(missing) + digits
    : ' '.repeat(missing) + sign + digits;
}

const signOf = (negative: boolean, flags: string): string =>
  negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';

const grouped = (digits: string, size: number, separator: string): string =>
  digits.replace(new RegExp(`(?<=[0-9a-fA-F])(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator);

/** `%d %i %o %x %X`: negative numbers have a sign in every base. */
export function formatInteger(value: bigint, pieces: Pieces): string {
  const { flags, precision, specifier } = pieces;
  const base = specifier === 'o' ? 8 : specifier === 'd' || specifier === 'i' ? 10 : 16;
  const magnitude = (value < 0n ? -value : value).toString(base);
  let digits = specifier === 'X' ? magnitude.toUpperCase() : magnitude;
  if (precision === 0) unsupported('a precision of 0 for integers');
  if (flags.includes("'")) {
    if (precision > 0 || (flags.includes('0') && pieces.width > 0))
      unsupported('grouping with leading zeros');
    digits = grouped(digits, base === 10 ? 3 : 4, base === 16 ? ':' : ',');
  }
  let prefix = '';
  if (flags.includes('#') && base !== 10) {
    if (value === 0n || precision >= 0) unsupported("the flag '#' with zero or a precision");
    prefix = base === 8 ? '0' : `0${specifier}`;
  }
  if (precision > 0 && flags.includes('0')) unsupported("the flag '0' with a precision for integers");
  return padded(signOf(value < 0n, flags) + prefix, digits.padStart(precision, '0'), pieces, true);
}

type Fraction = { readonly numerator: bigint; readonly denominator: bigint; readonly even: boolean };

/** A double is a whole number over a power of two: nothing is lost. */
function exactFraction(magnitude: number): Fraction {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
  const power = BigInt(Math.max(exponent, 1) - 1075);
  return power >= 0n
    ? { numerator: mantissa << power, denominator: 1n, even: true }
    : { numerator: mantissa, denominator: 1n << -power, even: true };
}

/** The value times 10^digits as a whole number: halves go to even for doubles, away from zero for decimals. */
function scaled({ numerator, denominator, even }: Fraction, digits: number): bigint {
  const top = digits >= 0 ? numerator * 10n ** BigInt(digits) : numerator;
  const bottom = digits >= 0 ? denominator : denominator * 10n ** BigInt(-digits);
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  if (twice > bottom || (twice === bottom && (!even || quotient % 2n === 1n))) return quotient + 1n;
  return quotient;
}

function fixed(value: Fraction, precision: number, alternate: boolean): string {
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  return precision > 0 ? `${whole}.${digits.slice(-precision)}` : whole + (alternate ? '.' : '');
}

/** The decimal exponent that the value has once it is rounded to `precision` digits after the first. */
function exponentOf(value: Fraction, precision: number): number {
  if (value.numerator === 0n) return 0;
  let exponent = value.numerator.toString().length - value.denominator.toString().length;
  while (scaled(value, precision - exponent) < 10n ** BigInt(precision)) exponent--;
  while (scaled(value, precision - exponent) >= 10n ** BigInt(precision + 1)) exponent++;
  return exponent;
}

function scientific(value: Fraction, precision: number, alternate: boolean): string {
  const exponent = exponentOf(value, precision);
  const digits = scaled(value, precision - exponent)
    .toString()
    .padStart(precision + 1, '0');
  const point = precision > 0 || alternate ? '.' : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}${point}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${power}`;
}

function general(value: Fraction, precision: number, alternate: boolean): string {
  const p = precision === 0 ? 1 : precision;
  const exponent = exponentOf(value, p - 1);
  const text =
    exponent >= -4 && exponent < p
      ? fixed(value, p - 1 - exponent, alternate)
      : scientific(value, p - 1, alternate);
  return alternate ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}

const MOST_DIGITS = 350;

function formatFraction(value: Fraction, negative: boolean, pieces: Pieces): string {
  const { flags, specifier } = pieces;
  const lower = specifier.toLowerCase();
  const asked = pieces.precision < 0 ? 6 : pieces.precision;
  // No double has more significant digits, and %g writes no zeros after them.
  const precision = lower === 'g' && !flags.includes('#') ? Math.min(asked, 800) : asked;
  if (lower !== 'g' && precision > MOST_DIGITS)
    throw new UdfError(`Precision value is too big: ${precision}`);
  const alternate = flags.includes('#');
  const write = lower === 'f' ? fixed : lower === 'e' ? scientific : general;
  let text = write(value, precision, alternate);
  if (flags.includes("'")) {
    if (flags.includes('0') && pieces.width > 0) unsupported('grouping with leading zeros');
    if (!text.includes('e')) text = text.replace(/^\d+/, (whole) => grouped(whole, 3, ','));
  }
  return padded(signOf(negative, flags), specifier === lower ? text : text.toUpperCase(), pieces, true);
}

/** A FLOAT64, as DuckDB writes it. */
export function formatDouble(text: string, pieces: Pieces): string {
  const upper = pieces.specifier !== pieces.specifier.toLowerCase();
  const special = /^-?(nan|inf)$/.exec(text)?.[1];
  if (special !== undefined) {
    const shown = upper ? special.toUpperCase() : special;
    return padded(signOf(text.startsWith('-') && special === 'inf', pieces.flags), shown, pieces, false);
  }
  // GoogleSQL shows negative zero as zero.
  const value = Number(text);
  return formatFraction(exactFraction(Math.abs(value)), value < 0, pieces);
}

/** A NUMERIC or BIGNUMERIC, as a plain decimal. */
export function formatNumeric(text: string, pieces: Pieces): string {
  const [, sign = '', whole = '0', digits = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const value = {
    numerator: BigInt(`${whole}${digits}`),
    denominator: 10n ** BigInt(digits.length),
    even: false,
  };
  return formatFraction(value, sign === '-' && value.numerator !== 0n, pieces);
}
