import { complement, DIGITS, POSIX, propertySource, rangeSource, SPACES, WORDS } from './char-set.ts';
import type { Reader } from './parse.ts';
import { RegexpError } from './regexp-error.ts';

const GROUPS: Readonly<Record<string, string>> = {
  d: DIGITS,
  D: complement(DIGITS),
  s: SPACES,
  S: complement(SPACES),
  w: WORDS,
  W: complement(WORDS),
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** `[^a-z\d[:alpha:]]`: the inside of a JavaScript class that means the same. */
export function readClass(r: Reader): string {
  const start = r.at++;
  const negated = r.chars[r.at] === '^';
  if (negated) r.at++;
  let source = '';
  for (let first = true; first || r.chars[r.at] !== ']'; first = false) {
    if (r.at >= r.chars.length) throw new RegexpError(`missing ]: ${r.chars.slice(start).join('')}`);
    source += classItem(r);
  }
  r.at++;
  return negated ? `^${source}` : source;
}

function classItem(r: Reader): string {
  const posix = /^\[:(\^?)(\w+):\]/.exec(r.chars.slice(r.at, r.at + 14).join(''));
  if (posix) {
    const named = POSIX[posix[2] ?? ''];
    if (named === undefined) throw new RegexpError(`invalid character class range: ${posix[0]}`);
    r.at += posix[0].length;
    return posix[1] ? complement(named) : named;
  }
  const low = classChar(r);
  if (typeof low === 'string') return low;
  if (r.chars[r.at] !== '-' || r.chars[r.at + 1] === ']' || r.at + 1 >= r.chars.length)
    return rangeSource(low);
  r.at++;
  const high = classChar(r);
  if (typeof high === 'string' || high < low) throw new RegexpError('invalid character class range');
  return rangeSource(low, high);
}

/** A character's code point, or the source of a group such as `\d`. */
function classChar(r: Reader): number | string {
  const c = r.chars[r.at] ?? '';
  if (c === '\\') return escapeValue(r);
  r.at++;
  return c.codePointAt(0) ?? 0;
}

/** An escape outside a class that stands for characters. */
export function classEscape(r: Reader): string {
  const value = escapeValue(r);
  return typeof value === 'string' ? value : rangeSource(value);
}

function escapeValue(r: Reader): number | string {
  const c = r.chars[r.at + 1] ?? '';
  const text = r.chars.slice(r.at, r.at + 40).join('');
  const group = GROUPS[c];
  const control = CONTROLS[c];
  if (group !== undefined || control !== undefined) {
    r.at += 2;
    return group ?? control ?? 0;
  }
  if (c === 'p' || c === 'P') return property(r, text);
  const number = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(text);
  if (number) return codePoint(r, number[0], Number.parseInt(number[1] ?? number[2] ?? '', 16));
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text);
  if (octal) return codePoint(r, octal[0], Number.parseInt(octal[1] ?? '', 8));
  if (c === '' || /[A-Za-z0-9]/.test(c)) throw new RegexpError(`invalid escape sequence: \\${c}`);
  r.at += 2;
  return c.codePointAt(0) ?? 0;
}

function codePoint(r: Reader, written: string, value: number): number {
  if (value > 0x10ffff) throw new RegexpError(`invalid escape sequence: ${written}`);
  r.at += written.length;
  return value;
}

function property(r: Reader, text: string): string {
  const m = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(text);
  const source = m && propertySource(m[3] ?? m[4] ?? '', (m[1] === 'P') !== (m[2] === '^'));
  if (!m || source === undefined || source === null) {
    throw new RegexpError(`invalid character class range: ${text.slice(0, 10)}`);
  }
  r.at += m[0].length;
  return source;
}
