import { SqlFailure } from '../lexer/failure.ts';
import type { Cursor } from './cursor.ts';

/** Below this many chained nodes recursion alone bounds the height, and no look at the tree is needed. */
const harmlessChain = 400;

/**
 * Refuses a tree that is higher than its readers may recurse: `1 + 1 + ...` ten thousand times nests to
 * the left without any parentheses.
 */
export function checkTreeDepth(cursor: Cursor, root: unknown): void {
  if (cursor.chainSteps <= harmlessChain) return;
  const pending: { value: object; depth: number }[] = [{ value: root as object, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    if (depth > cursor.limits.maxTreeDepth) {
      throw new SqlFailure('limit', `Expressions nest deeper than ${cursor.limits.maxTreeDepth} levels`, 0);
    }
    const below = 'kind' in value ? depth + 1 : depth;
    for (const child of Object.values(value)) {
      if (typeof child === 'object' && child !== null && !(child instanceof Uint8Array)) {
        pending.push({ value: child, depth: below });
      }
    }
  }
}
