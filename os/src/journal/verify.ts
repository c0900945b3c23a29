// `hum log verify`: reads every record and follows the chain of hashes from the first to the last, and has SQLite
// check its own pages. One flipped byte in a record is found here.

import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { HumError, toMessage } from "../error.ts";
import { createChain, type Row } from "./format.ts";
import { inspectWal } from "./wal.ts";

/** The finding on a journal. */
export interface Verification {
  ok: boolean;
  /** Good records from the first on. */
  records: number;
  /** Hash of the last good record. */
  head: string;
  problems: string[];
}

/** Checks the journal in `file` without changing it. `onProgress` is told the number of records now and then. */
export function verifyJournal(file: string, onProgress?: (records: number) => void): Verification {
  if (!existsSync(file))
    throw new HumError(
      "not-found",
      `There is no journal at ${file} yet: start with \`hum ask\` or \`hum start\`.`,
    );
  const problems: string[] = [];
  const chain = createChain();
  const wal = inspectWal(`${file}-wal`);
  if (wal.bad > 0)
    problems.push(
      `${wal.bad} torn or damaged frames at the end of the write-ahead log; records in them are lost`,
    );
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      for (const row of database
        .prepare("SELECT * FROM record ORDER BY seq")
        .iterate() as Iterable<unknown>) {
        const problem = chain.check(row as Row);
        if (problem) {
          problems.push(problem);
          break;
        }
        if (chain.seq % 10_000 === 0) onProgress?.(chain.seq);
      }
      const pages = database.prepare("PRAGMA integrity_check(5)").all() as { integrity_check: string }[];
      for (const page of pages)
        if (page.integrity_check !== "ok") problems.push(page.integrity_check.replaceAll("\n", "; "));
    } finally {
      database.close();
    }
  } catch (error) {
    problems.push(`the file is damaged after record ${chain.seq}: ${toMessage(error)}`);
  }
  return { ok: problems.length === 0, records: chain.seq, head: chain.hash, problems };
}
