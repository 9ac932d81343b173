import { fromUtf8, toHex, utf8 } from './bytes.ts';
import { type Hash, leafHash } from './merkle.ts';
import { isObjectName } from './names.ts';

/** One record as the log holds it: what the Merkle tree is over. */
export type Leaf = {
  readonly name: string;
  readonly generation: string;
  /** SHA-256 of the stored (encrypted) bytes, lower-case hex. */
  readonly sha256: string;
};

export const leafOf = (name: string, generation: string, sha256: Uint8Array): Leaf => ({
  name,
  generation,
  sha256: toHex(sha256),
});

/** The leaf's bytes: `<sha256> <generation> <name>`, without a newline. */
export const leafText = (leaf: Leaf): string => `${leaf.sha256} ${leaf.generation} ${leaf.name}`;

export const hashOfLeaf = (leaf: Leaf): Hash => leafHash(utf8(leafText(leaf)));

/** A plan: its leaves in tree order, a line each. */
export const formatPlan = (leaves: readonly Leaf[]): Uint8Array =>
  utf8(leaves.map((leaf) => `${leafText(leaf)}\n`).join(''));

const linePattern = /^([0-9a-f]{64}) (0|[1-9][0-9]{0,19}) (rec\/\S+)$/;

/** The leaves of a plan, or what is wrong with it. Only bytes that `formatPlan` writes are a plan. */
export function parsePlan(bytes: Uint8Array): readonly Leaf[] | { readonly problem: string } {
  const lines = fromUtf8(bytes)?.split('\n');
  if (lines === undefined || lines.length < 2 || lines.pop() !== '')
    return { problem: 'it is not a list of lines' };
  const leaves: Leaf[] = [];
  for (const line of lines) {
    const match = linePattern.exec(line);
    const name = match?.[3];
    if (match === null || name === undefined || !isObjectName(name)) {
      return { problem: `line ${leaves.length + 1} is not a leaf` };
    }
    leaves.push({ sha256: match[1] as string, generation: match[2] as string, name });
  }
  return leaves;
}
