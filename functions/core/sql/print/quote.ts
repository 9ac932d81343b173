const shortEscapes: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

function escapedCharacter(character: string, quote: string): string {
  const code = character.codePointAt(0)!;
  if (character === quote) return `\\${quote}`;
  const short = shortEscapes[code];
  if (short !== undefined) return short;
  if (code < 32 || code === 127) return `\\x${hex(code, 2)}`;
  if (code < 127) return character;
  // letters, digits, marks, punctuation and symbols show; what is invisible or reorders text does not
  if (
    /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(character) &&
    !/\p{Default_Ignorable_Code_Point}/u.test(character)
  ) {
    return character;
  }
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function quoted(text: string, quote: string): string {
  let out = quote;
  for (const character of text) out += escapedCharacter(character, quote);
  return out + quote;
}

const plainText = /^[ !#-&(-[\]-~]*$/;

/** A string literal between single quotes; control, invisible and reordering characters are escapes. */
export function quoteString(text: string): string {
  return plainText.test(text) ? `'${text}'` : quoted(text, "'");
}

/** A name between backticks. */
export function quoteIdentifier(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? `\`${name}\`` : quoted(name, '`');
}

/** A bytes literal; everything outside of printable ASCII is `\xhh`. */
export function quoteBytes(bytes: Uint8Array): string {
  let out = "b'";
  for (const byte of bytes) {
    const plain = byte >= 32 && byte < 127 && byte !== 39 && byte !== 92;
    out += plain ? String.fromCharCode(byte) : `\\x${hex(byte, 2)}`;
  }
  return `${out}'`;
}
