import { equalBytes, sha256 } from './bytes.ts';

/** The Merkle tree of RFC 6962, section 2.1: leaves are hashed with 0x00 in front, inner nodes with 0x01. */
export type Hash = Uint8Array;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (data: Uint8Array): Hash => sha256(leafPrefix, data);
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(nodePrefix, left, right);
export const emptyRoot: Hash = sha256();

/** A tree of `size` leaves as the roots of its complete subtrees, largest first: all that appending and the root need. */
export type Frontier = { readonly size: number; readonly nodes: readonly Hash[] };

export const emptyFrontier: Frontier = { size: 0, nodes: [] };

/** The tree with these leaf hashes added at its right. */
export function append(tree: Frontier, leaves: readonly Hash[]): Frontier {
  const nodes = [...tree.nodes];
  let size = tree.size;
  for (const leaf of leaves) {
    let node = leaf;
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2))
      node = nodeHash(nodes.pop() as Hash, node);
    nodes.push(node);
    size += 1;
  }
  return { size, nodes };
}

export function rootOf(tree: Frontier): Hash {
  if (tree.nodes.length === 0) return emptyRoot;
  return tree.nodes.reduceRight((right, left) => nodeHash(left, right));
}

/** The largest power of two below `count` (`count` > 1). */
function splitPoint(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

const subtree = (leaves: readonly Hash[], from: number, to: number): Hash =>
  rootOf(append(emptyFrontier, leaves.slice(from, to)));

/** Sibling hashes from the leaf up, for the leaf at `index` among all `leaves`. */
export function inclusionProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  const path: Hash[] = [];
  let [from, to] = [0, leaves.length];
  while (to - from > 1) {
    const middle = from + splitPoint(to - from);
    if (index < middle) {
      path.push(subtree(leaves, middle, to));
      to = middle;
    } else {
      path.push(subtree(leaves, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** Whether the proof leads from the leaf at `index` to this root of a tree of `size` leaves (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (index < 0 || index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

/** Proof that the first `oldSize` of all `leaves` are a prefix (RFC 6962, 2.1.2). */
export function consistencyProof(leaves: readonly Hash[], oldSize: number): readonly Hash[] {
  if (oldSize <= 0 || oldSize >= leaves.length) return [];
  const path: Hash[] = [];
  let [from, to, whole] = [0, leaves.length, true];
  while (oldSize !== to) {
    const middle = from + splitPoint(to - from);
    if (oldSize <= middle) {
      path.push(subtree(leaves, middle, to));
      to = middle;
    } else {
      path.push(subtree(leaves, from, middle));
      [from, whole] = [middle, false];
    }
  }
  if (!whole) path.push(subtree(leaves, from, to));
  return path.reverse();
}

/** Whether the tree of `oldSize` with `oldRoot` is a prefix of the tree of `size` with `root` (RFC 9162, 2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  oldRoot: Hash,
  size: number,
  root: Hash,
  proof: readonly Hash[],
): boolean {
  if (oldSize < 0 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && equalBytes(oldRoot, root);
  if (oldSize === 0) return proof.length === 0 && equalBytes(oldRoot, emptyRoot);
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let [node, last] = [oldSize - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [oldHash, hash] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [oldHash, hash] = [nodeHash(sibling, oldHash), nodeHash(sibling, hash)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(hash, root);
}

const half = (value: number): number => Math.floor(value / 2);

const isPowerOfTwo = (value: number): boolean => {
  let rest = value;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
};
