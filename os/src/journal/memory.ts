// A journal in memory: for the simulator, which gives it a disk that fails, and for tests. Same contract, same hashes.

import { HumError } from "../error.ts";
import { createFeed } from "./feed.ts";
import { fromRow, type Row, toRow } from "./format.ts";
import type { JournalEvent, JournalRecord, OpenJournal, Snapshot } from "./journal.ts";

/** What survives when the process that uses the journal dies. */
export interface MemoryDisk {
  rows: Row[];
  snapshot: Snapshot | null;
}

/** How a journal in memory behaves. */
export interface MemoryJournalOptions {
  disk?: MemoryDisk;
  now(): number;
  /** Called before a batch is made durable; a rejection is a failed disk, a long wait a slow one. */
  beforeWrite?(count: number): Promise<void>;
}

/** Opens a journal on a disk that is a plain object. */
export function openMemoryJournal(options: MemoryJournalOptions): OpenJournal {
  const disk = options.disk ?? { rows: [], snapshot: null };
  const streams = new Map<string, number[]>();
  for (const row of disk.rows) placeOf(streams, row.stream).push(row.seq);
  const feed = createFeed();
  let closed = false;
  const head = () => ({ seq: disk.rows.length, hash: disk.rows.at(-1)?.hash ?? "" });
  const after = (from: number) => disk.rows.slice(from, from + 1_000).map(fromRow);

  let last: Promise<unknown> = Promise.resolve();
  const put = (stream: string, events: readonly JournalEvent[], expected: number): JournalRecord[] => {
    if (closed) throw new HumError("interrupted", "the journal is closed");
    const places = placeOf(streams, stream);
    if (places.length !== expected)
      throw new HumError("conflict", `stream ${stream} has ${places.length} events, not ${expected}`);
    const at = options.now();
    let { seq, hash: previous } = head();
    const rows = events.map((event, i) => {
      const row = toRow(event, { seq: ++seq, stream, idx: places.length + 1 + i, at, previous });
      previous = row.hash;
      return row;
    });
    for (const row of rows) {
      disk.rows.push(row);
      places.push(row.seq);
    }
    const records = rows.map(fromRow);
    feed.push(records);
    return records;
  };

  return {
    repairs: [],
    append(stream, events, expected) {
      const write = last
        .then(() => options.beforeWrite?.(events.length))
        .then(() => put(stream, events, expected));
      last = write.catch(() => {});
      return write;
    },
    *read(stream, from, limit = Number.MAX_SAFE_INTEGER) {
      if (stream === null) for (const row of disk.rows.slice(from, from + limit)) yield fromRow(row);
      else
        for (const seq of (streams.get(stream) ?? []).slice(from, from + limit))
          yield fromRow(disk.rows[seq - 1]!);
    },
    follow: (from, signal) => feed.follow(from, { signal, head: () => disk.rows.length, read: after }),
    head,
    saveSnapshot(snapshot) {
      disk.snapshot = snapshot;
    },
    lastSnapshot: () => disk.snapshot,
    close() {
      closed = true;
      feed.close();
    },
  };
}

function placeOf(streams: Map<string, number[]>, stream: string): number[] {
  const places = streams.get(stream) ?? [];
  streams.set(stream, places);
  return places;
}
