// Effects and crashes in the small: what is repeated, what is brought back, what is asked. The same with a real process
// and a real disk is crash.test.ts; with every kind of trouble at once it is sim.test.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVirtualClock } from "../src/sim/clock.ts";
import { createTestMachine, inTurn, say, stop, type TestMachine, windowOf } from "./fixtures/machine.ts";

const end = stop("enough");

/** A machine that dies in the middle of its first device call: before or after the effect. */
async function dieInCall(call: string, part: 0 | 1, grant = false): Promise<TestMachine> {
  const clock = createVirtualClock();
  const first = createTestMachine({
    play: inTurn(call, end),
    clock,
    wait: (at) => (at === part ? clock.sleep(60_000) : Promise.resolve()),
  });
  const capabilities = [{ operation: "*", grantedBy: "Kim", ...(grant ? { hosts: ["example.org"] } : {}) }];
  await first.start("Do it.", { capabilities });
  await first.run(1_000);
  for (const id of first.hum.ledger.state.approvals.keys())
    await first.hum.inbox.answer(id, "approved", "Kim");
  await first.run(1_000);
  assert.equal(first.world.deeds.length, part);
  return first.crash({ play: inTurn(end), wait: async () => {} });
}

for (const part of [0, 1] as const) {
  const when = part === 0 ? "before" : "after";
  test(`[C3] a reversible call cut off ${when} its effect is brought back and repeated`, async () => {
    const machine = await dieInCall(say("write", "a.txt", "x"), part);
    await machine.run();
    const counted = machine.world.deeds.filter((deed) => !deed.undone);
    assert.equal(counted.length, 1);
    assert.equal(machine.world.files.get("/hum/homes/1-worker/a.txt"), "x");
    assert.equal(machine.hum.inbox.find(1).state, "ended");
  });

  test(`[C4] an irreversible call cut off ${when} its effect is asked, not repeated`, async () => {
    const machine = await dieInCall(say("bash", "", "stamp"), part);
    await machine.run();
    const [approval] = [...machine.hum.ledger.state.approvals.values()];
    assert.equal(approval?.kind, "in-doubt");
    assert.equal(machine.world.deeds.length, part);
    await machine.hum.inbox.answer(approval!.id, "denied", "Kim");
    await machine.run();
    assert.equal(machine.world.deeds.length, part, "a no repeats nothing");
    assert.match(windowOf(machine.requests[0]!), /It may have happened before the stop/);
  });

  test(`[C4] a granted egress cut off ${when} its effect is asked too, and a yes repeats it once`, async () => {
    const machine = await dieInCall(say("get", "https://example.org/a"), part, true);
    await machine.run();
    const [approval] = [...machine.hum.ledger.state.approvals.values()];
    assert.equal(approval?.kind, "in-doubt");
    await machine.hum.inbox.answer(approval!.id, "approved", "Kim");
    await machine.run();
    assert.equal(machine.world.deeds.length, part + 1);
  });
}

test("[C2] a call that ended is never executed again, however often the machine stops after it", async () => {
  let machine = createTestMachine({ play: inTurn(say("write", "a.txt", "x"), say("sleep", "1d")) });
  await machine.start();
  await machine.run(1_000);
  for (let i = 0; i < 3; i++) {
    machine = machine.crash({ play: inTurn(end) });
    await machine.run(1_000);
  }
  assert.equal(machine.world.deeds.length, 1);
});

test("[C1] every call of a device has one key, the same for each repetition", async () => {
  const machine = await dieInCall(say("write", "a.txt", "x"), 1);
  await machine.run();
  assert.deepEqual(
    machine.world.deeds.map((deed) => deed.key),
    ["1.1", "1.1"],
  );
});

test("[C5] a message cut off by a crash is delivered once", async () => {
  for (let moment = 1; moment < 40; moment++) {
    const clock = createVirtualClock();
    const options = { clock, beforeWrite: () => clock.sleep(3) };
    const play = (_request: unknown, _index: number, pid: number) =>
      pid === 1 ? say("sleep", "1h") : say("say", "1", "the word is plum");
    const first = createTestMachine({ ...options, play });
    void first.start();
    void first.start();
    for (let i = 0; i < moment; i++) {
      await first.settle();
      clock.advance();
    }
    const machine = first.crash({ ...options, play });
    await machine.run(60_000);
    const heard = machine.records().filter((record) => record.type === "message.delivered");
    const said = machine.records().filter((record) => record.type === "turn.said" && record.data.pid === 2);
    const once = said.filter((record) => record.data.bad === null).length;
    assert.equal(heard.length, once, `cut off at moment ${moment}`);
    assert.equal(new Set(heard.map((record) => record.data.id)).size, heard.length);
  }
});

test("[C5] a child is started once, also when the machine dies while it starts", async () => {
  for (let moment = 1; moment < 40; moment++) {
    const clock = createVirtualClock();
    const options = { clock, beforeWrite: () => clock.sleep(3) };
    const play = (_request: unknown, _index: number, pid: number) =>
      pid === 1 ? say("spawn", "worker", "Work.") : say("sleep", "1h");
    const first = createTestMachine({ ...options, play });
    void first.start();
    for (let i = 0; i < moment; i++) {
      await first.settle();
      clock.advance();
    }
    const machine = first.crash({
      ...options,
      play: (...of) => (of[2] === 1 ? say("sleep", "1h") : play(...of)),
    });
    await machine.run(60_000);
    const causes = [...machine.hum.ledger.state.entities.values()].map((entity) => entity.cause);
    assert.equal(new Set(causes).size, causes.length, `cut off at moment ${moment}: ${causes}`);
    const said = machine.records().filter((record) => record.type === "turn.said" && record.data.pid === 1);
    const begun = machine.records().filter((record) => record.type === "call.begun");
    assert.equal(causes.length, said.length === 0 ? causes.length : begun.length + 1);
  }
});

test("[C7] a result larger than the journal takes is cut, not an endless restart", async () => {
  const machine = createTestMachine({ play: inTurn(say("read", "/big.txt"), end) });
  machine.world.files.set("/big.txt", "line of text\n".repeat(80_000));
  await machine.start();
  await machine.run();
  assert.deepEqual(machine.errors, []);
  assert.equal(machine.hum.inbox.find(1).state, "ended");
});

test("[D1] an operation that nobody defines, or with wrong arguments, is refused before anything happens", async () => {
  const machine = createTestMachine({ play: inTurn(say("get", "no address"), end) });
  await machine.start();
  await machine.run();
  assert.match(windowOf(machine.requests[1]!), /http\.get: argument url/);
  assert.deepEqual(machine.trail(1).slice(1, 3), ["turn.said", "call.ended"]);
});

test("[D2] what a device throws becomes a failed result", async () => {
  const machine = createTestMachine({
    play: inTurn(say("write", "a.txt", "x"), end),
    failure: () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    },
  });
  await machine.start();
  await machine.run();
  assert.deepEqual(machine.errors, []);
  assert.match(windowOf(machine.requests[1]!), /files\.write: The disk is full/);
});
