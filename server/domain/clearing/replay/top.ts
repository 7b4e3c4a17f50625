/** The items with the largest keys among many, at most `size`; of equal ones those that came first. */
export class Top<T> {
  readonly #heap: { key: bigint; place: number; item: T }[] = [];
  #seen = 0;
  constructor(readonly size: number) {}

  /** Whether an item of this key would be kept now. */
  takes(key: bigint): boolean {
    return this.#heap.length < this.size || key > (this.#heap[0]?.key ?? 0n);
  }

  add(key: bigint, item: T): void {
    const heap = this.#heap;
    const entry = { key, place: this.#seen++, item };
    if (heap.length < this.size) {
      heap.push(entry);
      this.#up(heap.length - 1);
    } else {
      heap[0] = entry;
      this.#down();
    }
  }

  /** The largest first. */
  items(): T[] {
    return [...this.#heap].sort((a, b) => (smaller(a, b) ? 1 : -1)).map(({ item }) => item);
  }

  #up(place: number): void {
    for (let child = place; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfSmaller(child, parent)) return;
      child = parent;
    }
  }

  #down(): void {
    const { length } = this.#heap;
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      const right = left + 1;
      if (left >= length) return;
      const child = right < length && this.#isSmaller(right, left) ? right : left;
      if (!this.#swapIfSmaller(child, parent)) return;
      parent = child;
    }
  }

  #isSmaller(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    return x !== undefined && y !== undefined && smaller(x, y);
  }

  #swapIfSmaller(child: number, parent: number): boolean {
    const heap = this.#heap;
    const [x, y] = [heap[child], heap[parent]];
    if (!x || !y || !smaller(x, y)) return false;
    heap[child] = y;
    heap[parent] = x;
    return true;
  }
}

interface Ranked {
  key: bigint;
  place: number;
}

function smaller(a: Ranked, b: Ranked): boolean {
  return a.key === b.key ? a.place > b.place : a.key < b.key;
}
