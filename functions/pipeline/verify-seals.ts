import { equalBytes, sha256, toHex } from '../core/audit/bytes.ts';
import { type Checkpoint, openOwnCheckpoint } from '../core/audit/checkpoint.ts';
import { Fingerprints } from '../core/audit/fingerprints.ts';
import { hashOfLeaf, type Leaf, parsePlan } from '../core/audit/leaf.ts';
import { append, emptyFrontier, type Frontier, rootOf } from '../core/audit/merkle.ts';
import { checkpointName, planName, sizeInName } from '../core/audit/names.ts';
import { decodeRecord } from '../core/audit/record-format.ts';
import type { VerifierKey } from '../core/audit/signed-note.ts';
import { readAhead } from './read-ahead.ts';
import type { LogReader, Problem } from './verify-log.ts';

export type Walk = {
  tree: Frontier;
  /** Names of all records in a plan. */
  readonly sealed: Fingerprints;
  /** Names of the plans and checkpoints that belong to the chain. */
  readonly visited: Set<string>;
  seals: number;
  /** Where the chain ends: the first plan or checkpoint that is not there. */
  end: string;
  /** False where the chain broke off: then nothing can be said of what lies behind. */
  whole: boolean;
  /** Time of the newest sealed record, milliseconds. */
  newestMs: number;
  /** Largest tree size that any record has seen, and which one. */
  seen: { readonly size: number; readonly by: string };
};
type Options = {
  readonly anchor?: Checkpoint | undefined;
  readonly generations?: boolean;
  readonly onProgress?: (records: number) => void;
};
/** Records that are read at once: hides the store's latency and bounds the memory. */
export const recordsAhead = 8;

type Note = (problem: Problem) => void;

/** Goes from seal to seal as far as they bear each other out, and compares every record with its leaf. */
export async function walkSeals(
  reader: LogReader,
  key: VerifierKey,
  options: Options,
  note: Note,
): Promise<Walk> {
  const walk: Walk = {
    tree: emptyFrontier,
    sealed: new Fingerprints(),
    visited: new Set(),
    seals: 0,
    end: planName(0),
    whole: true,
    newestMs: 0,
    seen: { size: 0, by: '' },
  };
  checkAnchor(walk.tree, [], options.anchor, checkpointName(0), note);
  await walkOn(reader, key, walk, options, note);
  return walk;
}

/** Follows the seals that have come since: the log may be written to while it is read. */
export async function walkOn(
  reader: LogReader,
  key: VerifierKey,
  walk: Walk,
  options: Options,
  note: Note,
): Promise<void> {
  while (walk.whole && (await walkSeal(reader, key, walk, options, note))) walk.seals += 1;
}

/** One seal. False at the end of the log, or where it cannot be followed any further. */
async function walkSeal(
  reader: LogReader,
  key: VerifierKey,
  walk: Walk,
  options: Options,
  note: Note,
): Promise<boolean> {
  const size = walk.tree.size;
  const [plan, cp] = [planName(size), checkpointName(size)];
  const stop = (name: string, problem: string): false => {
    note({ name, problem });
    walk.whole = false;
    return false;
  };
  // In this order: a plan is written before its checkpoint, so a checkpoint that is there has a plan.
  const cpObject = await reader.read(cp);
  const planObject = await reader.read(plan);
  if (planObject === undefined && cpObject !== undefined) {
    return stop(plan, `it is missing: ${cp} is the checkpoint after it`);
  }
  if (cpObject === undefined) {
    walk.end = planObject === undefined ? plan : cp;
    const later = await laterCheckpoint(reader, key, size);
    if (later !== undefined) {
      if ((await reader.read(cp)) !== undefined) return walkSeal(reader, key, walk, options, note);
      return stop(walk.end, `it is missing: ${later} is a later checkpoint of this log`);
    }
  }
  if (planObject === undefined) return false;
  walk.visited.add(plan).add(cp);
  const checkpoint = cpObject === undefined ? undefined : openOwnCheckpoint(cpObject.bytes, key);
  if (checkpoint !== undefined && 'problem' in checkpoint) return stop(cp, checkpoint.problem);
  const leaves = parsePlan(planObject.bytes);
  if ('problem' in leaves) return stop(plan, leaves.problem);
  const tree = append(walk.tree, leaves.map(hashOfLeaf));
  if (checkpoint === undefined) {
    await checkPending(reader, key, walk, leaves, { ...options, plan }, note);
    return false;
  }
  if (checkpoint.size !== tree.size || !equalBytes(checkpoint.root, rootOf(tree))) {
    return stop(plan, `its leaves do not give the tree of ${checkpoint.size} records that ${cp} signs`);
  }
  checkAnchor(walk.tree, leaves, options.anchor, plan, note);
  await checkLeaves(reader, key, walk, leaves, { ...options, plan }, note);
  walk.tree = tree;
  return true;
}

/** A checkpoint behind this size that the log's key signed, if there is one: then the log does not end here. */
async function laterCheckpoint(
  reader: LogReader,
  key: VerifierKey,
  size: number,
): Promise<string | undefined> {
  for await (const name of reader.list('cp/')) {
    if ((sizeInName(name) ?? -1) <= size) continue;
    const found = await reader.read(name);
    if (found !== undefined && !('problem' in openOwnCheckpoint(found.bytes, key))) return name;
  }
  return undefined;
}

/** Whether a checkpoint that was kept elsewhere lies on the way of this seal. */
function checkAnchor(
  tree: Frontier,
  leaves: readonly Leaf[],
  anchor: Checkpoint | undefined,
  name: string,
  note: Note,
): void {
  if (anchor === undefined || anchor.size > tree.size + leaves.length) return;
  if (anchor.size < tree.size || (anchor.size === tree.size && leaves.length > 0)) return;
  const then = append(tree, leaves.slice(0, anchor.size - tree.size).map(hashOfLeaf));
  if (equalBytes(rootOf(then), anchor.root)) return;
  note({
    name,
    problem: `the log is forked: its first ${anchor.size} records are not those of the given checkpoint`,
  });
}

async function checkLeaves(
  reader: LogReader,
  key: VerifierKey,
  walk: Walk,
  leaves: readonly Leaf[],
  options: Options & { readonly plan: string },
  note: Note,
): Promise<void> {
  const read = async (leaf: Leaf) => ({ leaf, found: await reader.read(leaf.name) });
  for await (const { leaf, found } of readAhead(leaves, recordsAhead, read)) {
    const problem = walk.sealed.add(leaf.name)
      ? checkLeaf(found, key, walk, leaf, options)
      : { name: options.plan, problem: `${leaf.name} is sealed a second time` };
    if (problem !== undefined) note(problem);
    options.onProgress?.(walk.sealed.size);
  }
}

/** A last plan without a checkpoint: a seal under way, or cut off by a crash. Its records are not sealed yet. */
async function checkPending(
  reader: LogReader,
  key: VerifierKey,
  walk: Walk,
  leaves: readonly Leaf[],
  options: Options & { readonly plan: string },
  note: Note,
): Promise<void> {
  for (const leaf of leaves) {
    const found = await reader.read(leaf.name);
    const problem = checkLeaf(found, key, { ...walk }, leaf, options);
    if (problem !== undefined) note(problem);
  }
}

function checkLeaf(
  found: Awaited<ReturnType<LogReader['read']>>,
  key: VerifierKey,
  walk: Walk,
  leaf: Leaf,
  options: Options & { readonly plan: string },
): Problem | undefined {
  const { name } = leaf;
  if (found === undefined) return { name, problem: `it is missing: ${options.plan} seals it` };
  const decoded = decodeRecord(name, found.bytes, key);
  if (toHex(sha256(found.bytes)) !== leaf.sha256) {
    const reason = 'problem' in decoded ? ` (${decoded.problem})` : '';
    return { name, problem: `its bytes are not those that ${options.plan} seals${reason}` };
  }
  if ('problem' in decoded) return { name, problem: decoded.problem };
  if (options.generations === true && found.generation !== leaf.generation) {
    return {
      name,
      problem: `it is generation ${found.generation}, and ${options.plan} seals ${leaf.generation}`,
    };
  }
  const { header } = decoded;
  walk.newestMs = Math.max(walk.newestMs, header.timeMs);
  if (header.sealed > walk.seen.size) walk.seen = { size: header.sealed, by: name };
  return undefined;
}
