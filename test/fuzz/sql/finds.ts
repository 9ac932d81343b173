import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OracleAnswer } from '../../corpus/oracle-answer.ts';
import { asItem, check, type Find, type Trouble } from './check.ts';
import { analyzedCatalog } from './grammar-analyzed.ts';

/** A text that once showed a trouble, as short as it gets, with what the oracle says of it. */
export type KeptFind = {
  readonly trouble: Trouble;
  readonly group: string;
  readonly seed: number;
  readonly mode: 'parse' | 'analyze';
  readonly text: string;
  /** The oracle's answer: names are those of the fuzzer. */
  readonly oracle: OracleAnswer;
  /** Known and not mended: reported, not failed. */
  readonly open?: true;
};

export const findsFile = join(import.meta.dirname, '..', '..', 'cases', 'fuzz', 'finds.jsonl');

export function readFinds(file = findsFile): KeptFind[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KeptFind);
}

/** What is to be said of a find today. */
export const recheck = ({ text, mode, oracle }: KeptFind): Find | undefined =>
  check(asItem(text, mode === 'analyze' ? analyzedCatalog : undefined), oracle);

/** Writes all finds, each text once, the fatal ones first. */
export function writeFinds(finds: readonly KeptFind[], file = findsFile): void {
  const byText = new Map(finds.map((find) => [find.text, find]));
  const lines = [...byText.values()]
    .map((find) => ({ key: `${find.trouble} ${find.group} ${find.text}`, find }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ find }) => `${JSON.stringify(find)}\n`);
  writeFileSync(file, lines.join(''));
}
