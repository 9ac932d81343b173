import { utf8 } from '../core/audit/bytes.ts';
import { openCheckpoint } from '../core/audit/checkpoint.ts';
import { rootOf } from '../core/audit/merkle.ts';
import type { VerifierKey } from '../core/audit/signed-note.ts';
import type { AuditStore } from '../ports/audit-store.ts';
import { checkNames, checkRecords, checkSeen } from './verify-records.ts';
import { walkOn, walkSeals } from './verify-seals.ts';

/** The log's objects, wherever they lie: a store, or a copy of one. */
export type LogReader = Pick<AuditStore, 'read' | 'list'>;

/** One object that is not as the log says, and why. */
export type Problem = { readonly name: string; readonly problem: string };

export type Verification = {
  readonly ok: boolean;
  readonly origin: string;
  /** Records in the sealed tree. */
  readonly size: number;
  /** Root hash of the tree. */
  readonly root: Uint8Array;
  readonly seals: number;
  /** Records that are signed but not sealed yet: written after the last seal. */
  readonly unsealed: number;
  /** The first bad object comes first; at most `problemLimit`. */
  readonly problems: readonly Problem[];
};
export type VerifyOptions = {
  /** A checkpoint of this log that was kept elsewhere: the log must still contain that tree. */
  readonly checkpoint?: string;
  /** Compares generations too: where the reader is the store itself, not a copy. */
  readonly generations?: boolean;
  readonly problemLimit?: number;
  readonly onProgress?: (records: number) => void;
};

/**
 * Checks a log against one public key, without any other help: every signature, hash, name, number, order and link, and
 * each query's life. Reads one object at a time and holds about 16 bytes for each sealed record. Never throws for what it
 * finds; throws SluiceError where the reader cannot read.
 */
export async function verifyLog(
  reader: LogReader,
  key: VerifierKey,
  options: VerifyOptions = {},
): Promise<Verification> {
  const problems: Problem[] = [];
  const limit = options.problemLimit ?? 100;
  const bad = new Set<string>();
  const note = (problem: Problem): void => {
    if (problems.length >= limit || bad.has(problem.name)) return;
    bad.add(problem.name);
    problems.push(problem);
  };
  const earlier =
    options.checkpoint === undefined ? undefined : openCheckpoint(utf8(options.checkpoint), key);
  if (earlier !== undefined && 'problem' in earlier)
    note({ name: 'the given checkpoint', problem: earlier.problem });
  const anchor = earlier !== undefined && !('problem' in earlier) ? earlier : undefined;
  const walked = await walkSeals(reader, key, { ...options, anchor }, note);
  if (anchor !== undefined && anchor.size > walked.tree.size && problems.length === 0) {
    const problem = `it is missing: a checkpoint of ${anchor.size} records exists, and the log ends after ${walked.tree.size}`;
    note({ name: walked.end, problem });
  }
  const sealedBefore = walked.tree.size;
  const unsealed = await checkRecords(reader, key, walked, note, bad);
  await walkOn(reader, key, walked, options, note);
  checkSeen(walked, note);
  await checkNames(reader, key, walked, note);
  const { tree, seals } = walked;
  const sealedSince = tree.size - sealedBefore;
  const root = rootOf(tree);
  return {
    ok: problems.length === 0,
    origin: key.name,
    size: tree.size,
    root,
    seals,
    unsealed: Math.max(0, unsealed - sealedSince),
    problems,
  };
}
