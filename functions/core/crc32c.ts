/** CRC-32C (Castagnoli, RFC 3720): the checksum that Google's services send and check. */

const polynomial = 0x82f63b78;
const lanes = 8;
const tables = makeTables();

/** Eight tables, so that eight bytes cost one step: a result page is checked faster than a network brings it. */
function makeTables(): Int32Array {
  const made = new Int32Array(256 * lanes);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[byte] = crc;
  }
  for (let at = 256; at < made.length; at++) {
    const before = made[at - 256] as number;
    made[at] = (before >>> 8) ^ (made[before & 255] as number);
  }
  return made;
}

const entry = (lane: number, byte: number): number => tables[lane * 256 + (byte & 255)] as number;

/** CRC-32C of the bytes, 0 to 2^32-1. */
export function crc32c(bytes: Uint8Array): number {
  const whole = bytes.length - (bytes.length % lanes);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  for (let at = 0; at < whole; at += lanes) {
    const low = crc ^ words.getInt32(at, true);
    const high = words.getInt32(at + 4, true);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
  }
  for (let at = whole; at < bytes.length; at++) crc = (crc >>> 8) ^ entry(0, crc ^ (bytes[at] as number));
  return ~crc >>> 0;
}

/** As Cloud Storage writes it: base64 of the four bytes, most significant first. */
export function crc32cBase64(bytes: Uint8Array): string {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(crc32c(bytes));
  return out.toString('base64');
}
