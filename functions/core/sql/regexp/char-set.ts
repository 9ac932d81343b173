/** Characters that one step of a regular expression takes, by code point. */
export type CharSet = { has(codePoint: number): boolean };

const hex = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;

/** One range in the syntax of a JavaScript character class with the `u` flag. */
export const rangeSource = (low: number, high = low): string =>
  low === high ? hex(low) : `${hex(low)}-${hex(high)}`;

/**
 * `source` is the inside of a JavaScript character class; only single characters are ever tested against it, so its
 * time does not depend on the text. `fold`: letters of either case, by Unicode's simple folding.
 */
export function charSet(source: string, fold: boolean): CharSet {
  const test = new RegExp(`^[${source}]$`, fold ? 'iu' : 'u');
  const known = new Uint8Array(256);
  const look = (codePoint: number): boolean => test.test(String.fromCodePoint(codePoint));
  return {
    has(codePoint) {
      if (codePoint > 255) return look(codePoint);
      if (known[codePoint] === 0) known[codePoint] = look(codePoint) ? 1 : 2;
      return known[codePoint] === 1;
    },
  };
}

export const DIGITS = '0-9';
export const SPACES = '\\t\\n\\f\\r ';
export const WORDS = '0-9A-Za-z_';

/** `[:alpha:]` and its like: ASCII only. */
export const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\u{0}-\\u{7f}',
  blank: '\\t ',
  cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  digit: '0-9',
  graph: '\\u{21}-\\u{7e}',
  lower: 'a-z',
  print: '\\u{20}-\\u{7e}',
  punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: WORDS,
  xdigit: '0-9A-Fa-f',
};

/**
 * The complement of a class source, as a source. A JavaScript class cannot hold a negated class, so the ranges that
 * these fixed sources leave out are spelled out.
 */
const COMPLEMENT: Readonly<Record<string, string>> = { [DIGITS]: '\\D', [WORDS]: '\\W' };

export function complement(source: string): string {
  const known = COMPLEMENT[source];
  if (known) return known;
  const inside = new RegExp(`[${source}]`, 'u');
  const ranges: string[] = [];
  let start = -1;
  for (let c = 0; c <= 128; c++) {
    const out = c === 128 || !inside.test(String.fromCodePoint(c));
    if (out && start < 0) start = c;
    if (!out && start >= 0) {
      ranges.push(rangeSource(start, c - 1));
      start = -1;
    }
  }
  return ranges.join('') + rangeSource(start, 0x10ffff);
}

/** `\pL`, `\p{Greek}`: a general category or a script; undefined if there is none of that name. */
export function propertySource(name: string, negated: boolean): string | undefined {
  const property = name === 'Any' || name.length <= 2 ? name : `Script=${name}`;
  const source = `\\${negated ? 'P' : 'p'}{${property}}`;
  try {
    new RegExp(`[${source}]`, 'u');
    return source;
  } catch {
    return undefined;
  }
}
