import { fromUtf8, toBase64 } from '../core/audit/bytes.ts';
import type { Leaf } from '../core/audit/leaf.ts';
import type { RecordHeader } from '../core/audit/record-format.ts';
import type { ReplayItem } from '../pipeline/replay-session.ts';
import type { HeadersVerification } from '../pipeline/verify-headers.ts';
import type { Problem, Verification } from '../pipeline/verify-log.ts';

/** One line of JSON; hashes in base64. */
export function jsonOf(result: Verification, headers?: HeadersVerification): string {
  const both = { ...result, root: toBase64(result.root), ...(headers === undefined ? {} : { headers }) };
  return `${JSON.stringify(both)}\n`;
}

export const verificationText = (result: Verification, headers?: HeadersVerification): string =>
  logText(result) + (headers === undefined ? '' : headersText(headers));

function headersText({ files, lines, behind, problems }: HeadersVerification): string {
  if (problems.length > 0)
    return `Its files for SQL do NOT say what the log says:\n${problems.map(problemLine).join('')}`;
  const newest = behind === 0 ? '' : `; the newest ${count(behind, 'seal')} without one yet`;
  return `Its files for SQL say what the log says: ${count(lines, 'record')} in ${count(files, 'file')}${newest}.\n`;
}

function logText(result: Verification): string {
  const [first, ...rest] = result.problems;
  const tree = `${count(result.size, 'record')} in ${count(result.seals, 'seal')}, ${result.unsealed} not sealed yet`;
  const root = `  log   ${visible(result.origin)}\n  size  ${result.size}\n  root  ${toBase64(result.root)}\n`;
  if (first === undefined && result.size + result.unsealed === 0)
    return 'The log is empty: it holds no record.\n';
  if (first === undefined) return `The log is whole: ${tree}.\n${root}`;
  const more =
    rest.length === 0 ? '' : `\n${count(rest.length, 'more bad object')}:\n${rest.map(problemLine).join('')}`;
  return `The log is NOT whole. The first bad object:\n${problemLine(first)}${more}\nChecked until there: ${tree}.\n${root}`;
}

const problemLine = ({ name, problem }: Problem): string => `  ${visible(name)}: ${visible(problem)}\n`;

const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

/** A heading with time, request line, status and size; below it the body, control characters made visible. */
export function replayText(item: ReplayItem, limitBytes: number): string {
  if (item.kind === 'unreadable')
    return `${visible(item.name)} cannot be trusted: ${visible(item.problem)}\n`;
  const heading = `${new Date(item.header.timeMs).toISOString()}  ${visible(headingOf(item.header))}`;
  if (item.kind === 'erased') return `${heading}\n  (erased: its data key has been destroyed)\n\n`;
  if (item.bytes.length === 0) return `${heading}  0 bytes\n\n`;
  const cut = item.bytes.length > limitBytes;
  const body = item.header.kind === 'delivery' ? bodyText(item.bytes.subarray(0, limitBytes)) : '';
  const rest =
    cut && body !== '' ? `\n  (${item.bytes.length - limitBytes} bytes more: see --bytes and --raw)` : '';
  return `${heading}  ${item.bytes.length} bytes\n${body}${rest}${body === '' ? '' : '\n'}\n`;
}

function headingOf({ kind, clear, query }: RecordHeader): string {
  const job = String(clear.jobId ?? query?.jobId ?? '');
  const what =
    kind === 'delivery'
      ? [clear.method, clear.path, clear.httpStatus]
      : [kind, clear.event, clear.state, clear.outcome];
  return [...what, job]
    .filter((part) => part !== undefined && part !== '')
    .map(String)
    .join('  ');
}

const bodyText = (bytes: Uint8Array): string => visible(new TextDecoder().decode(bytes), true);

/** What a terminal would act on is shown as its code instead. */
export function visible(text: string, keepLines = false): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    keepLines && (character === '\n' || character === '\t')
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** One line: the header, and the body as base64 and, where it is UTF-8, as text. */
export function replayJson(item: ReplayItem): string {
  if (item.kind !== 'shown') return `${JSON.stringify(item)}\n`;
  const { bytes, ...rest } = item;
  return `${JSON.stringify({ ...rest, body: toBase64(bytes), text: fromUtf8(bytes) })}\n`;
}

export function proofText(
  proven: { readonly proof: string; readonly leaf: Leaf },
  options: { readonly json?: boolean; readonly out?: string },
): string {
  if (options.json === true) return `${JSON.stringify(proven)}\n`;
  return options.out === undefined
    ? proven.proof
    : `Wrote ${options.out}: ${proven.leaf.name} is in the log.\n`;
}
