// Time that goes on only when it is told to. Timers fire in the order of their time, those of one time in the order in
// which they were set, so that a run is the same each time.

/** A clock with its timers. */
export interface VirtualClock {
  now(): number;
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, call: () => void): () => void;
  /** Resolves after `ms`, or as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Time of the nearest timer, null when there is none. */
  next(): number | null;
  /** Goes on to the nearest timer that is due by `until` and fires it; false when there is none. */
  advance(until?: number): boolean;
  /** Goes on to this time without firing anything that lies behind it. */
  set(to: number): void;
  /** Takes all timers back: the process that set them is gone. */
  clear(): void;
}

/** Makes a clock that shows `start` (milliseconds since 1970). */
export function createVirtualClock(start = 1_750_000_000_000): VirtualClock {
  let time = start;
  let order = 0;
  let timers: { at: number; order: number; call: () => void }[] = [];
  const nearest = () =>
    timers.reduce<(typeof timers)[number] | null>(
      (best, timer) =>
        !best || timer.at < best.at || (timer.at === best.at && timer.order < best.order) ? timer : best,
      null,
    );
  const after = (ms: number, call: () => void) => {
    const timer = { at: time + Math.max(0, ms), order: order++, call };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  };
  return {
    now: () => time,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const finish = () => {
          cancel();
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        const cancel = after(ms, finish);
        signal?.addEventListener("abort", finish);
        if (signal?.aborted) finish();
      }),
    next: () => nearest()?.at ?? null,
    advance(until = Number.POSITIVE_INFINITY) {
      const timer = nearest();
      if (!timer || timer.at > until) return false;
      timers = timers.filter((other) => other !== timer);
      time = Math.max(time, timer.at);
      timer.call();
      return true;
    },
    set(to) {
      time = Math.max(time, to);
    },
    clear() {
      timers = [];
    },
  };
}
