import { mostSteps, UdfError, UdfTooSlow } from '../udf.ts';
import { characters, isPlain, MAX_OUTPUT_BYTES, utf8, WHITE_SPACE } from './text.ts';

/** SUBSTR: `at` counts from 1, from the end if negative; 0 and what lies before the start is the start. */
export function substr(text: string, at: number, count: number): string {
  const all = isPlain(text) ? text : characters(text);
  const start = at < 0 ? Math.max(0, all.length + at) : Math.max(0, at - 1);
  const part = all.slice(start, start + count);
  return typeof part === 'string' ? part : part.join('');
}

/** LPAD, RPAD: a text that is too long is cut to its first characters. */
export function pad(text: string, size: bigint, pattern: string, side: 'left' | 'right'): string {
  if (size < 0n) throw new UdfError('Second argument (output size) for LPAD/RPAD cannot be negative');
  if (size > BigInt(MAX_OUTPUT_BYTES))
    throw new UdfError('Output of LPAD/RPAD exceeds max allowed output size of 1MB');
  if (pattern === '') throw new UdfError('Third argument (pad pattern) for LPAD/RPAD cannot be empty');
  const width = Number(size);
  const all = characters(text);
  if (all.length >= width) return all.slice(0, width).join('');
  const fill = characters(pattern);
  const padding = Array.from({ length: width - all.length }, (_, i) => fill[i % fill.length]).join('');
  return side === 'left' ? padding + text : text + padding;
}

export function repeat(text: string, count: bigint): string {
  if (count < 0n) throw new UdfError('Second argument (repeat count) for REPEAT cannot be negative');
  if (text === '') return '';
  if (BigInt(utf8(text).length) * count > BigInt(MAX_OUTPUT_BYTES)) {
    throw new UdfError('Output of REPEAT exceeds max allowed output size of 1MB');
  }
  return text.repeat(Number(count));
}

/** TRIM and its sides: characters of `set`, or white space. */
export function trim(text: string, set: string | undefined, side: 'left' | 'right' | 'both'): string {
  const chosen = set === undefined ? undefined : new Set(characters(set));
  const drop = (c: string): boolean => (chosen ? chosen.has(c) : WHITE_SPACE.test(c));
  const all = characters(text);
  let start = 0;
  let end = all.length;
  if (side !== 'right') while (start < end && drop(all[start]!)) start++;
  if (side !== 'left') while (end > start && drop(all[end - 1]!)) end--;
  return start === 0 && end === all.length ? text : all.slice(start, end).join('');
}

/** TRANSLATE: each character of `from` becomes the one at its place in `to`, or nothing. */
export function translate(text: string, from: string, to: string): string {
  const targets = characters(to);
  const table = new Map<string, string>();
  for (const [i, c] of characters(from).entries()) {
    if (table.has(c))
      throw new UdfError(`Duplicate character ${JSON.stringify(c)} in TRANSLATE source characters`);
    table.set(c, targets[i] ?? '');
  }
  return Array.from(text, (c) => table.get(c) ?? c).join('');
}

const WORD_ENDS = new Set('[](){}/|\\<>!?@"^#$&~_,.:;*%+-');

/** One character to one character, as Unicode's simple case mapping. */
function simpleCase(c: string, mapped: string): string {
  if (c === 'İ') return mapped === 'İ' ? c : 'i';
  if (characters(mapped).length === 1) return mapped;
  if (/[\u1f80-\u1fff]/.test(c)) throw new UdfError(`INITCAP does not support the character ${c}`);
  return c;
}

/** INITCAP: the first character after a delimiter in upper case, others in lower case. */
export function initcap(text: string, delimiters: string | undefined): string {
  const ends = delimiters === undefined ? WORD_ENDS : new Set(characters(delimiters));
  let first = true;
  return Array.from(text, (c) => {
    if (ends.has(c) || (delimiters === undefined && WHITE_SPACE.test(c))) {
      first = true;
      return c;
    }
    const shown = simpleCase(c, first ? c.toUpperCase() : c.toLowerCase());
    first = false;
    return shown;
  }).join('');
}

/** INSTR: the place of the n-th occurrence, looked for forward from `at` or, if negative, backward; 0 if none. */
export function instr(text: string, searched: string, at: bigint, occurrence: bigint): bigint {
  if (occurrence < 1n) throw new UdfError('Occurrence must be positive in INSTR');
  if (at === 0n) throw new UdfError('Position must not be 0 in INSTR');
  const [all, wanted] = [characters(text), characters(searched)];
  const found = (i: number): boolean => wanted.every((c, j) => all[i + j] === c);
  const last = all.length - wanted.length;
  const step = at > 0n ? 1 : -1;
  const from = at > 0n ? Number(at) - 1 : all.length + Number(at) + (wanted.length === 0 ? 1 : 0);
  if (step < 0 && from < 0) return 0n;
  if (last * wanted.length > mostSteps * 5) throw new UdfTooSlow('INSTR');
  let left = occurrence;
  for (let i = step > 0 ? from : Math.min(from, last); i >= 0 && i <= last; i += step) {
    if (found(i) && --left === 0n) return BigInt(i + 1);
  }
  return 0n;
}

const SOUNDS = '01230120022455012623010202';

/** SOUNDEX: the first letter and three digits. Characters that are no ASCII letter do not count. */
export function soundex(text: string): string {
  let code = '';
  let previous = '';
  for (const c of text) {
    if (code.length === 4) break;
    if (!/[A-Za-z]/.test(c)) continue;
    const sound = SOUNDS[c.toUpperCase().charCodeAt(0) - 65] ?? '0';
    if (code === '') code = c;
    else if (sound !== '0' && sound !== previous) code += sound;
    else continue;
    previous = sound;
  }
  return code === '' ? '' : code.padEnd(4, '0');
}
