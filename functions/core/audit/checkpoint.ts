import { fromBase64, fromUtf8, toBase64, utf8 } from './bytes.ts';
import type { Hash } from './merkle.ts';
import { openNote, signatureLine, type VerifierKey } from './signed-note.ts';

/** What a log claims to be: https://c2sp.org/tlog-checkpoint */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Hash };

/** The text that is signed: origin, size and root, a line each. */
export const checkpointText = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;

/** The signed note. */
export const formatCheckpoint = (checkpoint: Checkpoint, key: VerifierKey, signature: Uint8Array): string =>
  `${checkpointText(checkpoint)}\n${signatureLine(key, signature)}`;

/** A checkpoint that this key signed, perhaps with other keys' signatures beside it, or why it is not one. */
export function openCheckpoint(
  bytes: Uint8Array,
  key: VerifierKey,
): Checkpoint | { readonly problem: string } {
  const note = fromUtf8(bytes);
  if (note === undefined) return { problem: 'it is not text' };
  const opened = openNote(key, note);
  if ('problem' in opened) return opened;
  const [origin, size, root, ...rest] = opened.text.split('\n');
  const hash = fromBase64(root ?? '');
  if (origin !== key.name)
    return { problem: `it is of the log ${JSON.stringify(origin)}, not of ${key.name}` };
  if (
    size === undefined ||
    !/^(0|[1-9][0-9]{0,14})$/.test(size) ||
    hash?.length !== 32 ||
    rest[0] === undefined
  ) {
    return { problem: 'it has no size and root hash' };
  }
  return { origin, size: Number(size), root: hash };
}

/** As `openCheckpoint`, for the log's own objects: exactly the bytes that `formatCheckpoint` writes. */
export function openOwnCheckpoint(
  bytes: Uint8Array,
  key: VerifierKey,
): Checkpoint | { readonly problem: string } {
  const checkpoint = openCheckpoint(bytes, key);
  if ('problem' in checkpoint) return checkpoint;
  const wanted =
    utf8(`${checkpointText(checkpoint)}\n`).length + signatureLine(key, new Uint8Array(64)).length + 2;
  return bytes.length === wanted ? checkpoint : { problem: 'something is added to it' };
}
