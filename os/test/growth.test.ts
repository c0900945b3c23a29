// What is done for one entity does not look at all of them: counted in rows that are looked at, beside a few and beside many.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { test } from "node:test";
import { toEvent } from "../src/entity/events.ts";
import { openLedger } from "../src/entity/ledger.ts";
import { openMemoryJournal } from "../src/journal/memory.ts";
import { openSqliteJournal } from "../src/journal/sqlite.ts";
import { createAfter } from "../src/scheduler/after.ts";
import { createAlarm } from "../src/scheduler/alarm.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { createTestMachine, inTurn, type Play, say, stop, type TestMachine } from "./fixtures/machine.ts";

/** Counts each row that is given out when a table is gone through. */
function watchRows(tables: readonly Map<unknown, unknown>[]): () => number {
  let looked = 0;
  for (const table of tables)
    for (const way of ["values", "keys", "entries", Symbol.iterator] as const) {
      const each = (table[way] as () => IterableIterator<unknown>).bind(table);
      Object.defineProperty(table, way, {
        *value() {
          for (const row of each()) {
            looked += 1;
            yield row;
          }
        },
      });
    }
  return () => looked;
}

const sleepers: Play = () => say("sleep", "1000d");

/** A machine with so many that sleep and so many that ended, and what it looked at for one entity more that does a bit of everything. */
async function lookedAt(many: number): Promise<{ looked: number; machine: TestMachine }> {
  const worker = inTurn(
    say("say", "sleeper", "hello"),
    say("spawn", "clerk", "Count."),
    say("wait", "#1"),
    say("delegate", "", "clerk: count again"),
    say("get", "https://example.org/"),
    say("note", "", "a note"),
    stop("enough"),
  );
  const machine = createTestMachine({
    play(request, index, pid) {
      const { task, parent } = machine.hum.ledger.state.entities.get(pid)!;
      if (parent !== null) return stop("counted");
      return task.startsWith("Work") ? worker(request, index, pid) : sleepers(request, index, pid);
    },
    programs: ["worker", "clerk"],
  });
  await machine.settle();
  for (let i = 0; i < many; i++) {
    await machine.start("Sleep.", { name: "sleeper" });
    const ended = await machine.start("Sleep and end.");
    await machine.settle();
    await machine.hum.inbox.kill(ended.pid, "Kim");
  }
  await machine.run(1_000);
  const { state } = machine.hum.ledger;
  const looked = watchRows([
    state.entities,
    state.approvals,
    state.mail,
    state.lengths,
    state.work.threads,
  ] as never);
  await machine.workplace.post("Kim", { channel: "general", text: "@worker Work on it.", key: "k" });
  await machine.run(60_000);
  const asked = machine.records().find((record) => record.type === "approval.asked");
  await machine.hum.inbox.answer(String(asked?.data.id), "denied", "Kim");
  await machine.run(60_000);
  assert.equal(machine.records().at(-1)?.type, "entity.ended");
  return { looked: looked(), machine };
}

test("what one entity does looks at as many rows beside 200 others as beside two", async () => {
  const few = await lookedAt(1);
  const many = await lookedAt(100);
  assert.deepEqual(many.machine.errors, []);
  const types = (machine: TestMachine) =>
    machine
      .records()
      .slice(-30)
      .map((record) => record.type);
  assert.deepEqual(types(many.machine), types(few.machine), "both did the same");
  assert.ok(types(few.machine).includes("entity.spawned"));
  assert.equal(many.looked, few.looked);
});

test("[E6] alarms that were moved or cleared are not kept until their time comes", () => {
  const alarm = createAlarm<number>();
  for (let round = 0; round < 1_000; round++)
    for (let key = 0; key < 10; key++) alarm.set(key, 1e12 + 1_000 * round + ((key * 7) % 10));
  assert.ok(alarm.kept < 200, `${alarm.kept} entries for ${alarm.size} alarms`);
  for (let key = 0; key < 5; key++) alarm.clear(key);
  assert.deepEqual(alarm.due(1e12 + 999_000 + 4), [6, 9]);
  assert.equal(alarm.next(), 1e12 + 999_005);
  for (let round = 0; round < 1_000; round++) {
    alarm.set(100, 2e12 + round);
    alarm.clear(100);
  }
  assert.ok(alarm.kept < 200);
});

test("[E6] a sleeper is woken at its time also when the machine was suspended and its timers stood still", async () => {
  const clock = createVirtualClock();
  let suspended = 0;
  const now = () => clock.now() + suspended;
  const machine = createTestMachine({
    clock: { ...clock, now, after: createAfter(now, clock.after) },
    play: inTurn(say("sleep", "10h"), stop("awake")),
  });
  const { pid } = await machine.start();
  await machine.settle();
  assert.ok(machine.trail(pid).includes("entity.waiting"));
  suspended = 12 * 60 * 60_000;
  const until = clock.now() + 60_000;
  while (clock.advance(until));
  await machine.settle();
  assert.ok(machine.trail(pid).includes("entity.woken"));
});

test("[E6] a timer of forty days is one, and none comes before its time", () => {
  const clock = createVirtualClock();
  const waits: number[] = [];
  const calls: number[] = [];
  let early = 0;
  const after = createAfter(
    () => clock.now() - early,
    (ms, call) => {
      waits.push(ms);
      return clock.after(ms, call);
    },
  );
  const start = clock.now();
  const days = 24 * 60 * 60_000;
  after(40 * days, () => calls.push(clock.now() - start));
  after(50 * days, () => calls.push(0))();
  while (clock.advance(start + 39 * days));
  assert.deepEqual(calls, []);
  early = 1;
  while (clock.advance(start + 41 * days));
  assert.deepEqual(calls, [40 * days + 1]);
  assert.ok(Math.max(...waits) <= 60_000);
});

test("[E6] sleepers whose time comes at once are woken with one write, not one after the other", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hum-growth-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createVirtualClock();
  const journal = openSqliteJournal({ file: join(folder, "journal.db"), now: clock.now });
  const machine = createTestMachine({
    clock,
    journal,
    play: inTurn(say("sleep", "10h"), say("sleep", "1000d")),
  });
  const settle = async (type: string) => {
    while (machine.records().filter((record) => record.type === type).length < 50) await machine.settle();
  };
  await Promise.all(Array.from({ length: 50 }, () => machine.start()));
  await settle("entity.waiting");
  const { exec } = DatabaseSync.prototype;
  let writes = 0;
  t.mock.method(DatabaseSync.prototype, "exec", function (this: DatabaseSync, sql: string) {
    if (sql === "BEGIN IMMEDIATE") writes += 1;
    return exec.call(this, sql);
  });
  const due = Math.max(
    ...[...machine.hum.ledger.state.entities.values()].map(({ waiting }) =>
      waiting?.on === "timer" ? waiting.until : 0,
    ),
  );
  clock.set(due);
  clock.advance(due);
  await machine.settle();
  await machine.settle();
  assert.equal(machine.records().filter((record) => record.type === "entity.woken").length, 50);
  assert.ok(writes < 5, `${writes} writes`);
  journal.close();
});

test("of entities that have ended the machine keeps nothing but their rows", async () => {
  const machine = createTestMachine({ play: sleepers });
  const forgotten: number[] = [];
  const { scheduler } = machine.hum.machine;
  const { forget } = scheduler;
  scheduler.forget = (pid) => {
    forgotten.push(pid);
    forget(pid);
  };
  for (let i = 0; i < 5; i++) await machine.start();
  await machine.settle();
  for (let pid = 1; pid <= 5; pid++) await machine.hum.inbox.kill(pid, "Kim");
  await machine.settle();
  assert.deepEqual(forgotten, [1, 2, 3, 4, 5]);
});

test("a whole journal is read a part at a time", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hum-growth-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const journal = openSqliteJournal({ file: join(folder, "journal.db"), now: () => 1 });
  const events = Array.from({ length: 2_500 }, (_, i) => ({ type: "a.b", data: { i } }));
  for (const stream of ["a", "b"]) await journal.append(stream, events, 0);
  let rows = 0;
  const { all } = StatementSync.prototype;
  t.mock.method(
    StatementSync.prototype,
    "all",
    function (this: StatementSync, ...values: Parameters<typeof all>) {
      const found = all.apply(this, values);
      rows += found.length;
      return found;
    },
  );
  const [first] = journal.read(null, 0);
  assert.equal(first?.seq, 1);
  assert.ok(rows <= 1_000, `${rows} rows were read for the first record`);
  const rest = [...journal.read(null, 100)];
  assert.deepEqual([rest.length, rest[0]?.seq, rest.at(-1)?.seq], [4_900, 101, 5_000]);
  const some = [...journal.read("b", 10, 2_000)];
  assert.deepEqual([some.length, some[0]?.index, some.at(-1)?.index], [2_000, 11, 2_010]);
  journal.close();
});

test("[J12] what is written for snapshots stays in proportion to the events, also when the state holds much but entities", async () => {
  const journal = openMemoryJournal({ now: () => 1 });
  let written = 0;
  const { saveSnapshot } = journal;
  journal.saveSnapshot = (snapshot) => {
    written += snapshot.state.length;
    saveSnapshot(snapshot);
  };
  const ledger = openLedger(journal);
  for (let i = 0; i < 300; i++)
    await ledger.commit(
      "channel/general",
      Array.from({ length: 100 }, (_, k) =>
        toEvent("thread.opened", {
          ...{ id: `t${i}-${k}`, channel: "general", title: "What was asked", owner: "Kim" },
          ...{ delegate: null, trigger: null, folder: null },
        }),
      ),
    );
  const { seq } = ledger.state;
  assert.equal(seq, 30_000);
  assert.ok(written > 0 && written <= 400 * seq, `${Math.round(written / seq)} characters for each event`);
  const again = openLedger(journal);
  assert.ok(again.replayed < seq / 2, `${again.replayed} of ${seq} are replayed`);
});
