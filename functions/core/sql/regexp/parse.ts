import { type CharSet, charSet, rangeSource } from './char-set.ts';
import { classEscape, readClass } from './parse-class.ts';
import { RegexpError } from './regexp-error.ts';

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'no-word';

/** What a pattern means. `max` -1: without end. Captures are numbered from 1. */
export type RegexpNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'concat'; readonly items: readonly RegexpNode[] }
  | { readonly kind: 'alternate'; readonly items: readonly RegexpNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexpNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'capture'; readonly index: number; readonly item: RegexpNode };

export type ParsedPattern = { readonly root: RegexpNode; readonly captures: number };

type Flags = {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
};

/** Where a parse stands: `at` counts in `chars`, the pattern's characters. */
export type Reader = { readonly chars: readonly string[]; at: number; captures: number; depth: number };

const MOST_REPEATS = 1000;
const MOST_DEPTH = 200;

/** Parses RE2's syntax. Throws RegexpError for a pattern that RE2 rejects or that is not understood. */
export function parsePattern(pattern: string): ParsedPattern {
  const reader: Reader = { chars: [...pattern], at: 0, captures: 0, depth: 0 };
  const root = alternation(reader, { fold: false, multiline: false, dotAll: false, ungreedy: false });
  if (reader.at < reader.chars.length) throw new RegexpError(`unexpected ): ${pattern}`);
  return { root, captures: reader.captures };
}

/** Flags that `(?i)` sets hold to the end of the group they stand in, across its alternatives. */
function alternation(r: Reader, outer: Flags): RegexpNode {
  if (++r.depth > MOST_DEPTH) throw new RegexpError('expression nests too deeply');
  const items: RegexpNode[] = [];
  let flags = outer;
  let parts: RegexpNode[] = [];
  const close = (): void => {
    items.push(
      parts.length === 1
        ? parts[0]!
        : parts.length === 0
          ? { kind: 'empty' }
          : { kind: 'concat', items: parts },
    );
    parts = [];
  };
  while (r.at < r.chars.length && r.chars[r.at] !== ')') {
    if (r.chars[r.at] === '|') {
      r.at++;
      close();
      continue;
    }
    const set = flagGroup(r, flags);
    if (set) flags = set;
    else parts.push(...repeated(r, flags));
  }
  close();
  r.depth--;
  return items.length === 1 ? items[0]! : { kind: 'alternate', items };
}

const rest = (r: Reader, length: number): string => r.chars.slice(r.at, r.at + length).join('');

/** `(?i)`: flags for what follows; undefined if none stand here. */
function flagGroup(r: Reader, flags: Flags): Flags | undefined {
  const m = /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(rest(r, 20));
  if (!m || (m[1] === '' && m[2] === undefined)) return undefined;
  r.at += m[0].length;
  return withFlags(flags, m[1] ?? '', m[2] ?? '');
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, now: boolean): boolean =>
    (on.includes(letter) || now) && !off.includes(letter);
  return {
    fold: value('i', flags.fold),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
    ungreedy: value('U', flags.ungreedy),
  };
}

/** One atom (or the characters of `\Q...\E`, the last of which a repetition takes) with its repetitions. */
function repeated(r: Reader, flags: Flags): RegexpNode[] {
  const items = atoms(r, flags);
  let item = items.pop();
  let times = 0;
  for (;;) {
    const range = repetition(r);
    if (!range) break;
    if (!item) throw new RegexpError(`no argument for repetition operator: ${r.chars[r.at - 1]}`);
    if (times++ > 0) throw new RegexpError(`bad repetition operator: ${r.chars.slice(0, r.at).join('')}`);
    const lazy = r.chars[r.at] === '?';
    if (lazy) r.at++;
    item = { kind: 'repeat', item, ...range, lazy: lazy !== flags.ungreedy };
  }
  return item ? [...items, item] : items;
}

function repetition(r: Reader): { readonly min: number; readonly max: number } | undefined {
  const c = r.chars[r.at];
  if (c === '*' || c === '+' || c === '?') {
    r.at++;
    return { min: c === '+' ? 1 : 0, max: c === '?' ? 1 : -1 };
  }
  const m = c === '{' ? /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(rest(r, 20)) : null;
  if (!m) return undefined;
  r.at += m[0].length;
  const min = Number(m[1]);
  const max = m[2] === undefined ? min : m[3] === '' ? -1 : Number(m[3]);
  if (min > MOST_REPEATS || max > MOST_REPEATS || (max >= 0 && max < min)) {
    throw new RegexpError(`invalid repetition size: ${m[0]}`);
  }
  return { min, max };
}

function atoms(r: Reader, flags: Flags): RegexpNode[] {
  const c = r.chars[r.at] ?? '';
  const one = (node: RegexpNode): RegexpNode[] => [node];
  switch (c) {
    case '(':
      return one(group(r, flags));
    case '[':
      return one({ kind: 'char', set: charSet(readClass(r), flags.fold) });
    case '.':
      r.at++;
      return one({ kind: 'char', set: charSet(flags.dotAll ? '\\u{0}-\\u{10ffff}' : '^\\n', false) });
    case '^':
      r.at++;
      return one({ kind: 'assert', assertion: flags.multiline ? 'line-start' : 'text-start' });
    case '$':
      r.at++;
      return one({ kind: 'assert', assertion: flags.multiline ? 'line-end' : 'text-end' });
    case '*':
    case '+':
    case '?':
      throw new RegexpError(`no argument for repetition operator: ${c}`);
    case '\\':
      return escaped(r, flags);
    default:
      r.at++;
      return one(literal(c, flags));
  }
}

const literal = (c: string, flags: Flags): RegexpNode => ({
  kind: 'char',
  set: charSet(rangeSource(c.codePointAt(0) ?? 0), flags.fold),
});

function group(r: Reader, flags: Flags): RegexpNode {
  const open = /^\((?:\?P?<(\w+)>|\?([imsU]*)(?:-([imsU]+))?:|(?!\?))/.exec(rest(r, 80));
  if (!open) throw new RegexpError(`invalid perl operator: ${rest(r, 4)}`);
  r.at += [...open[0]].length;
  const captures = !open[0].endsWith(':');
  const index = captures ? ++r.captures : 0;
  const item = alternation(r, captures ? flags : withFlags(flags, open[2] ?? '', open[3] ?? ''));
  if (r.chars[r.at] !== ')') throw new RegexpError(`missing ): ${r.chars.join('')}`);
  r.at++;
  return captures ? { kind: 'capture', index, item } : item;
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'word',
  B: 'no-word',
};

function escaped(r: Reader, flags: Flags): RegexpNode[] {
  const c = r.chars[r.at + 1];
  if (c === undefined) throw new RegexpError('trailing \\');
  const assertion = ASSERTIONS[c];
  if (assertion) {
    r.at += 2;
    return [{ kind: 'assert', assertion }];
  }
  if (c === 'Q') return quoted(r, flags);
  if (c === 'C') throw new RegexpError('\\C is not supported');
  return [{ kind: 'char', set: charSet(classEscape(r), flags.fold) }];
}

/** `\Q...\E`: every character stands for itself. */
function quoted(r: Reader, flags: Flags): RegexpNode[] {
  r.at += 2;
  const items: RegexpNode[] = [];
  while (r.at < r.chars.length && rest(r, 2) !== '\\E') items.push(literal(r.chars[r.at++] ?? '', flags));
  r.at = Math.min(r.at + 2, r.chars.length);
  return items;
}
