import { sha256, utf8, view } from './bytes.ts';

/**
 * A set of names that holds 16 bytes for each (the start of its SHA-256), so that millions of sealed names fit into
 * memory. Open addressing over one typed array, at most half full.
 */
export class Fingerprints {
  #slots = new BigUint64Array(2 * 1024);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  has(name: string): boolean {
    const [high, low] = fingerprint(name);
    return this.#slots[this.#find(high, low)] !== 0n;
  }

  /** False where the name was there already. */
  add(name: string): boolean {
    const [high, low] = fingerprint(name);
    const at = this.#find(high, low);
    if (this.#slots[at] !== 0n) return false;
    this.#put(at, high, low);
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #put(at: number, high: bigint, low: bigint): void {
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#count += 1;
  }

  #find(high: bigint, low: bigint): number {
    const pairs = this.#slots.length / 2;
    let at = Number(low % BigInt(pairs)) * 2;
    while (this.#slots[at] !== 0n && (this.#slots[at] !== high || this.#slots[at + 1] !== low)) {
      at = (at + 2) % this.#slots.length;
    }
    return at;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new BigUint64Array(old.length * 2);
    this.#count = 0;
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at] as bigint, old[at + 1] as bigint];
      if (high !== 0n) this.#put(this.#find(high, low), high, low);
    }
  }
}

/** The first half is never zero, which marks an empty slot. */
function fingerprint(name: string): readonly [bigint, bigint] {
  const hash = view(sha256(utf8(name)));
  return [hash.readBigUInt64LE(0) | 1n, hash.readBigUInt64LE(8)];
}
