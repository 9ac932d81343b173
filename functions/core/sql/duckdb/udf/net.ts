import { type Udf, UdfError } from '../udf.ts';
import { strict } from './make.ts';
import { trimOf } from './text.ts';

/** Four numbers without leading zeros. */
function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((p) => /^(?:0|[1-9]\d{0,2})$/.test(p))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((n) => n <= 255) ? numbers : undefined;
}

/** Groups of up to four hexadecimal digits; `::` once stands for groups of zero; an IPv4 address may end it. */
function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  return missing >= 2 ? [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])] : undefined;
}

function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const ipv4 = last && i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined;
    if (ipv4) bytes.push(...ipv4);
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 255);
    } else return undefined;
  }
  return bytes;
}

function parseIp(text: string): Uint8Array | null {
  const bytes = parseIpv4(text) ?? parseIpv6(text);
  return bytes ? Uint8Array.from(bytes) : null;
}

/** The longest run of zero groups, the first of equals, is written `::` if it has two groups or more. */
function ipv6Text(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[i * 2]! << 8) | bytes[i * 2 + 1]!);
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && words[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  const ipv4 = best.start === 0 && (best.length === 6 || (best.length === 5 && words[5] === 0xffff));
  const shown = (ipv4 ? words.slice(0, 6) : words).map((w) => w.toString(16));
  const end = ipv4 ? [[...bytes.subarray(12)].join('.')] : [];
  if (best.start < 0) return shown.join(':');
  const before = shown.slice(0, best.start).join(':');
  return `${before}::${[...shown.slice(best.start + best.length), ...end].join(':')}`;
}

function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length === 16) return ipv6Text(bytes);
  throw new UdfError(
    `NET.IP_TO_STRING() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for IPv6) bytes but got ${bytes.length}`,
  );
}

/** `bits` ones, then zeros, over `size` bytes. */
const mask = (size: number, bits: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (0xff00 >> Math.max(0, Math.min(8, bits - i * 8))) & 0xff);

function netMask(size: bigint, bits: bigint): Uint8Array {
  if (size !== 4n && size !== 16n) {
    throw new UdfError(
      `The first argument of NET.IP_NET_MASK() must be either 4 (for IPv4) or 16 (for IPv6); got ${size}`,
    );
  }
  if (bits < 0n || bits > size * 8n) {
    throw new UdfError(
      `The second argument of NET.IP_NET_MASK() must be between 0 and the first argument * 8; got ${bits}`,
    );
  }
  return mask(Number(size), Number(bits));
}

function truncate(bytes: Uint8Array, bits: bigint): Uint8Array {
  if (bytes.length !== 4 && bytes.length !== 16) {
    throw new UdfError(
      `The first argument of NET.IP_TRUNC() must have length 4 (for IPv4) or 16 (for IPv6); got ${bytes.length}`,
    );
  }
  if (bits < 0n || bits > BigInt(bytes.length * 8)) {
    throw new UdfError(
      `The second argument of NET.IP_TRUNC() must be between 0 and 8 * LENGTH(first argument); got ${bits}`,
    );
  }
  const kept = mask(bytes.length, Number(bits));
  return bytes.map((byte, i) => byte & kept[i]!);
}

function ipv4OfInt(value: bigint): Uint8Array {
  if (value < -(2n ** 31n) || value >= 2n ** 32n) {
    throw new UdfError(`NET.IPV4_FROM_INT64() encountered a non-IPv4 address: ${value}`);
  }
  const number = Number(BigInt.asUintN(32, value));
  return Uint8Array.of(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255);
}

function intOfIpv4(bytes: Uint8Array): bigint {
  if (bytes.length !== 4) {
    throw new UdfError(
      `NET.IPV4_TO_INT64() encountered a non-IPv4 address. Expected 4 bytes but got ${bytes.length}`,
    );
  }
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const isSlash = (c: string | undefined): boolean => c === '/' || c === '\\';

/**
 * NET.HOST: what stands between scheme, user and port, path, of a URL however broken. A scheme counts only before
 * `//`; leading dots and all trailing dots but one are dropped.
 */
export function host(url: string): string | null {
  const text = trimOf(url, '\t\n\v\f\r ');
  let start = 0;
  let end = text.length;
  let scheme = true;
  if (isSlash(text[0]) && isSlash(text[1])) [start, scheme] = [2, false];
  for (let i = start; i < end; i++) {
    const c = text[i] ?? '';
    if ('/?#\\'.includes(c)) end = i;
    else if (c === ':' && scheme) {
      if (i + 2 < end && isSlash(text[i + 1]) && isSlash(text[i + 2])) {
        i += 2;
        start = i + 1;
      }
      scheme = false;
    } else if (c === '@') start = i + 1;
  }
  let part = text.slice(start, end);
  const bracket = /^\[[^[\]]*[[\]]?/.exec(part)?.[0].length ?? 0;
  const colon = part.indexOf(':', bracket);
  if (colon >= 0) part = part.slice(0, colon);
  const dotless = trimOf(part, '.');
  if (dotless === '') return null;
  return part.endsWith('.') ? `${dotless}.` : dotless;
}

/** Addresses and hosts. */
export const netUdfs: readonly Udf[] = [
  strict('net_host', ['VARCHAR'], 'VARCHAR', host),
  strict('net_ip_from_string', ['VARCHAR'], 'BLOB', (text: string) => {
    const bytes = parseIp(text);
    if (!bytes) throw new UdfError(`NET.IP_FROM_STRING() encountered an unparseable IP-address: ${text}`);
    return bytes;
  }),
  strict('net_safe_ip_from_string', ['VARCHAR'], 'BLOB', parseIp),
  strict('net_ip_to_string', ['BLOB'], 'VARCHAR', ipText),
  strict('net_ip_net_mask', ['BIGINT', 'BIGINT'], 'BLOB', netMask),
  strict('net_ip_trunc', ['BLOB', 'BIGINT'], 'BLOB', truncate),
  strict('net_ipv4_from_int64', ['BIGINT'], 'BLOB', ipv4OfInt),
  strict('net_ipv4_to_int64', ['BLOB'], 'BIGINT', intOfIpv4),
];
