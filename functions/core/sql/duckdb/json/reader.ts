import type { Json } from './value.ts';

/** The text is no JSON, or JSON that cannot be kept exactly. */
export class JsonTextError extends Error {}

/** A member name stands twice in one object: which one counts is not agreed. */
export class JsonDuplicateError extends JsonTextError {}

const maxDepth = 500;

/** A strict reader of RFC 8259 text; `number` decides what a number's text becomes. */
export class JsonReader {
  readonly #text: string;
  readonly #number: (text: string) => Json | undefined;
  #at = 0;

  constructor(text: string, number: (text: string) => Json | undefined) {
    this.#text = text;
    this.#number = number;
  }

  read(): Json {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('unexpected text after the value');
    return value;
  }

  #fail(why: string): never {
    throw new JsonTextError(`syntax error while parsing JSON: ${why}`);
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #value(depth: number): Json {
    if (depth > maxDepth) this.#fail(`nested deeper than ${maxDepth} levels`);
    this.#space();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (c === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#numeral();
  }

  #numeral(): Json {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail(this.#at >= this.#text.length ? 'unexpected end of input' : 'invalid literal');
    this.#at = pattern.lastIndex;
    const value = this.#number(match[0]);
    if (value === undefined)
      throw new JsonTextError(`Input number: ${match[0]} cannot round-trip through string representation`);
    return value;
  }

  #string(): string {
    const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail('invalid string');
    this.#at = pattern.lastIndex;
    const value = JSON.parse(match[0]) as string;
    if (!value.isWellFormed()) this.#fail('invalid string: a surrogate stands alone');
    return value;
  }

  #array(depth: number): Json {
    this.#at++;
    const values: Json[] = [];
    this.#space();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return values;
    }
    for (;;) {
      values.push(this.#value(depth + 1));
      if (this.#next(']')) return values;
    }
  }

  /** A name that comes twice has no one meaning, so it is refused. */
  #object(depth: number): Json {
    this.#at++;
    const members = new Map<string, Json>();
    this.#space();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return members;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('expected a member name');
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail("expected ':'");
      this.#at++;
      const value = this.#value(depth + 1);
      if (members.has(key))
        throw new JsonDuplicateError(`JSON with the member "${key}" twice is not supported`);
      members.set(key, value);
      if (this.#next('}')) return members;
    }
  }

  /** After an element: true at the closing `end`, false at a comma. */
  #next(end: string): boolean {
    this.#space();
    const c = this.#text[this.#at];
    this.#at++;
    if (c === end) return true;
    if (c !== ',') this.#fail(`expected ',' or '${end}'`);
    return false;
  }
}
