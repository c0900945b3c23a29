// Drivers, waits, ends and supervision, with a journal that takes its time, so that things meet half way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HumError } from "../src/error.ts";
import { restartIntensity } from "../src/limits.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { byPid, createTestMachine, inTurn, type Play, say, stop, windowOf } from "./fixtures/machine.ts";

const end = stop("enough");

/** A machine whose journal and model take time. */
function createSlow(play: Play, more: Partial<Parameters<typeof createTestMachine>[0]> = {}) {
  const clock = createVirtualClock();
  const slow = { writes: 5 };
  const machine = createTestMachine({
    play,
    clock,
    beforeWrite: () => clock.sleep(slow.writes),
    model: { pace: () => clock.sleep(2), slots: 4 },
    wait: (_part, signal) => clock.sleep(10, signal),
    ...more,
  });
  return { ...machine, slow };
}

async function until(machine: ReturnType<typeof createSlow>, condition: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000; i++) {
    await machine.settle();
    if (condition()) return;
    if (!machine.clock.advance()) break;
  }
  assert.fail("the condition never came true");
}

test("[S6] a waiting entity has no driver and causes no model call", async () => {
  const machine = createTestMachine({ play: inTurn(say("sleep", "2h"), end) });
  await machine.start();
  await machine.run(60_000);
  assert.equal(machine.calls.length, 1);
  assert.deepEqual(machine.hum.dispatch.running(), []);
  await machine.run(3 * 60 * 60_000);
  assert.equal(machine.calls.length, 2);
  assert.equal(machine.hum.inbox.find(1).outcome?.kind, "failed");
});

test("[E6] a sleep goes on after a restart and ends at its time", async () => {
  const first = createTestMachine({ play: inTurn(say("sleep", "2h"), end) });
  await first.start();
  await first.run(60_000);
  const second = first.crash({ play: inTurn(end) });
  await second.run(60_000);
  assert.equal(second.calls.length, 0);
  await second.run(2 * 60 * 60_000);
  assert.equal(second.calls.length, 1);
});

test("[K3] a killed entity says and does nothing after its end, in the middle of a sentence", async () => {
  const machine = createSlow(inTurn(say("write", "a.txt", "a long text ".repeat(20)), end));
  void machine.start();
  await until(machine, () =>
    machine.live.some((event) => event.type === "model" && event.event.type === "text"),
  );
  const killed = machine.hum.inbox.kill(1, "Kim");
  await machine.run();
  await killed;
  assert.deepEqual(machine.trail(1), ["entity.spawned", "entity.ended"]);
  assert.equal(machine.world.deeds.length, 0);
  assert.equal(machine.calls.length, 1, "no other turn was begun");
});

test("[K3] killed between the intent and the effect: no effect", async () => {
  const machine = createSlow(inTurn(say("write", "a.txt", "x"), end));
  void machine.start();
  await until(machine, () =>
    machine.live.some((event) => event.type === "model" && event.event.type === "end"),
  );
  machine.slow.writes = 50;
  await machine.settle();
  machine.clock.set(machine.clock.now() + 1);
  const killed = machine.hum.inbox.kill(1, "Kim");
  await machine.run();
  await killed;
  assert.equal(machine.world.deeds.length, 0);
  assert.equal(machine.trail(1).at(-1), "entity.ended");
});

test("[K3] killed at any moment: no record of a turn after the end, no deed after the kill", async () => {
  for (let moment = 1; moment < 60; moment++) {
    const machine = createSlow(
      inTurn(
        say("write", "a.txt", "x"),
        say("say", "Anna", "hello"),
        say("get", "https://example.org/"),
        end,
      ),
    );
    void machine.start();
    for (let i = 0; i < moment; i++) {
      await machine.settle();
      machine.clock.advance();
    }
    if (machine.hum.ledger.state.entities.get(1)?.state !== "ready") continue;
    const deeds = machine.world.deeds.length;
    const killed = machine.hum.inbox.kill(1, "Kim");
    await machine.run();
    await killed;
    assert.equal(machine.world.deeds.length, deeds, `a deed after the kill at moment ${moment}`);
    const trail = machine.trail(1);
    const rest = trail
      .slice(trail.indexOf("entity.ended") + 1)
      .filter((type) => !/^(call|entity)\.ended$/.test(type));
    assert.deepEqual(rest, [], `moment ${moment}: ${trail.join(" ")}`);
    // Its own end may have been on its way into the journal when the kill came.
    const own = trail.filter((type) => type === "entity.ended").length === 2;
    assert.equal(machine.hum.inbox.find(1).outcome?.kind, own ? "failed" : "killed", `moment ${moment}`);
  }
});

test("[K4] what a killed call had changed is written down and can be undone", async () => {
  const machine = createSlow(inTurn(say("write", "a.txt", "x"), end));
  void machine.start();
  await until(machine, () => machine.world.deeds.length === 1);
  const killed = machine.hum.inbox.kill(1, "Kim");
  await machine.run();
  await killed;
  const ended = machine.records().find((record) => record.type === "call.ended");
  assert.deepEqual((ended?.data as { changes?: unknown[] } | undefined)?.changes?.length, 1);
});

test("[K4] of a killed call that had changed more files than one record holds, all are written down", async () => {
  const paths = Array.from({ length: 1_201 }, (_, i) => `/hum/homes/1-worker/${i}.txt`);
  const machine = createSlow(inTurn(say("bash", "", "make them"), end), {
    terminal: "reversible",
    changes: () => paths.map((path) => ({ path, before: null, after: "x" })),
  });
  void machine.start();
  await until(machine, () => machine.world.deeds.length === 1);
  const killed = machine.hum.inbox.kill(1, "Kim");
  await machine.run();
  await killed;
  const changes = machine.records().flatMap(({ data }) => (data.changes ?? []) as { path: string }[]);
  assert.deepEqual(
    changes.map(({ path }) => path),
    paths,
  );
});

test("[K4] a result that was being brought back when the kill came is written down and can be undone", async () => {
  const writing = (number: string) => [say("write", "sum.txt", number), say("done", "", `It is ${number}.`)];
  let killed: Promise<void> | undefined;
  const machine: ReturnType<typeof createTestMachine> = createTestMachine({
    play: inTurn(...writing("1"), ...writing("2")),
    program: { tools: ["write", "done"], redundancy: 2 },
    model: { attempts: 2 },
    past: (past) => ({
      ...past,
      async stands(change) {
        killed ??= machine.hum.inbox.kill(1, "Kim");
        return past.stands(change);
      },
    }),
  });
  await machine.start("Count the names and write the number to sum.txt");
  await machine.run();
  await killed;
  assert.equal(machine.hum.inbox.find(1).outcome?.kind, "killed");
  const path = "/hum/homes/1-worker/sum.txt";
  assert.equal(machine.world.files.get(path), "1");
  assert.equal(machine.trail(1).at(-1), "files.changed");
  assert.deepEqual(machine.records().at(-1)?.data.changes, [
    { path, kind: "file", before: null, after: "1" },
  ]);
});

test("[K5] the end of an entity ends all that it started", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("spawn", "worker", "Work."), say("ask", "Kim", "And now?")),
      2: inTurn(say("spawn", "worker", "Work."), say("sleep", "1d")),
      3: inTurn(say("sleep", "1d")),
    }),
  });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.kill(1, "Kim");
  await machine.run(1_000);
  const states = [...machine.hum.ledger.state.entities.values()].map((entity) => entity.outcome?.kind);
  assert.deepEqual(states, ["killed", "killed", "killed"]);
});

test("[K5] a child that is still being started when its parent is killed does not outlive it", async () => {
  for (let moment = 1; moment < 60; moment++) {
    const machine = createSlow(
      byPid({ 1: inTurn(say("spawn", "worker", "Work."), end), 2: inTurn(say("sleep", "1d")) }),
    );
    void machine.start();
    for (let i = 0; i < moment; i++) {
      await machine.settle();
      machine.clock.advance();
    }
    if (machine.hum.ledger.state.entities.get(1)?.state !== "ready") continue;
    const killed = machine.hum.inbox.kill(1, "Kim");
    await machine.run();
    await killed;
    for (const entity of machine.hum.ledger.state.entities.values())
      assert.equal(entity.state, "ended", `pid ${entity.pid} lives on after a kill at moment ${moment}`);
  }
});

test("[E7] a parent that waits for its child is told of its end, whichever comes first", async () => {
  for (let pause = 0; pause < 30; pause++) {
    const machine = createSlow(
      byPid({
        1: inTurn(say("spawn", "worker", "Work."), say("wait", "2"), end),
        2: (_request, index) => (index < pause ? say("now") : stop("the child's end")),
      }),
      { model: { pace: () => machine.clock.sleep(1), slots: 4 } },
    );
    void machine.start();
    await machine.run();
    const parent = machine.hum.inbox.find(1);
    assert.equal(parent.state, "ended", `it waits on ${JSON.stringify(parent.waiting)} with pause ${pause}`);
    const last = machine.requests.findLast((request) => request.process === "1");
    assert.match(windowOf(last!), /failed: .*the child's end/);
  }
});

test("[E8] an entity hears what another says", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("spawn", "clerk", "Listen."), say("say", "2", "the word is plum"), say("wait", "2"), end),
      2: inTurn(say("ask", "worker", "Which word?"), end),
    }),
  });
  await machine.start();
  await machine.run();
  const last = machine.requests.findLast((request) => request.process === "2");
  assert.match(windowOf(last!), /worker says: the word is plum/);
  assert.ok([...machine.hum.ledger.state.entities.values()].every((entity) => entity.state === "ended"));
});

test("[S7] a turn that throws is begun again; too often and the entity is paused and its owner told", async () => {
  const machine = createTestMachine({
    play: inTurn(end),
    wrap: (model) => ({
      ...model,
      generate() {
        throw new Error("a bug in the driver");
      },
    }),
  });
  await machine.start();
  await machine.run();
  const entity = machine.hum.inbox.find(1);
  assert.equal(entity.paused, true);
  assert.equal(machine.errors.length, restartIntensity.restarts);
  assert.match(machine.hum.inbox.mail("Kim")[0]?.text ?? "", /stopped 5 times in a row.*a bug in the driver/);
});

test("[S7] a journal that cannot be written stops the driver instead of spinning", async () => {
  let broken = false;
  const machine = createTestMachine({
    play: inTurn(say("now"), end),
    beforeWrite: async () => {
      if (broken) throw new HumError("damaged", "the disk is gone");
    },
  });
  await machine.start();
  broken = true;
  await machine.run();
  assert.ok(machine.calls.length <= restartIntensity.restarts, `${machine.calls.length} calls`);
  assert.deepEqual(machine.hum.dispatch.running(), []);
});

test("[S7] a timer that rings while the journal is closed is no crash", async () => {
  const machine = createTestMachine({ play: inTurn(say("sleep", "10m"), end) });
  await machine.start();
  await machine.run(1_000);
  machine.hum.ledger.journal.close();
  await machine.run();
  assert.equal(machine.errors.length, 1);
});

test("[E6] who sleeps wakes within a minute of its time, also when the clock has jumped meanwhile", async () => {
  // A machine that was asleep: its clock is a day on, its timers are not.
  const clock = createVirtualClock();
  let slept = 0;
  const machine = createTestMachine({
    play: inTurn(say("sleep", "10m"), end),
    clock: { ...clock, now: () => clock.now() + slept },
  });
  await machine.start();
  await machine.run(1_000);
  slept = 24 * 60 * 60_000;
  while (clock.advance(clock.now() + 60_000) && !machine.trail(1).includes("entity.woken"))
    await machine.settle();
  const began = machine.records()[0]?.at ?? 0;
  const woken = machine.records().find((record) => record.type === "entity.woken");
  assert.ok(woken && woken.at - began - slept < 62_000, String(woken && woken.at - began - slept));
});

test("[E6] a waking that cannot be written is tried again, and keeps no other from waking", async () => {
  let bad = false;
  const machine = createTestMachine({
    play: inTurn(say("sleep", "10m"), end),
    async beforeWrite() {
      if (!bad) return;
      bad = false;
      throw new Error("EIO: i/o error, write");
    },
  });
  await machine.start();
  await machine.start("Another one.");
  await machine.run(1_000);
  bad = true;
  await machine.run();
  assert.equal(machine.errors.length, 1);
  for (const pid of [1, 2]) assert.ok(machine.trail(pid).includes("entity.woken"), `pid ${pid}`);
});

test("[M5] page ids are never used twice, also when messages come at the same moment", async () => {
  const machine = createSlow(
    inTurn(say("now"), say("read", "a.txt"), say("list", "."), say("sleep", "1s"), end),
  );
  void machine.start();
  await until(machine, () => machine.hum.ledger.state.entities.has(1));
  for (let i = 0; i < 12; i++) {
    void machine.hum.inbox.say(1, { from: "Kim", text: `word ${i}` });
    machine.clock.advance();
    await machine.settle();
  }
  await machine.run();
  const ids = machine
    .records()
    .flatMap((record) => (record.data as { pages?: { id: number }[] }).pages ?? [])
    .map((page) => page.id);
  assert.ok(ids.length > 15);
  assert.equal(new Set(ids).size, ids.length);
});
