import { equalBytes, utf8 } from '../core/audit/bytes.ts';
import { headerLine, headersFolder, headersName, sizeInHeadersName } from '../core/audit/header-lines.ts';
import type { Leaf } from '../core/audit/leaf.ts';
import { checkpointName, planName } from '../core/audit/names.ts';
import type { DerivedStore } from '../ports/derived-store.ts';
import { membersOf, otherBytes, readPlan } from './derive-headers.ts';
import { readAhead } from './read-ahead.ts';
import type { LogReader, Problem } from './verify-log.ts';

export type HeadersVerification = {
  readonly ok: boolean;
  readonly files: number;
  readonly lines: number;
  /** The newest seals, which have no file yet. */
  readonly behind: number;
  readonly problems: readonly Problem[];
};

const recordsAhead = 8;

/**
 * Compares each file of headers with what the log says, record by record. The log itself is not checked here: `verifyLog` does
 * that, and only then does this mean anything. Throws SluiceError where something cannot be read.
 */
export async function verifyHeaders(
  log: LogReader,
  derived: Pick<DerivedStore, 'read' | 'list'>,
  problemLimit = 100,
): Promise<HeadersVerification> {
  const problems: Problem[] = [];
  const note = (problem: Problem): void => {
    if (problems.length < problemLimit) problems.push(problem);
  };
  const known = new Set<string>();
  let missing: string[] = [];
  let [files, lines] = [0, 0];
  let size = 0;
  while (await isSealed(log, size)) {
    const leaves = await readPlan(log, size);
    const name = headersName(size);
    const bytes = await derived.read(name);
    known.add(name);
    if (bytes === undefined) missing.push(name);
    else {
      for (const gap of missing) note({ name: gap, problem: 'it is missing, and later ones are there' });
      missing = [];
      files += 1;
      lines += leaves.length;
      await compare(log, name, size, leaves, bytes, note);
    }
    size += leaves.length;
  }
  for await (const name of derived.list(headersFolder)) {
    const begins = sizeInHeadersName(name) ?? -1;
    // The log may be written to meanwhile: a seal that has come since is none of this walk's.
    const newer = begins >= size && (await isSealed(log, begins));
    if (!known.has(name) && !newer) note({ name, problem: 'no seal of the log begins there' });
  }
  return { ok: problems.length === 0, files, lines, behind: missing.length, problems };
}

const isSealed = async (log: LogReader, size: number): Promise<boolean> =>
  (await log.read(planName(size))) !== undefined && (await log.read(checkpointName(size))) !== undefined;

async function compare(
  log: LogReader,
  name: string,
  size: number,
  leaves: readonly Leaf[],
  bytes: Uint8Array,
  note: (problem: Problem) => void,
): Promise<void> {
  const lines: string[] = [];
  for await (const members of readAhead(leaves, recordsAhead, (leaf) => membersOf(log, leaf))) {
    if (typeof members !== 'string') return note(members);
    lines.push(headerLine(size + lines.length, leaves[lines.length] as Leaf, members));
  }
  if (!equalBytes(utf8(lines.join('')), bytes)) note({ name, problem: otherBytes });
}
