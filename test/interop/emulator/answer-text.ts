import type { Plain } from './compare.ts';

/** An expected answer of GoogleSQL's compliance tests. */
export type Expected = { readonly rows: readonly Plain[]; readonly ordered: boolean };

type Type = {
  readonly kind: 'scalar' | 'array' | 'struct';
  readonly name: string;
  readonly parts: readonly Type[];
};

/** Reads `ARRAY<STRUCT<a INT64, STRING>>[known order: {1, "x"}, ...]`; undefined where it cannot. */
export function readAnswer(text: string): Expected | undefined {
  try {
    const reader = new Reader(text);
    const type = reader.type();
    const rows = reader.value(type);
    reader.blank();
    if (!Array.isArray(rows) || !reader.atEnd()) return undefined;
    return { rows: rows as readonly Plain[], ordered: reader.knownOrder };
  } catch {
    return undefined;
  }
}

class Reader {
  #at = 0;
  readonly #text: string;
  knownOrder = false;
  #depth = 0;
  constructor(text: string) {
    this.#text = text;
  }
  blank(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }
  #take(text: string): boolean {
    this.blank();
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
  #need(text: string): void {
    if (!this.#take(text)) throw new SyntaxError(`no ${text} at ${this.#at}`);
  }
  #match(pattern: RegExp): string | undefined {
    this.blank();
    const found = new RegExp(pattern, 'y');
    found.lastIndex = this.#at;
    const text = found.exec(this.#text)?.[0];
    if (text !== undefined) this.#at += text.length;
    return text;
  }

  type(): Type {
    const name = this.#match(/[A-Za-z0-9_.]+/) ?? '';
    if (!this.#take('<')) return { kind: 'scalar', name, parts: [] };
    if (name === 'RANGE' || name === 'ENUM' || name === 'PROTO') {
      const of = this.#match(/[^>]*/);
      this.#need('>');
      return { kind: 'scalar', name: `${name}<${of}>`, parts: [] };
    }
    const parts: Type[] = [];
    while (!this.#take('>')) {
      parts.push(name === 'STRUCT' ? this.#field() : this.type());
      this.#take(',');
    }
    return { kind: name === 'ARRAY' ? 'array' : 'struct', name, parts };
  }
  /** A field's type, after its name where it has one. */
  #field(): Type {
    const start = this.#at;
    this.#match(/[A-Za-z0-9_$]+/);
    this.blank();
    const next = this.#text[this.#at] ?? '';
    if (!/[A-Za-z]/.test(next)) this.#at = start;
    return this.type();
  }

  value(type: Type): Plain {
    this.blank();
    if (this.#match(/NULL\b/)) return null;
    if (type.kind === 'array') return this.#array(type);
    if (type.kind === 'struct') return this.#struct(type);
    return this.#scalar(type.name);
  }
  #array(outer: Type): Plain {
    // An array inside says its own type.
    const type = /ARRAY</y.test(this.#text.slice(this.#at, this.#at + 6)) ? this.type() : outer;
    if (this.#take('(NULL)')) return null;
    this.#need('[');
    this.#depth++;
    const order = this.#match(/(known|unknown) order:/);
    if (this.#depth === 1) this.knownOrder = order?.startsWith('known') ?? false;
    const items: Plain[] = [];
    while (!this.#take(']')) {
      items.push(this.value(type.parts[0] ?? { kind: 'scalar', name: '', parts: [] }));
      this.#take(',');
    }
    this.#depth--;
    return items;
  }
  #struct(type: Type): Plain {
    this.#need('{');
    const items: Plain[] = [];
    while (!this.#take('}')) {
      items.push(this.value(type.parts[items.length] ?? { kind: 'scalar', name: '', parts: [] }));
      this.#take(',');
    }
    return items;
  }
  #scalar(name: string): Plain {
    if (name === 'JSON') return this.#json();
    if (name.startsWith('RANGE')) return this.#match(/\[[^)]*\)/) ?? this.#fail();
    const quoted = this.#match(/b?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/s);
    if (quoted !== undefined) return unquote(quoted);
    const text = this.#match(/[^,}\]]+/);
    return text === undefined ? this.#fail() : text.trim();
  }
  #fail(): never {
    throw new SyntaxError(`no value at ${this.#at}`);
  }
  /** JSON ends where its brackets are closed. */
  #json(): string {
    const start = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string;
      if (c === '"') this.#match(/"(?:[^"\\]|\\.)*"/s);
      const here = this.#text[this.#at] ?? '';
      if (/[[{]/.test(here)) depth++;
      else if (/[\]}]/.test(here) && depth-- === 0) break;
      else if (here === ',' && depth === 0) break;
      if (c === '"') this.#at--;
    }
    return this.#text.slice(start, this.#at).trim();
  }
}

/** Text of a quoted literal; bytes in base64, as the REST API sends them. */
function unquote(text: string): string {
  const bytes = text.startsWith('b');
  const body = text.slice(bytes ? 2 : 1, -1);
  const plain = body.replace(
    /\\(x[0-9a-f]{2}|[0-7]{3}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)/gis,
    (_, code: string) => {
      if (/^[xuU]/.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
      return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }[code] ?? code;
    },
  );
  return bytes ? Buffer.from(plain, 'latin1').toString('base64') : plain;
}
