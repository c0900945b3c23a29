// Several calls of one operation in one answer: one question for all that need a yes, and each done once, in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { toLogLine } from "../src/cli/log-line.ts";
import { hashPayload } from "../src/device/broker.ts";
import { defineDevice, defineOperation } from "../src/device/device.ts";
import { turnLimits } from "../src/limits.ts";
import { toLabel } from "../src/memory/label.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { createTestMachine, inTurn, say, stop, type TestMachine, windowOf } from "./fixtures/machine.ts";

const end = stop("enough");
const page = (name: string) => `https://example.org/${name}`;
const gets = (...names: string[]) => names.map((name) => say("get", page(name))).join("\n");

const approvalsOf = (machine: TestMachine) => [...machine.hum.ledger.state.approvals.values()];
const done = (machine: TestMachine) => machine.world.deeds.map(({ key, what }) => [key, what]);
const granted = (host: string) => ({
  capabilities: [{ operation: "*", grantedBy: "Kim", hosts: [host] }],
});

test("[A8] several calls of one answer are one question that shows each whole, and one yes does all in order", async () => {
  const machine = createTestMachine({ play: inTurn(gets("a", "b", "c"), end) });
  await machine.start();
  await machine.run(1_000);
  const [approval, ...others] = approvalsOf(machine);
  assert.deepEqual(others, []);
  const payload = { name: "http.get", calls: ["a", "b", "c"].map((name) => ({ url: page(name) })) };
  assert.deepEqual(approval?.payload, payload);
  assert.equal(approval?.hash, hashPayload(payload));
  assert.equal(approval?.why, "it reaches example.org:443, and nobody granted that", "each reason once");
  const held = machine.records().find(({ type }) => type === "call.held");
  assert.match(toLogLine(held!).join(), /get × 3 waits for a yes/);
  assert.deepEqual(done(machine), []);
  await machine.hum.inbox.answer(approval!.id, "approved", "Kim");
  await machine.run(1_000);
  assert.deepEqual(done(machine), [
    ["1.1", page("a")],
    ["1.1.2", page("b")],
    ["1.1.3", page("c")],
  ]);
  assert.equal(machine.requests.length, 2, "the model is asked again when all are done");
  assert.match(windowOf(machine.requests[1]!), /Call 2: [\s\S]*Call 3: /);
});

test("[A8] a no is for all of them, and the entity is told", async () => {
  const machine = createTestMachine({ play: inTurn(gets("a", "b", "c"), end) });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.answer("a-1.1", "denied", "Kim");
  await machine.run(1_000);
  assert.deepEqual(done(machine), []);
  assert.match(windowOf(machine.requests[1]!), /The answer was no: none of the 3 get was done\./);
  assert.deepEqual(approvalsOf(machine), []);
});

test("[A8] what is granted runs unasked, and only the rest of the answer is asked, together", async () => {
  const other = (name: string) => say("get", `https://other.org/${name}`);
  const answer = [gets("a"), other("b"), gets("c"), other("d")].join("\n");
  const machine = createTestMachine({ play: inTurn(answer, end) });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  const [approval] = approvalsOf(machine);
  assert.deepEqual(approval?.payload.calls, [{ url: "https://other.org/b" }, { url: "https://other.org/d" }]);
  assert.deepEqual(done(machine), [["1.1", page("a")]]);
  await machine.hum.inbox.answer(approval!.id, "approved", "Kim");
  await machine.run(1_000);
  assert.deepEqual(
    done(machine).map(([, what]) => what),
    [page("a"), "https://other.org/b", "https://other.org/d", page("c")],
  );
});

test("[A8] a right that is taken back after the yes stops what is not done yet", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({
    play: inTurn(gets("a", "b"), end),
    clock,
    wait: (at) => (at === 1 ? clock.sleep(1_000) : Promise.resolve()),
  });
  await machine.start();
  await machine.run(100);
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.run(100);
  await machine.hum.inbox.revoke(1, "*", "Kim");
  await machine.run();
  assert.deepEqual(done(machine), [["1.1", page("a")]]);
  assert.match(windowOf(machine.requests.at(-1)!), /Call 2: You may not use http\.get/);
});

test("[C9] each call of an answer is done once and in order, wherever the machine stops", async () => {
  for (let moment = 1; moment < 60; moment++) {
    const clock = createVirtualClock();
    const options = { clock, beforeWrite: () => clock.sleep(3), wait: () => clock.sleep(2) };
    const play = inTurn(gets("a", "b", "c"), end);
    const first = createTestMachine({ ...options, play });
    void first.start("Do it.", granted("example.org"));
    for (let i = 0; i < moment; i++) {
      await first.settle();
      clock.advance();
    }
    if (first.trail(1).length === 0) continue;
    const said = first.trail(1).includes("turn.said");
    const machine = first.crash({ ...options, play: said ? inTurn(end) : play });
    await machine.run(10_000);
    // What was cut off and cannot be undone is in doubt: a yes does it once more.
    const [doubt] = approvalsOf(machine);
    if (doubt) {
      assert.equal(doubt.kind, "in-doubt");
      const doubted = machine.world.deeds.filter((deed) => `d-${deed.key}-` === doubt.id.replace(/\d+$/, ""));
      void machine.hum.inbox.answer(doubt.id, doubted.length > 0 ? "denied" : "approved", "Kim");
      await machine.run(10_000);
    }
    assert.deepEqual(done(machine), [
      ["1.1", page("a")],
      ["1.1.2", page("b")],
      ["1.1.3", page("c")],
    ]);
    assert.equal(machine.hum.inbox.find(1).state, "ended", `cut off at moment ${moment}`);
  }
});

test("[C9] an entity that is killed does none of the calls that are left", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({
    play: inTurn(gets("a", "b", "c"), end),
    clock,
    wait: (at) => (at === 1 ? clock.sleep(1_000) : Promise.resolve()),
  });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(100);
  await machine.hum.inbox.kill(1, "Kim");
  await machine.run();
  assert.deepEqual(done(machine), [["1.1", page("a")]]);
});

test("[C9] whoever was told something meanwhile reads it before what is left of an answer and no yes was for", async () => {
  const other = say("get", "https://other.org/b");
  const clock = createVirtualClock();
  // While the first is under way.
  const first = createTestMachine({
    play: inTurn(gets("a", "b"), gets("b"), end),
    clock,
    wait: (at) => (at === 1 ? clock.sleep(1_000) : Promise.resolve()),
  });
  await first.start("Do it.", granted("example.org"));
  await first.run(100);
  await first.hum.inbox.say(1, { from: "Kim", text: "Stop, that is the wrong list." });
  await first.run();
  assert.match(windowOf(first.requests[1]!), /wrong list[\s\S]*Call 2: [^\n]*told something/);
  assert.deepEqual(done(first), [
    ["1.1", page("a")],
    ["1.2", page("b")],
  ]);
  assert.ok(!windowOf(first.requests[2]!).includes("You did exactly this before"), "it was not done before");
  // While a yes is waited for: a no does not let go what stood behind it.
  const held = createTestMachine({ play: inTurn(`${other}\n${gets("c")}`, end) });
  await held.start("Do it.", granted("example.org"));
  await held.run(1_000);
  await held.hum.inbox.say(1, { from: "Kim", text: "Do nothing of it." });
  await held.hum.inbox.answer("a-1.1", "denied", "Kim");
  await held.run(1_000);
  assert.deepEqual(done(held), []);
  // While the model wrote it.
  const writing: TestMachine = createTestMachine({
    async play(_request, index) {
      if (index === 0) await writing.hum.inbox.say(1, { from: "Kim", text: "Only one, please." });
      return index === 0 ? gets("a", "b") : end;
    },
  });
  await writing.start("Do it.", granted("example.org"));
  await writing.run(1_000);
  assert.deepEqual(done(writing), [["1.1", page("a")]]);
  assert.match(windowOf(writing.requests[1]!), /Only one, please[\s\S]*Call 2: [^\n]*told something/);
  // While the first was made ready, before anything of the answer was written down.
  const ready: TestMachine = createTestMachine({
    play: inTurn(`${add("a")}\n${add("b")}`, end),
    program: { tools: ["notes.add", "done"] },
  });
  const notes: string[] = [];
  ready.hum.broker.plug([
    createNotes(notes, () => ready.hum.inbox.say(1, { from: "Kim", text: "Only one, please." })),
  ]);
  await ready.start("Do it.", { capabilities: [{ operation: "*", grantedBy: "Kim", acts: true }] });
  await ready.run(1_000);
  assert.deepEqual(notes, ["a"]);
});

const add = (text: string) =>
  fenceForm.render({ name: "notes.add", args: { arguments: JSON.stringify({ text }) } });

const createNotes = (notes: string[], prepare: () => Promise<unknown>) =>
  defineDevice({
    name: "notes",
    operations: {
      add: defineOperation<{ text: string }>({
        about: "adds a note",
        args: z.object({ text: z.string() }),
        effect: "irreversible",
        sinks: {},
        prepare: async () => ({ ready: await prepare() }),
        async run({ text }) {
          notes.push(text);
          return { ok: true, text: "added", label: toLabel("kernel") };
        },
      }),
    },
  });

test("[C9] what a person said yes to is done, whatever is said meanwhile", async () => {
  const machine = createTestMachine({ play: inTurn(gets("a", "b"), end) });
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.say(1, { from: "Kim", text: "I shall look at it." });
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.run(1_000);
  assert.equal(machine.world.deeds.length, 2);
});

test("[B2] a budget that is used up twice within one answer is asked for twice, each a question of its own", async () => {
  const machine = createTestMachine({ play: inTurn(gets("a", "b", "c"), end) });
  await machine.start("Do it.", { ...granted("example.org"), budget: { deviceCalls: 1 } });
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    await machine.run(1_000);
    ids.push(...approvalsOf(machine).map(({ id }) => id));
    await machine.workplace.raiseBudget("Kim", 1, { deviceCalls: 1 });
  }
  await machine.run(1_000);
  assert.equal(new Set(ids).size, 2, ids.join());
  assert.equal(machine.world.deeds.length, 3);
});

test("a sentence of an example is none of any call of an answer", async () => {
  const run = (command: string) =>
    fenceForm.render({
      name: "terminal.run",
      args: { arguments: JSON.stringify({ command, language: "bash" }) },
    });
  const machine = createTestMachine({
    play: inTurn(`${run("mail the list to Ada")}\n${run("I bring the wood tonight.")}`, end),
    program: {
      tools: ["terminal.run", "done"],
      example: [
        { role: "user", text: "Task: Say it." },
        { role: "assistant", text: run("I bring the wood tonight.") },
      ],
    },
  });
  await machine.start("Mail the list to Ada.");
  await machine.run(1_000);
  assert.match(windowOf(machine.requests[1]!), /"I bring the wood tonight\." is of an example/);
});

test("[C9] the same again is left out, and so is what is too much", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const machine = createTestMachine({ play: inTurn(gets("p0", "p0", ...names), end) });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  const kept = names.slice(0, turnLimits.callsOfAnswer);
  assert.deepEqual(
    done(machine).map(([, what]) => what),
    kept.map(page),
  );
  const window = windowOf(machine.requests[1]!);
  assert.ok(
    !window.includes(say("get", page(names[turnLimits.callsOfAnswer] as string))),
    "nor does it stay",
  );
});

test("[C9] behind a call stands only more of the same: another one is not done, and leaves the window", async () => {
  const machine = createTestMachine({
    play: inTurn(`${gets("a")}\n${say("done", "", "All is read.")}`, `${say("now")}\n${say("now")}`, end),
  });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  assert.equal(machine.requests.length, 3);
  assert.ok(!windowOf(machine.requests[1]!).includes("All is read."));
});

test("[E3] a call that stood behind another one in an answer is not done again either", async () => {
  const machine = createTestMachine({ play: inTurn(gets("a", "b"), gets("b"), end) });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  assert.equal(machine.world.deeds.length, 2);
  assert.match(windowOf(machine.requests[2]!), /You did exactly this before/);
});

test("calls of one answer with results alike are one step, and no circle", async () => {
  const answer = gets("a", "b", "c", "d");
  const machine = createTestMachine({
    play: inTurn(answer, say("now"), end),
    failure: () => "The server is at lunch and answers nobody until it has come back in the afternoon.",
  });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  assert.equal(machine.requests.length, 3);
  assert.ok(!windowOf(machine.requests[2]!).includes("came to the same result"));
});

test("a large model may say several at once and is told so; a small one may not", async () => {
  const first = async (attempts: number) => {
    const machine = createTestMachine({ play: inTurn(end), model: { attempts } });
    await machine.start();
    await machine.run();
    const [request] = machine.requests;
    return {
      grammar: (request?.grammar ?? "").includes('("\\n```" ("get" " " head) "\\n```")+'),
      told: windowOf(request!).includes("one below the other"),
    };
  };
  const [large, small] = [await first(1), await first(5)];
  assert.equal(large.told, true);
  assert.equal(small.told, false);
  assert.deepEqual([large.grammar, small.grammar], [true, false]);
});

test("[A8] a yes that reaches further is offered only where all go to one place", async () => {
  const shownOf = async (answer: string) => {
    const machine = createTestMachine({ play: inTurn(answer, end) });
    await machine.start();
    await machine.run(1_000);
    const [shown] = await machine.workplace.approvals();
    return { sink: shown?.sink, scopes: shown?.scopes };
  };
  assert.deepEqual(await shownOf(gets("a", "b")), { sink: "example.org:443", scopes: ["once", "standing"] });
  const apart = [gets("a"), say("get", "https://other.org/b")].join("\n");
  assert.deepEqual(await shownOf(apart), { sink: "example.org:443, other.org:443", scopes: ["once"] });
});

test("answers with the same first result in a row are a circle, however many calls they hold", async () => {
  const machine = createTestMachine({
    play: inTurn(gets("a", "b"), gets("c", "d"), gets("e", "f"), gets("g", "h"), end),
    failure: () => "The server is at lunch and answers nobody until it has come back in the afternoon.",
  });
  await machine.start("Do it.", granted("example.org"));
  await machine.run(1_000);
  assert.match(windowOf(machine.requests[4]!), /An earlier attempt was taken back/);
});
