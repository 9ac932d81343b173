import { fromBase64, fromUtf8, toBase64, utf8 } from './bytes.ts';
import { openCheckpoint } from './checkpoint.ts';
import { hashOfLeaf, type Leaf, leafText, parsePlan } from './leaf.ts';
import { type Hash, verifyInclusion } from './merkle.ts';
import type { VerifierKey } from './signed-note.ts';

/** https://c2sp.org/tlog-proof; `extra` carries the leaf's text, of which the leaf hash is made. */
export type LogProof = {
  readonly leaf: Leaf;
  readonly index: number;
  /** Sibling hashes from the leaf up. */
  readonly path: readonly Hash[];
  /** The signed note. */
  readonly checkpoint: string;
};

const magic = 'c2sp.org/tlog-proof@v1';

export const formatProof = (proof: LogProof): string =>
  [
    magic,
    `extra ${toBase64(utf8(leafText(proof.leaf)))}`,
    `index ${proof.index}`,
    ...proof.path.map(toBase64),
    '',
    proof.checkpoint,
  ].join('\n');

/** The leaf that the proof shows to be in a tree that this key signed, or why it shows nothing. */
export function openProof(
  text: string,
  key: VerifierKey,
): { readonly leaf: Leaf } | { readonly problem: string } {
  const split = text.indexOf('\n\n');
  const [first, extra, index, ...path] = text.slice(0, Math.max(split, 0)).split('\n');
  const digits = /^index (0|[1-9][0-9]{0,14})$/.exec(index ?? '')?.[1];
  const hashes = path.map((line) => fromBase64(line) ?? new Uint8Array());
  if (first !== magic || digits === undefined || hashes.some((hash) => hash.length !== 32)) {
    return { problem: `it is not a ${magic} with an extra line` };
  }
  const leaf = leafIn(extra ?? '');
  if (leaf === undefined) return { problem: 'its extra line is not the leaf of a record' };
  const checkpoint = openCheckpoint(utf8(text.slice(split + 2)), key);
  if ('problem' in checkpoint) return { problem: `its checkpoint: ${checkpoint.problem}` };
  const included = verifyInclusion(
    hashOfLeaf(leaf),
    Number(digits),
    checkpoint.size,
    hashes,
    checkpoint.root,
  );
  return included ? { leaf } : { problem: 'its hashes do not lead from the leaf to the root' };
}

function leafIn(extraLine: string): Leaf | undefined {
  const bytes = extraLine.startsWith('extra ') ? fromBase64(extraLine.slice(6)) : undefined;
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  const leaves = text === undefined ? { problem: 'none' } : parsePlan(utf8(`${text}\n`));
  return 'problem' in leaves || leaves.length !== 1 ? undefined : leaves[0];
}
