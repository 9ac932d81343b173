import { type Udf, UdfTooSlow } from '../udf.ts';
import { strict } from './make.ts';
import { fail } from './numbers.ts';

type Combine = (a: number, b: number) => number;

const bytewise =
  (combine: Combine) =>
  (a: Uint8Array, b: Uint8Array): Uint8Array => {
    if (a.length !== b.length)
      return fail('Bitwise binary operator for BYTES requires equal length of the inputs');
    return a.map((byte, i) => combine(byte, b[i]!));
  };

const toInteger = (bytes: Uint8Array): bigint =>
  bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

function toBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** Each byte costs as much as there are bytes. */
const longestShifted = 20_000;

const shifted =
  (move: (value: bigint, by: bigint) => bigint) =>
  (bytes: Uint8Array, by: bigint): Uint8Array => {
    if (by < 0n) return fail('Bitwise shift by a negative amount');
    if (bytes.length > longestShifted) throw new UdfTooSlow('a shift of BYTES');
    if (by >= BigInt(bytes.length) * 8n) return new Uint8Array(bytes.length);
    return toBytes(move(toInteger(bytes), by), bytes.length);
  };

function countBits(bytes: Uint8Array): bigint {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return BigInt(count);
}

/** Bitwise operators of BYTES: the most significant bit stands first. */
export const bitUdfs: readonly Udf[] = [
  strict(
    'bytes_and',
    ['BLOB', 'BLOB'],
    'BLOB',
    bytewise((a, b) => a & b),
  ),
  strict(
    'bytes_or',
    ['BLOB', 'BLOB'],
    'BLOB',
    bytewise((a, b) => a | b),
  ),
  strict(
    'bytes_xor',
    ['BLOB', 'BLOB'],
    'BLOB',
    bytewise((a, b) => a ^ b),
  ),
  strict('bytes_not', ['BLOB'], 'BLOB', (a: Uint8Array) => a.map((byte) => ~byte & 0xff)),
  strict(
    'bytes_shift_left',
    ['BLOB', 'BIGINT'],
    'BLOB',
    shifted((v, by) => v << by),
  ),
  strict(
    'bytes_shift_right',
    ['BLOB', 'BIGINT'],
    'BLOB',
    shifted((v, by) => v >> by),
  ),
  strict('bytes_bit_count', ['BLOB'], 'BIGINT', countBits),
];
