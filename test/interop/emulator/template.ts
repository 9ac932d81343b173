import type { Random } from '../../fuzz/random.ts';
import { lists, pools } from './values.ts';

/**
 * An expression with holes. `{INT64}` is a value of that type, `{zone}` one of a list of `values.ts`, `{a|b}` one of the
 * words, `{?, x}` may be absent. `gives` is the type of the whole.
 */
export type Template = { readonly gives: string; readonly text: string };

/** `templates('INT64', 'LENGTH({STRING})', ...)` */
export const templates = (gives: string, ...texts: readonly string[]): Template[] =>
  texts.map((text) => ({ gives, text }));

/** Writes the value of a hole. */
export type Leaf = (type: string) => string;

type Bracket = { readonly start: number; readonly end: number };

/** The first innermost `{...}`. */
function innermost(text: string): Bracket | undefined {
  const end = text.indexOf('}');
  return end < 0 ? undefined : { start: text.lastIndexOf('{', end), end };
}

/** The template's text with every hole filled. */
export function fill(random: Random, text: string, leaf: Leaf): string {
  let left = text;
  const done: string[] = [];
  for (let hole = innermost(left); hole; hole = innermost(left)) {
    const body = left.slice(hole.start + 1, hole.end);
    const made = content(random, body, leaf);
    done.push(made);
    // Filled text may hold braces (JSON), so it waits aside under a mark that no SQL holds.
    left = `${left.slice(0, hole.start)}\u0001${done.length - 1}\u0002${left.slice(hole.end + 1)}`;
  }
  return unmark(left, done);
}

function unmark(text: string, done: readonly string[]): string {
  const mark = /\u0001(\d+)\u0002/g;
  let all = text;
  while (all.includes('\u0001')) all = all.replace(mark, (_, at: string) => done[Number(at)] ?? '');
  return all;
}

function content(random: Random, body: string, leaf: Leaf): string {
  if (body.startsWith('?')) return random.chance(0.5) ? body.slice(1) : '';
  if (Object.hasOwn(lists, body)) return random.pick(lists[body] as readonly string[]);
  if (Object.hasOwn(pools, body)) return leaf(body);
  return random.pick(body.split('|'));
}

/** A literal of a type, mild or from the ends of the type. */
export function literal(random: Random, type: string, edgeShare: number): string {
  const pool = pools[type];
  if (!pool) throw new Error(`there are no values of ${type}`);
  return random.pick(random.chance(edgeShare) ? pool.edge : pool.mild);
}
