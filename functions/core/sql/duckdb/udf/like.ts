import { mostSteps, type Udf, UdfTooSlow } from '../udf.ts';
import { remembered, strict } from './make.ts';
import { fail } from './numbers.ts';

type Token = number | 'any' | 'one';

/** A LIKE pattern as characters and wildcards; a backslash takes what follows as it is. */
function tokens(characters: readonly number[]): Token[] {
  const found: Token[] = [];
  for (let i = 0; i < characters.length; i++) {
    const c = characters[i]!;
    if (c === 0x5c) {
      if (i + 1 >= characters.length) return fail('LIKE pattern ends with a backslash which is not allowed');
      i++;
      found.push(characters[i]!);
    } else found.push(c === 0x25 ? 'any' : c === 0x5f ? 'one' : c);
  }
  return found;
}

/** Whether all of `text` fits. Falls back to the last `%` only, so time is at most length times length, and bounded. */
function matches(text: readonly number[], pattern: readonly Token[]): boolean {
  let [t, p, star, mark] = [0, 0, -1, 0];
  for (let steps = 0; t < text.length; steps++) {
    if (steps > mostSteps) throw new UdfTooSlow('LIKE');
    if (p < pattern.length && (pattern[p] === 'one' || pattern[p] === text[t])) {
      t++;
      p++;
    } else if (p < pattern.length && pattern[p] === 'any') {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === 'any') p++;
  return p === pattern.length;
}

const points = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0)!);

const ofText = remembered((pattern: string) => tokens(points(pattern)));

export const likeUdfs: readonly Udf[] = [
  strict('like', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text: string, pattern: string) =>
    matches(points(text), ofText(pattern)),
  ),
  strict('bytes_like', ['BLOB', 'BLOB'], 'BOOLEAN', (bytes: Uint8Array, pattern: Uint8Array) =>
    matches([...bytes], tokens([...pattern])),
  ),
];
