/** `globMatchesExactly` without regard to case. */
export const globMatches = (pattern: string, text: string): boolean =>
  globMatchesExactly(pattern.toLowerCase(), text.toLowerCase());

/**
 * Whether `t` matches the pattern `p`, where `*` stands for any characters and `?` for one.
 * Works in place without recursion: at worst the product of both lengths.
 */
export function globMatchesExactly(p: string, t: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < t.length) {
    if (p[at] === '*') {
      star = at;
      at += 1;
      resume = i;
    } else if (at < p.length && (p[at] === '?' || p[at] === t[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      i = resume;
    } else {
      return false;
    }
  }
  while (p[at] === '*') at += 1;
  return at === p.length;
}

/** Segment by segment; a segment `**` stands for any number of segments, none included. */
export function pathMatches(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return path.length === 0;
  if (head === '**') {
    for (let skipped = 0; skipped <= path.length; skipped += 1) {
      if (pathMatches(rest, path.slice(skipped))) return true;
    }
    return false;
  }
  const [first, ...others] = path;
  return first !== undefined && globMatches(head, first) && pathMatches(rest, others);
}
