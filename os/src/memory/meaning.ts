// Search by meaning: a vector for each passage of what left a window, beside the full-text index and in the same file.
//
//   passage: row of `words` | pid | page | where it stands in the text | scale f32, 384 x i8
//
// A search looks at the signs of all vectors first (signs.ts), takes the nearest by Hamming distance, and measures those
// exactly. What has no vector yet (there may be no embedding model) is found by its words only.

import type { DatabaseSync } from "node:sqlite";
import { memoryLimits as limits } from "../limits.ts";
import { openSigns } from "./signs.ts";

/** A text that has no vectors yet. */
export interface Unread {
  row: number;
  pid: number;
  page: number;
  text: string;
}

/** A passage of a text with its vector. */
export interface Passage {
  start: number;
  length: number;
  vector: Float32Array;
}

/** A page that is near in meaning. */
export interface Near {
  pid: number;
  page: number;
  kind: string;
  excerpt: string;
  at: number;
  row: number;
  /** Cosine of the angle, 1 for the same. */
  nearness: number;
}

/** The vectors of an archive. */
export interface Meaning {
  /** The next texts without vectors, oldest first. */
  unread(limit: number): Unread[];
  /** How many texts have none. */
  left(): number;
  /** Keeps the passages of a text; with none it counts as read all the same. */
  keep(text: Unread, passages: readonly Passage[]): void;
  /** Pages near to a vector, the nearest first. */
  near(vector: Float32Array, options: { pids?: readonly number[] | undefined; limit: number }): Near[];
  /** Forgets a page. */
  remove(pid: number, page: number): void;
  /** Forgets what is in memory: a write was taken back. */
  forget(): void;
  reset(): void;
}

/** The tables, to be made with those of the archive. */
export const meaningSchema = `
  CREATE TABLE IF NOT EXISTS passage (id INTEGER PRIMARY KEY, row INTEGER, pid INTEGER, page INTEGER, start INTEGER, length INTEGER, vector BLOB);
  CREATE INDEX IF NOT EXISTS passage_pid ON passage (pid);
  CREATE TABLE IF NOT EXISTS understood (one INTEGER PRIMARY KEY CHECK (one = 1), row INTEGER NOT NULL);
`;

interface PassageRow {
  pid: number;
  page: number;
  start: number;
  length: number;
  vector: Uint8Array;
  row: number;
}

/** Opens the vectors of an archive's database; the archive made the tables. */
export function openMeaning(database: DatabaseSync): Meaning {
  const signs = openSigns(database, valuesOf, limits.signs);
  const insert = database.prepare("INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?, ?)");
  const setMark = database.prepare(
    "INSERT INTO understood VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET row = excluded.row",
  );
  const getMark = database.prepare("SELECT row FROM understood");
  const next = database.prepare(
    "SELECT rowid AS row, pid, page, text FROM words WHERE rowid > ? ORDER BY rowid LIMIT ?",
  );
  const count = database.prepare("SELECT count(*) AS n FROM words WHERE rowid > ?");
  const byId = database.prepare("SELECT pid, page, start, length, vector, row FROM passage WHERE id = ?");
  // The row stays, because its number would be given again and be another one's.
  const remove = database.prepare(
    "UPDATE passage SET row = 0, vector = x'' WHERE pid = ? AND page = ? AND row > 0 RETURNING id",
  );
  const source = database.prepare("SELECT text, kind, at FROM words WHERE rowid = ?");
  const mark = (): number => (getMark.get() as { row: number } | undefined)?.row ?? 0;

  return {
    unread: (limit) => next.all(mark(), limit) as unknown as Unread[],
    left: () => (count.get(mark()) as { n: number }).n,
    keep(text, passages) {
      for (const { start, length, vector } of passages) {
        const packed = pack(vector);
        const { lastInsertRowid } = insert.run(text.row, text.pid, text.page, start, length, packed);
        signs.add(text.pid, Number(lastInsertRowid), valuesOf(packed));
      }
      setMark.run(text.row);
    },
    near(vector, options) {
      const pages = new Map<string, { row: PassageRow; nearness: number }>();
      for (const id of signs.nearest(vector, { pids: options.pids, count: limits.measured })) {
        const row = byId.get(id) as PassageRow | undefined;
        if (!row || row.row === 0) continue;
        const nearness = dot(vector, row.vector);
        const key = `${row.pid} ${row.page}`;
        if (nearness >= limits.leastNearness && nearness > (pages.get(key)?.nearness ?? 0))
          pages.set(key, { row, nearness });
      }
      const best = [...pages.values()].sort((a, b) => b.nearness - a.nearness).slice(0, options.limit);
      return best.flatMap(({ row: { row, pid, page, start, length }, nearness }) => {
        const found = source.get(row) as { text: string; kind: string; at: number } | undefined;
        if (!found) return [];
        const excerpt = found.text.slice(start, start + Math.min(length, limits.excerptChars));
        return [{ pid, page, kind: found.kind, excerpt, at: found.at, row, nearness }];
      });
    },
    remove(pid, page) {
      for (const { id } of remove.all(pid, page) as { id: number }[]) signs.remove(pid, id);
    },
    forget: signs.forget,
    reset() {
      signs.reset();
      database.exec("DELETE FROM passage; DELETE FROM understood");
    },
  };
}

/** A vector of length one in 8 bits a number, with the scale before them. */
function pack(vector: Float32Array): Uint8Array {
  let most = 1e-9;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  const packed = new Uint8Array(4 + vector.length);
  new DataView(packed.buffer).setFloat32(0, most / 127, true);
  const values = new Int8Array(packed.buffer, 4);
  for (let i = 0; i < vector.length; i++) values[i] = Math.round((vector[i]! / most) * 127);
  return packed;
}

function valuesOf(packed: Uint8Array): Int8Array {
  return new Int8Array(packed.buffer, packed.byteOffset + 4, packed.length - 4);
}

function dot(vector: Float32Array, packed: Uint8Array): number {
  const values = valuesOf(packed);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += vector[i]! * values[i]!;
  return sum * new DataView(packed.buffer, packed.byteOffset, 4).getFloat32(0, true);
}

/**
 * Cuts a text into passages. A short text, such as a thing said, is cut into its sentences, because one that is told in passing
 * is lost in the meaning of all that stands around it; each goes on into the next ones until it is long enough to
 * mean something. A long one is cut into pieces of about equal length, at the ends of lines and sentences, each with
 * a little of the one before.
 */
export function toPassages(text: string): { start: number; length: number }[] {
  return text.length <= limits.fineChars ? toSentences(text) : toPieces(text);
}

function toSentences(text: string): { start: number; length: number }[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/[.!?]+["'”’)]*\s+|[。！？]+[”’）]*\s*|\n+/gu))
    starts.push(index + end.length);
  const found: { start: number; length: number }[] = [];
  for (const [i, start] of starts.entries()) {
    let next = i + 1;
    while (next < starts.length && starts[next]! - start < limits.sentenceChars) next += 1;
    const end = starts[next] ?? text.length;
    if (text.slice(start, end).trim() !== "") found.push({ start, length: end - start });
    if (found.length === limits.passages) break;
  }
  // What is short enough also counts as a whole: a sentence may only mean something with the one before.
  if (found.length > 1 && text.length <= limits.passageChars) found.push({ start: 0, length: text.length });
  return found;
}

function toPieces(text: string): { start: number; length: number }[] {
  const { passageChars, overlapChars, passages: most } = limits;
  const found: { start: number; length: number }[] = [];
  for (let start = 0; start < text.length && found.length < most; ) {
    let end = Math.min(text.length, start + passageChars);
    if (end < text.length) {
      const piece = text.slice(start, end);
      const cut = Math.max(piece.lastIndexOf("\n"), piece.lastIndexOf(". ") + 1, piece.lastIndexOf("。"));
      if (cut > passageChars / 2) end = start + cut + 1;
    }
    if (text.slice(start, end).trim() !== "") found.push({ start, length: end - start });
    if (end >= text.length) break;
    start = Math.max(start + 1, end - overlapChars);
  }
  return found;
}
