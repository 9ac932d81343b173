import { equalBytes, sha256, utf8 } from '../core/audit/bytes.ts';
import { checkpointText, formatCheckpoint, openOwnCheckpoint } from '../core/audit/checkpoint.ts';
import { Fingerprints } from '../core/audit/fingerprints.ts';
import { formatPlan, hashOfLeaf, type Leaf, leafOf, parsePlan } from '../core/audit/leaf.ts';
import { append, emptyFrontier, type Frontier, rootOf } from '../core/audit/merkle.ts';
import { checkpointName, planName } from '../core/audit/names.ts';
import { decodeRecord } from '../core/audit/record-format.ts';
import { SluiceError } from '../core/errors.ts';
import { type LogMemory, type LogPorts, logMemory } from './log-memory.ts';
import { record } from './record.ts';

/** `refused`: objects below `rec/` that are not this log's records and were left out, with the reason. */
export type SealResult = {
  readonly size: number;
  readonly sealed: number;
  readonly refused: readonly { readonly name: string; readonly problem: string }[];
};
export type SealOptions = {
  /** Adds a heartbeat when nothing was sealed for so long. None without it. */
  readonly heartbeatMs?: number;
  /** Lists the whole store for records of other processes. The first seal of a process always does. */
  readonly full?: boolean;
};

type Sealer = {
  tree: Frontier;
  readonly sealed: Fingerprints;
  lastSealMs: number;
  /** One seal at a time in a process; between processes the store's if-absent decides. */
  queue: Promise<unknown>;
};

/** Leaves of one plan: bounds the memory of everybody who reads it. */
const planLimit = 4_096;
const sealers = new WeakMap<LogMemory, Sealer>();

/**
 * Takes every durable record into the tree: writes `plan/<size>` (which fixes the order), then the signed `cp/<size>`.
 * Any number of sealers may run: who finds a plan written goes on from it, and a plan that a crash left without a
 * checkpoint gets one. Nothing is signed that was not checked. Throws SluiceError `sink_unavailable` where the store fails
 * and `internal` where the log has been tampered with.
 */
export function sealLog(ports: LogPorts, options: SealOptions = {}): Promise<SealResult> {
  const memory = logMemory(ports);
  const known = sealers.get(memory);
  const sealer: Sealer = known ?? {
    tree: emptyFrontier,
    sealed: new Fingerprints(),
    lastSealMs: ports.clock.nowMs(),
    queue: Promise.resolve(),
  };
  sealers.set(memory, sealer);
  const turn = sealer.queue.then(() => sealOnce(ports, memory, sealer, options));
  // Records that were listed but not sealed are in nobody's memory: the next seal must list again.
  turn.catch(() => {
    memory.pendingIsAll = false;
  });
  sealer.queue = turn.catch(() => {});
  return turn;
}

async function sealOnce(
  ports: LogPorts,
  memory: LogMemory,
  sealer: Sealer,
  options: SealOptions,
): Promise<SealResult> {
  const before = sealer.tree.size;
  await followPlans(ports, memory, sealer);
  const nowMs = ports.clock.nowMs();
  const quiet = memory.pendingIsAll && memory.pending.size === 0;
  if (options.heartbeatMs !== undefined && quiet && nowMs - sealer.lastSealMs >= options.heartbeatMs) {
    await heartbeat(ports, nowMs);
  }
  const refused: { name: string; problem: string }[] = [];
  const leaves = await unsealed(ports, memory, sealer, options.full ?? false, refused);
  for (let at = 0; at < leaves.length; at += planLimit) {
    await sealLeaves(ports, memory, sealer, leaves.slice(at, at + planLimit));
  }
  return { size: sealer.tree.size, sealed: sealer.tree.size - before, refused };
}

async function heartbeat(ports: LogPorts, timeMs: number): Promise<void> {
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const name = `heartbeat/${day}/${timeMs}-${ports.clock.randomHex(8)}`;
  await record(ports, { kind: 'heartbeat', name, timeMs, clear: {} });
}

/** Goes along the plans that exist already: at the start all of them, later those of other sealers. */
async function followPlans(ports: LogPorts, memory: LogMemory, sealer: Sealer): Promise<void> {
  for (;;) {
    const size = sealer.tree.size;
    const plan = await ports.audit.read(planName(size));
    if (plan === undefined) return;
    const leaves = parsePlan(plan.bytes);
    if ('problem' in leaves) throw tampered(planName(size), leaves.problem);
    const checkpoint = await ports.audit.read(checkpointName(size));
    if (checkpoint === undefined)
      for (const leaf of leaves) await checkLeaf(ports, memory, sealer, size, leaf);
    await adopt(ports, memory, sealer, leaves, checkpoint?.bytes);
  }
}

/** A plan without a checkpoint may be anybody's file: each of its records must be there, ours, and new. */
async function checkLeaf(ports: LogPorts, memory: LogMemory, sealer: Sealer, size: number, leaf: Leaf) {
  if (sealer.sealed.has(leaf.name)) throw tampered(planName(size), `${leaf.name} is sealed already`);
  const found = await readLeaf(ports, memory, leaf.name);
  if ('problem' in found) throw tampered(leaf.name, found.problem);
  if (found.leaf.sha256 !== leaf.sha256)
    throw tampered(planName(size), `it has another hash for ${leaf.name}`);
}

/** Makes the tree grow by the leaves of `plan/<size>`, with the checkpoint that is there or a new one. */
async function adopt(
  ports: LogPorts,
  memory: LogMemory,
  sealer: Sealer,
  leaves: readonly Leaf[],
  existing?: Uint8Array,
): Promise<void> {
  const name = checkpointName(sealer.tree.size);
  const tree = append(sealer.tree, leaves.map(hashOfLeaf));
  const claim = { origin: memory.key.name, size: tree.size, root: rootOf(tree) };
  let bytes = existing;
  if (bytes === undefined) {
    const signature = await ports.keys.sign(utf8(checkpointText(claim)));
    const created = await ports.audit.create(name, utf8(formatCheckpoint(claim, memory.key, signature)));
    if (created === 'exists') bytes = (await ports.audit.read(name))?.bytes ?? new Uint8Array();
  }
  if (bytes !== undefined) {
    const opened = openOwnCheckpoint(bytes, memory.key);
    if ('problem' in opened) throw tampered(name, opened.problem);
    const same = opened.size === claim.size && equalBytes(opened.root, claim.root);
    if (!same) throw tampered(name, 'it does not follow from the plans before it');
  }
  for (const leaf of leaves) {
    sealer.sealed.add(leaf.name);
    memory.pending.delete(leaf.name);
  }
  sealer.tree = tree;
  sealer.lastSealMs = ports.clock.nowMs();
  memory.sealedSize = Math.max(memory.sealedSize, tree.size);
}

/** Records that are durable and in no plan: this process's from memory, others' from the store, oldest first. */
async function unsealed(
  ports: LogPorts,
  memory: LogMemory,
  sealer: Sealer,
  full: boolean,
  refused: { name: string; problem: string }[],
): Promise<readonly Leaf[]> {
  const found: { readonly leaf: Leaf; readonly timeMs: number }[] = [];
  if (full || !memory.pendingIsAll) {
    // Set before listing: what is written meanwhile is remembered or listed, perhaps both, never neither.
    memory.pendingIsAll = true;
    for await (const name of ports.audit.list('rec/')) {
      if (sealer.sealed.has(name) || memory.pending.has(name)) continue;
      const read = await readLeaf(ports, memory, name);
      if ('problem' in read) refused.push({ name, problem: read.problem });
      else found.push(read);
    }
  }
  found.sort((a, b) => a.timeMs - b.timeMs);
  const leaves = new Map(found.map(({ leaf }) => [leaf.name, leaf]));
  for (const leaf of memory.pending.values()) leaves.set(leaf.name, leaf);
  for (const name of leaves.keys()) {
    if (!sealer.sealed.has(name)) continue;
    leaves.delete(name);
    memory.pending.delete(name);
  }
  return [...leaves.values()];
}

async function readLeaf(
  ports: LogPorts,
  memory: LogMemory,
  name: string,
): Promise<{ readonly leaf: Leaf; readonly timeMs: number } | { readonly problem: string }> {
  const found = await ports.audit.read(name);
  if (found === undefined) return { problem: 'it is not there' };
  const decoded = decodeRecord(name, found.bytes, memory.key);
  if ('problem' in decoded) return decoded;
  return { leaf: leafOf(name, found.generation, sha256(found.bytes)), timeMs: decoded.header.timeMs };
}

/** Writes the next plan. Where another sealer was first, its plan is followed and what it left out goes into the next. */
async function sealLeaves(
  ports: LogPorts,
  memory: LogMemory,
  sealer: Sealer,
  leaves: readonly Leaf[],
): Promise<void> {
  let rest = leaves;
  while (rest.length > 0) {
    const created = await ports.audit.create(planName(sealer.tree.size), formatPlan(rest));
    if (created !== 'exists') return adopt(ports, memory, sealer, rest);
    await followPlans(ports, memory, sealer);
    rest = rest.filter((leaf) => !sealer.sealed.has(leaf.name));
  }
}

const tampered = (name: string, problem: string): SluiceError =>
  new SluiceError(
    'internal',
    `the audit log must not be sealed: ${name}: ${problem}; run sluice audit verify`,
  );
