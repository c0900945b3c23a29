// Wakes entities at their time. One timer runs for the nearest; the rest lie in a binary heap, so that ten thousand
// sleepers cost nothing.

/** What is called when times come. */
export interface Alarm<T> {
  /** Sets or moves the alarm of a key. */
  set(key: T, at: number): void;
  clear(key: T): void;
  /** Keys whose time has come; they are removed. */
  due(now: number): T[];
  /** The nearest time, null when there is none. */
  next(): number | null;
  readonly size: number;
  /** Entries in the heap, with those that were moved or cleared and not dropped yet. */
  readonly kept: number;
}

/** So many entries that were moved or cleared may be kept, beside as many as there are others. */
const spare = 64;

/** Makes an alarm without entries. */
export function createAlarm<T>(): Alarm<T> {
  const heap: { key: T; at: number }[] = [];
  const times = new Map<T, number>();
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };
  const up = (start: number) => {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (heap[parent]!.at <= heap[i]!.at) return;
      swap(i, parent);
      i = parent;
    }
  };
  const down = () => {
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const least = [left, left + 1]
        .filter((child) => child < heap.length)
        .reduce((best, child) => (heap[child]!.at < heap[best]!.at ? child : best), i);
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  };
  const pop = () => {
    swap(0, heap.length - 1);
    heap.pop();
    down();
  };
  // An entry that was moved or cleared stays in the heap until it comes up, or until there are too many of them.
  const dropStale = () => {
    while (heap.length > 0 && times.get(heap[0]!.key) !== heap[0]!.at) pop();
  };
  // Those far in the future would come up too late: who is woken and sleeps again for a year leaves one each time.
  const tidy = () => {
    if (heap.length <= 2 * times.size + spare) return;
    heap.length = 0;
    // In order they are a heap.
    for (const [key, at] of [...times].sort((a, b) => a[1] - b[1])) heap.push({ key, at });
  };
  return {
    set(key, at) {
      if (times.get(key) === at) return;
      times.set(key, at);
      heap.push({ key, at });
      up(heap.length - 1);
      tidy();
    },
    clear(key) {
      if (times.delete(key)) tidy();
    },
    due(now) {
      const keys: T[] = [];
      for (dropStale(); heap.length > 0 && heap[0]!.at <= now; dropStale()) {
        const { key } = heap[0]!;
        times.delete(key);
        keys.push(key);
        pop();
      }
      return keys;
    },
    next() {
      dropStale();
      return heap[0]?.at ?? null;
    },
    get size() {
      return times.size;
    },
    get kept() {
      return heap.length;
    },
  };
}
