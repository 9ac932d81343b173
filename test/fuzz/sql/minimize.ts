import type { Item } from '../../corpus/item.ts';
import type { Oracle } from '../../corpus/oracle.ts';
import { questionOf } from '../../corpus/oracle-answer.ts';
import { check, type Find } from './check.ts';
import { piecesOf } from './mutate.ts';

type Holds = (candidate: string) => Promise<boolean>;

/** Above this many characters, single characters are not tried: names and literals stay as they are. */
const fewCharacters = 300;

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
  const short = await reduced(piecesOf(item.text), holds);
  return short.length > fewCharacters ? short : reduced([...short], holds);
}

/** Leaves out ever smaller runs of parts as long as the rest holds. All runs of a size are asked at once. */
async function reduced(all: readonly string[], holds: Holds): Promise<string> {
  let parts = all;
  for (let size = Math.ceil(parts.length / 2); size >= 1 && parts.length > 1; ) {
    const starts = Array.from({ length: Math.ceil(parts.length / size) }, (_, i) => i * size);
    const rests = starts.map((start) => [...parts.slice(0, start), ...parts.slice(start + size)]);
    const held = await Promise.all(rests.map((rest) => holds(rest.join(''))));
    const found = held.indexOf(true);
    if (found >= 0) {
      parts = rests[found]!;
      size = Math.min(size, Math.ceil(parts.length / 2));
    } else {
      if (size === 1) break;
      size = Math.ceil(size / 2);
    }
  }
  return parts.join('');
}
