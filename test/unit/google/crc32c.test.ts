import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c, crc32cBase64 } from '../../../functions/core/crc32c.ts';

/** One bit at a time: slow, and plainly the definition. */
function byDefinition(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('CRC-32C: the values of RFC 3720, B.4', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, n) => n);
  const cases: readonly (readonly [Uint8Array, number])[] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [ascending, 0x46dd794e],
    [ascending.toReversed(), 0x113fdb5c],
    [Buffer.from('123456789'), 0xe3069283],
    [new Uint8Array(), 0],
  ];
  for (const [bytes, wanted] of cases) assert.equal(crc32c(bytes), wanted);
});

test('CRC-32C: every length and offset gives what the definition gives', () => {
  const bytes = Buffer.from(Array.from({ length: 90 }, (_, n) => (n * 167 + 13) & 255));
  for (let from = 0; from < 9; from++) {
    for (let to = from; to < bytes.length; to++) {
      const part = bytes.subarray(from, to);
      assert.equal(crc32c(part), byDefinition(part));
    }
  }
});

test('CRC-32C: Cloud Storage writes four bytes in base64, the most significant first', () => {
  assert.equal(crc32cBase64(Buffer.from('data')), 'rth90Q==');
});
