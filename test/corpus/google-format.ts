/** The cases of a file: separated by lines of two equals signs. */
export function splitCases(text: string): string[] {
  const cases: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (/^==\s*$/.test(line)) cases.push([]);
    else cases.at(-1)!.push(line);
  }
  return cases.map((lines) => lines.join('\n'));
}

/** Input and outputs of a case: separated by lines of two dashes; a backslash in front of a line is no part of it. */
export function splitSections(text: string): string[] {
  const sections: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (line === '--') sections.push([]);
    else sections.at(-1)!.push(line.startsWith('\\') ? line.slice(1) : line);
  }
  return sections.map((lines) => lines.join('\n'));
}

/** Every way of choosing from the `{{a|b}}` in a text; the key is what was chosen, joined by commas. */
export function alternatives(text: string): { readonly key: string; readonly text: string }[] {
  // Plain text stands at even places, choices at odd ones.
  const parts = text.split(/\{\{([\s\S]*?)\}\}/);
  let made: { key: string; text: string }[] = [{ key: '', text: parts[0] ?? '' }];
  for (let i = 1; i < parts.length; i += 2) {
    const choices = parts[i]!.split('|');
    const after = parts[i + 1] ?? '';
    made = made.flatMap(({ key, text: before }) =>
      choices.map((choice) => ({
        key: key === '' ? choice : `${key},${choice}`,
        text: before + choice + after,
      })),
    );
  }
  return made;
}

/** A key of alternatives without white space; `<empty>` is how files write the empty one. */
export function squeezed(key: string): string {
  const dense = key.replace(/\s+/g, '');
  return dense === '<empty>' ? '' : dense;
}

/** The outputs of a case by squeezed key; those without a heading are under the empty key. */
export function outputsByAlternative(sections: readonly string[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let keys = [''];
  let current: string[] = [];
  let headed = false;
  const close = (): void => {
    if (headed || current.length > 0) for (const key of keys) found.set(squeezed(key), current);
  };
  for (const section of sections) {
    const heading = /^\s*ALTERNATION GROUP(S?):([\s\S]*)$/.exec(section);
    if (heading === null) {
      current.push(section);
      continue;
    }
    close();
    headed = true;
    current = [];
    keys = heading[1] === 'S' ? heading[2]!.split('\n').filter((line) => line.trim() !== '') : [heading[2]!];
  }
  close();
  return found;
}
