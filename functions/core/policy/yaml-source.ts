import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { PolicyProblem, Position } from './document.ts';

/** Largest policy file, in UTF-16 code units. */
const fileLimit = 1_000_000;

export type Field = { readonly key: Scalar; readonly value: Node | null };
export type Fields = ReadonlyMap<string, Field>;

/**
 * One YAML file with the place of everything in it. Readers return undefined after noting a problem, so that one pass
 * finds every mistake of a file.
 */
export class YamlSource {
  readonly file: string;
  readonly problems: PolicyProblem[] = [];
  readonly root: Node | null;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    if (text.length > fileLimit) {
      this.problems.push({
        file,
        line: 1,
        column: 1,
        message: `the file is larger than ${fileLimit} characters; split it`,
      });
      this.root = null;
      return;
    }
    const document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
    this.#document = document;
    for (const error of [...document.errors, ...document.warnings]) {
      const message = error.code === 'DUPLICATE_KEY' ? 'this key stands twice; remove one' : error.message;
      this.problems.push({ ...this.#positionAt(error.pos[0]), message });
    }
    this.root = document.errors.length > 0 ? null : document.contents;
  }

  #positionAt(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Where a node begins, or where its character number `offset` (white space aside) stands. */
  position(node: Node | null, offset = 0): Position {
    const start = node?.range?.[0] ?? 0;
    if (offset === 0 || !isScalar(node) || typeof node.value !== 'string') return this.#positionAt(start);
    return this.#positionAt(this.#sourceOffset(node, node.value, offset) ?? start);
  }

  /** Block and folded scalars move white space about, so the value is found again by its other characters. */
  #sourceOffset(node: Scalar, value: string, offset: number): number | undefined {
    const [start, end] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
    const header = /^[|>][-+0-9]*[^\n]*\n/.exec(this.#text.slice(start, end))?.[0].length ?? 0;
    let at = start + (header > 0 ? header : /^["']/.test(this.#text.slice(start, start + 1)) ? 1 : 0);
    for (let i = 0; i <= offset && i < value.length; i += 1) {
      if (/\s/.test(value.charAt(i))) continue;
      while (at < end && /\s/.test(this.#text.charAt(at))) at += 1;
      if (this.#text.charAt(at) !== value.charAt(i)) return undefined;
      if (i === offset) return at;
      at += 1;
    }
    return at;
  }

  problem(node: Node | null, message: string, offset = 0): undefined {
    this.problems.push({ ...this.position(node, offset), message });
    return undefined;
  }

  /** The fields of a mapping; unknown and repeated keys are problems that name the ones there are. */
  fields(node: Node | null, what: string, known: readonly string[]): Fields | undefined {
    if (isAlias(node)) return this.problem(node, `${what} is an alias; write it out`);
    if (!isMap(node)) return this.problem(node, `${what} must be a mapping with ${known.join(', ')}`);
    const fields = new Map<string, Field>();
    for (const pair of node.items) {
      const key = pair.key as Scalar;
      const name = isScalar(key) ? String(key.value) : '';
      if (!known.includes(name)) {
        this.problem(key, `unknown key '${name}' in ${what}; there are ${known.join(', ')}`);
      } else {
        fields.set(name, { key, value: pair.value as Node | null });
      }
    }
    return fields;
  }

  text(node: Node | null, what: string): string | undefined {
    if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    const hint = isScalar(node) && node.value !== null ? '; put it in quotes' : '';
    return this.problem(node, `${what} must be text${hint}`);
  }

  count(node: Node | null, what: string): number | undefined {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
    return this.problem(node, `${what} must be a whole number of at least 1`);
  }

  oneOf<const Word extends string>(
    node: Node | null,
    what: string,
    words: readonly Word[],
  ): Word | undefined {
    const value = isScalar(node) ? node.value : undefined;
    const word = words.find((each) => each === value);
    return word ?? this.problem(node, `${what} must be one of ${words.join(', ')}`);
  }

  /** A quantity with its unit, read by `parse`. */
  quantity(
    node: Node | null,
    what: string,
    parse: (text: string) => number | undefined,
    example: string,
  ): number | undefined {
    const value = isScalar(node) && typeof node.value === 'string' ? parse(node.value) : undefined;
    return value ?? this.problem(node, `${what} needs a number with its unit, for example ${example}`);
  }

  list<Item>(
    node: Node | null,
    what: string,
    read: (item: Node | null) => Item | undefined,
  ): readonly Item[] | undefined {
    if (!isSeq(node)) return this.problem(node, `${what} must be a list`);
    if (node.items.length === 0) return this.problem(node, `${what} is empty; add to it or leave it out`);
    return node.items.flatMap((item) => {
      const value = isAlias(item)
        ? this.problem(item as Node, 'aliases are not read; write it out')
        : read(item as Node);
      return value === undefined ? [] : [value];
    });
  }

  /** A list of texts, or an alias of one: the only place where an alias is read. */
  texts(node: Node | null, what: string): readonly string[] | undefined {
    const list =
      isAlias(node) && this.#document !== undefined ? (node.resolve(this.#document) ?? null) : node;
    return this.list(list, what, (item) => this.text(item, `each of ${what}`));
  }
}
