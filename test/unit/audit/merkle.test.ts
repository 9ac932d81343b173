import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256, toHex, utf8 } from '../../../functions/core/audit/bytes.ts';
import {
  append,
  consistencyProof,
  emptyFrontier,
  emptyRoot,
  type Hash,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../../functions/core/audit/merkle.ts';

/** RFC 6962's definition, word for word, as the measure of the incremental one. */
function slowRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Hash;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(slowRoot(leaves.slice(0, split)), slowRoot(leaves.slice(split)));
}
const leavesOf = (count: number): readonly Hash[] =>
  Array.from({ length: count }, (_, n) => leafHash(utf8(`leaf ${n}`)));
const rootAt = (leaves: readonly Hash[], size: number): Hash =>
  rootOf(append(emptyFrontier, leaves.slice(0, size)));
const flipped = (hash: Hash): Hash => Uint8Array.from(hash, (byte, at) => (at === 5 ? byte ^ 4 : byte));

test('known roots of the certificate-transparency test vectors', () => {
  const inputs = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const leaves = inputs.map((hex) => leafHash(Buffer.from(hex, 'hex')));
  assert.equal(toHex(emptyRoot), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(toHex(rootAt(leaves, 1)), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  assert.equal(toHex(rootAt(leaves, 8)), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('growing by any steps gives the root of the definition', () => {
  const leaves = leavesOf(70);
  for (let size = 0; size <= 70; size++) {
    const cut = (size * 7) % (size + 1);
    const tree = append(append(emptyFrontier, leaves.slice(0, cut)), leaves.slice(cut, size));
    assert.deepEqual(rootOf(tree), Buffer.from(slowRoot(leaves.slice(0, size))), `size ${size}`);
  }
});

test('inclusion proofs hold for their leaf and place alone', () => {
  const all = leavesOf(35);
  for (let size = 1; size <= 35; size++) {
    const leaves = all.slice(0, size);
    const root = rootAt(all, size);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(leaves, index);
      const leaf = leaves[index] as Hash;
      assert.ok(verifyInclusion(leaf, index, size, proof, root));
      assert.ok(!verifyInclusion(flipped(leaf), index, size, proof, root));
      assert.ok(!verifyInclusion(leaf, index, size, proof, flipped(root)));
      assert.ok(!verifyInclusion(leaf, index, size, [...proof, leaf], root));
      assert.ok(!verifyInclusion(leaf, size, size, proof, root));
      if (proof.length > 0) assert.ok(!verifyInclusion(leaf, index, size, proof.slice(1), root));
      if (size > 1) assert.ok(!verifyInclusion(leaf, (index + 1) % size, size, proof, root));
    }
  }
});

test('consistency proofs hold between two sizes of one tree alone', () => {
  const all = leavesOf(24);
  for (let size = 1; size <= 24; size++) {
    for (let old = 1; old <= size; old++) {
      const proof = consistencyProof(all.slice(0, size), old);
      const [oldRoot, root] = [rootAt(all, old), rootAt(all, size)];
      assert.ok(verifyConsistency(old, oldRoot, size, root, proof), `${old} of ${size}`);
      assert.ok(!verifyConsistency(old, flipped(oldRoot), size, root, proof));
      assert.ok(!verifyConsistency(old, oldRoot, size, flipped(root), proof));
      if (proof.length > 0) assert.ok(!verifyConsistency(old, oldRoot, size, root, proof.slice(0, -1)));
    }
  }
});
