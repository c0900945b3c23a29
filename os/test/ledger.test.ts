// State is a fold over the journal: however it is reached (live, by replay, from a snapshot) it is the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelStream, toEvent } from "../src/entity/events.ts";
import { openLedger } from "../src/entity/ledger.ts";
import { fromSnapshotText, toSnapshotText } from "../src/entity/snapshot.ts";
import { createState, reduce, reducerVersion } from "../src/entity/state.ts";
import { type MemoryDisk, openMemoryJournal } from "../src/journal/memory.ts";
import { byPid, createTestMachine, inTurn, say, stop, type TestMachine } from "./fixtures/machine.ts";

const end = stop("enough");

/** A machine after a little of everything. */
async function live(): Promise<TestMachine> {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(
        say("spawn", "clerk", "Listen."),
        say("say", "2", "hello"),
        say("say", "Kim", "hi"),
        say("wait", "2"),
        end,
      ),
      2: inTurn(say("note", "", "a note"), say("write", "a.txt", "x"), say("sleep", "10m"), end),
      3: inTurn(say("get", "https://example.org/")),
    }),
  });
  await machine.start();
  await machine.run(1_000);
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.pause(3, "Kim");
  return machine;
}

function replay(disk: MemoryDisk): string {
  const state = createState();
  for (const record of openMemoryJournal({ disk, now: () => 0 }).read(null, 0)) reduce(state, record);
  return toSnapshotText(state);
}

const reopen = (disk: MemoryDisk) => openLedger(openMemoryJournal({ disk, now: () => 0 }));

test("[J11] the state of a machine at work is the fold over its journal", async () => {
  const machine = await live();
  assert.equal(toSnapshotText(machine.hum.ledger.state), replay(machine.disk));
  assert.ok(machine.records().length > 20);
});

test("[J12] a snapshot gives the same state as a full replay, with fewer records read", async () => {
  const machine = await live();
  const all = machine.records().length;
  machine.hum.ledger.snapshot();
  await machine.run();
  const ledger = reopen(machine.disk);
  assert.equal(toSnapshotText(ledger.state), replay(machine.disk));
  assert.equal(ledger.replayed, machine.records().length - all);
  assert.equal(toSnapshotText(fromSnapshotText(replay(machine.disk))), replay(machine.disk));
});

test("[J12] a damaged, foreign or old snapshot is passed over", async () => {
  const machine = await live();
  machine.hum.ledger.snapshot();
  const { snapshot } = machine.disk;
  assert.ok(snapshot);
  const text = replay(machine.disk);
  const wrong = [
    { ...snapshot, state: snapshot.state.replace('"waiting"', '"ended"') },
    { ...snapshot, state: snapshot.state.slice(0, -5) },
    { ...snapshot, state: "" },
    { ...snapshot, reducer: reducerVersion - 1 },
    { ...snapshot, hash: "of another journal" },
    { ...snapshot, seq: snapshot.seq + 1_000 },
  ];
  for (const other of wrong) {
    const ledger = reopen({ ...machine.disk, snapshot: other });
    assert.equal(toSnapshotText(ledger.state), text);
    assert.equal(ledger.replayed, machine.records().length);
  }
});

test("[J13] a commit that is refused does not stop the next one of its stream", async () => {
  const ledger = openLedger(openMemoryJournal({ now: () => 0 }));
  const event = (text: string) => ({ type: "kernel.booted" as const, data: { version: text } });
  const results = await Promise.allSettled([
    ledger.commit("kernel", [event("one")]),
    ledger.commit("kernel", [event("x".repeat(600_000))]),
    ledger.commit("kernel", [event("two"), event("three")]),
  ]);
  assert.deepEqual(
    results.map((result) => result.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  await ledger.commit("kernel", [event("four")]);
  assert.equal(ledger.state.lengths.get("kernel"), 4);
});

test("[J13] listeners hear of a commit when the state holds all of it", async () => {
  const ledger = openLedger(openMemoryJournal({ now: () => 0 }));
  const seen: number[] = [];
  ledger.listen(() => seen.push(ledger.state.lengths.get("kernel") ?? 0));
  await ledger.commit("kernel", [
    { type: "kernel.halted", data: { by: "Kim" } },
    { type: "kernel.unhalted", data: { by: "Kim" } },
  ]);
  assert.deepEqual(seen, [2, 2]);
});

test("[A2] the first answer counts: a later one, or its time, changes nothing", async () => {
  const machine = await live();
  const [approval] = machine.hum.ledger.state.approvals.values();
  assert.ok(approval);
  const answer = (of: "approved" | "expired", by: string) =>
    machine.hum.ledger.commit("entity/3", [
      { type: "approval.answered", data: { id: approval.id, pid: 3, answer: of, by } },
    ]);
  await answer("approved", "Kim");
  await answer("expired", "time");
  assert.equal(machine.hum.inbox.find(3).held?.answer, "approved");
});

test("[E10] ended stays ended: the first end counts", async () => {
  const machine = await live();
  await machine.hum.inbox.kill(3, "Kim");
  const { outcome } = machine.hum.inbox.find(3);
  await machine.hum.ledger.commit("entity/3", [
    { type: "entity.ended", data: { pid: 3, outcome: { kind: "done", text: "no" } } },
    { type: "entity.woken", data: { pid: 3, why: "no" } },
    { type: "entity.waiting", data: { pid: 3, waiting: { on: "timer", until: 1 } } },
  ]);
  assert.deepEqual(machine.hum.inbox.find(3).outcome, outcome);
  assert.equal(machine.hum.inbox.find(3).state, "ended");
});

test("what is appended on a condition sees all that was on its way before it", async () => {
  const machine = createTestMachine({ play: inTurn(end) });
  const { ledger } = machine.hum;
  const halted = () => ledger.state.halted;
  const first = ledger.commit(kernelStream, [toEvent("kernel.halted", { by: "Kim" })]);
  const second = ledger.commit(kernelStream, [toEvent("kernel.unhalted", { by: "Kim" })], () => !halted());
  await Promise.all([first, second]);
  assert.equal(halted(), true);
  await ledger.commit(kernelStream, [toEvent("kernel.unhalted", { by: "Kim" })], halted);
  assert.equal(halted(), false);
});
