// The embedded journal: one SQLite file in WAL mode with synchronous=FULL, so that a committed record survives the
// loss of power. Appends that arrive in the same tick share one transaction and one flush (group commit): many
// processes cost hardly more than one.
//
// When the disk is full the append does not fail: it waits and is tried again, and `onTrouble` says so. Nothing was
// acknowledged, no effect follows, and the work goes on when there is room.

import { existsSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { HumError, isDiskFull, toMessage } from "../error.ts";
import { journalLimits } from "../limits.ts";
import { createFeed } from "./feed.ts";
import { fromRow, type Row, toRow } from "./format.ts";
import type { JournalEvent, JournalRecord, OpenJournal, Snapshot } from "./journal.ts";
import { cutToLastGood, isDamage, mendDatabase } from "./mend.ts";
import { inspectWal } from "./wal.ts";

/** How the embedded journal is opened. */
export interface SqliteJournalOptions {
  file: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Told when the journal cannot write (the disk is full), and with null when it can again. */
  onTrouble?(message: string | null): void;
  /** For tests of a full disk: the largest size of the file in pages of 4,096 bytes, asked before each write. */
  maxPages?(): number;
  /** Milliseconds between two tries on a full disk. */
  retryMs?: number;
  readOnly?: boolean;
}

const schema = `
  CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, idx INTEGER NOT NULL, at INTEGER NOT NULL,
    type TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS record_stream ON record (stream, idx);
  CREATE TABLE IF NOT EXISTS snapshot (
    seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, reducer INTEGER NOT NULL, state TEXT NOT NULL);
`;

interface Pending {
  stream: string;
  events: readonly JournalEvent[];
  expected: number;
  resolve(records: JournalRecord[]): void;
  reject(error: unknown): void;
}

/** Opens (and where needed makes or mends) the journal. Throws `damaged` only when nothing can be read at all. */
export function openSqliteJournal(options: SqliteJournalOptions): OpenJournal {
  const repairs: string[] = [];
  // Looked at first: any opening by SQLite takes a torn log in, or drops it, in silence.
  const wal = inspectWal(`${options.file}-wal`);
  if (!options.readOnly) repairs.push(...mendDatabase(options.file));
  const database = openDatabase(options);
  if (wal.bad > 0 && !options.readOnly)
    repairs.push(
      `The last write to the journal was torn; it was cut back to record ${lastSeq(database)}, the last whole one.`,
    );
  if (!options.readOnly) repairs.push(...cutToLastGood(database, options.file));
  return createSqliteJournal(database, options, repairs);
}

function openDatabase(options: SqliteJournalOptions): DatabaseSync {
  if (options.readOnly && !existsSync(options.file))
    throw new HumError(
      "not-found",
      `There is no journal at ${options.file} yet: start with \`hum ask\` or \`hum start\`.`,
    );
  const database = new DatabaseSync(options.file, { readOnly: options.readOnly ?? false, timeout: 5_000 });
  if (options.readOnly) return database;
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000");
  database.exec(schema);
  return database;
}

function lastSeq(database: DatabaseSync): number {
  return (database.prepare("SELECT max(seq) AS seq FROM record").get() as { seq: number | null }).seq ?? 0;
}

function lastOf(database: DatabaseSync): { seq: number; hash: string } {
  const last = database.prepare("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").get();
  return (last as { seq: number; hash: string } | undefined) ?? { seq: 0, hash: "" };
}

/** How often a reader looks for what another process wrote, in milliseconds. */
const lookMs = 250;

function createSqliteJournal(
  database: DatabaseSync,
  options: SqliteJournalOptions,
  repairs: string[],
): OpenJournal {
  const insert = database.prepare("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)");
  const ofAll = database.prepare("SELECT * FROM record WHERE seq > ? ORDER BY seq LIMIT ?");
  const ofStream = database.prepare("SELECT * FROM record WHERE stream = ? AND idx > ? ORDER BY idx LIMIT ?");
  const lengthOf = database.prepare("SELECT max(idx) AS idx FROM record WHERE stream = ?");
  let head = lastOf(database);
  const lengths = new Map<string, number>();
  const feed = createFeed();
  // Another process writes what a reader follows: it looks now and then.
  const look = options.readOnly ? setInterval(() => feed.ring(), lookMs) : undefined;
  look?.unref();
  let queue: Pending[] = [];
  let scheduled = false;
  let closed = false;
  let troubled = false;

  const lengthOfStream = (stream: string): number => {
    const known = lengths.get(stream);
    if (known !== undefined) return known;
    const idx = (lengthOf.get(stream) as { idx: number | null }).idx ?? 0;
    lengths.set(stream, idx);
    return idx;
  };

  // One transaction for the whole queue. A conflict or a wrong payload rejects that append alone.
  const commit = (batch: readonly Pending[]) => {
    if (options.maxPages) database.exec(`PRAGMA max_page_count = ${options.maxPages()}`);
    const grown = new Map<string, number>();
    const done: { pending: Pending; records: JournalRecord[] }[] = [];
    let next = head;
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const pending of batch) {
        const length = grown.get(pending.stream) ?? lengthOfStream(pending.stream);
        if (length !== pending.expected) {
          pending.reject(
            new HumError(
              "conflict",
              `stream ${pending.stream} has ${length} events, not ${pending.expected}`,
            ),
          );
          continue;
        }
        const rows = toRows(pending, { head: next, length, at: options.now() });
        if (!rows) continue;
        for (const row of rows)
          insert.run(row.seq, row.stream, row.idx, row.at, row.type, row.data, row.hash);
        const end = rows.at(-1);
        if (end) next = { seq: end.seq, hash: end.hash };
        grown.set(pending.stream, length + rows.length);
        done.push({ pending, records: rows.map(fromRow) });
      }
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
    head = next;
    for (const [stream, length] of grown) lengths.set(stream, length);
    for (const { pending, records } of done) pending.resolve(records);
    for (const { records } of done) feed.push(records);
  };

  const flush = () => {
    scheduled = false;
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    if (closed) {
      for (const pending of batch) pending.reject(new HumError("interrupted", "the journal is closed"));
      return;
    }
    try {
      commit(batch);
      if (troubled) options.onTrouble?.(null);
      troubled = false;
    } catch (error) {
      if (!isFull(error)) {
        for (const pending of batch)
          pending.reject(
            new HumError("damaged", `The journal cannot be written: ${toMessage(error)}`, { cause: error }),
          );
        return;
      }
      if (!troubled)
        options.onTrouble?.(
          "The disk is full: everything waits. Free some space; the work goes on by itself.",
        );
      troubled = true;
      queue = [...batch, ...queue];
      scheduled = true;
      setTimeout(flush, options.retryMs ?? 1_000);
    }
  };

  return {
    repairs,
    append(stream, events, expected) {
      return new Promise((resolve, reject) => {
        queue.push({ stream, events, expected, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      });
    },
    *read(stream, from, limit = Number.MAX_SAFE_INTEGER) {
      // A part at a time: a whole journal does not fit into memory.
      for (let left = limit, at = from; left > 0; ) {
        const part = Math.min(left, journalLimits.readAtOnce);
        const rows = readRows(stream === null ? ofAll : ofStream, { stream, from: at, limit: part });
        for (const row of rows) yield fromRow(row);
        const last = rows.at(-1);
        if (!last || rows.length < part) return;
        at = stream === null ? last.seq : last.idx;
        left -= part;
      }
    },
    follow: (from, signal) =>
      feed.follow(from, {
        signal,
        head: () => (options.readOnly ? lastSeq(database) : head.seq),
        read: (after) =>
          readRows(ofAll, { stream: null, from: after, limit: journalLimits.readAtOnce }).map(fromRow),
      }),
    head: () => (options.readOnly ? lastOf(database) : head),
    saveSnapshot(snapshot) {
      database
        .prepare("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)")
        .run(snapshot.seq, snapshot.hash, snapshot.reducer, snapshot.state);
      database.prepare("DELETE FROM snapshot WHERE seq < ?").run(snapshot.seq);
    },
    lastSnapshot: () =>
      (database.prepare("SELECT * FROM snapshot ORDER BY seq DESC LIMIT 1").get() as unknown as
        | Snapshot
        | undefined) ?? null,
    close() {
      if (closed) return;
      clearInterval(look);
      flush();
      closed = true;
      feed.close();
      if (!options.readOnly) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      database.close();
    },
  };
}

function toRows(
  pending: Pending,
  place: { head: { seq: number; hash: string }; length: number; at: number },
): Row[] | null {
  let { seq, hash: previous } = place.head;
  const rows: Row[] = [];
  try {
    for (const [i, event] of pending.events.entries()) {
      seq += 1;
      const row = toRow(event, {
        seq,
        stream: pending.stream,
        idx: place.length + i + 1,
        at: place.at,
        previous,
      });
      previous = row.hash;
      rows.push(row);
    }
    return rows;
  } catch (error) {
    pending.reject(error);
    return null;
  }
}

function readRows(
  statement: StatementSync,
  query: { stream: string | null; from: number; limit: number },
): Row[] {
  const values = query.stream === null ? [query.from, query.limit] : [query.stream, query.from, query.limit];
  return statement.all(...values) as unknown as Row[];
}

function isFull(error: unknown): boolean {
  return isDiskFull(error) || (isDamage(error) === false && /disk is full|ENOSPC/i.test(toMessage(error)));
}
