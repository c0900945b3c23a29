// The archive: full-text search (SQLite FTS5) over everything that ever left a window. It is an index over the journal,
// not a second truth: it remembers up to which record it has read, and catches up when it is opened.

import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { HumError } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { NewPage } from "./page.ts";

/** One found page. */
export interface Found {
  pid: number;
  page: number;
  kind: string;
  /** The place of the match with a little around it. */
  excerpt: string;
}

/** Search over pages of all entities. */
export interface Archive {
  /**
   * Reads records, in order; those already read are passed over. When it cannot write (a full disk) it stands still
   * and catches up at the next opening: an index never stops the machine.
   */
  take(record: JournalRecord): void;
  /** Seq up to which it has read. */
  at(): number;
  /** Pages that hold the words, best first; `pids` limits whose. */
  search(words: string, options?: { pids?: readonly number[]; limit?: number }): Found[];
  /** Forgets everything, to be read again from the first record. */
  reset(): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS page (pid INTEGER, page INTEGER, kind TEXT, text TEXT, gone INTEGER, PRIMARY KEY (pid, page));
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, pid UNINDEXED, page UNINDEXED, kind UNINDEXED, tokenize = 'porter unicode61');
  CREATE TABLE IF NOT EXISTS mark (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
`;

/** Opens the archive in `file` (`:memory:` for one that is made anew each time). */
export function openArchive(file: string): Archive {
  const database = openDatabase(file);
  const keep = database.prepare("INSERT OR IGNORE INTO page VALUES (?, ?, ?, ?, 0)");
  const index = database.prepare(
    "INSERT INTO words SELECT text, pid, page, kind FROM page WHERE pid = ? AND page = ? AND gone = 0",
  );
  const mark = database.prepare("UPDATE page SET gone = 1 WHERE pid = ? AND page = ?");
  const indexAll = database.prepare(
    "INSERT INTO words SELECT text, pid, page, kind FROM page WHERE pid = ? AND gone = 0",
  );
  const markAll = database.prepare("UPDATE page SET gone = 1 WHERE pid = ?");
  const setMark = database.prepare(
    "INSERT INTO mark VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq",
  );
  let seq = (database.prepare("SELECT seq FROM mark").get() as { seq: number } | undefined)?.seq ?? 0;

  const takePages = (pid: number, pages: readonly NewPage[]) => {
    for (const page of pages)
      if (page.kind !== "rules" && page.kind !== "program" && page.kind !== "stub")
        keep.run(pid, page.id, page.kind, page.text);
  };
  const leave = (pid: number, ids: readonly number[]) => {
    for (const id of ids) {
      index.run(pid, id);
      mark.run(pid, id);
    }
  };

  let behind = false;
  const write = (record: JournalRecord) => {
    const data = record.data as { pid?: number; pages?: NewPage[]; ids?: number[]; replaces?: number[] };
    if (data.pid === undefined || !(data.pages || record.type === "entity.ended")) return;
    database.exec("BEGIN");
    if (data.pages) takePages(data.pid, data.pages);
    if (record.type === "page.evicted") leave(data.pid, data.ids ?? []);
    if (record.type === "page.noted") leave(data.pid, data.replaces ?? []);
    if (record.type === "entity.ended") {
      indexAll.run(data.pid);
      markAll.run(data.pid);
    }
    setMark.run(record.seq);
    database.exec("COMMIT");
  };

  return {
    take(record) {
      if (behind || record.seq <= seq) return;
      try {
        write(record);
        seq = record.seq;
      } catch {
        behind = true;
        if (database.isTransaction) database.exec("ROLLBACK");
      }
    },
    at: () => seq,
    reset() {
      database.exec("BEGIN; DELETE FROM page; DELETE FROM words; DELETE FROM mark; COMMIT");
      seq = 0;
      behind = false;
    },
    search(words, options = {}) {
      const query = toQuery(words);
      if (query === "") return [];
      const among = options.pids
        ? `AND pid IN (${options.pids.map((pid) => Number(pid)).join(",") || "NULL"})`
        : "";
      const sql = `SELECT pid, page, kind, snippet(words, 0, '', '', '…', 24) AS excerpt FROM words WHERE words MATCH ? ${among} ORDER BY rank LIMIT ?`;
      return database.prepare(sql).all(query, options.limit ?? 5) as unknown as Found[];
    },
    close: () => database.close(),
  };
}

// A damaged archive is thrown away: it is made again from the journal.
function openDatabase(file: string): DatabaseSync {
  const open = () => {
    const database = new DatabaseSync(file);
    try {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
      database.exec(schema);
      const [found] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
      if (found?.quick_check === "ok") return database;
    } catch {
      // said below
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

// Every word must not occur, but more are better: FTS5 ranks by BM25. Quoting makes any text a valid query.
function toQuery(words: string): string {
  const parts = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((part) => `"${part}"`).join(" OR ");
}
