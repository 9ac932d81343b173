import type { Random } from '../random.ts';
import { analyzedRules } from './grammar-analyzed.ts';
import { expressionRules } from './grammar-expressions.ts';
import { queryRules } from './grammar-queries.ts';
import { statementRules } from './grammar-statements.ts';

/**
 * Alternatives by the name of the rule. In an alternative `<x>` is a rule, `<x?>` one time or none, `<x*>` none to two times,
 * `<x,>` one to three times with commas; everything else stands for itself.
 * Where the depth is used up, alternatives without rules are left, else the first one, which is the shortest way out.
 */
export type Rules = Readonly<Record<string, readonly string[]>>;

const rules: Rules = { ...queryRules, ...expressionRules, ...statementRules, ...analyzedRules };
const reference = /<([a-z][a-zA-Z]*)([?*,]?)>/g;

/** A text of the grammar: often valid, as the grammar allows a little more than the language. */
export function generate(random: Random, start = 'text', depth = 7): string {
  const shallow = depth <= 0;
  const alternatives = rules[start];
  if (alternatives === undefined) throw new Error(`no rule named ${start}`);
  const chosen = random.pick(shallow ? shortest(start, alternatives) : alternatives);
  return chosen.replace(reference, (_, name: string, how: string) => {
    const one = (): string => generate(random, name, depth - 1);
    if (how === '?') return random.chance(shallow ? 0.1 : 0.35) ? one() : '';
    if (how === '*') return Array.from({ length: shallow ? 0 : random.below(3) }, one).join(' ');
    if (how === ',') return Array.from({ length: shallow ? 1 : 1 + random.below(3) }, one).join(', ');
    return one();
  });
}

const shortestOf = new Map<string, readonly string[]>();

function shortest(name: string, alternatives: readonly string[]): readonly string[] {
  const known = shortestOf.get(name);
  if (known !== undefined) return known;
  const plain = alternatives.filter((text) => text.search(reference) < 0);
  const found = plain.length > 0 ? plain : alternatives.slice(0, 1);
  shortestOf.set(name, found);
  return found;
}

/** References to rules that do not exist: none, or the grammar is wrong. */
export function danglingReferences(): string[] {
  const named = Object.values(rules).flatMap((list) => list.flatMap((text) => [...text.matchAll(reference)]));
  return [...new Set(named.map(([, name]) => name!))].filter((name) => rules[name] === undefined);
}
