import type { Item } from '../../corpus/item.ts';
import type { Oracle } from '../../corpus/oracle.ts';
import { questionOf } from '../../corpus/oracle-answer.ts';
import { check, type Find } from './check.ts';
import { piecesOf } from './mutate.ts';

type Holds = (candidate: string) => Promise<boolean>;

/** Above this many characters, single characters are not tried: names and literals stay as they are. */
const fewCharacters = 300;
/** Longer texts stay as they are: there are too many parts to ask about. */
const longest = 8_000;

/**
 * The shortest text found that shows the same trouble of the same group: parts of the text are left out, halves first,
 * then quarters, down to single pieces, then single characters.
 */
export async function minimize(item: Item, find: Find, oracle: Oracle): Promise<string> {
  const holds: Holds = async (candidate) => {
    const asked = { ...item, text: candidate };
    const found = check(asked, await oracle.ask(questionOf(asked)), find.trouble === 'position');
    return found?.trouble === find.trouble && found.group === find.group;
  };
  if (item.text.length > longest) return item.text;
  const short = await reduced(piecesOf(item.text), holds);
  return short.length > fewCharacters ? short : reduced([...short], holds);
}

/**
 * Leaves out ever smaller runs of parts as long as the rest holds. All runs of a size are asked about at once; then as many
 * of those that may go alone go together as the rest allows.
 */
async function reduced(all: readonly string[], holds: Holds): Promise<string> {
  let parts = all;
  for (let size = Math.ceil(parts.length / 2); size >= 1 && parts.length > 1; ) {
    const starts = Array.from({ length: Math.ceil(parts.length / size) }, (_, i) => i * size);
    const held = await Promise.all(starts.map((start) => holds(left(parts, [start], size).join(''))));
    let going = starts.filter((_, i) => held[i]);
    while (going.length > 1 && !(await holds(left(parts, going, size).join(''))))
      going = going.slice(0, Math.floor(going.length / 2));
    if (going.length > 0) parts = left(parts, going, size);
    else if (size === 1) break;
    size = Math.min(going.length > 0 ? size : Math.ceil(size / 2), Math.ceil(parts.length / 2));
  }
  return parts.join('');
}

/** The parts without the runs of a size that begin at `starts`. */
function left(parts: readonly string[], starts: readonly number[], size: number): string[] {
  const gone = new Set(starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i)));
  return parts.filter((_, i) => !gone.has(i));
}
