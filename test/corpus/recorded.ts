import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { questionHash } from './cache.ts';
import type { Item } from './item.ts';
import type { Judgement } from './judge.ts';
import { fileQuestionOf, questionOf } from './oracle-answer.ts';
import { hashedVerdict, type Verdict } from './verdict.ts';

export const recordedFolder = join(import.meta.dirname, '..', 'cases', 'oracle');

/** Names an item without a word of its text: 16 hex digits. */
export function recordKey(item: Item): string {
  const asFile = fileQuestionOf(item);
  const parts = [questionHash(questionOf(item)), asFile === undefined ? '' : questionHash(asFile)];
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 16);
}

type CompactStatement = readonly [
  kind: string,
  depth: number,
  start: number,
  end: number,
  ...paths: (readonly [nameHash: string, role: string])[],
];

/** A line: `f` is 1 where Google's file decided; `no` holds a rejection, `yes` the statements, as far as they are known. */
type Line = {
  readonly h: string;
  readonly f?: 1;
  readonly no?: readonly [messageHash: string, line: number, column: number];
  readonly yes?: readonly CompactStatement[];
};

/** Judgements by `recordKey`, with hashes in place of names and messages. */
export type Recorded = ReadonlyMap<string, Judgement>;

/** Writes what counts for items to `NAME.jsonl.gz`; items without a verdict are left out. */
export function writeRecorded(
  name: string,
  judged: readonly (readonly [Item, Judgement])[],
  folder = recordedFolder,
): void {
  const lines = new Map(judged.flatMap(([item, judgement]) => lineOf(recordKey(item), judgement)));
  const text = [...lines.values()].sort().join('');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.jsonl.gz`), gzipSync(text, { level: 9 }));
}

function lineOf(h: string, { verdict: full, by }: Judgement): (readonly [string, string])[] {
  const verdict = hashedVerdict(full);
  if (verdict.is === 'none') return [];
  const line: Line = { h, ...(by === 'file' ? { f: 1 } : {}), ...said(verdict) };
  return [[h, `${JSON.stringify(line)}\n`]];
}

function said(verdict: Exclude<Verdict, { is: 'none' }>): Pick<Line, 'no' | 'yes'> {
  if (verdict.is === 'rejected') return { no: [verdict.message, verdict.line, verdict.column] };
  if (verdict.statements === undefined) return {};
  return {
    yes: verdict.statements.map(({ kind, depth, start, end, paths }) => [
      kind,
      depth,
      start,
      end,
      ...paths.map(({ name, role }) => [name, role] as const),
    ]),
  };
}

/** All that is recorded in a folder. */
export function readRecorded(folder = recordedFolder): Recorded {
  const all = new Map<string, Judgement>();
  if (!existsSync(folder)) return all;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'))) {
    for (const text of gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .split('\n')) {
      if (text === '') continue;
      const line: Line = JSON.parse(text);
      all.set(line.h, { verdict: verdictIn(line), by: line.f === 1 ? 'file' : 'oracle' });
    }
  }
  return all;
}

function verdictIn({ no, yes }: Line): Verdict {
  if (no !== undefined) return { is: 'rejected', message: no[0], line: no[1], column: no[2] };
  const statements = yes?.map(([kind, depth, start, end, ...paths]) => ({
    kind,
    depth,
    start,
    end,
    paths: paths.map(([name, role]) => ({ name, role, start: 0, end: 0 })),
  }));
  return { is: 'accepted', statements };
}
