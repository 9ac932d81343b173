import { mostSteps, type Udf, UdfError, UdfTooSlow } from '../udf.ts';
import { called, strict } from './make.ts';
import { initcap, instr, pad, repeat, soundex, substr, translate, trim } from './string-work.ts';
import { bytesOf, characters, foldCase, hexOf, isPlain, latin1 } from './text.ts';

const int = (value: bigint): number =>
  value > 0x7fffffffn ? 0x7fffffff : value < -0x7fffffffn ? -0x7fffffff : Number(value);

function nonNegative(value: bigint, what: string): number {
  if (value < 0n) throw new UdfError(`${what} cannot be negative`);
  return int(value);
}

const left = (text: string, count: bigint): string => {
  const n = nonNegative(count, 'Second argument in LEFT()');
  return isPlain(text) ? text.slice(0, n) : characters(text).slice(0, n).join('');
};

const right = (text: string, count: bigint): string => {
  const n = nonNegative(count, 'Second argument in RIGHT()');
  const all = characters(text);
  return all.slice(Math.max(0, all.length - n)).join('');
};

function replace(text: string, from: string, to: string): string {
  if (from === '') return text;
  const parts = text.split(from);
  if (parts.length * to.length > mostSteps) throw new UdfTooSlow('REPLACE');
  return parts.join(to);
}

const split = (text: string, delimiter: string): readonly string[] =>
  delimiter !== '' || text === '' ? text.split(delimiter === '' ? '\0' : delimiter) : characters(text);

/** Both overloads of one function: `of(text)` on STRING, the same on the bytes of BYTES. */
function both(
  name: string,
  types: readonly ('T' | 'BIGINT')[],
  run: (...args: never[]) => string,
): readonly Udf[] {
  const work = run as unknown as (...args: (string | bigint)[]) => string;
  const typed = (type: 'VARCHAR' | 'BLOB') => types.map((t) => (t === 'T' ? type : t));
  return [
    strict(name, typed('VARCHAR'), 'VARCHAR', run),
    strict(`${name}_bytes`, typed('BLOB'), 'BLOB', ((...args: (Uint8Array | bigint)[]) =>
      bytesOf(work(...args.map((a) => (typeof a === 'bigint' ? a : latin1(a)))))) as never),
  ];
}

const REST = 2n ** 62n;

const pieces: readonly Udf[] = [
  ...both('left', ['T', 'BIGINT'], left),
  ...both('right', ['T', 'BIGINT'], right),
  ...both('substr', ['T', 'BIGINT', 'BIGINT'], (text: string, at: bigint, count: bigint) =>
    substr(text, int(at), nonNegative(count, 'Third argument in SUBSTR()')),
  ),
  ...both('substr_from', ['T', 'BIGINT'], (text: string, at: bigint) => substr(text, int(at), int(REST))),
  ...both('replace', ['T', 'T', 'T'], replace),
  ...both('reverse', ['T'], (text: string) => [...text].reverse().join('')),
  ...both('repeat', ['T', 'BIGINT'], repeat),
  ...both('lpad', ['T', 'BIGINT', 'T'], (t: string, n: bigint, p: string) => pad(t, n, p, 'left')),
  ...both('rpad', ['T', 'BIGINT', 'T'], (t: string, n: bigint, p: string) => pad(t, n, p, 'right')),
  ...both('trim', ['T', 'T'], (t: string, set: string) => trim(t, set, 'both')),
  ...both('ltrim', ['T', 'T'], (t: string, set: string) => trim(t, set, 'left')),
  ...both('rtrim', ['T', 'T'], (t: string, set: string) => trim(t, set, 'right')),
  ...both('translate', ['T', 'T', 'T'], translate),
  strict('trim_space', ['VARCHAR'], 'VARCHAR', (t: string) => trim(t, undefined, 'both')),
  strict('ltrim_space', ['VARCHAR'], 'VARCHAR', (t: string) => trim(t, undefined, 'left')),
  strict('rtrim_space', ['VARCHAR'], 'VARCHAR', (t: string) => trim(t, undefined, 'right')),
  strict('split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', split),
  strict('split_bytes', ['BLOB', 'BLOB'], 'VARCHAR[]', (value: Uint8Array, delimiter: Uint8Array) =>
    split(latin1(value), latin1(delimiter)).map((part) => hexOf(bytesOf(part))),
  ),
];

const cases: readonly Udf[] = [
  strict('lower', ['VARCHAR'], 'VARCHAR', (t: string) => t.toLowerCase()),
  strict('upper', ['VARCHAR'], 'VARCHAR', (t: string) => t.toUpperCase()),
  strict('lower_bytes', ['BLOB'], 'BLOB', (v: Uint8Array) => v.map((b) => (b >= 65 && b <= 90 ? b + 32 : b))),
  strict('upper_bytes', ['BLOB'], 'BLOB', (v: Uint8Array) =>
    v.map((b) => (b >= 97 && b <= 122 ? b - 32 : b)),
  ),
  strict('initcap', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (t: string, set: string) => initcap(t, set)),
  strict('initcap_default', ['VARCHAR'], 'VARCHAR', (t: string) => initcap(t, undefined)),
  strict('normalize', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (t: string, form: string) => t.normalize(form)),
  strict('normalize_fold', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (t: string, form: string) =>
    foldCase(t.normalize(form)),
  ),
];

function codePoint(value: bigint | null): number {
  if (value === null || value < 0n || value > 0x10ffffn || (value >= 0xd800n && value <= 0xdfffn)) {
    throw new UdfError(`Invalid codepoint ${value}`);
  }
  return Number(value);
}

function distance(a: readonly unknown[], b: readonly unknown[], most: bigint | null): bigint {
  if (most !== null && most < 0n) throw new UdfError('max_distance must be non-negative');
  if (a.length * b.length > mostSteps) throw new UdfTooSlow('EDIT_DISTANCE');
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = row[j]! + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(change, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  const found = BigInt(row[b.length]!);
  return most !== null && found > most ? most : found;
}

function containsSubstring(text: string | null, searched: string | null): boolean | null {
  if (searched === null) throw new UdfError('CONTAINS_SUBSTR: the search value cannot be NULL');
  if (searched === '') throw new UdfError('CONTAINS_SUBSTR: an empty search value is not supported');
  const plain = (t: string): string => foldCase(t.normalize('NFKC'));
  return text === null ? null : plain(text).includes(plain(searched));
}

const looks: readonly Udf[] = [
  strict('ascii', ['VARCHAR'], 'BIGINT', (t: string) => {
    const first = t.codePointAt(0) ?? 0;
    if (first > 127) throw new UdfError('Argument to ASCII is not a structurally valid ASCII string');
    return BigInt(first);
  }),
  strict('ascii_bytes', ['BLOB'], 'BIGINT', (v: Uint8Array) => BigInt(v[0] ?? 0)),
  strict('unicode', ['VARCHAR'], 'BIGINT', (t: string) => BigInt(t.codePointAt(0) ?? 0)),
  strict('chr', ['BIGINT'], 'VARCHAR', (v: bigint) => String.fromCodePoint(codePoint(v))),
  strict('to_code_points', ['VARCHAR'], 'BIGINT[]', (t: string) =>
    characters(t).map((c) => BigInt(c.codePointAt(0) ?? 0)),
  ),
  strict('to_code_points_bytes', ['BLOB'], 'BIGINT[]', (v: Uint8Array) => Array.from(v, BigInt)),
  strict('code_points_to_string', ['BIGINT[]'], 'VARCHAR', (points: readonly (bigint | null)[]) =>
    points.includes(null) ? null : points.map((p) => String.fromCodePoint(codePoint(p))).join(''),
  ),
  strict('code_points_to_bytes', ['BIGINT[]'], 'BLOB', (points: readonly (bigint | null)[]) => {
    if (points.includes(null)) return null;
    const wrong = points.find((p) => p === null || p < 0n || p > 255n);
    if (wrong !== undefined) throw new UdfError(`Invalid ASCII value ${wrong}`);
    return Uint8Array.from(points, Number);
  }),
  strict('instr', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'BIGINT', instr),
  strict(
    'instr_bytes',
    ['BLOB', 'BLOB', 'BIGINT', 'BIGINT'],
    'BIGINT',
    (v: Uint8Array, s: Uint8Array, at: bigint, n: bigint) => instr(latin1(v), latin1(s), at, n),
  ),
  strict('starts_with_bytes', ['BLOB', 'BLOB'], 'BOOLEAN', (v: Uint8Array, s: Uint8Array) =>
    latin1(v).startsWith(latin1(s)),
  ),
  strict('ends_with_bytes', ['BLOB', 'BLOB'], 'BOOLEAN', (v: Uint8Array, s: Uint8Array) =>
    latin1(v).endsWith(latin1(s)),
  ),
  called(
    'edit_distance',
    ['VARCHAR', 'VARCHAR', 'BIGINT'],
    'BIGINT',
    (a: string | null, b: string | null, most: bigint | null) =>
      a === null || b === null ? null : distance(characters(a), characters(b), most),
  ),
  called(
    'edit_distance_bytes',
    ['BLOB', 'BLOB', 'BIGINT'],
    'BIGINT',
    (a: Uint8Array | null, b: Uint8Array | null, most: bigint | null) =>
      a === null || b === null ? null : distance([...a], [...b], most),
  ),
  called('contains_substr', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', containsSubstring),
  strict('soundex', ['VARCHAR'], 'VARCHAR', soundex),
];

/** Text and bytes: what DuckDB lacks, or counts in other units than characters. */
export const stringUdfs: readonly Udf[] = [...pieces, ...cases, ...looks];
