import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readItems } from '../../corpus/read-items.ts';
import { type Random, randomOf } from '../random.ts';
import { generate } from './generate.ts';
import { mutateCharacters, mutatePieces } from './mutate.ts';

const longestSeed = 1500;
const corpora = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus');

/** Texts to mutate: from the corpora named, else from those beside the repository, if they are there. */
export function readSeeds(paths: readonly string[]): string[] {
  const beside = [join(corpora, 'googlesql', 'parser'), join(corpora, 'queries', 'realistic.jsonl')];
  const { items } = readItems(paths.length > 0 ? paths : beside.filter(existsSync), 'parse');
  const wanted = items.filter(
    ({ bigQuery, entry, text }) => bigQuery && entry === 'script' && text.length <= longestSeed,
  );
  return [...new Set(wanted.map(({ text }) => text))];
}

export type Input = { readonly text: string; readonly how: 'generated' | 'pieces' | 'characters' | 'long' };

/** The one text of a seed that is to be analyzed with `analyzedCatalog`. */
export function analyzedInputOf(seed: number): Input {
  const random = randomOf(seed);
  for (let i = 0; i < 4; i++) random.next();
  return { text: generate(random, 'analyzed', 3 + random.below(3)), how: 'generated' };
}

/** The one input of a seed: the same as long as grammar, mutations and texts are the same. */
export function inputOf(seed: number, texts: readonly string[]): Input {
  const random = randomOf(seed);
  for (let i = 0; i < 4; i++) random.next();
  const kind = random.next();
  const written = (): string => generate(random, 'text', 3 + random.below(3));
  const base = (): string => (texts.length > 0 && random.chance(0.65) ? random.pick(texts) : written());
  if (kind < 0.25) return { text: written(), how: 'generated' };
  if (kind < 0.8) return { text: mutatePieces(base(), base(), random), how: 'pieces' };
  if (kind < 0.9995) return { text: mutateCharacters(base(), random), how: 'characters' };
  return { text: long(base(), random), how: 'long' };
}

/** A part of a text many times over, up to about 100 kB: what takes more than linear time shows here. */
function long(text: string, random: Random): string {
  const from = random.below(text.length);
  const part = text.slice(from, from + 1 + random.below(40));
  const times = Math.floor(100_000 / Math.max(1, part.length));
  return (text.slice(0, from) + part.repeat(times) + text.slice(from)).toWellFormed();
}
