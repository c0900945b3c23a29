// The archive: full-text search (SQLite FTS5) over everything that ever left a window. It is an index over the journal,
// not a second truth: it remembers up to which record it has read, and catches up when it is opened. Of a page that is
// still in a window it knows only the place; the text is read from the journal when the page leaves.
//
// What it takes becomes durable some records at a time: what a crash loses of it is read from the journal again.

import { rmSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { HumError, isDiskFull } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { memoryLimits } from "../limits.ts";
import { type Meaning, meaningSchema, openMeaning } from "./meaning.ts";
import type { NewPage } from "./page.ts";
import { createFinder, type SearchLimits, toOwner } from "./query.ts";

/** One found page. */
export interface Found {
  pid: number;
  page: number;
  kind: string;
  /** The place of the match with a little around it. */
  excerpt: string;
  /** When it was written, in milliseconds since 1970. */
  at: number;
  /** The row of its text in the index. */
  row?: number;
  /** How well the words of the query fit it (BM25), for a search by words. */
  fit?: number;
}

/** Gives a record of the stream in which the taken record stands, by its index. */
export type ReadRecord = (stream: string, index: number) => JournalRecord | undefined;

/** Search over pages of all entities. */
export interface Archive {
  /**
   * Reads records, in order; those already read are passed over. When it cannot write (a full disk) it stands still
   * and catches up at the next opening: an index never stops the machine.
   */
  take(record: JournalRecord, read: ReadRecord): void;
  /** Seq up to which it has read. */
  at(): number;
  /** Pages that hold the words, best first; `pids` limits whose. */
  search(words: string, options?: { pids?: readonly number[]; limit?: number }): Found[];
  /** How many pages a search for these words ranks at most. */
  plan(words: string): { rows: number };
  /** The text of a row. */
  text(row: number): string;
  /** The same pages by meaning. */
  readonly meaning: Meaning;
  /** Forgets everything, to be read again from the first record. */
  reset(): void;
  close(): void;
}

/** Raised when an archive of before must be made again. */
const archiveVersion = 5;

/** Records that are taken in one transaction. */
const recordsAtOnce = 100;

const schema = `
  CREATE TABLE IF NOT EXISTS place (pid INTEGER, page INTEGER, kind TEXT, idx INTEGER, PRIMARY KEY (pid, page)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, owner, pid UNINDEXED, page UNINDEXED, kind UNINDEXED, at UNINDEXED, tokenize = 'porter unicode61');
  CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
${meaningSchema}`;

interface Place {
  page: number;
  kind: string;
  idx: number;
}

/** Opens the archive in `file` (`:memory:` for one that is made anew each time). */
export function openArchive(file: string, limits?: SearchLimits): Archive {
  const database = openDatabase(file);
  const keep = database.prepare("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?)");
  const placeOf = database.prepare("DELETE FROM place WHERE pid = ? AND page = ? RETURNING page, kind, idx");
  const placesOf = database.prepare("DELETE FROM place WHERE pid = ? RETURNING page, kind, idx");
  const index = database.prepare("INSERT INTO words VALUES (?, ?, ?, ?, ?, ?)");
  const finder = createFinder(database, limits);
  const textOf = database.prepare("SELECT text FROM words WHERE rowid = ?");
  const rowsOf = database.prepare("SELECT rowid AS row FROM words WHERE words MATCH ? AND page = ?");
  // The row stays, because the number of the last one would be given again and count as embedded.
  const emptyRow = database.prepare("UPDATE words SET text = '' WHERE rowid = ?");
  const setMark = database.prepare(
    "INSERT INTO mark VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq",
  );
  const meaning = openMeaning(database);
  const getMark = database.prepare("SELECT seq FROM mark");
  const marked = (): number => (getMark.get() as { seq: number } | undefined)?.seq ?? 0;
  let seq = marked();
  let taken = 0;
  let behind = false;

  const takePages = (pid: number, idx: number, pages: readonly NewPage[]) => {
    for (const page of pages)
      if (page.kind !== "rules" && page.kind !== "program" && page.kind !== "stub")
        keep.run(pid, page.id, page.kind, idx);
  };
  // A page that is shut is found no more, and does not come back when it leaves its window later.
  const shut = (pid: number, page: number) => {
    placeOf.all(pid, page);
    for (const { row } of rowsOf.all(`owner : ${toOwner(pid)}`, page) as { row: number }[]) emptyRow.run(row);
    meaning.remove(pid, page);
  };
  const write = (record: JournalRecord, read: ReadRecord) => {
    for (const name of (record.data as { shut?: { pid: number; page: number }[] }).shut ?? [])
      shut(name.pid, name.page);
    const data = record.data as { pid?: number; pages?: NewPage[]; ids?: number[]; replaces?: number[] };
    const { pid, pages = [] } = data;
    if (typeof pid !== "number") return;
    takePages(pid, record.index, pages);
    const leave = (place: Place) => {
      const made = read(record.stream, place.idx);
      const said = made?.data as { pages?: NewPage[] } | undefined;
      const text = said?.pages?.find((page) => page.id === place.page)?.text;
      if (made && text !== undefined) index.run(text, toOwner(pid), pid, place.page, place.kind, made.at);
    };
    const gone = { "page.evicted": data.ids, "page.noted": data.replaces }[record.type] ?? [];
    for (const id of gone) for (const place of placeOf.all(pid, id)) leave(place as unknown as Place);
    if (record.type === "entity.ended")
      for (const place of placesOf.all(pid)) leave(place as unknown as Place);
  };
  const settle = () => {
    if (!database.isTransaction) return;
    setMark.run(seq);
    database.exec("COMMIT");
    taken = 0;
  };

  return {
    meaning,
    take(record, read) {
      if (behind || record.seq <= seq) return;
      try {
        if (!database.isTransaction) database.exec("BEGIN");
        write(record, read);
        seq = record.seq;
        taken += 1;
        if (taken >= recordsAtOnce) settle();
      } catch {
        behind = true;
        if (database.isTransaction) database.exec("ROLLBACK");
        meaning.forget();
        seq = marked();
      }
    },
    at: () => seq,
    text: (row) => (textOf.get(row) as { text: string } | undefined)?.text ?? "",
    reset() {
      settle();
      database.exec("BEGIN; DELETE FROM place; DELETE FROM words; DELETE FROM mark; COMMIT");
      meaning.reset();
      finder.reset();
      seq = 0;
      behind = false;
    },
    search(words, options = {}) {
      if (options.pids?.length === 0) return [];
      // Whose it is is a word of the index too: the pages of others are not even looked at.
      return finder.find(words, { pids: options.pids, limit: options.limit ?? 5 });
    },
    plan: finder.plan,
    close() {
      try {
        settle();
      } catch {
        // A full disk: what is missing is read again at the next opening.
      }
      database.close();
    },
  };
}

// A damaged archive, or one of an earlier version, is thrown away: it is made again from the journal.
function openDatabase(file: string): DatabaseSync {
  const open = () => {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
      const isNew = database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
      if (isNew) database.exec(`PRAGMA user_version = ${archiveVersion}; ${schema}`);
      const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
      if (user_version !== archiveVersion) throw new HumError("damaged", "An archive of an earlier version.");
      if (isSound(database, file)) return database;
    } catch (error) {
      // What is only out of room is not damaged; anything else is said below.
      if (isDiskFull(error)) {
        database.close();
        throw error;
      }
    }
    database.close();
    return null;
  };
  const first = open();
  if (first) return first;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  const second = open();
  if (!second) throw new HumError("damaged", `The archive ${file} cannot be opened or made anew.`);
  return second;
}

// A small archive is looked through page by page; of a large one that would take longer than all else at a start, and a
// page that is damaged in its midst is found when it is read.
function isSound(database: DatabaseSync, file: string): boolean {
  if (file !== ":memory:" && statSync(file).size > memoryLimits.checkBytes) return true;
  const [found] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  return found?.quick_check === "ok";
}
