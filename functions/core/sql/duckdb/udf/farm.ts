/**
 * FarmHash Fingerprint64: the hash behind FARM_FINGERPRINT, fixed for good by its authors. Source: github.com/google/
 * farmhash (the `na` family). Words are little-endian; all arithmetic is modulo 2^64.
 */
const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;
const SEED = 81n;

type Pair = readonly [bigint, bigint];

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => (value >> by) | u64(value << (64n - by));
const shiftMix = (value: bigint): bigint => value ^ (value >> 47n);

function mix(u: bigint, v: bigint, by: bigint): bigint {
  const a = shiftMix(u64((u ^ v) * by));
  return u64(shiftMix(u64((v ^ a) * by)) * by);
}

function short(view: DataView, size: number): bigint {
  const by = K2 + BigInt(size) * 2n;
  if (size >= 8) {
    const a = u64(view.getBigUint64(0, true) + K2);
    const b = view.getBigUint64(size - 8, true);
    return mix(u64(rotate(b, 37n) * u64(by) + a), u64((rotate(a, 25n) + b) * by), u64(by));
  }
  if (size >= 4) {
    const a = BigInt(view.getUint32(0, true));
    return mix(BigInt(size) + (a << 3n), BigInt(view.getUint32(size - 4, true)), u64(by));
  }
  if (size === 0) return K2;
  const y = BigInt(view.getUint8(0) + (view.getUint8(size >> 1) << 8));
  const z = BigInt(size + (view.getUint8(size - 1) << 2));
  return u64(shiftMix(u64(y * K2) ^ u64(z * K0)) * K2);
}

function middle(view: DataView, size: number): bigint {
  const word = (at: number): bigint => view.getBigUint64(at, true);
  const by = u64(K2 + BigInt(size) * 2n);
  const a = u64(word(0) * (size <= 32 ? K1 : K2));
  const b = word(8);
  const c = u64(word(size - 8) * by);
  const d = u64(word(size - 16) * K2);
  const y = u64(rotate(u64(a + b), 43n) + rotate(c, 30n) + d);
  const z = mix(y, u64(a + rotate(u64(b + K2), 18n) + c), by);
  if (size <= 32) return z;
  const e = u64(word(16) * by);
  const f = word(24);
  const g = u64((y + word(size - 32)) * by);
  const h = u64((z + word(size - 24)) * by);
  return mix(u64(rotate(u64(e + f), 43n) + rotate(g, 30n) + h), u64(e + rotate(u64(f + a), 18n) + g), by);
}

/** Mixes 32 bytes at `at` with two seeds. */
function weak(word: (at: number) => bigint, at: number, a: bigint, b: bigint): Pair {
  const first = u64(a + word(at));
  const second = rotate(u64(b + first + word(at + 24)), 21n);
  const sum = u64(first + word(at + 8) + word(at + 16));
  return [u64(sum + word(at + 24)), u64(second + rotate(sum, 44n) + first)];
}

function long(view: DataView, size: number): bigint {
  const word = (at: number): bigint => view.getBigUint64(at, true);
  let y = u64(SEED * K1 + 113n);
  let z = u64(shiftMix(u64(y * K2 + 113n)) * K2);
  let x = u64(SEED * K2 + word(0));
  let v: Pair = [0n, 0n];
  let w: Pair = [0n, 0n];
  const round = (at: number, by: bigint, last: boolean): void => {
    const nine = last ? 9n : 1n;
    x = u64(rotate(u64(x + y + v[0] + word(at + 8)), 37n) * by);
    y = u64(rotate(u64(y + v[1] + word(at + 48)), 42n) * by);
    x ^= u64(w[1] * nine);
    y = u64(y + v[0] * nine + word(at + 40));
    z = u64(rotate(u64(z + w[0]), 33n) * by);
    v = weak(word, at, u64(v[1] * by), u64(x + w[0]));
    w = weak(word, at + 32, u64(z + w[1]), u64(y + word(at + 16)));
    [z, x] = [x, z];
  };
  const end = Math.floor((size - 1) / 64) * 64;
  for (let at = 0; at < end; at += 64) round(at, K1, false);
  const by = u64(K1 + ((z & 0xffn) << 1n));
  const first = u64(w[0] + BigInt((size - 1) & 63));
  v = [u64(v[0] + first), v[1]];
  w = [u64(first + v[0]), w[1]];
  round(size - 64, by, true);
  return mix(u64(mix(v[0], w[0], by) + shiftMix(y) * K0 + z), u64(mix(v[1], w[1], by) + x), by);
}

/** The fingerprint as GoogleSQL shows it: a signed INT64. */
export function farmFingerprint(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length;
  const hash = size <= 16 ? short(view, size) : size <= 64 ? middle(view, size) : long(view, size);
  return BigInt.asIntN(64, hash);
}
