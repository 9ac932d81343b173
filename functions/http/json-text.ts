import { isUtf8 } from 'node:buffer';

/** A number as it was written: no digit is lost (`9007199254740993` stays itself). */
export type JsonNumber = { readonly number: string };
/** A parsed JSON value. Objects are maps, so that no key (`__proto__`) can mean anything to JavaScript. */
export type JsonInput =
  | null
  | boolean
  | string
  | JsonNumber
  | readonly JsonInput[]
  | ReadonlyMap<string, JsonInput>;

export type JsonResult =
  | { readonly ok: true; readonly value: JsonInput }
  | { readonly ok: false; readonly message: string };

const maximumDepth = 100;
const blank = /[ \t\n\r]*/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const numeral = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /[a-zA-Z]+/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonFault extends Error {}

/**
 * RFC 8259 JSON, strictly: invalid UTF-8, a key that comes twice, half a surrogate pair and anything behind the value are
 * errors, because two readers of such a text could see two different requests.
 */
export function parseJson(bytes: Uint8Array): JsonResult {
  if (!isUtf8(bytes)) {
    return {
      ok: false,
      message: `The body is not valid UTF-8 at byte ${firstInvalidByte(bytes)}. Send JSON in UTF-8.`,
    };
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return { ok: true, value: new Reader(text).document() };
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault;
    return { ok: false, message: `Invalid JSON payload received. ${fault.message}` };
  }
}

/** Offset of the first byte that is not part of well-formed UTF-8: the longest valid prefix, found by halving. */
function firstInvalidByte(bytes: Uint8Array): number {
  const decodes = (end: number) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodes(middle)) low = middle;
    else high = middle - 1;
  }
  // A sequence that has only begun at the end of the prefix is the invalid one.
  while (!isUtf8(bytes.subarray(0, low))) low--;
  return low;
}

class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonInput {
    const value = this.#value(0);
    this.#match(blank);
    if (this.#at < this.#text.length) this.#fail('Unexpected text after the value');
    return value;
  }

  #value(depth: number): JsonInput {
    if (depth > maximumDepth) this.#fail(`More than ${maximumDepth} levels of nesting`);
    this.#match(blank);
    const character = this.#text[this.#at];
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    if (character === '"') return this.#string();
    if (character !== undefined && /[-0-9]/.test(character)) {
      const number = this.#match(numeral);
      return number === '' ? this.#fail('Malformed number') : { number };
    }
    return this.#keyword();
  }

  #keyword(): null | boolean {
    const start = this.#at;
    const name = this.#match(word);
    if (name === 'true') return true;
    if (name === 'false') return false;
    if (name === 'null') return null;
    this.#at = start;
    return this.#fail(this.#at >= this.#text.length ? 'Unexpected end' : 'Expected a value');
  }

  #object(depth: number): ReadonlyMap<string, JsonInput> {
    const members = new Map<string, JsonInput>();
    this.#at++;
    if (this.#next('}')) return members;
    do {
      this.#match(blank);
      if (this.#text[this.#at] !== '"') this.#fail('Expected a key in double quotes');
      const key = this.#string();
      if (members.has(key)) this.#fail(`The key ${JSON.stringify(key.slice(0, 100))} comes twice`);
      if (!this.#next(':')) this.#fail('Expected a colon after the key');
      members.set(key, this.#value(depth + 1));
    } while (this.#next(','));
    return this.#next('}') ? members : this.#fail('Expected a comma or a closing brace');
  }

  #array(depth: number): readonly JsonInput[] {
    const items: JsonInput[] = [];
    this.#at++;
    if (this.#next(']')) return items;
    do {
      items.push(this.#value(depth + 1));
    } while (this.#next(','));
    return this.#next(']') ? items : this.#fail('Expected a comma or a closing bracket');
  }

  #string(): string {
    this.#at++;
    let result = this.#match(plain);
    while (this.#text[this.#at] === '\\') result += this.#escape() + this.#match(plain);
    if (this.#text[this.#at] !== '"') this.#fail('A string is not closed, or holds a raw control character');
    this.#at++;
    return result.isWellFormed() ? result : this.#fail('A string holds half of a surrogate pair');
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const hex = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) {
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const plainCharacter = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (plainCharacter === undefined) return this.#fail('Unknown escape in a string');
    this.#at += 2;
    return plainCharacter;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #next(character: string): boolean {
    this.#match(blank);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(what: string): never {
    throw new JsonFault(`${what}, at character ${this.#at}.`);
  }
}
