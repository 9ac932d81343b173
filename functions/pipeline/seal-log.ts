import { equalBytes, utf8 } from '../core/audit/bytes.ts';
import { checkpointText, formatCheckpoint, openOwnCheckpoint } from '../core/audit/checkpoint.ts';
import { Fingerprints } from '../core/audit/fingerprints.ts';
import { formatPlan, hashOfLeaf, type Leaf, parsePlan } from '../core/audit/leaf.ts';
import { append, emptyFrontier, type Frontier, rootOf } from '../core/audit/merkle.ts';
import { checkpointName, planName, sizeInName } from '../core/audit/names.ts';
import { SluiceError } from '../core/errors.ts';
import { type LogMemory, type LogPorts, logMemory } from './log-memory.ts';
import { readAhead } from './read-ahead.ts';
import { record } from './record.ts';
import { findUnsealed, type Refused, readLeaf, type Search } from './unsealed.ts';

/** `refused`: objects below `rec/` that are not this log's records and were left out, with the reason. */
export type SealResult = {
  readonly size: number;
  readonly sealed: number;
  readonly refused: readonly Refused[];
  /** Set where it was stopped before the end: the next call goes on. */
  readonly unfinished?: true;
};
export type SealOptions = {
  /** Adds a heartbeat when nothing was sealed for so long. None without it. */
  readonly heartbeatMs?: number;
  /** Lists the whole store for records of other processes. The first seal of a process always does. */
  readonly full?: boolean;
  /** Looks for other processes' records among the newest answers and the queries that they tell of: cheap at any size. */
  readonly recent?: boolean;
  /** Begins nothing more once it has aborted. What has been found is kept for the next call. */
  readonly signal?: AbortSignal;
};

type Sealer = {
  tree: Frontier;
  readonly sealed: Fingerprints;
  lastSealMs: number;
  readonly search: Search;
  /** The plans that were there at the start, on their way; undefined once they are followed. */
  ahead: AsyncGenerator<PlanFound> | undefined;
  /** One seal at a time in a process; between processes the store's if-absent decides. */
  queue: Promise<unknown>;
};

type PlanFound = {
  readonly name: string;
  readonly plan: Uint8Array | undefined;
  readonly checkpoint: Uint8Array | undefined;
};

/** Plans read at once when a process catches up with a long log. */
const plansAtOnce = 16;
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
    search: { listing: undefined, recentMs: undefined },
    ahead: allPlans(ports),
    queue: Promise.resolve(),
  };
  sealers.set(memory, sealer);
  const turn = sealer.queue.then(() => sealOnce(ports, memory, sealer, options));
  // Records that were listed but not sealed are in nobody's memory: the next seal must list again.
  turn.catch(() => {
    memory.pendingIsAll = false;
    sealer.search.listing = undefined;
    sealer.ahead = sealer.tree.size === 0 ? allPlans(ports) : undefined;
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
  const refused: Refused[] = [];
  const result = (finished: boolean): SealResult => {
    const { size } = sealer.tree;
    return { size, sealed: size - before, refused, ...(finished ? {} : { unfinished: true as const }) };
  };
  if (!(await followPlans(ports, memory, sealer, options.signal))) return result(false);
  const nowMs = ports.clock.nowMs();
  const quiet = memory.pendingIsAll && memory.pending.size === 0;
  if (options.heartbeatMs !== undefined && quiet && nowMs - sealer.lastSealMs >= options.heartbeatMs) {
    await heartbeat(ports, nowMs);
  }
  const found = await findUnsealed({ ports, memory, sealed: sealer.sealed }, sealer.search, options, refused);
  const leaves = pendingLeaves(memory, sealer);
  for (let at = 0; at < leaves.length; at += planLimit) {
    if (options.signal?.aborted && at > 0) return result(false);
    await sealLeaves(ports, memory, sealer, leaves.slice(at, at + planLimit));
  }
  return result(found);
}

async function heartbeat(ports: LogPorts, timeMs: number): Promise<void> {
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const name = `heartbeat/${day}/${timeMs}-${ports.clock.randomHex(8)}`;
  await record(ports, { kind: 'heartbeat', name, timeMs, clear: {} });
}

/**
 * Goes along the plans that exist already: at the start all of them, later those of other sealers. False where it was
 * stopped before the last.
 */
async function followPlans(
  ports: LogPorts,
  memory: LogMemory,
  sealer: Sealer,
  signal?: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (signal?.aborted) return false;
    const name = planName(sealer.tree.size);
    const { plan, checkpoint } = (await aheadOf(sealer, name)) ?? (await readPlan(ports, name));
    if (plan === undefined) return true;
    const leaves = parsePlan(plan);
    if ('problem' in leaves) throw tampered(name, leaves.problem);
    if (checkpoint === undefined)
      for (const leaf of leaves) await checkLeaf(ports, memory, sealer, sealer.tree.size, leaf);
    await adopt(ports, memory, sealer, leaves, checkpoint);
  }
}

/** Every plan of the log with its checkpoint, in their order, many read at once. */
const allPlans = (ports: LogPorts): AsyncGenerator<PlanFound> =>
  readAhead(ports.audit.list('plan/'), plansAtOnce, async (name) => {
    const [plan, checkpoint] = await Promise.all([ports.audit.read(name), checkpointOf(ports, name)]);
    return { name, plan: plan?.bytes, checkpoint };
  });

/** The checkpoint is asked for only where there is a plan: usually there is none. */
async function readPlan(ports: LogPorts, name: string): Promise<PlanFound> {
  const plan = await ports.audit.read(name);
  const checkpoint = plan === undefined ? undefined : await checkpointOf(ports, name);
  return { name, plan: plan?.bytes, checkpoint };
}

async function checkpointOf(ports: LogPorts, plan: string): Promise<Uint8Array | undefined> {
  const size = sizeInName(plan);
  return size === undefined ? undefined : (await ports.audit.read(checkpointName(size)))?.bytes;
}

/** The plan of that name from those on their way; what is not the next one does not belong to this log. */
async function aheadOf(sealer: Sealer, name: string): Promise<PlanFound | undefined> {
  while (sealer.ahead !== undefined) {
    const next = await sealer.ahead.next();
    if (next.done) sealer.ahead = undefined;
    else if (next.value.name === name) return next.value;
  }
  return undefined;
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
  memory.seals.push(sealer.tree.size);
  sealer.tree = tree;
  sealer.lastSealMs = ports.clock.nowMs();
  memory.sealedSize = Math.max(memory.sealedSize, tree.size);
}

/** What is remembered and in no plan; what other sealers have taken meanwhile is forgotten. */
function pendingLeaves(memory: LogMemory, sealer: Sealer): readonly Leaf[] {
  for (const name of memory.pending.keys()) if (sealer.sealed.has(name)) memory.pending.delete(name);
  return [...memory.pending.values()];
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
