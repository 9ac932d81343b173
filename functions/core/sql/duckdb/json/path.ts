import { isArray, isObject, type Json } from './value.ts';

export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number };

/**
 * `standard`: `$.a."b c"[0]` (JSON_VALUE, JSON_QUERY); `legacy`: `$.a['b c'][0]` (JSON_EXTRACT and its kin);
 * `strict`: as standard, where an index is a number of digits (JSON_SET and its kin).
 */
export type PathDialect = 'standard' | 'legacy' | 'strict';

/** What may stand between brackets without quotes. What is no number leads to a member, if to anything. */
const bracketed: Readonly<Record<PathDialect, RegExp>> = {
  standard: /\[\s*([\p{N}_-]+)\s*\]/uy,
  legacy: /\[\s*([\p{L}\p{N}_-]+)\s*\]/uy,
  strict: /\[\s*(\d{1,9})\s*\]/uy,
};

/** The steps of a JSONPath, or undefined where its text is not understood. */
export function parsePath(text: string, dialect: PathDialect): readonly PathStep[] | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: PathStep[] = [];
  let at = 1;
  while (at < text.length) {
    const found = step(text, at, dialect);
    if (!found) return undefined;
    steps.push(found.step);
    at = found.end;
  }
  return steps;
}

function step(text: string, at: number, dialect: PathDialect): { step: PathStep; end: number } | undefined {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const index = match(bracketed[dialect]);
  if (index) {
    const token = index[1]!;
    const end = at + index[0].length;
    return /^\d{1,9}$/.test(token)
      ? { step: { kind: 'element', index: Number(token) }, end }
      : { step: { kind: 'member', name: token }, end };
  }
  const quoted =
    dialect !== 'legacy' ? match(/\."((?:[^"\\]|\\.)*)"/y) : match(/\[\s*'((?:[^'\\]|\\.)*)'\s*\]/y);
  if (quoted) {
    // What an escape in a quoted name stands for is not documented.
    if (quoted[1]!.includes('\\')) return undefined;
    return { step: { kind: 'member', name: quoted[1]! }, end: at + quoted[0].length };
  }
  const plain = match(/\.([\p{L}\p{N}_\-:\s]+)/uy);
  if (plain) return { step: { kind: 'member', name: plain[1]! }, end: at + plain[0].length };
  return undefined;
}

/** What a path leads to; undefined where there is nothing. A number steps into an object as a name, and back. */
export function follow(value: Json, steps: readonly PathStep[]): Json | undefined {
  let at: Json | undefined = value;
  for (const one of steps) {
    if (at === undefined) return undefined;
    at = child(at, one.kind === 'element' ? String(one.index) : one.name);
  }
  return at;
}

function child(v: Json, token: string): Json | undefined {
  if (isObject(v)) return v.get(token);
  return isArray(v) && /^\d{1,9}$/.test(token) ? v[Number(token)] : undefined;
}
