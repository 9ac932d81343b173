import type { CharSet } from './char-set.ts';
import type { Assertion, RegexpNode } from './parse.ts';
import { RegexpError } from './regexp-error.ts';

/** A step of the machine; `next` and `other` are indexes of steps, `next` preferred. */
export type Step =
  | { readonly op: 'char'; readonly set: CharSet }
  | { readonly op: 'assert'; readonly assertion: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { op: 'split'; next: number; other: number }
  | { op: 'jump'; next: number }
  | { readonly op: 'match' };

const MOST_STEPS = 50_000;

/** Steps that follow one another unless they say otherwise. Throws RegexpError for a pattern that is too large. */
export function compile(root: RegexpNode): readonly Step[] {
  const steps: Step[] = [];
  emit(root, steps);
  steps.push({ op: 'match' });
  return steps;
}

function emit(node: RegexpNode, steps: Step[]): void {
  if (steps.length > MOST_STEPS) throw new RegexpError('pattern too large - compile failed');
  switch (node.kind) {
    case 'empty':
      return;
    case 'char':
      steps.push({ op: 'char', set: node.set });
      return;
    case 'assert':
      steps.push({ op: 'assert', assertion: node.assertion });
      return;
    case 'concat':
      for (const item of node.items) emit(item, steps);
      return;
    case 'alternate':
      emitAlternate(node.items, steps);
      return;
    case 'capture':
      steps.push({ op: 'save', slot: node.index * 2 });
      emit(node.item, steps);
      steps.push({ op: 'save', slot: node.index * 2 + 1 });
      return;
    case 'repeat':
      emitRepeat(node, steps);
      return;
  }
}

function emitAlternate(items: readonly RegexpNode[], steps: Step[]): void {
  const jumps: { next: number }[] = [];
  items.forEach((item, i) => {
    if (i === items.length - 1) {
      emit(item, steps);
      return;
    }
    const split = { op: 'split' as const, next: steps.length + 1, other: 0 };
    steps.push(split);
    emit(item, steps);
    const jump = { op: 'jump' as const, next: 0 };
    jumps.push(jump);
    steps.push(jump);
    split.other = steps.length;
  });
  for (const jump of jumps) jump.next = steps.length;
}

type Repeat = Extract<RegexpNode, { kind: 'repeat' }>;

function emitRepeat({ item, min, max, lazy }: Repeat, steps: Step[]): void {
  for (let i = 0; i < min - (max === -1 ? 1 : 0); i++) emit(item, steps);
  if (max === -1) {
    const skip = min === 0 ? optional(lazy, steps) : undefined;
    const start = steps.length;
    emit(item, steps);
    const again = { op: 'split' as const, next: start, other: steps.length + 1 };
    if (lazy) [again.next, again.other] = [again.other, again.next];
    steps.push(again);
    skip?.();
    return;
  }
  const ends: (() => void)[] = [];
  for (let i = min; i < max; i++) {
    ends.push(optional(lazy, steps));
    emit(item, steps);
  }
  for (const end of ends) end();
}

/** A split that may leave out what is emitted until the returned function is called. */
function optional(lazy: boolean, steps: Step[]): () => void {
  const split = { op: 'split' as const, next: steps.length + 1, other: steps.length + 1 };
  steps.push(split);
  return () => {
    if (lazy) split.next = steps.length;
    else split.other = steps.length;
  };
}
