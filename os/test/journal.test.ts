// The drivers of the journal against the contract, and what only a file on a disk can suffer: flipped bytes, a torn end,
// damaged pages, no room.

import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type MemoryDisk, openMemoryJournal } from "../src/journal/memory.ts";
import { openSqliteJournal, type SqliteJournalOptions } from "../src/journal/sqlite.ts";
import { verifyJournal } from "../src/journal/verify.ts";
import { createRandom } from "../src/sim/random.ts";
import { fill, testJournal, toEvents } from "./contract/journal.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-journal-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let places = 0;
const nextFile = () => join(folder, `journal-${places++}.db`);
const tick = () => {
  let ticks = 0;
  return () => 1_000 + ticks++;
};
const open = (file: string, more: Partial<SqliteJournalOptions> = {}) =>
  openSqliteJournal({ file, now: tick(), ...more });

testJournal({
  name: "sqlite",
  place() {
    const file = nextFile();
    return { open: (now) => openSqliteJournal({ file, now }), clear: () => rmSync(file, { force: true }) };
  },
});

testJournal({
  name: "memory",
  place() {
    const disk: MemoryDisk = { rows: [], snapshot: null };
    return { open: (now) => openMemoryJournal({ disk, now }), clear: () => {} };
  },
});

test("[J7] the hash of a record is the same in every driver", async () => {
  const sqlite = open(nextFile());
  const memory = openMemoryJournal({ now: tick() });
  assert.deepEqual(await fill(sqlite, 30), await fill(memory, 30));
  assert.deepEqual(sqlite.head(), memory.head());
  sqlite.close();
});

/** A closed journal of 40 records and what is in it. */
async function write(): Promise<{ file: string; text: string }> {
  const file = nextFile();
  const journal = open(file);
  await fill(journal, 20);
  journal.close();
  return { file, text: read(file) };
}

/** All records as text. Throws when they cannot be read. */
function read(file: string): string {
  const journal = open(file, { readOnly: true });
  try {
    return JSON.stringify([...journal.read(null, 0)]);
  } finally {
    journal.close();
  }
}

test("[J7] one flipped byte in the payload of any record is found", async () => {
  const { file } = await write();
  const good = readFileSync(file);
  const random = createRandom(7);
  const needle = Buffer.from('"text":');
  const places: number[] = [];
  for (let at = good.indexOf(needle); at >= 0; at = good.indexOf(needle, at + 1)) places.push(at);
  assert.equal(places.length, 40);
  for (const at of places)
    for (let i = 0; i < 3; i++) {
      const bytes = Buffer.from(good);
      bytes[at + random.below(needle.length)]! ^= 1 << random.below(8);
      writeFileSync(file, bytes);
      assert.equal(verifyJournal(file).ok, false, `a flip at ${at} was not found`);
    }
  writeFileSync(file, good);
  assert.deepEqual(verifyJournal(file).problems, []);
});

test("[J7] a flipped byte anywhere in the file is found or changes nothing", async () => {
  const { file, text } = await write();
  const good = readFileSync(file);
  const random = createRandom(11);
  let found = 0;
  for (let i = 0; i < 400; i++) {
    const bytes = Buffer.from(good);
    const at = random.below(bytes.length);
    bytes[at]! ^= 1 << random.below(8);
    writeFileSync(file, bytes);
    if (!verifyJournal(file).ok) found += 1;
    else assert.equal(read(file), text, `a flip at ${at} was neither found nor harmless`);
  }
  assert.ok(found > 50, `only ${found} of 400 were found`);
});

test("[J8] a torn end is cut back to the last whole record and said; the rest replays", async () => {
  const source = nextFile();
  const journal = open(source);
  const records = await fill(journal, 20);
  const files = { db: readFileSync(source), wal: readFileSync(`${source}-wal`) };
  journal.close();
  const random = createRandom(3);
  for (let i = 0; i < 60; i++) {
    const file = nextFile();
    const wal = Buffer.from(files.wal);
    const cut = 32 + random.below(wal.length - 32);
    const garble = random.chance(0.5);
    if (garble) wal[cut]! ^= 1 << random.below(8);
    writeFileSync(file, files.db);
    writeFileSync(`${file}-wal`, garble ? wal : wal.subarray(0, cut));
    const whole = !garble && (cut - 32) % (4_096 + 24) === 0;
    const again = open(file);
    const left = [...again.read(null, 0)];
    assert.deepEqual(left, records.slice(0, left.length));
    assert.equal(again.repairs.length, whole ? 0 : 1, `${garble ? "garbled" : "cut"} at ${cut}`);
    if (!whole) assert.match(again.repairs[0]!, new RegExp(`cut back to record ${left.length}\\b`));
    await again.append("new", toEvents(1), 0);
    again.close();
    assert.equal(verifyJournal(file).ok, true);
    rmSync(file);
  }
});

test("[J8] a damaged file is mended up to the first bad record, and the damaged one kept aside", async () => {
  const { file, text } = await write();
  const good = readFileSync(file);
  const records = JSON.parse(text) as { seq: number }[];
  const random = createRandom(5);
  let mended = 0;
  for (let i = 0; i < 60; i++) {
    const bytes = Buffer.from(good);
    const page = random.below(bytes.length / 4_096);
    for (let flips = 0; flips < 40; flips++)
      bytes[page * 4_096 + random.below(4_096)]! ^= 1 + random.below(255);
    const copy = nextFile();
    writeFileSync(copy, bytes);
    const journal = open(copy);
    const left = [...journal.read(null, 0)];
    assert.deepEqual(JSON.parse(JSON.stringify(left)), records.slice(0, left.length));
    await journal.append("new", toEvents(1), 0);
    journal.close();
    if (left.length < records.length || journal.repairs.length > 0) {
      mended += 1;
      assert.equal(journal.repairs.length > 0, true, `${left.length} records and not a word`);
      const aside = readdirSync(folder).filter(
        (name) => copy.endsWith(name.split(".")[0] ?? "-") || name.startsWith(copy.split("/").at(-1)!),
      );
      assert.ok(aside.length > 1, "nothing was kept aside");
    }
    assert.deepEqual(verifyJournal(copy).problems, []);
  }
  assert.ok(mended > 20, `only ${mended} of 60 were noticed`);
});

test("[J8] a byte flipped in the head of the file loses nothing in silence", async () => {
  const { file, text } = await write();
  const good = readFileSync(file);
  const { length } = JSON.parse(text) as unknown[];
  const random = createRandom(13);
  for (let at = 16; at < 4_096; at++) {
    if (good[at] === 0 || (at > 100 && random.chance(0.9))) continue;
    const bytes = Buffer.from(good);
    bytes[at]! ^= 1 << random.below(8);
    const copy = nextFile();
    writeFileSync(copy, bytes);
    try {
      const journal = open(copy);
      const left = [...journal.read(null, 0)].length;
      journal.close();
      assert.ok(
        left === length || journal.repairs.length > 0,
        `a flip at ${at}: ${left} left and not a word`,
      );
    } catch (error) {
      // A format that this SQLite does not know is left as it is, and nothing starts on it.
      assert.equal((error as { code?: string }).code, "damaged", `a flip at ${at}: ${error}`);
    }
    rmSync(copy);
  }
});

test("[J8] a file that is no database at all is set aside and a new journal begun", () => {
  const file = nextFile();
  writeFileSync(file, "this is not a database, but a text of some length".repeat(100));
  const journal = open(file);
  assert.match(journal.repairs[0] ?? "", /The journal was damaged: 0 records/);
  assert.equal(journal.head().seq, 0);
  journal.close();
});

test("[J9] on a full disk appends wait, nothing is acknowledged, and all goes on when there is room", async () => {
  const file = nextFile();
  let pages = 12;
  const told: (string | null)[] = [];
  const journal = open(file, {
    maxPages: () => pages,
    retryMs: 1,
    onTrouble: (message) => told.push(message),
  });
  const event = { type: "thing.done", data: { text: "x".repeat(3_000) } };
  let written = 0;
  while (told.length === 0 && written < 100) {
    const append = journal.append("a", [event], written);
    const done = append.then(() => true);
    const full = new Promise<false>((resolve) => {
      const look = () => (told.length > 0 ? resolve(false) : written > 200 ? undefined : setImmediate(look));
      look();
      void done.then(() => resolve(false));
    });
    if (!(await Promise.race([done, full]))) {
      const seq = journal.head().seq;
      assert.equal(seq, written, "nothing was acknowledged that is not there");
      const other = journal.append("b", toEvents(1), 0);
      pages = 1_000;
      await Promise.all([append, other]);
      break;
    }
    written += 1;
  }
  assert.ok(written > 0 && written < 100);
  assert.match(told[0] ?? "", /disk is full/);
  assert.equal(told.at(-1), null);
  assert.equal(journal.head().seq, written + 2);
  journal.close();
  assert.equal(verifyJournal(file).ok, true);
});

test("[J10] a journal that is only read is not changed", async () => {
  const { file } = await write();
  const before = readFileSync(file);
  read(file);
  verifyJournal(file);
  assert.deepEqual(readFileSync(file), before);
  assert.throws(() => open(`${file}-none`, { readOnly: true }), { code: "not-found" });
  assert.equal(existsSync(`${file}-none`), false);
  copyFileSync(file, `${file}-copy`);
  assert.equal(statSync(`${file}-copy`).size, before.length);
});
