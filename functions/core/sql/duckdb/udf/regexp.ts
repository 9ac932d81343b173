import { type Regexp, regexp, type Spend } from '../../regexp/regexp.ts';
import { RegexpError } from '../../regexp/regexp-error.ts';
import { mostSteps, type Udf, UdfError, UdfTooSlow } from '../udf.ts';
import { strict } from './make.ts';
import { bytesOf, characters, hexOf, latin1 } from './text.ts';

const compiled = new Map<string, Regexp>();

/** Compiled once; patterns that come from rows do not pile up. */
function compile(pattern: string): Regexp {
  const known = compiled.get(pattern);
  if (known) return known;
  try {
    const made = regexp(pattern);
    if (compiled.size >= 100) compiled.clear();
    compiled.set(pattern, made);
    return made;
  } catch (error) {
    if (error instanceof RegexpError) throw new UdfError(`Cannot parse regular expression: ${error.message}`);
    throw error;
  }
}

/** What one call may spend on all of its matches together; each step is dear. */
function budget(): Spend {
  let left = mostSteps / 4;
  return (steps) => {
    left -= steps;
    if (left < 0) throw new UdfTooSlow('a regular expression');
  };
}

type Found = { readonly start: number; readonly end: number; readonly after: number };

/**
 * The matches that extraction goes through: of a pattern with one group, the group's (start -1: it took no part).
 * An empty match moves one character on; a match that reaches the end of the text is the last.
 */
function* matches(re: Regexp, text: string, from: number): Generator<Found> {
  if (re.captures > 1) {
    throw new UdfError(
      'Regular expressions passed into extraction functions must not have more than 1 capturing group',
    );
  }
  const spend = budget();
  for (let at = from; ; ) {
    const m = re.match(text, at, spend);
    if (!m) return;
    const [start = 0, end = 0] = m;
    at = end;
    yield re.captures === 0
      ? { start, end, after: end }
      : { start: m[2] ?? -1, end: m[3] ?? -1, after: m[3] ?? -1 };
    if (start === end && at < text.length) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    if (at >= text.length) return;
  }
}

/** Where a search from the 1-based character position begins; undefined beyond the end. */
function startOf(re: Regexp, text: string, position: bigint, occurrence: bigint): number | undefined {
  if (position < 1n) throw new UdfError('Position must be positive');
  if (occurrence < 1n) throw new UdfError('Occurrence must be positive');
  if (position === 1n) return 0;
  const all = characters(text);
  if (position > BigInt(all.length)) return undefined;
  if (re.looksBehind) {
    throw new UdfError('A position beside ^, \\A or \\b in a regular expression is not supported');
  }
  return all.slice(0, Number(position) - 1).join('').length;
}

function nth(re: Regexp, text: string, from: number, occurrence: bigint): Found | undefined {
  let left = occurrence;
  for (const found of matches(re, text, from)) if (--left === 0n) return found;
  return undefined;
}

function extract(text: string, pattern: string, position: bigint, occurrence: bigint): string | null {
  const re = compile(pattern);
  const from = startOf(re, text, position, occurrence);
  const found = from === undefined ? undefined : nth(re, text, from, occurrence);
  return found && found.start >= 0 ? text.slice(found.start, found.end) : null;
}

function extractAll(text: string, pattern: string): readonly string[] {
  const parts: string[] = [];
  for (const { start, end } of matches(compile(pattern), text, 0)) {
    if (start < 0)
      throw new UdfError('REGEXP_EXTRACT_ALL with a group that takes no part in a match is not supported');
    parts.push(text.slice(start, end));
  }
  return parts;
}

function instr(text: string, pattern: string, position: bigint, occurrence: bigint, mode: bigint): bigint {
  if (mode !== 0n && mode !== 1n) throw new UdfError('Invalid return_position_after_match');
  const re = compile(pattern);
  const from = startOf(re, text, position, occurrence);
  if (from === undefined || pattern === '' || text === '') return 0n;
  const found = nth(re, text, from, occurrence);
  if (!found || found.start < 0) return 0n;
  if (re.captures === 0 && found.start === found.end) {
    throw new UdfError('REGEXP_INSTR with an empty match is not supported');
  }
  return BigInt(characters(text.slice(0, mode === 1n ? found.end : found.start)).length + 1);
}

/** The pieces of a replacement: text, or the number of a group (`\0` to `\9`); `\\` is a backslash. */
function rewriteOf(replacement: string, captures: number): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [part, digit, escaped] of replacement.matchAll(/\\(\d)|\\([\s\S]?)|[^\\]+/gu)) {
    if (digit !== undefined) parts.push(Number(digit));
    else if (escaped === undefined) parts.push(part);
    else if (escaped === '\\') parts.push('\\');
    else throw new UdfError("Invalid REGEXP_REPLACE pattern: '\\' must be followed by a digit or '\\'");
  }
  const most = Math.max(-1, ...parts.filter((p) => typeof p === 'number'));
  if (most > captures) {
    throw new UdfError(
      `Invalid REGEXP_REPLACE pattern: Rewrite schema requests ${most} matches, but the regexp only has ${captures} parenthesized subexpressions.`,
    );
  }
  return parts;
}

function replace(text: string, pattern: string, replacement: string): string {
  const re = compile(pattern);
  const parts = rewriteOf(replacement, re.captures);
  const spend = budget();
  let out = '';
  let lastEnd = -1;
  for (let at = 0; at <= text.length; ) {
    const m = re.match(text, at, spend);
    if (out.length > mostSteps) throw new UdfTooSlow('REGEXP_REPLACE');
    if (!m) return out + text.slice(at);
    const [start = 0, end = 0] = m;
    out += text.slice(at, start);
    const rewritten = (): string =>
      parts
        .map((p) =>
          typeof p === 'string' ? p : text.slice(Math.max(0, m[p * 2]!), Math.max(0, m[p * 2 + 1]!)),
        )
        .join('');
    if (start !== end || start !== lastEnd) out += rewritten();
    at = end;
    if (start === end) {
      if (at >= text.length) return out;
      const size = (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
      out += text.slice(at, at + size);
      at += size;
    }
    lastEnd = end;
  }
  return out;
}

type Bytes = Uint8Array;

/** Regular expressions where DuckDB's functions do not tell no match from an empty one, or do not count matches. */
export const regexpUdfs: readonly Udf[] = [
  strict(
    'regexp_contains',
    ['VARCHAR', 'VARCHAR'],
    'BOOLEAN',
    (t: string, p: string) => compile(p).match(t, 0, budget()) !== undefined,
  ),
  strict(
    'regexp_contains_bytes',
    ['BLOB', 'BLOB'],
    'BOOLEAN',
    (t: Bytes, p: Bytes) => compile(latin1(p)).match(latin1(t), 0, budget()) !== undefined,
  ),
  strict('regexp_extract', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'VARCHAR', extract),
  strict(
    'regexp_extract_bytes',
    ['BLOB', 'BLOB', 'BIGINT', 'BIGINT'],
    'BLOB',
    (t: Bytes, p: Bytes, at: bigint, n: bigint) => {
      const found = extract(latin1(t), latin1(p), at, n);
      return found === null ? null : bytesOf(found);
    },
  ),
  strict('regexp_extract_all', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', extractAll),
  strict('regexp_extract_all_bytes', ['BLOB', 'BLOB'], 'VARCHAR[]', (t: Bytes, p: Bytes) =>
    extractAll(latin1(t), latin1(p)).map((part) => hexOf(bytesOf(part))),
  ),
  strict('regexp_instr', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', instr),
  strict(
    'regexp_instr_bytes',
    ['BLOB', 'BLOB', 'BIGINT', 'BIGINT', 'BIGINT'],
    'BIGINT',
    (t: Bytes, p: Bytes, at: bigint, n: bigint, mode: bigint) => instr(latin1(t), latin1(p), at, n, mode),
  ),
  strict('regexp_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', replace),
  strict('regexp_replace_bytes', ['BLOB', 'BLOB', 'BLOB'], 'BLOB', (t: Bytes, p: Bytes, r: Bytes) =>
    bytesOf(replace(latin1(t), latin1(p), latin1(r))),
  ),
];
