// The contract of the journal: one append-only log of typed events, in streams. Every state of Hum is a fold over it.
//
// Rules for callers
//   - An event is durable when `append` resolves; nothing that follows from it may be visible before.
//   - `expected` is the number of events that the caller has seen in the stream (compare and set): a caller with an
//     old view is refused with a conflict instead of writing over what it does not know.
//   - No room reaches around these three calls, so that a driver on another engine can take this one's place.

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An event before it is appended. `type` is `noun.verb`, e.g. `entity.spawned`. */
export interface JournalEvent {
  type: string;
  data: object;
}

/** An event in the journal. */
export interface JournalRecord extends JournalEvent {
  data: Record<string, unknown>;
  /** Place in the whole journal, from 1. */
  seq: number;
  stream: string;
  /** Place in its stream, from 1. */
  index: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Hash of this record and of everything before it. */
  hash: string;
}

/** Truth. */
export interface Journal {
  /** Appends all events or none. Rejects with `conflict` when the stream has not exactly `expected` events. */
  append(stream: string, events: readonly JournalEvent[], expected: number): Promise<JournalRecord[]>;
  /** Records after place `from`: of one stream (by index) or, with null, of the whole journal (by seq). */
  read(stream: string | null, from: number, limit?: number): Iterable<JournalRecord>;
  /** Records with a seq above `from`, then each new one as it becomes durable, until the signal aborts. */
  follow(from: number, signal: AbortSignal): AsyncIterable<JournalRecord>;
}

/** A state that was folded up to `seq`; opening starts there instead of at the first record. */
export interface Snapshot {
  seq: number;
  hash: string;
  /** Version of the reducer that made it; another version is folded anew. */
  reducer: number;
  state: string;
}

/** What an opened journal offers beside the contract: snapshots, its end, and closing. */
export interface OpenJournal extends Journal {
  /** Seq and hash of the last record (0 and "" when empty). */
  head(): { seq: number; hash: string };
  saveSnapshot(snapshot: Snapshot): void;
  lastSnapshot(): Snapshot | null;
  /** What was found and mended while opening, in sentences for the user. */
  readonly repairs: readonly string[];
  close(): void;
}
