// Colleagues who are told something: what a broken write, a stop or a person's words leave of it between the message and
// the record behind it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toWriteFailure } from "../src/sim/faults.ts";
import { createTestMachine, inTurn, say, type TestMachine, windowOf } from "./fixtures/machine.ts";

const tools = ["now", "say", "done", "fail"];

const telling = [say("now"), say("say", "Ben", "There are 4."), say("done", "", "Told.")];

/** A machine in which two colleagues, Ben (1) and Ben (2), stand still and a third tells Ben a number. */
async function create(times: 1 | 2): Promise<TestMachine> {
  let broken = false;
  const machine: TestMachine = createTestMachine({
    play: inTurn(...telling, ...telling),
    past: true,
    program: { tools, redundancy: times },
    model: { attempts: times },
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
  return machine;
}

/** Who has heard what, and what went to people. */
const told = (machine: TestMachine) =>
  machine
    .records()
    .filter(({ type }) => type === "message.delivered" || type === "message.sent")
    .map(({ type, data }) =>
      type === "message.sent" ? `${data.to}: ${data.text}` : `${data.pid}: ${data.text}`,
    );

test("[R5] what a colleague heard stays said once, where the end behind it could not be written", async () => {
  const machine = await create(2);
  await machine.run();
  assert.equal(machine.hum.inbox.find(2).outcome?.kind, "killed");
  const votes = { for: 2, of: 2 };
  assert.deepEqual(machine.hum.inbox.find(3).outcome, { kind: "done", text: "Told.", votes });
  assert.deepEqual(told(machine), ["2: There are 4."]);
});

test("[C5] what a colleague heard is not said again to another of its name", async () => {
  const machine = await create(1);
  await machine.run();
  assert.equal(machine.hum.inbox.find(2).outcome?.kind, "killed");
  assert.deepEqual(machine.hum.inbox.find(3).outcome, { kind: "done", text: "Told." });
  assert.deepEqual(told(machine), ["2: There are 4."]);
  assert.match(windowOf(machine.requests.at(-1)!), /Sent to Ben \(pid 2\)/);
});
