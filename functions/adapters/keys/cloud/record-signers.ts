import { generateKeyPairSync, sign } from 'node:crypto';
import { toBase64 } from '../../../core/audit/bytes.ts';
import { certificateText } from '../../../core/audit/writer-key.ts';
import type { RecordSigner } from '../../../ports/keys.ts';

type Made = { readonly fromMs: number; readonly untilMs: number; readonly signer: Promise<RecordSigner> };

const serveMs = 3_600_000;
/** A record tells the time of what happened, which may be a while before it is written. */
const backMs = 900_000;
/** The next key is certified by the first record after 50 minutes, so that nobody waits for it. */
const aheadMs = 600_000;
const heldLimit = 8;

/**
 * Keys of this process that sign its records, each certified by the log's key for 75 minutes: the key service is asked once
 * an hour and not for every record. They are nowhere but in memory.
 */
export function recordSigners(
  logName: string,
  signWithLog: (bytes: Uint8Array) => Promise<Uint8Array>,
): (timeMs: number) => Promise<RecordSigner> {
  const held: Made[] = [];
  const start = (fromMs: number): Made => {
    const untilMs = fromMs + backMs + serveMs;
    const made = { fromMs, untilMs, signer: certified(logName, signWithLog, fromMs, untilMs) };
    held.push(made);
    if (held.length > heldLimit) held.shift();
    made.signer.catch(() => {
      held.splice(held.indexOf(made), held.includes(made) ? 1 : 0);
    });
    return made;
  };
  const covers = (timeMs: number) => (made: Made) => timeMs >= made.fromMs && timeMs < made.untilMs;
  return (timeMs) => {
    // The oldest that holds: the next one may still be on its way.
    const made = held.find(covers(timeMs)) ?? start(timeMs - backMs);
    if (timeMs >= made.untilMs - aheadMs && !held.some(covers(made.untilMs))) start(made.untilMs - backMs);
    return made.signer;
  };
}

async function certified(
  logName: string,
  signWithLog: (bytes: Uint8Array) => Promise<Uint8Array>,
  fromMs: number,
  untilMs: number,
): Promise<RecordSigner> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const claim = { publicKey: toBase64(raw), fromMs, untilMs };
  const signature = await signWithLog(certificateText(logName, claim));
  return {
    sign: async (bytes) => sign(null, bytes, privateKey),
    certificate: { ...claim, signature: toBase64(signature) },
  };
}
