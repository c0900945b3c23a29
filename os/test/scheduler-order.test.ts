// Who goes first: urgency that is lent, beginnings that are shared, classes that must not starve, and what people are
// told about it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Class } from "../src/entity/entity.ts";
import { toEvent, toStream } from "../src/entity/events.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { createRandom } from "../src/sim/random.ts";
import { createLab, createReader } from "./fixtures/lab.ts";
import { createTestMachine, say } from "./fixtures/machine.ts";

const parts = (tokens: number[]) => {
  const counts = new Map<number, number>();
  for (const pid of tokens) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  return counts;
};
const jain = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) ** 2 /
  (values.length * values.reduce((sum, value) => sum + value ** 2, 0));

test("[S11] a lower class gets a small part although higher ones are always busy", async () => {
  const lab = createLab({ parked: 4 });
  void lab.call(1, { class: "normal", tokens: 100_000 });
  void lab.call(2, { class: "normal", tokens: 100_000 });
  void lab.call(3, { class: "background", tokens: 100_000 });
  await lab.run(20_000);
  const got = parts(lab.tokens).get(3) ?? 0;
  assert.ok(got >= 800 && got <= 1_200, `a twentieth of 20000 tokens and not more: ${got}`);
});

test("[S11] the small part comes to an end of each call, also where the memory is full of more urgent ones", async () => {
  for (const parked of [1, 2, 4]) {
    const lab = createLab({ parked });
    const again = async (pid: number, kind: Class): Promise<never> => {
      for (;;) await lab.call(pid, { class: kind, tokens: 60 });
    };
    for (let pid = 1; pid <= 6; pid++) void again(pid, "interactive").catch(() => {});
    const low = lab.call(9, { class: "background", tokens: 60 });
    let done = false;
    void low.then(() => {
      done = true;
    });
    await lab.run(12_000);
    assert.ok(done, `with ${parked} windows the call of the lowest class ended`);
    assert.ok((parts(lab.tokens).get(9) ?? 0) < 800);
  }
});

test("[S2] who comes when nobody is there starts level with who was there before", async () => {
  const lab = createLab();
  await Promise.all([lab.call(1, { tokens: 5_000 }), lab.run(6_000)]);
  void lab.call(2, { tokens: 5_000 });
  await lab.run(10);
  void lab.call(1, { tokens: 5_000 });
  const from = lab.tokens.length;
  await lab.run(1_000);
  const since = parts(lab.tokens.slice(from));
  assert.ok((since.get(1) ?? 0) > 400, `the one of before got ${since.get(1)} of 1000`);
});

test("[S12] a loan makes a call as urgent as whoever waits for it, and ends", async () => {
  const lab = createLab();
  void lab.call(1, { class: "normal", tokens: 10_000 });
  void lab.call(2, { class: "background", tokens: 10_000 });
  await lab.run(500);
  lab.scheduler.lend(2, { class: "interactive", from: 7 });
  const from = lab.tokens.length;
  await lab.run(300);
  const lent = parts(lab.tokens.slice(from));
  assert.ok((lent.get(2) ?? 0) > 280, "with the loan it has the slot");
  const [one, two] = lab.scheduler.jobs().sort((a, b) => a.pid - b.pid);
  assert.match(one?.why ?? "", /which counts as interactive, because pid 7 waits for it/);
  assert.match(two?.as ?? "", /counts as interactive, because pid 7 waits for it/);
  lab.scheduler.lend(2, null);
  const after = lab.tokens.length;
  await lab.run(300);
  assert.ok((parts(lab.tokens.slice(after)).get(1) ?? 0) > 280, "and gives it back");
});

test("[S12] an interactive parent that waits lends its class to the child, and on to the child's child", async () => {
  const clock = createVirtualClock();
  const asked: number[] = [];
  const work = Array.from({ length: 10 }, (_, i) => say("note", "", `step ${i}`));
  const script: Record<number, string[]> = {
    1: [say("spawn", "worker", "a"), say("wait", "3")],
    2: work,
    3: [say("spawn", "worker", "b"), say("wait", "4")],
    4: work.slice(0, 5),
  };
  const machine = createTestMachine({
    clock,
    model: { slots: 1, parked: 8, pace: () => clock.sleep(20) },
    play(_request, index, pid) {
      asked.push(pid);
      return script[pid]?.[index] ?? say("done", "", "ok");
    },
  });
  const { ledger, machine: parts } = machine.hum;
  ledger.listen((record) => {
    const { pid } = record.data as { pid?: number };
    if (record.type === "entity.spawned" && pid !== undefined && pid > 2)
      void parts.commit(toStream(pid), [toEvent("entity.reniced", { pid, class: "background", nice: 0 })]);
  });
  const parent = await machine.start("What a person waits for.", { class: "interactive" });
  const hog = await machine.start("Something long.", { class: "normal" });
  let as = "";
  const look = () => {
    as ||= parts.scheduler.jobs().find((job) => job.pid === 4)?.as ?? "";
    if (as === "" && clock.now() < 1_750_000_000_000 + 60_000) clock.after(100, look);
  };
  look();
  await machine.run();
  assert.equal(ledger.state.entities.get(4)?.class, "background");
  assert.match(as, /counts as interactive, because pid 3 waits for it/);
  const ended = (pid: number) => ledger.state.entities.get(pid)?.endedSeq ?? 0;
  assert.ok(ended(4) < ended(3) && ended(3) < ended(1) && ended(1) < ended(hog.pid), "in this order");
  assert.equal(parent.outcome?.kind, "done");
});

test("[S12] a beginning that many share is read once; the others wait for it and copy it", async () => {
  const reading = { evaluated: 0, begun: 0 };
  const lab = createLab({ model: (clock) => createReader(clock, reading, { parked: 8 }) });
  const shared = "The rules of the house. ".repeat(170);
  const calls = Array.from({ length: 8 }, (_, i) => lab.call(i + 1, { tokens: 20, shared }));
  await lab.run(3);
  const waiting = lab.scheduler.jobs().find((job) => job.pid === 5);
  assert.match(waiting?.why ?? "", /pid 1 reads the beginning that both share/);
  await lab.run();
  for (const end of await Promise.all(calls)) assert.ok(end.type === "end" && end.reason === "length");
  assert.equal(reading.begun, 1);
  assert.ok(reading.evaluated < 1_020 + 8 * 8, `evaluated ${reading.evaluated}`);
});

test("[S12] who reads a beginning for a more urgent call is as urgent, and one that is paused keeps nobody", async () => {
  const reading = { evaluated: 0, begun: 0 };
  const lab = createLab({ model: (clock) => createReader(clock, reading, { parked: 8 }) });
  const shared = "The rules of the house. ".repeat(700);
  void lab.call(1, { class: "background", tokens: 5, shared });
  await lab.run(5);
  void lab.call(2, { class: "normal", tokens: 5_000 });
  const urgent = lab.call(3, { class: "interactive", tokens: 5, shared });
  await lab.run(20);
  const reader = lab.scheduler.jobs().find((job) => job.pid === 1);
  assert.equal(reader?.state, "running", "the background call reads on, before the normal one");
  assert.match(reader?.as ?? "", /pid 3 needs the beginning/);
  lab.scheduler.hold(1, true);
  await lab.run(400);
  const end = await urgent;
  assert.ok(end.type === "end" && end.reason === "length", "it read the beginning itself");
  assert.equal(reading.begun, 2);
});

test("[S12] of equals the warm one goes first, and nobody falls behind by more than the bound for it", async () => {
  const lab = createLab({ parked: 2 });
  const again = async (pid: number): Promise<void> => {
    for (let i = 0; i < 60; i++) await lab.call(pid, { tokens: 10 });
  };
  for (let pid = 1; pid <= 6; pid++) void again(pid);
  await lab.run(3_000);
  const calls = lab.tokens.filter((_, at) => at % 10 === 0);
  let seats: number[] = [];
  let cold = 0;
  for (const pid of calls) {
    if (!seats.includes(pid)) cold += 1;
    seats = [pid, ...seats.filter((other) => other !== pid)].slice(0, 2);
  }
  assert.ok(cold < calls.length / 2, `${cold} of ${calls.length} calls began cold`);
  const got = parts(lab.tokens.slice(0, 3_000));
  assert.ok(jain([...got.values()]) > 0.98 && got.size === 6);
});

test("[S2] equals with calls of any length get the same, and nobody waits longer than a round", async () => {
  for (const seed of [1, 2, 3]) {
    const random = createRandom(seed);
    const lab = createLab({ parked: random.pick([2, 4, 8]) });
    const got = new Map<number, number>();
    let longest = 0;
    const again = async (pid: number): Promise<never> => {
      for (;;) {
        const tokens = random.pick([3, 8, 20]);
        const asked = lab.now();
        await lab.call(pid, { tokens });
        longest = Math.max(longest, lab.now() - asked);
        got.set(pid, (got.get(pid) ?? 0) + tokens);
      }
    };
    const equals = 3 + random.below(5);
    for (let pid = 1; pid <= equals; pid++) void again(pid).catch(() => {});
    await lab.run(6_000);
    assert.ok(jain([...got.values()]) >= 0.98, `Jain ${jain([...got.values()])}`);
    assert.ok(longest < 400, `longest ${longest}`);
  }
});
