const simple: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

const coded: readonly (readonly [RegExp, radix: number, character: boolean])[] = [
  [/^[xX]([0-9a-fA-F]{2})/, 16, false],
  [/^u([0-9a-fA-F]{4})/, 16, true],
  [/^U([0-9a-fA-F]{8})/, 16, true],
  [/^([0-3][0-7]{2})/, 8, false],
];

/**
 * What a string or bytes literal stands for, as one character a byte (bytes) or as text (strings). Written apart from our
 * lexer, so that a misreading there shows.
 */
export function literalValue(image: string): string {
  const [, prefix = '', quote = '', body = ''] = /^([a-zA-Z]*)("""|'''|"|')([\s\S]*)\2$/.exec(image) ?? [];
  if (quote === '') return image;
  const text = body.replace(/\r\n?/g, '\n');
  const isBytes = /b/i.test(prefix);
  const content = /r/i.test(prefix) ? plain(text, isBytes) : unescaped(text, isBytes);
  return `${isBytes ? 'b' : 's'}:${content}`;
}

const plain = (text: string, isBytes: boolean): string =>
  isBytes ? Buffer.from(text).toString('latin1') : text;

function unescaped(text: string, isBytes: boolean): string {
  let made = '';
  for (let at = 0; at < text.length; ) {
    const slash = text.indexOf('\\', at);
    const end = slash < 0 ? text.length : slash;
    made += plain(text.slice(at, end), isBytes);
    if (slash < 0) break;
    const rest = text.slice(slash + 1);
    const found = coded.flatMap(([pattern, radix, character]) => {
      const match = pattern.exec(rest);
      return match === null ? [] : [{ match, radix, character }];
    })[0];
    if (found === undefined) {
      const code = simple[rest[0]!];
      made += code === undefined ? rest[0] : String.fromCharCode(code);
      at = slash + 2;
    } else {
      const code = Number.parseInt(found.match[1]!, found.radix);
      made += found.character ? String.fromCodePoint(code) : String.fromCharCode(code);
      at = slash + 1 + found.match[0].length;
    }
  }
  return made;
}
