/** A stretch of text for people to read: as it is, or a character that would hide or reorder what they read. */
export type VisiblePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `label` names the character, e.g. `U+202E right-to-left override`. */
  | { readonly kind: 'hidden'; readonly text: string; readonly label: string }
  /** A word that mixes scripts which look alike (Latin with Cyrillic or Greek). */
  | { readonly kind: 'mixed'; readonly text: string; readonly label: string };

const named: Readonly<Record<number, string>> = {
  173: 'soft hyphen',
  1564: 'Arabic letter mark',
  6158: 'Mongolian vowel separator',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'pop directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'pop directional isolate',
  65279: 'zero-width no-break space',
};

const word = /[\p{L}\p{M}\p{N}_]+/gu;
const lookalike = /\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Armenian}|\p{Script=Cherokee}/u;
const latin = /\p{Script=Latin}/u;

function isHidden(character: string): boolean {
  if (character === '\n' || character === '\t' || character === ' ') return false;
  return (
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|[\p{Zs}]/u.test(character) ||
    isTag(character)
  );
}

/** Variation selectors and tag characters: invisible, and able to carry text. */
function isTag(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return (point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0000 && point <= 0xe01ef);
}

function labelOf(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  return named[point] === undefined ? code : `${code} ${named[point]}`;
}

/**
 * Cuts a text so that nothing in it can deceive the eye: control, bidirectional, zero-width and other invisible characters
 * become labels, and words of mixed scripts are marked. Joined, the parts' `text` is the input.
 */
export function visibleParts(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') parts.push(...markMixed(plain));
    plain = '';
  };
  for (const character of text) {
    if (isHidden(character)) {
      flush();
      parts.push({ kind: 'hidden', text: character, label: labelOf(character) });
    } else {
      plain += character;
    }
  }
  flush();
  return parts;
}

function markMixed(text: string): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let end = 0;
  for (const match of text.matchAll(word)) {
    if (!latin.test(match[0]) || !lookalike.test(match[0])) continue;
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push({ kind: 'mixed', text: match[0], label: 'letters of two alphabets in one word' });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
