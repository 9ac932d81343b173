import { compile, type Step } from './compile.ts';
import { type Assertion, parsePattern, type RegexpNode } from './parse.ts';

/** Told of every bit of work, in steps; may throw to end it. */
export type Spend = (steps: number) => void;

/**
 * RE2's language and RE2's choice among matches (leftmost, then the first alternative), in time proportional to text
 * times pattern: no pattern makes it slow. Positions are UTF-16 indexes.
 */
export type Regexp = {
  readonly captures: number;
  /** Whether any assertion looks at what stands before a match. */
  readonly looksBehind: boolean;
  /** Whether it can match nothing at all, between characters. */
  readonly nullable: boolean;
  /** Whether every capture takes part in every match. */
  readonly capturesAlways: boolean;
  /** Start and end of the match and of each capture (-1 where it took no part), at or after `from`. */
  match(text: string, from: number, spend?: Spend): readonly number[] | undefined;
};

/** Throws RegexpError for a pattern that RE2 rejects. */
export function regexp(pattern: string): Regexp {
  const { root, captures } = parsePattern(pattern);
  const steps = compile(root);
  return {
    captures,
    looksBehind: looksBehind(root),
    nullable: nullable(root),
    capturesAlways: certain(root) === captures,
    match: (text, from, spend) => run(steps, captures, text, from, spend),
  };
}

function looksBehind(node: RegexpNode): boolean {
  switch (node.kind) {
    case 'assert':
      return node.assertion !== 'text-end' && node.assertion !== 'line-end';
    case 'concat':
    case 'alternate':
      return node.items.some(looksBehind);
    case 'repeat':
    case 'capture':
      return looksBehind(node.item);
    case 'empty':
    case 'char':
      return false;
  }
}

function nullable(node: RegexpNode): boolean {
  switch (node.kind) {
    case 'empty':
    case 'assert':
      return true;
    case 'char':
      return false;
    case 'concat':
      return node.items.every(nullable);
    case 'alternate':
      return node.items.some(nullable);
    case 'repeat':
      return node.min === 0 || nullable(node.item);
    case 'capture':
      return nullable(node.item);
  }
}

/** How many captures no choice and no repetition can leave out. */
function certain(node: RegexpNode): number {
  switch (node.kind) {
    case 'empty':
    case 'assert':
    case 'char':
    case 'alternate':
      return 0;
    case 'concat':
      return node.items.reduce((sum, item) => sum + certain(item), 0);
    case 'repeat':
      return node.min > 0 ? certain(node.item) : 0;
    case 'capture':
      return 1 + certain(node.item);
  }
}

type Thread = { readonly at: number; readonly saved: readonly number[] };

const isWord = (c: number | undefined): boolean =>
  c !== undefined && ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c === 95 || (c >= 97 && c <= 122));

function holds(assertion: Assertion, text: string, at: number): boolean {
  const before = at > 0 ? text.charCodeAt(at - 1) : undefined;
  const after = at < text.length ? text.charCodeAt(at) : undefined;
  switch (assertion) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'line-start':
      return before === undefined || before === 10;
    case 'line-end':
      return after === undefined || after === 10;
    case 'word':
      return isWord(before) !== isWord(after);
    case 'no-word':
      return isWord(before) === isWord(after);
  }
}

/** Follows every step that takes no character, in order of preference; `seen` marks steps reached at this place. */
function follow(
  steps: readonly Step[],
  first: Thread,
  text: string,
  at: number,
  seen: Int32Array,
  mark: number,
): Thread[] {
  const reached: Thread[] = [];
  const pending: Thread[] = [first];
  for (let thread = pending.pop(); thread; thread = pending.pop()) {
    if (seen[thread.at] === mark) continue;
    seen[thread.at] = mark;
    const step = steps[thread.at]!;
    switch (step.op) {
      case 'char':
      case 'match':
        reached.push(thread);
        break;
      case 'jump':
        pending.push({ at: step.next, saved: thread.saved });
        break;
      case 'split':
        pending.push({ at: step.other, saved: thread.saved }, { at: step.next, saved: thread.saved });
        break;
      case 'save': {
        const saved = [...thread.saved];
        saved[step.slot] = at;
        pending.push({ at: thread.at + 1, saved });
        break;
      }
      case 'assert':
        if (holds(step.assertion, text, at)) pending.push({ at: thread.at + 1, saved: thread.saved });
        break;
    }
  }
  return reached;
}

function run(
  steps: readonly Step[],
  captures: number,
  text: string,
  from: number,
  spend: Spend | undefined,
): readonly number[] | undefined {
  const seen = new Int32Array(steps.length);
  const none: readonly number[] = new Array(captures * 2 + 2).fill(-1);
  let threads: Thread[] = [];
  let found: number[] | undefined;
  let mark = 0;
  for (let at = from; ; ) {
    mark++;
    const here: Thread[] = [];
    for (const thread of threads) here.push(...follow(steps, thread, text, at, seen, mark));
    if (!found) {
      const start = [...none];
      start[0] = at;
      here.push(...follow(steps, { at: 0, saved: start }, text, at, seen, mark));
    }
    spend?.(here.length + 1);
    const codePoint = at < text.length ? text.codePointAt(at)! : -1;
    threads = [];
    for (const thread of here) {
      const step = steps[thread.at]!;
      if (step.op === 'match') {
        found = [...thread.saved];
        found[1] = at;
        break;
      }
      if (step.op === 'char' && codePoint >= 0 && step.set.has(codePoint)) {
        threads.push({ at: thread.at + 1, saved: thread.saved });
      }
    }
    if (at >= text.length || (found && threads.length === 0)) return found;
    at += codePoint > 0xffff ? 2 : 1;
  }
}
