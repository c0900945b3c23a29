// What every journal must keep, whatever it writes to. A driver calls `testJournal` with how it is opened; it may leave a
// test out only with a reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { JournalEvent, JournalRecord, OpenJournal } from "../../src/journal/journal.ts";
import { journalLimits } from "../../src/limits.ts";

/** A place on which journals are opened, one after the other. */
export interface JournalPlace {
  open(now: () => number): OpenJournal;
  /** Takes everything away again. */
  clear(): void;
}

/** A driver under test. */
export interface JournalDriver {
  name: string;
  place(): JournalPlace;
  skip?: { reason: string; tests: readonly string[] }[];
}

/** Events that look like something. */
export function toEvents(count: number, of = "thing.done"): JournalEvent[] {
  return Array.from({ length: count }, (_, i) => ({ type: of, data: { i, text: `ö ${"x".repeat(i % 7)}` } }));
}

type Case = (place: JournalPlace, now: () => number) => Promise<void>;

const cases: Record<string, Case> = {
  async "[J1] appends are compare-and-set: an old view of a stream is refused and leaves nothing"(
    place,
    now,
  ) {
    const journal = place.open(now);
    await journal.append("a", toEvents(2), 0);
    await assert.rejects(journal.append("a", toEvents(1), 0), { code: "conflict" });
    await assert.rejects(journal.append("a", toEvents(1), 3), { code: "conflict" });
    await journal.append("a", toEvents(1), 2);
    assert.equal([...journal.read("a", 0)].length, 3);
    journal.close();
  },
  async "[J1] of two writers with the same view one wins"(place, now) {
    const journal = place.open(now);
    const results = await Promise.allSettled([
      journal.append("a", toEvents(1, "first.one"), 0),
      journal.append("a", toEvents(1, "second.one"), 0),
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["fulfilled", "rejected"],
    );
    assert.deepEqual(
      [...journal.read("a", 0)].map((record) => record.type),
      ["first.one"],
    );
    journal.close();
  },
  async "[J2] records have one order, without gaps, over all streams and in each"(place, now) {
    const journal = place.open(now);
    for (let i = 0; i < 5; i++)
      for (const stream of ["a", "b", "c"]) await journal.append(stream, toEvents(2), i * 2);
    const all = [...journal.read(null, 0)];
    assert.deepEqual(
      all.map((record) => record.seq),
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      [...journal.read("b", 0)].map((record) => record.index),
      Array.from({ length: 10 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      [...journal.read(null, 10, 3)].map((record) => record.seq),
      [11, 12, 13],
    );
    assert.deepEqual(
      [...journal.read("c", 8)].map((record) => record.index),
      [9, 10],
    );
    assert.deepEqual(journal.head(), { seq: 30, hash: all.at(-1)?.hash });
    journal.close();
  },
  async "[J2] many appends at once are all there, in the order in which they were asked for"(place, now) {
    const journal = place.open(now);
    const done: string[] = [];
    await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        journal.append(`s${i}`, toEvents(3), 0).then(() => done.push(`s${i}`)),
      ),
    );
    assert.deepEqual(
      done,
      Array.from({ length: 200 }, (_, i) => `s${i}`),
    );
    const streams = [...journal.read(null, 0)].filter((_, i) => i % 3 === 0).map((record) => record.stream);
    assert.deepEqual(streams, done);
    journal.close();
  },
  async "[J2] one bad append in the middle of many does not disturb the others"(place, now) {
    const journal = place.open(now);
    const huge = { type: "thing.done", data: { text: "x".repeat(journalLimits.eventBytes) } };
    const results = await Promise.allSettled([
      journal.append("a", toEvents(1), 0),
      journal.append("a", [...toEvents(1), huge], 1),
      journal.append("b", toEvents(1), 5),
      journal.append("b", toEvents(1), 0),
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["fulfilled", "rejected", "rejected", "fulfilled"],
    );
    assert.equal(journal.head().seq, 2);
    journal.close();
  },
  async "[J4] an event larger than the limit is refused with what to do"(place, now) {
    const journal = place.open(now);
    const huge = { type: "thing.done", data: { text: "x".repeat(journalLimits.eventBytes) } };
    await assert.rejects(journal.append("a", [huge], 0), { code: "bad-input", message: /blob store/ });
    await journal.append("a", toEvents(1), 0);
    assert.equal(journal.head().seq, 1);
    journal.close();
  },
  async "[J5] a follower gets what is there and then each new record, once and in order"(place, now) {
    const journal = place.open(now);
    await journal.append("a", toEvents(5), 0);
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const record of journal.follow(2, stop.signal)) {
        seen.push(record.seq);
        if (record.seq === 25) stop.abort();
      }
    })();
    for (let i = 0; i < 10; i++)
      await Promise.all([journal.append("a", toEvents(1), 5 + i), journal.append("b", toEvents(1), i)]);
    await following;
    assert.deepEqual(
      seen,
      Array.from({ length: 23 }, (_, i) => i + 3),
    );
    journal.close();
  },
  async "[J5] a follower that waits ends when its signal aborts or the journal closes"(place, now) {
    const journal = place.open(now);
    const stop = new AbortController();
    const follow = async (signal: AbortSignal) => {
      for await (const _ of journal.follow(0, signal));
      return "ended";
    };
    const first = follow(stop.signal);
    const second = follow(new AbortController().signal);
    stop.abort();
    assert.equal(await first, "ended");
    journal.close();
    assert.equal(await second, "ended");
  },
  async "[J6] what was acknowledged is there after closing and opening, and goes on"(place, now) {
    const journal = place.open(now);
    await journal.append("a", toEvents(3), 0);
    const before = [...journal.read(null, 0)];
    journal.close();
    await assert.rejects(async () => journal.append("a", toEvents(1), 3), { code: "interrupted" });
    const again = place.open(now);
    assert.deepEqual([...again.read(null, 0)], before);
    await assert.rejects(again.append("a", toEvents(1), 0), { code: "conflict" });
    const [record] = await again.append("a", toEvents(1), 3);
    assert.equal(record?.seq, 4);
    again.close();
  },
  async "[J6] the last snapshot is kept"(place, now) {
    const journal = place.open(now);
    assert.equal(journal.lastSnapshot(), null);
    await journal.append("a", toEvents(3), 0);
    journal.saveSnapshot({ seq: 1, hash: "x", reducer: 1, state: "one" });
    journal.saveSnapshot({ seq: 3, hash: "y", reducer: 1, state: "three" });
    journal.close();
    const again = place.open(now);
    assert.deepEqual({ ...again.lastSnapshot() }, { seq: 3, hash: "y", reducer: 1, state: "three" });
    again.close();
  },
};

/** Runs the contract for one driver. */
export function testJournal(driver: JournalDriver): void {
  for (const [title, run] of Object.entries(cases)) {
    const reason = driver.skip?.find((one) => one.tests.some((part) => title.includes(part)))?.reason;
    test(`${title} (${driver.name})`, reason ? { skip: reason } : {}, async () => {
      const place = driver.place();
      let ticks = 0;
      try {
        await run(place, () => 1_000 + ticks++);
      } finally {
        place.clear();
      }
    });
  }
}

/** Appends the same things to a journal, whichever it is. */
export async function fill(journal: OpenJournal, count: number): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (let i = 0; i < count; i++)
    records.push(...(await journal.append(`s${i % 3}`, toEvents(2), Math.floor(i / 3) * 2)));
  return records;
}
