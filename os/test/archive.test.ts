// Search over what left the windows. The archive is an index, not a truth: it can be behind, thrown away, made again.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import type { JournalRecord } from "../src/journal/journal.ts";
import { type Archive, openArchive, type ReadRecord } from "../src/memory/archive.ts";
import { createTestMachine, say, stop, windowOf } from "./fixtures/machine.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-archive-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const records: JournalRecord[] = [];
const record = (type: string, data: Record<string, unknown>): JournalRecord => {
  const seq = records.length + 1;
  records.push({ seq, stream: `entity/${String(data.pid)}`, index: seq, at: 0, hash: "", type, data });
  return records.at(-1)!;
};
const read: ReadRecord = (stream, index) => records.find((r) => r.stream === stream && r.index === index);
const page = (id: number, text: unknown, kind = "results") => ({
  id,
  kind,
  role: "user",
  tokens: 1,
  label: {},
  text,
});
const said = (pid: number, ...pages: unknown[]) => record("turn.said", { pid, pages });
const evicted = (pid: number, ...ids: number[]) => record("page.evicted", { pid, ids, pages: [] });

test("[M8] what left a window is found, what is still in it is not", () => {
  const archive = openArchive(":memory:");
  archive.take(said(1, page(1, "the plum is ripe"), page(2, "the pear is not")), read);
  assert.deepEqual(archive.search("plum"), []);
  archive.take(evicted(1, 1), read);
  assert.deepEqual(
    archive.search("plums").map((found) => [found.pid, found.page]),
    [[1, 1]],
  );
  assert.deepEqual(archive.search("pear"), []);
  archive.take(record("entity.ended", { pid: 1 }), read);
  assert.equal(archive.search("pear").length, 1);
});

test("[M8] a search sees only the pages of those whose pids are given", () => {
  const archive = openArchive(":memory:");
  for (const pid of [1, 2, 3]) archive.take(said(pid, page(1, "a plum")), read);
  for (const pid of [1, 2, 3]) archive.take(evicted(pid, 1), read);
  assert.deepEqual(
    archive
      .search("plum", { pids: [2, 3] })
      .map((found) => found.pid)
      .sort(),
    [2, 3],
  );
  assert.deepEqual(archive.search("plum", { pids: [] }), []);
});

test("[M8] any text is a query: none is an error", () => {
  const archive = openArchive(":memory:");
  archive.take(said(1, page(1, 'say "NEAR(a b)" AND * OR ^x')), read);
  archive.take(evicted(1, 1), read);
  for (const words of ['"', "a AND", "NEAR(", "*", "-x", "äöü", "", "💡", "'; DROP TABLE page"])
    archive.search(words);
  assert.equal(archive.search("near").length, 1);
});

test("[M9] an archive that cannot write stands still and throws nothing", () => {
  const file = join(folder, "stuck.db");
  const archive = openArchive(file);
  archive.take(said(1, page(1, "a plum")), read);
  const at = archive.at();
  archive.take(said(1, page(2, ["no text"])), read);
  archive.take(evicted(1, 2), read);
  archive.take(evicted(1, 1), read);
  assert.ok(archive.at() < at, "what was not durable does not count as read");
  assert.deepEqual(archive.search("plum"), []);
  archive.close();
});

test("[M9] what was not durable at a crash is read again, and an archive of an earlier version is made anew", () => {
  const file = join(folder, "crash.db");
  const archive = openArchive(file);
  const first = said(1, page(1, "a plum"));
  const rest = [evicted(1, 1), ...Array.from({ length: 120 }, (_, i) => said(1, page(i + 2, "a pear")))];
  for (const taken of [first, ...rest]) archive.take(taken, read);
  assert.equal(archive.search("plum").length, 1, "found at once");
  const crashed = join(folder, "crashed.db");
  for (const suffix of ["", "-wal"]) copyFileSync(file + suffix, crashed + suffix);
  archive.close();
  const again = openArchive(crashed);
  assert.ok(again.at() > first.seq && again.at() < rest.at(-1)!.seq, "a part of it is durable");
  for (const taken of [first, ...rest]) again.take(taken, read);
  assert.deepEqual([again.search("plum").length, again.at()], [1, rest.at(-1)!.seq]);
  again.close();
  const old = new DatabaseSync(crashed);
  old.exec("PRAGMA user_version = 1");
  old.close();
  assert.equal(openArchive(crashed).at(), 0);
});

test("[M9] a damaged archive is made again from the journal, a lost one too", async () => {
  const file = join(folder, "damaged.db");
  writeFileSync(file, "no database at all, only a text".repeat(300));
  const archive = openArchive(file);
  assert.equal(archive.at(), 0);
  archive.close();
});

test("[M9] an archive that is ahead of its journal is read anew", async () => {
  const machine = createTestMachine({
    model: { contextTokens: 1_280 },
    play(_request, index) {
      if (index < 40) return say("read", `/${index}.txt`);
      return index === 40 ? say("search", "", "plum") : stop("enough");
    },
  });
  machine.world.files.set("/0.txt", "the plum is here");
  machine.hum.archive.take({ ...said(9, page(1, "from another journal")), seq: 1_000_000 }, read);
  const again = machine.crash({ archive: machine.hum.archive });
  await again.start("Read.", { budget: { tokens: 1_000_000 } });
  await again.run();
  const told = windowOf(again.requests[41]!);
  assert.match(told.slice(told.lastIndexOf("```search")), /the plum is here/);
});

test("[M8] what a search finds is told in the order in which it was said, whichever fits best", async () => {
  const machine = createTestMachine({
    model: { contextTokens: 2_048 },
    play(_request, index) {
      if (index === 1) return say("sleep", "26h");
      if (index < 40) return say("read", `/${index}.txt`);
      return index === 40 ? say("search", "", "plum tree") : stop("enough");
    },
  });
  machine.world.files.set(
    "/0.txt",
    "In the garden that we had before there was a plum beside the well and the old wall.",
  );
  machine.world.files.set("/2.txt", "plum tree");
  for (let i = 3; i < 40; i++) machine.world.files.set(`/${i}.txt`, `${i} `.repeat(60));
  await machine.start("Read.", { budget: { tokens: 1_000_000, activeMs: 1e9 } });
  await machine.run(27 * 3_600_000);
  const told = windowOf(machine.requests[41]!);
  const found = told.slice(told.lastIndexOf("```search") + 20);
  const [first, second] = [found.indexOf("beside the well"), found.lastIndexOf("plum tree")];
  assert.ok(first > 0 && second > first, found);
});

/** An archive in which each page holds "the", each second one "ship", and each its own number. */
function fillTo(pages: number): Archive {
  const limits = { ranked: 40, best: 20, newest: 30, words: 6 };
  const archive = openArchive(":memory:", limits);
  for (let i = 1; i <= pages; i++) {
    const text = `the ${i % 2 === 0 ? "ship" : "boat"} number n${i} ${i % 100 === 7 ? "anchor" : "sail"}`;
    const made = { ...record("turn.said", { pid: (i % 3) + 1, pages: [page(i, text)] }) };
    archive.take(made, () => undefined);
    archive.take(evicted((i % 3) + 1, i), () => made);
  }
  return archive;
}

test("[M8] what a search looks at does not grow with the archive, and what it looks for is found all the same", () => {
  const questions = [
    "the ship n62",
    "the",
    "the ship",
    "where did the boat with the number n7 go",
    "anchor sail",
  ];
  for (const pages of [100, 1_000, 3_000]) {
    const archive = fillTo(pages);
    for (const question of questions) {
      const { rows } = archive.plan(question);
      assert.ok(rows <= 40, `"${question}" ranks ${rows} of ${pages} pages`);
    }
    const first = (question: string, pids?: number[]) => archive.search(question, pids ? { pids } : {})[0];
    assert.equal(first("the ship n62")?.page, 62, "a rare word decides");
    assert.match(first("where did the boat with the number n7 go")?.excerpt ?? "", /n7/);
    assert.equal(first("the")?.page, pages, "of what all pages hold the newest come first");
    assert.equal(first("ship the")?.page, pages, "with more of the words before that");
    assert.equal(first("boat the")?.page, pages - 1);
    assert.match(first("boat anchor")?.excerpt ?? "", /boat.*anchor/);
    assert.equal(
      archive.search("the", { pids: [2], limit: 10 }).every((found) => found.pid === 2),
      true,
    );
    assert.equal(archive.search("the", { pids: [2], limit: 10 }).length, 10);
    assert.deepEqual(archive.search("n62", { pids: [1, 2] }), []);
    archive.close();
  }
});
