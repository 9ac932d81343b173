import type { Hint, HintEntry } from '../ast/index.ts';
import { printAny, printName } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printLiteral } from './literals.ts';

function printEntry(entry: HintEntry, layout: Layout): string {
  const qualifier = entry.qualifier === undefined ? '' : `${printName(entry.qualifier)}.`;
  return `${qualifier}${printName(entry.name)} = ${printAny(entry.value, layout)}`;
}

/** `@{...}`, or nothing where no hint stands; with `before` in front of what there is. */
export function printHint(hint: Hint | undefined, layout: Layout, before = ''): string {
  if (hint === undefined) return '';
  const shards = hint.shards === undefined ? '' : `@${printLiteral(hint.shards)}`;
  if (hint.entries.length === 0) return before + shards;
  const entries = `@{${hint.entries.map((entry) => printEntry(entry, layout)).join(', ')}}`;
  return before + (shards === '' ? entries : `${shards} ${entries}`);
}
