// Hands durable records to followers. A follower first reads what is there, then waits to be told of more; it reads
// again from its own place, so a slow one holds nothing up and keeps nothing in memory.

import type { JournalRecord } from "./journal.ts";

/** Where a follower reads. */
export interface FeedSource {
  signal: AbortSignal;
  head(): number;
  /** A batch of records after a seq, in order. */
  read(after: number): JournalRecord[];
}

/** Makes the bell that wakes followers. */
export function createFeed() {
  const bells = new Set<() => void>();
  let closed = false;
  const ring = () => {
    for (const bell of [...bells]) bell();
  };
  return {
    push(records: readonly JournalRecord[]) {
      if (records.length > 0) ring();
    },
    /** Wakes followers to look for themselves. */
    ring,
    close() {
      closed = true;
      ring();
    },
    async *follow(from: number, source: FeedSource): AsyncIterable<JournalRecord> {
      let at = from;
      while (!closed && !source.signal.aborted) {
        for (const record of source.head() > at ? source.read(at) : []) {
          at = record.seq;
          yield record;
          if (source.signal.aborted) return;
        }
        if (source.head() > at) continue;
        await new Promise<void>((resolve) => {
          const wake = () => {
            bells.delete(wake);
            source.signal.removeEventListener("abort", wake);
            resolve();
          };
          bells.add(wake);
          source.signal.addEventListener("abort", wake);
          if (closed || source.signal.aborted || source.head() > at) wake();
        });
      }
    },
  };
}
