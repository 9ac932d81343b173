import { fromUtf8 } from '../core/audit/bytes.ts';
import { openOwnCheckpoint } from '../core/audit/checkpoint.ts';
import { hashOfLeaf, type Leaf, parsePlan } from '../core/audit/leaf.ts';
import { type Hash, inclusionProof } from '../core/audit/merkle.ts';
import { checkpointName, planName } from '../core/audit/names.ts';
import type { VerifierKey } from '../core/audit/signed-note.ts';
import { formatProof } from '../core/audit/tlog-proof.ts';
import type { LogReader } from './verify-log.ts';

/**
 * A `.tlog-proof` that a record is in the log, against the newest checkpoint: it convinces offline, without the log. The
 * log itself is not verified on the way. Holds 32 bytes for each sealed record.
 */
export async function proveRecord(
  reader: LogReader,
  key: VerifierKey,
  objectName: string,
): Promise<{ readonly proof: string; readonly leaf: Leaf } | { readonly problem: string }> {
  const hashes: Hash[] = [];
  let found: { readonly leaf: Leaf; readonly index: number } | undefined;
  let note: string | undefined;
  for (;;) {
    const [name, cp] = [planName(hashes.length), checkpointName(hashes.length)];
    const [plan, checkpoint] = await Promise.all([reader.read(name), reader.read(cp)]);
    if (plan === undefined || checkpoint === undefined) break;
    const leaves = parsePlan(plan.bytes);
    if ('problem' in leaves) return { problem: `${name}: ${leaves.problem}` };
    const opened = openOwnCheckpoint(checkpoint.bytes, key);
    if ('problem' in opened) return { problem: `${cp}: ${opened.problem}` };
    for (const leaf of leaves) {
      if (leaf.name === objectName) found = { leaf, index: hashes.length };
      hashes.push(hashOfLeaf(leaf));
    }
    note = fromUtf8(checkpoint.bytes);
  }
  if (found === undefined || note === undefined) return { problem: `${objectName} is not sealed` };
  const path = inclusionProof(hashes, found.index);
  return {
    proof: formatProof({ leaf: found.leaf, index: found.index, path, checkpoint: note }),
    leaf: found.leaf,
  };
}
