// The verbs of people: approve, pause, resume, kill, kill --all, say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { hashPayload } from "../src/device/broker.ts";
import { defineDevice, defineOperation } from "../src/device/device.ts";
import { approvalMs, taskBytes } from "../src/limits.ts";
import { toLabel } from "../src/memory/label.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import {
  byPid,
  createTestMachine,
  inTurn,
  say,
  stop,
  type TestMachine,
  windowOf,
} from "./fixtures/machine.ts";

const end = stop("enough");
const get = say("get", "https://example.org/a");

const approvalsOf = (machine: TestMachine) => [...machine.hum.ledger.state.approvals.values()];

test("[A1] an effect that nobody granted waits for a person, with the exact payload and its hash", async () => {
  const machine = createTestMachine({ play: inTurn(get, end) });
  await machine.start();
  await machine.run(1_000);
  const [approval] = approvalsOf(machine);
  assert.equal(approval?.kind, "effect");
  assert.deepEqual(approval?.payload, { name: "http.get", args: { url: "https://example.org/a" } });
  assert.equal(approval?.hash, hashPayload({ name: "http.get", args: { url: "https://example.org/a" } }));
  assert.equal(machine.world.deeds.length, 0);
  assert.deepEqual(machine.hum.dispatch.running(), []);
});

test("[A2] a yes runs exactly what was shown, once", async () => {
  const machine = createTestMachine({ play: inTurn(get, end) });
  await machine.start();
  await machine.run(1_000);
  const results = await Promise.allSettled([
    machine.hum.inbox.answer("a-1.1", "approved", "Kim"),
    machine.hum.inbox.answer("a-1.1", "denied", "Bob"),
  ]);
  assert.deepEqual(
    results.map((result) => result.status),
    ["fulfilled", "rejected"],
  );
  await machine.run(1_000);
  assert.deepEqual(
    machine.world.deeds.map((deed) => [deed.operation, deed.what]),
    [["http.get", "https://example.org/a"]],
  );
});

test("[A2] a yes is for the arguments as the schema read them", async () => {
  const done: unknown[] = [];
  const machine = createTestMachine({
    play: inTurn('```stamp.put\n{"text":"x"}\n```'.slice(fenceForm.begin.length), end),
    program: { tools: ["stamp.put", "fail"] },
  });
  const put = defineOperation({
    about: "Puts a stamp on it.",
    args: z.object({ text: z.string() }).transform((args) => ({ ...args, times: 1 })),
    effect: "irreversible",
    sinks: {},
    run: async (args) => ({ ok: done.push(args) > 0, text: "Put.", label: toLabel("kernel") }),
  });
  machine.hum.broker.plug([defineDevice({ name: "stamp", operations: { put } })]);
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.run(1_000);
  assert.deepEqual(done, [{ text: "x", times: 1 }]);
});

test("[A3] a no does nothing and is told", async () => {
  const machine = createTestMachine({ play: inTurn(get, end) });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.answer("a-1.1", "denied", "Kim");
  await machine.run(1_000);
  assert.equal(machine.world.deeds.length, 0);
  assert.match(windowOf(machine.requests[1]!), /The answer was no: get was not done/);
});

test("[A4] an approval that nobody answered is denied at its time, also after a restart", async () => {
  const first = createTestMachine({ play: inTurn(get, end) });
  await first.start();
  await first.run(1_000);
  const machine = first.crash({ play: inTurn(end) });
  await machine.run(approvalMs - 10_000);
  assert.equal(machine.calls.length, 0);
  await machine.run(approvalMs + 20_000);
  assert.match(windowOf(machine.requests[0]!), /Nobody answered in time/);
  assert.equal(machine.world.deeds.length, 0);
});

test("[A4] a yes at the moment in which the time is over comes too late, one before it does not", async () => {
  for (const [left, deeds] of [
    [0, 0],
    [1, 1],
  ] as const) {
    const clock = createVirtualClock();
    let slept = 0;
    const machine = createTestMachine({
      play: inTurn(get, end),
      clock: { ...clock, now: () => clock.now() + slept },
    });
    await machine.start();
    await machine.run(1_000);
    const [approval] = [...machine.hum.ledger.state.approvals.values()];
    // The machine was asleep until now, so that nothing has rung.
    slept = (approval?.expiresAt ?? 0) - left - clock.now();
    const answer = machine.hum.inbox.answer("a-1.1", "approved", "Kim");
    if (left === 0) await assert.rejects(answer, { code: "conflict" });
    else await answer;
    await machine.run(120_000);
    assert.equal(machine.world.deeds.length, deeds);
  }
});

test("[A5] the approvals of an entity go with it", async () => {
  const machine = createTestMachine({ play: inTurn(get, end) });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.kill(1, "Kim");
  assert.deepEqual(approvalsOf(machine), []);
  await assert.rejects(machine.hum.inbox.answer("a-1.1", "approved", "Kim"), { code: "not-found" });
  await machine.run(approvalMs * 2);
  assert.equal(machine.world.deeds.length, 0);
});

test("[S5] a pause in the middle of a sentence keeps what was said of it", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({
    play: inTurn(say("write", "a.txt", "one two three four five six seven"), end),
    clock,
    model: { pace: () => clock.sleep(10) },
  });
  await machine.start();
  await machine.run(55);
  const tokens = () =>
    machine.live.filter((event) => event.type === "model" && event.event.type === "text").length;
  assert.equal(tokens(), 5);
  await machine.hum.inbox.pause(1, "Kim");
  await machine.run(60_000);
  assert.ok(tokens() <= 6, "at most the token under way came after the pause");
  await machine.hum.inbox.resume(1, "Kim");
  await machine.run(60_000);
  assert.equal(machine.calls.length, 2, "the sentence was not begun again");
  assert.equal(machine.world.files.get("/hum/homes/1-worker/a.txt"), "one two three four five six seven");
});

test("[S5] a paused entity stays paused after a restart, and goes on when resumed", async () => {
  const first = createTestMachine({ play: inTurn(say("sleep", "10m"), end) });
  await first.start();
  await first.run(1_000);
  await first.hum.inbox.pause(1, "Kim");
  const machine = first.crash({ play: inTurn(end) });
  await machine.run();
  assert.equal(machine.calls.length, 0);
  await machine.hum.inbox.resume(1, "Kim");
  await machine.run();
  assert.equal(machine.hum.inbox.find(1).state, "ended");
});

test("[K2] kill --all ends all, lets none start, and holds after a restart", async () => {
  const first = createTestMachine({ play: inTurn(say("sleep", "10m"), end) });
  for (let i = 0; i < 3; i++) await first.start();
  await first.run(1_000);
  assert.equal(await first.hum.inbox.killAll("Kim"), 3);
  const machine = first.crash({ play: inTurn(end) });
  assert.equal(machine.hum.ledger.state.halted, true);
  await assert.rejects(async () => machine.start(), { code: "denied" });
  await machine.run();
  assert.equal(machine.calls.length, 0);
  await machine.hum.inbox.unhalt("Kim");
  await machine.run();
  assert.equal(machine.calls.length, 0, "what was killed stays killed");
  await machine.start();
  await machine.run();
  assert.equal(machine.calls.length, 1);
});

test("[K2] a crash in the middle of kill --all leaves nothing that goes on later", async () => {
  const clock = createVirtualClock();
  let slow = 0;
  const first = createTestMachine({
    play: inTurn(say("sleep", "10m"), end),
    clock,
    beforeWrite: () => clock.sleep(slow),
  });
  for (let i = 0; i < 3; i++) void first.start();
  await first.run(1_000);
  slow = 10;
  void first.hum.inbox.killAll("Kim");
  await first.run(15);
  assert.equal(first.records().at(-1)?.type, "kernel.halted");
  const machine = first.crash({ play: inTurn(end), beforeWrite: async () => {} });
  await machine.run();
  await machine.hum.inbox.unhalt("Kim");
  await machine.run();
  assert.equal(machine.calls.length, 0);
  for (const entity of machine.hum.ledger.state.entities.values())
    assert.equal(entity.outcome?.kind, "killed");
});

test("[K2] a task that is being started when all is killed does not start", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({
    play: inTurn(end),
    clock,
    wrap: (model) => ({
      ...model,
      async count(texts) {
        await clock.sleep(10);
        return model.count(texts);
      },
    }),
  });
  const started = assert.rejects(machine.start(), { code: "denied" });
  await machine.settle();
  await machine.hum.inbox.killAll("Kim");
  await machine.run();
  await started;
  assert.equal(machine.hum.ledger.state.entities.size, 0);
});

test("[K3] killed in the middle of a device call: the call is told to stop and nothing follows", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({
    play: inTurn(say("write", "a.txt", "x"), end),
    clock,
    wait: (_part, signal) => clock.sleep(60_000, signal),
  });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.kill(1, "Kim");
  await machine.run(1_000);
  assert.equal(machine.world.deeds.length, 0);
  assert.deepEqual(machine.hum.dispatch.running(), []);
  assert.equal(machine.calls.length, 1);
});

test("[A6] wrong use of a verb is an error with what to do, and leaves no record", async () => {
  const machine = createTestMachine({ play: inTurn(say("sleep", "1d"), end) });
  const { inbox } = machine.hum;
  await assert.rejects(machine.start("   "), { code: "bad-input" });
  await assert.rejects(machine.start("x".repeat(taskBytes + 1)), { code: "bad-input" });
  await assert.rejects(inbox.kill(7, "Kim"), { code: "not-found" });
  assert.equal(machine.records().length, 0);
  await machine.start();
  await machine.run(1_000);
  const before = machine.records().length;
  await assert.rejects(inbox.resume(1, "Kim"), { code: "conflict" });
  await assert.rejects(inbox.say(1, { from: "Kim", text: " " }), { code: "bad-input" });
  await assert.rejects(inbox.renice(1, { nice: 20 }), { code: "bad-input" });
  await assert.rejects(inbox.unhalt("Kim"), { code: "conflict" });
  assert.equal(machine.records().length, before);
  await inbox.kill(1, "Kim");
  await assert.rejects(inbox.kill(1, "Kim"), { code: "conflict" });
});

test("[E8] a person's answer wakes an entity that asked, and two messages at once both arrive", async () => {
  const machine = createTestMachine({
    play: inTurn(say("ask", "Kim", "Which list?"), say("sleep", "1s"), end),
  });
  await machine.start();
  await machine.run(1_000);
  assert.equal(machine.hum.inbox.mail("kim")[0]?.text, "Which list?");
  await Promise.all([
    machine.hum.inbox.say(1, { from: "Kim", text: "the red one" }),
    machine.hum.inbox.say(1, { from: "Kim", text: "and the blue one" }),
  ]);
  await machine.run();
  assert.match(windowOf(machine.requests.at(-1)!), /the red one[\s\S]*the blue one/);
  assert.equal(new Set(machine.hum.inbox.find(1).heard).size, 2);
});

test("[E8] what a person said stays in sight when an attempt is begun anew", async () => {
  const machine = createTestMachine({
    play: inTurn(
      say("ask", "Kim", "Which list?"),
      "```no\n```",
      "```call\n```",
      "```at all\n```",
      stop("enough"),
    ),
  });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.say(1, { from: "Kim", text: "the red one" });
  await machine.run();
  assert.equal(machine.requests.length, 5);
  for (const request of machine.requests.slice(1)) assert.match(windowOf(request), /Kim says: the red one/);
});

test("[E9] a message too large for the journal is refused, and the entity lives on", async () => {
  const machine = createTestMachine({ play: inTurn(say("ask", "Kim", "What?"), end) });
  await machine.start();
  await machine.run(1_000);
  await assert.rejects(machine.hum.inbox.say(1, { from: "Kim", text: "x".repeat(600_000) }), {
    code: "bad-input",
  });
  await machine.hum.inbox.say(1, { from: "Kim", text: "shorter" });
  await machine.run();
  assert.match(windowOf(machine.requests.at(-1)!), /shorter/);
});

test("[B3] a child's budget is cut from its parent's and counted as used in the same record", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("spawn", "worker", "Work."), say("wait", "2"), end),
      2: inTurn(say("sleep", "1d")),
    }),
  });
  await machine.start("Go.", { budget: { tokens: 10_000, deviceCalls: 10, children: 1 } });
  await machine.run(60_000);
  const parent = machine.hum.inbox.find(1);
  const child = machine.hum.inbox.find(2);
  assert.ok(child.budget.tokens <= 5_000 && child.budget.deviceCalls === 5 && child.budget.children === 0);
  assert.ok(parent.used.tokens >= child.budget.tokens);
  assert.equal(parent.used.deviceCalls, 5);
  assert.equal(machine.trail(1).includes("budget.charged"), false);
});

test("[B3] no more children than the budget says", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("spawn", "worker", "One."), say("spawn", "worker", "Two."), end),
      2: inTurn(say("sleep", "1d")),
    }),
  });
  await machine.start("Go.", { budget: { children: 1 } });
  await machine.run(1_000);
  assert.equal(machine.hum.ledger.state.entities.size, 2);
  const last = machine.requests.findLast((request) => request.process === "1");
  assert.match(windowOf(last!), /You may start no more colleagues/);
});

test("[C6] a child holds nothing that its parent does not hold", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("spawn", "worker", "Write."), say("wait", "2"), end),
      2: inTurn(say("write", "a.txt", "x"), end),
    }),
  });
  await machine.start("Go.", { capabilities: [{ operation: "files.read", grantedBy: "Kim" }] });
  await machine.run();
  const { capabilities } = machine.hum.inbox.find(2);
  assert.deepEqual(
    capabilities.map((capability) => capability.operation),
    ["files.read"],
  );
  assert.equal(machine.world.deeds.length, 0);
  const last = machine.requests.findLast((request) => request.process === "2");
  assert.match(windowOf(last!), /You may not use files\.write/);
});
