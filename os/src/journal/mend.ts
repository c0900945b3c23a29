// What is done with a damaged journal. The rule: keep every record up to the first bad one, put the rest aside in a
// file beside it (never delete it), and say so. A record after a bad one is not trusted, because its chain is broken.

import { copyFileSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { HumError, toMessage } from "../error.ts";
import { journalLimits } from "../limits.ts";
import { createChain, type Row } from "./format.ts";

/** How many of the last records are checked at each start; `hum log verify` checks all. */
const tail = 500;

/** True for an error by which SQLite says that the file is damaged. */
export function isDamage(error: unknown): boolean {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return code === 11 || code === 26;
}

/** Saves what can be read of a file that SQLite refuses. Returns sentences for the user, none when all is well. */
export function mendDatabase(file: string): string[] {
  if (!existsSync(file)) return [];
  let whole = true;
  try {
    const database = new DatabaseSync(file);
    try {
      const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as {
        tables: number;
      };
      if (tables === 0) return [];
      database
        .prepare("SELECT seq, stream, idx, at, type, data, hash FROM record ORDER BY seq DESC LIMIT ?")
        .all(tail);
      if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'snapshot'").get())
        database.prepare("SELECT seq, hash, reducer, state FROM snapshot");
      whole = statSync(file).size > journalLimits.checkBytes || isWhole(database);
    } finally {
      database.close();
    }
    return whole ? [] : [rebuild(file)];
  } catch (error) {
    // Tables without the one of records, or with other columns: the page that names them is damaged.
    if (!isDamage(error) && !/no such (table|column)|malformed/.test(toMessage(error)))
      throw new HumError("damaged", `The journal ${file} cannot be opened: ${toMessage(error)}`, {
        cause: error,
      });
    return [rebuild(file)];
  }
}

// Also pages that hold no record are looked at: a damaged index would stop the next write, not this reading.
function isWhole(database: DatabaseSync): boolean {
  const [row] = database.prepare("PRAGMA integrity_check(1)").all() as { integrity_check: string }[];
  return row?.integrity_check === "ok";
}

function rebuild(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(":", "-")}`;
  for (const suffix of ["", "-wal"])
    if (existsSync(file + suffix)) copyFileSync(file + suffix, aside + suffix);
  const rows = readUntilBad(file);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  const fresh = `${file}.mended`;
  rmSync(fresh, { force: true });
  const database = new DatabaseSync(fresh);
  database.exec(`CREATE TABLE record (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, idx INTEGER NOT NULL, at INTEGER NOT NULL,
    type TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL); BEGIN`);
  const insert = database.prepare("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const row of rows) insert.run(row.seq, row.stream, row.idx, row.at, row.type, row.data, row.hash);
  database.exec("COMMIT");
  database.close();
  renameSync(fresh, file);
  return `The journal was damaged: ${rows.length} records up to the first bad one were kept, and the damaged file lies at ${aside}.`;
}

function readUntilBad(file: string): Row[] {
  const rows: Row[] = [];
  try {
    const database = new DatabaseSync(file);
    const one = database.prepare("SELECT * FROM record WHERE seq = ?");
    const chain = createChain();
    for (;;) {
      const row = one.get(chain.seq + 1) as unknown as Row | undefined;
      if (!row || chain.check(row)) break;
      rows.push(row);
    }
    database.close();
  } catch {
    // the first unreadable page is the end of what can be kept
  }
  return rows;
}

/** Cuts records at the end whose chain is broken. Returns sentences for the user, none when all is well. */
export function cutToLastGood(database: DatabaseSync, file: string): string[] {
  const rows = (
    database.prepare("SELECT * FROM record ORDER BY seq DESC LIMIT ?").all(tail) as unknown as Row[]
  ).reverse();
  const first = rows[0];
  if (!first) return [];
  const before = database.prepare("SELECT hash FROM record WHERE seq = ?").get(first.seq - 1) as
    | { hash: string }
    | undefined;
  const chain = createChain({ seq: first.seq - 1, hash: before?.hash ?? "" });
  const why = rows.map((row) => chain.check(row)).find((problem) => problem !== null);
  if (!why) return [];
  const cut = rows.filter((row) => row.seq > chain.seq);
  const aside = `${file}.cut-${new Date().toISOString().replaceAll(":", "-")}.jsonl`;
  writeFileSync(aside, cut.map((row) => `${JSON.stringify(row)}\n`).join(""));
  database.exec("BEGIN IMMEDIATE");
  database.prepare("DELETE FROM record WHERE seq > ?").run(chain.seq);
  database.prepare("DELETE FROM snapshot WHERE seq > ?").run(chain.seq);
  database.exec("COMMIT");
  return [
    `The end of the journal was bad (${why}); it was cut back to record ${chain.seq}, and the ${cut.length} records after it lie at ${aside}.`,
  ];
}
