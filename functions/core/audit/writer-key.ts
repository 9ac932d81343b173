import { verify } from 'node:crypto';
import { fromBase64, utf8, view } from './bytes.ts';
import { type VerifierKey, verifierKey } from './signed-note.ts';

/**
 * What lets a key of one process sign records for a while, so that the log's own key (in a key service, far away) is asked
 * once an hour and not for every record. `publicKey`: raw Ed25519, base64. `signature`: the log key's, base64, over
 * `certificateText`.
 */
export type WriterCertificate = {
  readonly publicKey: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly signature: string;
};

/** No certificate holds longer: what leaks with a process's memory is of no use soon. */
export const longestCertificateMs = 2 * 3_600_000;

/** What the log's key signs: five lines. The first keeps it apart from checkpoints and records. */
export const certificateText = (
  logName: string,
  { publicKey, fromMs, untilMs }: Omit<WriterCertificate, 'signature'>,
): Uint8Array => utf8(`sluice-writer/1\n${logName}\n${publicKey}\n${fromMs}\n${untilMs}\n`);

/** The name that such a key has in signature lines. */
export const writerName = (logName: string): string => `${logName}/writer`;

const checked = new Map<string, VerifierKey>();
const checkedLimit = 1_000;

/** The key that the certificate speaks for at this time, or why it does not. */
export function certifiedKey(
  log: VerifierKey,
  certificate: WriterCertificate,
  timeMs: number,
): VerifierKey | { readonly problem: string } {
  const { publicKey, fromMs, untilMs, signature } = certificate;
  // It comes from a stored object, whose header says what it likes.
  if (typeof publicKey !== 'string' || typeof signature !== 'string')
    return { problem: "its writer's certificate has no key" };
  if (!(timeMs >= fromMs && timeMs <= untilMs))
    return { problem: 'it was written outside of the time that its writer may sign for' };
  // Verified once: the text form of key and certificate is the whole input of the check.
  const form = [
    log.name,
    Buffer.from(log.publicKey).toString('base64'),
    publicKey,
    fromMs,
    untilMs,
    signature,
  ];
  const known = checked.get(form.join('\n'));
  if (known !== undefined) return known;
  const raw = fromBase64(publicKey);
  const signed = fromBase64(signature);
  const whole =
    raw?.length === 32 &&
    signed?.length === 64 &&
    Number.isSafeInteger(fromMs) &&
    Number.isSafeInteger(untilMs) &&
    untilMs - fromMs <= longestCertificateMs;
  if (!whole || !verify(null, certificateText(log.name, certificate), log.keyObject, view(signed)))
    return { problem: "its writer's certificate is not signed by the log's key" };
  const key = verifierKey(writerName(log.name), raw);
  if (checked.size >= checkedLimit) checked.clear();
  checked.set(form.join('\n'), key);
  return key;
}
