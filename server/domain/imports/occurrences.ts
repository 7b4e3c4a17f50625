/**
 * Counts how often a 128-bit key was seen, in flat arrays: a file of millions of lines fits into tens of
 * megabytes.
 */
export class Occurrences {
  #keys = new BigUint64Array(2 * 1024);
  #counts = new Uint32Array(1024);
  #size = 0;

  /** Counts the key's first 16 bytes; returns 1 for the first time. */
  count(key: Buffer): number {
    if (this.#size * 10 > this.#counts.length * 6) this.#grow();
    const high = key.readBigUInt64LE(0);
    const low = key.readBigUInt64LE(8);
    const slot = this.#slot(high, low);
    if (this.#counts[slot] === 0) {
      this.#keys[2 * slot] = high;
      this.#keys[2 * slot + 1] = low;
      this.#size += 1;
    }
    const count = (this.#counts[slot] ?? 0) + 1;
    this.#counts[slot] = count;
    return count;
  }

  #slot(high: bigint, low: bigint): number {
    const mask = this.#counts.length - 1;
    let slot = Number(BigInt.asUintN(32, high)) & mask;
    while (this.#counts[slot] !== 0 && (this.#keys[2 * slot] !== high || this.#keys[2 * slot + 1] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const counts = this.#counts;
    this.#keys = new BigUint64Array(keys.length * 2);
    this.#counts = new Uint32Array(counts.length * 2);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const high = keys[2 * i] ?? 0n;
      const low = keys[2 * i + 1] ?? 0n;
      const slot = this.#slot(high, low);
      this.#keys[2 * slot] = high;
      this.#keys[2 * slot + 1] = low;
      this.#counts[slot] = counts[i] ?? 0;
    }
  }
}
