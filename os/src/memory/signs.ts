// The signs of vectors: one bit a number, by which the few that are worth measuring are found among very many.
//
//   signs:  row | pid | last passage in it | ids, 256 x u32 | bits, 256 x 384 bits
//
// Signs of 256 passages of an entity lie together, so that a million are read in a tenth of a second; the last few of
// an entity are read from their vectors. What was read is kept in memory, those used last, up to a bound: the memory
// that a search needs does not grow with the archive.

import type { DatabaseSync } from "node:sqlite";
import { memoryLimits } from "../limits.ts";

/** Signs of all passages of an archive. */
export interface Signs {
  /** A passage has come. */
  add(pid: number, id: number, values: Int8Array): void;
  /** A passage is forgotten; its vector is empty from now on. */
  remove(pid: number, id: number): void;
  /** Passages whose signs differ least from those of a vector, the nearest first: at most twice as many as `count`. */
  nearest(vector: Float32Array, options: { pids?: readonly number[] | undefined; count: number }): number[];
  /** Bytes that are kept in memory. */
  readonly bytes: number;
  /** Forgets what is in memory. */
  forget(): void;
  /** Forgets all. */
  reset(): void;
}

/** How much is kept. */
export interface SignLimits {
  /** Bytes in memory. */
  bytes: number;
  /** Passages whose signs lie together. */
  block: number;
}

interface Held {
  count: number;
  ids: Uint32Array;
  bits: Uint32Array;
}

const schema = `
  CREATE TABLE IF NOT EXISTS signs (row INTEGER PRIMARY KEY, pid INTEGER NOT NULL, last INTEGER NOT NULL, ids BLOB NOT NULL, bits BLOB NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS signs_pid ON signs (pid, last);
`;

/** Opens the signs of an archive's database, whose vectors lie in `passage`; `valuesOf` reads the numbers of one. */
export function openSigns(
  database: DatabaseSync,
  valuesOf: (packed: Uint8Array) => Int8Array,
  limits: SignLimits = memoryLimits.signs,
): Signs {
  database.exec(schema);
  const blocks = database.prepare("SELECT ids, bits FROM signs WHERE pid = ? ORDER BY last");
  const sizeOf = database.prepare("SELECT count(*) AS blocks, max(last) AS last FROM signs WHERE pid = ?");
  const passages = database.prepare(
    "SELECT id, vector FROM passage WHERE pid = ? AND id > ? ORDER BY id LIMIT ?",
  );
  const left = database.prepare("SELECT count(*) AS n FROM passage WHERE pid = ? AND id > ?");
  const nextPid = database.prepare("SELECT min(pid) AS pid FROM passage WHERE pid > ?");
  const blockOf = database.prepare(
    "SELECT row, ids, bits FROM signs WHERE pid = ? AND last >= ? ORDER BY last LIMIT 1",
  );
  const change = database.prepare("UPDATE signs SET ids = ?, bits = ? WHERE row = ?");
  const insert = database.prepare("INSERT INTO signs VALUES (NULL, ?, ?, ?, ?)");
  /** Those used last are at the end. */
  const held = new Map<number, Held>();
  let bytes = 0;
  /** Passages of each entity that lie in no block. */
  const loose = new Map<number, number>();
  let pids: Set<number> | null = null;

  const lastOf = (pid: number) => (sizeOf.get(pid) as { last: number | null }).last ?? -1;
  /** Puts whole blocks together out of what is loose. */
  const gather = (pid: number) => {
    for (;;) {
      const rows = passages.all(pid, lastOf(pid), limits.block) as { id: number; vector: Uint8Array }[];
      if (rows.length < limits.block) return void loose.set(pid, rows.length);
      const block = makeHeld(rows, valuesOf);
      insert.run(pid, rows.at(-1)!.id, toBytes(block.ids), toBytes(block.bits));
    }
  };
  const all = (): Set<number> => {
    if (pids) return pids;
    pids = new Set();
    for (let pid: number | null = Number.MIN_SAFE_INTEGER; ; ) {
      pid = (nextPid.get(pid) as { pid: number | null }).pid;
      if (pid === null) return pids;
      pids.add(pid);
    }
  };
  const forget = () => {
    held.clear();
    loose.clear();
    pids = null;
    bytes = 0;
  };
  const drop = (pid: number) => {
    const one = held.get(pid);
    if (!one) return;
    bytes -= toSize(one);
    held.delete(pid);
  };
  /** Gives the signs of an entity, in one or several parts. */
  function* partsOf(pid: number): Iterable<Held> {
    const known = held.get(pid);
    if (known) {
      held.delete(pid);
      held.set(pid, known);
      yield known;
      return;
    }
    const { blocks: count, last } = sizeOf.get(pid) as { blocks: number; last: number | null };
    const tail = makeHeld(
      passages.all(pid, last ?? -1, Number.MAX_SAFE_INTEGER) as { id: number; vector: Uint8Array }[],
      valuesOf,
    );
    const read = function* () {
      for (const row of blocks.iterate(pid) as Iterable<{ ids: Uint8Array; bits: Uint8Array }>)
        yield { ids: toWords(row.ids), bits: toWords(row.bits), count: row.ids.length / 4 };
    };
    const size = count * limits.block * toSize({ ...tail, count: 1 }) + toSize(tail);
    if (size > limits.bytes / 2) {
      yield* read();
      yield tail;
      return;
    }
    const one = join([...read(), tail]);
    yield one;
    held.set(pid, one);
    bytes += toSize(one);
    for (const other of held.keys()) {
      if (bytes <= limits.bytes) break;
      drop(other);
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    add(pid, id, values) {
      pids?.add(pid);
      const one = held.get(pid);
      if (one) {
        bytes -= toSize(one);
        push(one, id, values);
        bytes += toSize(one);
      }
      const waiting = (loose.get(pid) ?? (left.get(pid, lastOf(pid)) as { n: number }).n - 1) + 1;
      loose.set(pid, waiting);
      if (waiting >= limits.block) gather(pid);
    },
    remove(pid, id) {
      drop(pid);
      const found = blockOf.get(pid, id) as { row: number; ids: Uint8Array; bits: Uint8Array } | undefined;
      if (!found) return;
      const [ids, bits] = [toWords(found.ids), toWords(found.bits)];
      const at = ids.indexOf(id);
      if (at < 0) return;
      ids[at] = 0;
      bits.fill(0, at * 12, at * 12 + 12);
      change.run(toBytes(ids), toBytes(bits), found.row);
    },
    nearest(vector, { pids: among, count }) {
      const pick = createPick(toSigns(vector), count);
      for (const pid of among ?? all()) for (const part of partsOf(pid)) pick.look(part);
      return pick.best();
    },
    forget,
    reset() {
      forget();
      database.exec("DELETE FROM signs");
    },
  };
}

const toSize = ({ count, ids, bits }: Held): number =>
  count * 4 * (1 + (ids.length === 0 ? 12 : bits.length / ids.length));

function makeHeld(
  rows: readonly { id: number; vector: Uint8Array }[],
  valuesOf: (packed: Uint8Array) => Int8Array,
): Held {
  const one: Held = { count: 0, ids: new Uint32Array(rows.length), bits: new Uint32Array(rows.length * 12) };
  // One that was forgotten has no vector.
  for (const { id, vector } of rows)
    if (vector.length > 0) push(one, id, valuesOf(vector));
    else one.count += 1;
  return one;
}

function push(one: Held, id: number, values: Int8Array): void {
  const words = values.length >> 5;
  if (one.count === one.ids.length) {
    const room = Math.max(16, one.count + (one.count >> 2));
    one.ids = grow(one.ids, room);
    one.bits = grow(one.bits, room * words);
  }
  const at = one.count * words;
  for (let i = 0; i < values.length; i++) if (values[i]! > 0) one.bits[at + (i >> 5)]! |= 1 << (i & 31);
  one.ids[one.count++] = id;
}

function grow(words: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(words);
  return larger;
}

function join(parts: readonly Held[]): Held {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const one: Held = { count, ids: new Uint32Array(count), bits: new Uint32Array(count * 12) };
  let at = 0;
  for (const part of parts) {
    one.ids.set(part.ids.subarray(0, part.count), at);
    one.bits.set(part.bits.subarray(0, part.count * 12), at * 12);
    at += part.count;
  }
  return one;
}

const toBytes = (words: Uint32Array): Uint8Array =>
  new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

function toWords(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

function toSigns(vector: Float32Array): Uint32Array {
  const signs = new Uint32Array(vector.length >> 5);
  for (let i = 0; i < vector.length; i++) if (vector[i]! > 0) signs[i >> 5]! |= 1 << (i & 31);
  return signs;
}

/** Keeps those with the fewest different signs of all that it is shown; nothing is sorted but those. */
function createPick(wanted: Uint32Array, count: number) {
  const words = wanted.length;
  const histogram = new Uint32Array(words * 32 + 1);
  let found: { id: number; distance: number }[] = [];
  let bound = words * 32;
  const narrow = () => {
    let sum = 0;
    for (bound = 0; bound < words * 32; bound++) {
      sum += histogram[bound]!;
      if (sum >= count) break;
    }
    found = found.filter(({ distance }) => distance <= bound);
  };
  return {
    look({ count: length, ids, bits }: Held) {
      for (let i = 0, at = 0; i < length; i++) {
        let distance = 0;
        for (let word = 0; word < words; word++) distance += ones(bits[at++]! ^ wanted[word]!);
        // One without a number was forgotten.
        if (distance > bound || ids[i] === 0) continue;
        histogram[distance]! += 1;
        found.push({ id: ids[i]!, distance });
        if (found.length > 8 * count) narrow();
      }
    },
    best(): number[] {
      narrow();
      return found
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 2 * count)
        .map(({ id }) => id);
    },
  };
}

function ones(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
