// Colleagues who are told something: what a broken write, a stop or a person's words leave of it between the message and
// the record behind it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toWriteFailure } from "../src/sim/faults.ts";
import {
  createTestMachine,
  inTurn,
  type Play,
  say,
  type TestMachine,
  type TestOptions,
  windowOf,
} from "./fixtures/machine.ts";

const tools = ["now", "say", "done", "fail"];

/** Who has heard what, and what went to people. */
const told = (machine: TestMachine) =>
  machine
    .records()
    .filter(({ type }) => type === "message.delivered" || type === "message.sent")
    .map(({ type, data }) =>
      type === "message.sent" ? `${data.to}: ${data.text}` : `${data.pid}: ${data.text}`,
    );

test("[C5] what a colleague heard is not said again to another of its name", async () => {
  let broken = false;
  const machine: TestMachine = createTestMachine({
    play: inTurn(say("now"), say("say", "Ben", "There are 4."), say("done", "", "Told.")),
    program: { tools },
    // The record behind the message cannot be written, and whoever heard it has ended when it is tried again.
    async beforeWrite() {
      if (broken || !machine?.disk.rows.some((row) => row.type === "message.delivered")) return;
      broken = true;
      void machine.hum.inbox.kill(2, "Kim");
      throw toWriteFailure();
    },
  });
  for (const name of ["Ben", "Ben"]) {
    const { pid } = await machine.start("Stand by.", { name });
    await machine.hum.inbox.pause(pid, "Kim");
  }
  await machine.start("Pass on how many names there are.");
  await machine.run();
  assert.equal(machine.hum.inbox.find(2).outcome?.kind, "killed");
  assert.deepEqual(machine.hum.inbox.find(3).outcome, { kind: "done", text: "Told." });
  assert.deepEqual(told(machine), ["2: There are 4."]);
  assert.match(windowOf(machine.requests.at(-1)!), /Sent to Ben \(pid 2\)/);
});

// What is said depends on what stands in the window, so that a turn that is taken again says the same.
const tellBen: Play = (request) => {
  const window = windowOf(request);
  if (window.includes("Sent to Ben")) return say("done", "", "Told.");
  if (!request.messages.some(({ role }) => role === "assistant")) return say("now");
  return say("say", "Ben", window.includes("Oslo") ? "There are 3." : "There are 4.");
};

/** A machine in which Ben (1) stands still and another (2) tells him a number, in attempts until two are the same. */
async function createPair(more: Partial<TestOptions> = {}): Promise<TestMachine> {
  const machine = createTestMachine({
    ...{ play: tellBen, past: true, program: { tools, redundancy: 3 }, model: { attempts: 3 }, ...more },
  });
  await machine.start("Stand by.", { name: "Ben" });
  await machine.hum.inbox.pause(1, "Kim");
  await machine.start("Tell Ben how many names there are.");
  return machine;
}

// All that has begun is on its way to the journal by then.
const soon = async () => {
  for (let hop = 0; hop < 100; hop++) await Promise.resolve();
};

const typesOf = (machine: TestMachine) => machine.records().map(({ type }) => type);

test("[R5] words of a person right before the end take nothing back that a colleague has heard", async () => {
  const counts = new Set<string>();
  for (let moment = 1; moment <= 16; moment++) {
    let machine: TestMachine | undefined;
    let writes = 0;
    machine = await createPair({
      // While a write after the first attempt is under way a person says something.
      async beforeWrite() {
        if (!machine || !typesOf(machine).includes("attempt.ended") || ++writes !== moment) return;
        void machine.hum.inbox.say(2, { from: "Kim", text: "Only those of Oslo." }).catch(() => {});
        await soon();
      },
    });
    await machine.run();
    assert.equal(machine.hum.inbox.find(2).outcome?.kind, "done");
    const [last] = machine
      .records()
      .filter(({ type }) => type === "attempt.ended")
      .slice(-1);
    const { done } = last!.data.attempt as { done: { drafts: { text: string }[] } };
    const heard = told(machine).filter((text) => !text.includes("Oslo"));
    assert.deepEqual(
      heard,
      done.drafts.map(({ text }) => `1: ${text}`),
      `at write ${moment}`,
    );
    counts.add(heard.join());
  }
  assert.equal(counts.size, 2, "sometimes the words came in time, sometimes not");
});

test("[R5] [R6] a kill -9 after any record: a colleague hears what counts, once", async () => {
  const whole = await createPair();
  await whole.run();
  const total = whole.disk.rows.length;
  for (let at = typesOf(whole).indexOf("attempt.ended"); at < total; at++) {
    let first: TestMachine | undefined;
    first = await createPair({
      async beforeWrite() {
        if (first && first.disk.rows.length >= at) await new Promise(() => {});
      },
    });
    await first.run();
    const machine = first.crash({ beforeWrite: async () => {} });
    await machine.run();
    assert.equal(machine.hum.inbox.find(2).outcome?.kind, "done");
    assert.deepEqual(told(machine), ["1: There are 4."], `stopped after record ${at} of ${total}`);
  }
});

test("[R5] who bears the name of a colleague that has ended does not hear itself", async () => {
  const machine: TestMachine = createTestMachine({
    ...{ past: true, program: { tools, redundancy: 3 }, model: { attempts: 3 } },
    async play(request, index, pid) {
      if (index === 0 && pid === 1) {
        await machine.start("Stand by.", { name: "Ben" });
        await machine.hum.inbox.pause(2, "Kim");
      }
      if (index === 5) await machine.hum.inbox.kill(2, "Kim");
      return tellBen(request, index, pid);
    },
  });
  await machine.start("Tell Ben how many names there are.", { name: "Ben" });
  await machine.run();
  const votes = { for: 2, of: 2 };
  assert.deepEqual(machine.hum.inbox.find(1).outcome, { kind: "done", text: "Told.", votes });
  assert.deepEqual(told(machine), ["Ben: There are 4."]);
});

test("[R4] [R6] who comes to the folder while a result is brought back does not change which one counts", async () => {
  let broken = false;
  let machine: TestMachine | undefined;
  const writing = (number: string, answer: string) => [
    say("write", "sum.txt", number),
    say("done", "", answer),
  ];
  const answers = [...writing("1", "One."), ...writing("2", "Two."), ...writing("3", "Three.")];
  machine = createTestMachine({
    play: (_request, index, pid) =>
      pid === 1 ? (answers[index] ?? say("fail", "", "?")) : new Promise(() => {}),
    past: true,
    program: { tools: [...tools, "write"], redundancy: 3 },
    model: { attempts: 3 },
    // What was brought back cannot be written down, and somebody else has begun in the folder when it is tried again.
    async beforeWrite() {
      const undone = machine ? typesOf(machine).filter((type) => type === "files.undone").length : 0;
      if (broken || !machine || undone < 3) return;
      broken = true;
      void machine.start("Stand by.", { folder: "/shared" });
      await soon();
      throw toWriteFailure();
    },
  });
  await machine.start("Count the names and write the number to sum.txt", { folder: "/shared" });
  await machine.run();
  assert.ok(broken && machine.hum.ledger.state.entities.has(2));
  assert.equal(machine.hum.inbox.find(1).outcome?.text, "One.");
  assert.equal(machine.world.files.get("/shared/sum.txt"), "1");
});
