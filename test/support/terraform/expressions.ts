import type { Json } from './modules.ts';

/** A name that an expression uses: `var.region` is root `var` with path `['region']`. `called` = it is a function. */
export type Reference = { readonly root: string; readonly path: readonly string[]; readonly called: boolean };

const words = new Set(['for', 'in', 'if', 'true', 'false', 'null', 'else', 'endif', 'endfor']);

/** Every name used in the `${...}` of a value, but for those that a `for` inside binds. */
export function referencesIn(value: Json): readonly Reference[] {
  if (typeof value === 'string') return template(value);
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(referencesIn);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => [...template(key), ...referencesIn(inner)]);
  }
  return [];
}

/** Whether the text is computed, so that nothing can be said of its value without a plan. */
export const isComputed = (value: Json): boolean => typeof value === 'string' && /\$\{|%\{/.test(value);

/** Literal text inside an expression is a template, too, in which `${` opens another expression. */
function template(text: string, outer: ReadonlySet<string> = new Set()): Reference[] {
  const found: Reference[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('$${', at)) at += 2;
    else if (text.startsWith('${', at)) {
      const end = closing(text, at + 2);
      found.push(...expression(text.slice(at + 2, end), outer));
      at = end;
    }
  }
  return found;
}

/** Where the brace that was opened before `from` closes, strings and their templates skipped. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at + 1);
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  throw new Error(`unclosed expression: ${text.slice(from, from + 60)}`);
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('${', at)) at = closing(text, at + 2);
    else if (text[at] === '"') return at;
  }
  throw new Error(`unclosed string: ${text.slice(from, from + 60)}`);
}

const chain = /[A-Za-z_][\w-]*(?:\s*\.\s*(?:[A-Za-z_][\w-]*|\*|\d+))*/y;

function expression(text: string, outer: ReadonlySet<string>): Reference[] {
  const found: Reference[] = [];
  const bound = new Set(outer);
  for (const [, names = ''] of text.matchAll(/\bfor\s+([\w-]+(?:\s*,\s*[\w-]+)?)\s+in\b/g)) {
    for (const name of names.split(',')) bound.add(name.trim());
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') {
      const end = endOfString(text, at + 1);
      found.push(...template(text.slice(at + 1, end), bound));
      at = end;
      continue;
    }
    if (character === '#' || text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    if (!/[A-Za-z_]/.test(character)) {
      if (/\d/.test(character)) while (/[\w.]/.test(text[at + 1] ?? '')) at += 1;
      continue;
    }
    chain.lastIndex = at;
    const match = chain.exec(text)?.[0] ?? character;
    // `.attribute` after an index or a call belongs to what stands before it
    const after = /[)\]]\s*\.\s*$/.test(text.slice(0, at));
    const next = text.slice(at + match.length).trimStart();
    at += match.length - 1;
    const [root = '', ...path] = match.split('.').map((part) => part.trim());
    if (after || words.has(root) || bound.has(root)) continue;
    // `name = value` and `name : value` in an object are its keys
    if (path.length === 0 && /^(=(?![=>])|:)/.test(next)) continue;
    found.push({
      root,
      path: [...path, ...indexed(text, at + 1)],
      called: path.length === 0 && next.startsWith('('),
    });
  }
  return found;
}

/** What follows the index of a resource or module that has for_each: its attribute. */
function indexed(text: string, from: number): string[] {
  if (text[from] !== '[') return [];
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at + 1);
    else if (text[at] === '[') depth += 1;
    else if (text[at] === ']') {
      depth -= 1;
      if (depth === 0) {
        const name = /^\.([A-Za-z_][\w-]*)/.exec(text.slice(at + 1))?.[1];
        return name === undefined ? ['[]'] : ['[]', name];
      }
    }
  }
  return [];
}
