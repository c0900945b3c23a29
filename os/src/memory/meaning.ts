// Search by meaning: a vector for each passage of what left a window, beside the full-text index and in the same file.
//
//   passage: row of `words` | pid | page | where it stands in the text | scale f32, 384 x i8
//
// A search looks at the signs of all vectors first (384 bits, kept in memory for each process that was asked about),
// takes the nearest by Hamming distance, and measures those exactly. What has no vector yet (there may be no embedding
// model) is found by its words only.

import type { DatabaseSync } from "node:sqlite";
import { memoryLimits as limits } from "../limits.ts";

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
  reset(): void;
}

/** The tables, to be made with those of the archive. */
export const meaningSchema = `
  CREATE TABLE IF NOT EXISTS passage (id INTEGER PRIMARY KEY, row INTEGER, pid INTEGER, page INTEGER, start INTEGER, length INTEGER, vector BLOB);
  CREATE INDEX IF NOT EXISTS passage_pid ON passage (pid);
  CREATE TABLE IF NOT EXISTS understood (one INTEGER PRIMARY KEY CHECK (one = 1), row INTEGER NOT NULL);
`;

interface Signs {
  ids: number[];
  bits: Uint32Array;
}

/** Opens the vectors of an archive's database; the archive made the tables. */
export function openMeaning(database: DatabaseSync): Meaning {
  const signs = new Map<number, Signs>();
  const insert = database.prepare("INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?, ?)");
  const setMark = database.prepare(
    "INSERT INTO understood VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET row = excluded.row",
  );
  const getMark = database.prepare("SELECT row FROM understood");
  const next = database.prepare(
    "SELECT rowid AS row, pid, page, text FROM words WHERE rowid > ? ORDER BY rowid LIMIT ?",
  );
  const count = database.prepare("SELECT count(*) AS n FROM words WHERE rowid > ?");
  const ofPid = database.prepare("SELECT id, vector FROM passage WHERE pid = ? ORDER BY id");
  const pids = database.prepare("SELECT DISTINCT pid FROM passage");
  const byId = database.prepare("SELECT pid, page, start, length, vector, row FROM passage WHERE id = ?");
  const remove = database.prepare("DELETE FROM passage WHERE pid = ? AND page = ?");
  const source = database.prepare("SELECT text, kind, at FROM words WHERE rowid = ?");
  const mark = (): number => (getMark.get() as { row: number } | undefined)?.row ?? 0;

  const add = (of: Signs, id: number, values: Int8Array): void => {
    const words = values.length >> 5;
    const at = of.ids.length * words;
    if (at + words > of.bits.length) {
      const larger = new Uint32Array(Math.max(words * 16, of.bits.length * 2));
      larger.set(of.bits);
      of.bits = larger;
    }
    for (let i = 0; i < values.length; i++) if (values[i]! > 0) of.bits[at + (i >> 5)]! |= 1 << (i & 31);
    of.ids.push(id);
  };
  const signsOf = (pid: number): Signs => {
    let known = signs.get(pid);
    if (known) return known;
    known = { ids: [], bits: new Uint32Array(0) };
    for (const { id, vector } of ofPid.iterate(pid) as Iterable<{ id: number; vector: Uint8Array }>)
      add(known, id, valuesOf(vector));
    signs.set(pid, known);
    return known;
  };

  return {
    unread: (limit) => next.all(mark(), limit) as unknown as Unread[],
    left: () => (count.get(mark()) as { n: number }).n,
    keep(text, passages) {
      for (const { start, length, vector } of passages) {
        const packed = pack(vector);
        const { lastInsertRowid } = insert.run(text.row, text.pid, text.page, start, length, packed);
        const known = signs.get(text.pid);
        if (known) add(known, Number(lastInsertRowid), valuesOf(packed));
      }
      setMark.run(text.row);
    },
    near(vector, options) {
      const wanted = new Uint32Array(vector.length >> 5);
      for (let i = 0; i < vector.length; i++) if (vector[i]! > 0) wanted[i >> 5]! |= 1 << (i & 31);
      const among = options.pids ?? (pids.all() as { pid: number }[]).map(({ pid }) => pid);
      const ids = nearest(wanted, among.map(signsOf), limits.measured);
      const pages = new Map<string, Near>();
      for (const id of ids) {
        const row = byId.get(id) as
          | { pid: number; page: number; start: number; length: number; vector: Uint8Array; row: number }
          | undefined;
        if (!row) continue;
        const nearness = dot(vector, row.vector);
        const key = `${row.pid} ${row.page}`;
        if (nearness < limits.leastNearness || nearness <= (pages.get(key)?.nearness ?? 0)) continue;
        const found = source.get(row.row) as { text: string; kind: string; at: number } | undefined;
        if (!found) continue;
        const { text, kind, at } = found;
        const { pid, page, start, length } = row;
        const excerpt = text.slice(start, start + Math.min(length, limits.excerptChars));
        pages.set(key, { pid, page, kind, excerpt, at, nearness });
      }
      return [...pages.values()].sort((a, b) => b.nearness - a.nearness).slice(0, options.limit);
    },
    remove(pid, page) {
      if (Number(remove.run(pid, page).changes) > 0) signs.delete(pid);
    },
    reset() {
      signs.clear();
      database.exec("DELETE FROM passage; DELETE FROM understood");
    },
  };
}

/** Ids of those with the fewest different signs, at most `count`: counted by distance first, so that nothing is sorted. */
function nearest(wanted: Uint32Array, all: readonly Signs[], count: number): number[] {
  const words = wanted.length;
  const distances = all.map(({ ids, bits }) => {
    const found = new Uint16Array(ids.length);
    for (let i = 0, at = 0; i < ids.length; i++) {
      let distance = 0;
      for (let word = 0; word < words; word++) distance += ones(bits[at++]! ^ wanted[word]!);
      found[i] = distance;
    }
    return found;
  });
  const histogram = new Uint32Array(words * 32 + 1);
  for (const found of distances) for (const distance of found) histogram[distance]! += 1;
  let bound = 0;
  for (let sum = 0; bound < histogram.length; bound++) {
    sum += histogram[bound]!;
    if (sum >= count) break;
  }
  const near: number[] = [];
  for (const [which, found] of distances.entries())
    for (let i = 0; i < found.length; i++) if (found[i]! <= bound) near.push(all[which]!.ids[i]!);
  return near.slice(0, 2 * count);
}

function ones(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
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

/** Cuts a text into passages of about so many characters, at the ends of lines and sentences, each with a little of the one before. */
export function toPassages(text: string): { start: number; length: number }[] {
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
