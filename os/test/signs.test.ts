// Signs of vectors: the nearest are the same however they lie (in memory, on disk, loose), and memory stays bounded.

import assert from "node:assert/strict";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { test } from "node:test";
import { openSigns } from "../src/memory/signs.ts";
import { createRandom } from "../src/sim/random.ts";

const random = createRandom(11);
const makeVector = () => Int8Array.from({ length: 384 }, () => random.below(255) - 127);
const toFloats = (values: Int8Array) => Float32Array.from(values);
const valuesOf = (packed: Uint8Array) => new Int8Array(packed.buffer, packed.byteOffset, packed.length);
const difference = (a: Int8Array, b: Int8Array) =>
  a.reduce((sum, value, i) => sum + (value > 0 === b[i]! > 0 ? 0 : 1), 0);

interface Row {
  id: number;
  pid: number;
  values: Int8Array;
}

function fill(database: DatabaseSync, owners: readonly number[], limits: { bytes: number; block: number }) {
  const signs = openSigns(database, valuesOf, limits);
  const insert = database.prepare("INSERT INTO passage VALUES (NULL, ?, ?)");
  const rows = owners.map((pid): Row => {
    const values = makeVector();
    const id = Number(insert.run(pid, new Uint8Array(values.buffer)).lastInsertRowid);
    signs.add(pid, id, values);
    return { id, pid, values };
  });
  return { signs, rows };
}

function openDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec(
    "CREATE TABLE passage (id INTEGER PRIMARY KEY, pid INTEGER, vector BLOB); CREATE INDEX passage_pid ON passage (pid)",
  );
  return database;
}

/** The distances of the nearest, by looking at all. */
const toNearest = (rows: readonly Row[], wanted: Int8Array, count: number) =>
  rows
    .map(({ values }) => difference(values, wanted))
    .sort((a, b) => a - b)
    .slice(0, count);

test("[M11] the nearest signs are the same in memory, on disk and loose, for one, some and all, also in a new process", () => {
  const database = openDatabase();
  const owners = Array.from({ length: 700 }, (_, i) => (i % 5 === 0 ? 1 : i % 3 === 0 ? 2 : 3 + (i % 40)));
  const { signs, rows } = fill(database, owners, { bytes: 6_000, block: 16 });
  const blocks = database.prepare("SELECT count(*) AS n FROM signs").get() as { n: number };
  assert.ok(blocks.n > 10);
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const one of [
    signs,
    openSigns(database, valuesOf, { bytes: 6_000, block: 16 }),
    openSigns(database, valuesOf),
  ])
    for (const pids of [[1], [2, 7], [20], [99], undefined])
      for (let round = 0; round < 3; round++) {
        const wanted = makeVector();
        const among = rows.filter((row) => !pids || pids.includes(row.pid));
        const found = one.nearest(toFloats(wanted), { pids, count: 10 });
        const distances = found.map((id) => difference(byId.get(id)!.values, wanted));
        assert.deepEqual(distances.slice(0, 10), toNearest(among, wanted, 10));
        assert.ok(found.every((id) => !pids || pids.includes(byId.get(id)!.pid)));
        assert.ok(found.length <= 20);
      }
  assert.ok(signs.bytes <= 6_000, `${signs.bytes} bytes are kept`);
  assert.ok(signs.bytes > 0);
});

test("[M11] what was searched once is in memory, and what comes then is found with it", (t) => {
  const database = openDatabase();
  const { signs } = fill(
    database,
    Array.from({ length: 100 }, () => 1),
    { bytes: 100_000, block: 16 },
  );
  signs.nearest(toFloats(makeVector()), { pids: [1], count: 5 });
  const fresh = makeVector();
  signs.add(1, 1_000, fresh);
  let reads = 0;
  for (const name of ["all", "iterate"] as const) {
    const real: (...values: never[]) => unknown = StatementSync.prototype[name];
    t.mock.method(StatementSync.prototype, name, function (this: StatementSync, ...values: never[]) {
      reads += 1;
      return Reflect.apply(real, this, values);
    });
  }
  assert.equal(signs.nearest(toFloats(fresh), { pids: [1], count: 5 })[0], 1_000);
  assert.equal(reads, 0);
});

test("[M11] vectors of an archive that had no signs on disk get them as they are added to", () => {
  const database = openDatabase();
  const insert = database.prepare("INSERT INTO passage VALUES (NULL, ?, ?)");
  for (let i = 0; i < 100; i++) insert.run(1, new Uint8Array(makeVector().buffer));
  const { signs } = fill(database, [1], { bytes: 100_000, block: 16 });
  const { n } = database.prepare("SELECT count(*) AS n FROM signs").get() as { n: number };
  assert.equal(n, 6);
  assert.equal(signs.nearest(toFloats(makeVector()), { count: 200 }).length, 101);
});

test("[M11] a passage that is forgotten is found no more, and leaves no signs", () => {
  const database = openDatabase();
  const { signs, rows } = fill(
    database,
    Array.from({ length: 40 }, () => 1),
    { bytes: 100_000, block: 16 },
  );
  const forgotten = [rows[3]!, rows[39]!];
  signs.nearest(toFloats(makeVector()), { pids: [1], count: 5 });
  for (const { id } of forgotten) {
    database.prepare("UPDATE passage SET vector = x'' WHERE id = ?").run(id);
    signs.remove(1, id);
  }
  for (const one of [signs, openSigns(database, valuesOf, { bytes: 100_000, block: 16 })]) {
    const found = one.nearest(toFloats(forgotten[0]!.values), { pids: [1], count: 40 });
    assert.equal(found.length, 38);
    assert.ok(!forgotten.some(({ id }) => found.includes(id)));
  }
  const { bits } = database.prepare("SELECT bits FROM signs ORDER BY last LIMIT 1").get() as {
    bits: Uint8Array;
  };
  assert.ok(bits.subarray(3 * 48, 4 * 48).every((byte) => byte === 0));
});
