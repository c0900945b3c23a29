// A device that goes away, as a server of tools does that is taken out of the settings: between what was said and what is
// done, in the middle of a call, and over a restart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type Device, defineDevice, defineOperation } from "../src/device/device.ts";
import { toLabel } from "../src/memory/label.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { createTestMachine, inTurn, stop, windowOf } from "./fixtures/machine.ts";

const end = stop("enough");
const add = (text: string) =>
  fenceForm.render({ name: "notes.add", args: { arguments: JSON.stringify({ text }) } });
const program = { tools: ["notes.add", "done"] };

function createNotes(wait: () => Promise<void> = async () => {}): { device: Device; notes: string[] } {
  const notes: string[] = [];
  const operation = defineOperation<{ text: string }>({
    about: "adds a note",
    args: z.object({ text: z.string() }),
    effect: "irreversible",
    sinks: {},
    async run({ text }) {
      notes.push(text);
      await wait();
      return { ok: true, text: "added", label: toLabel("kernel") };
    },
  });
  return { device: defineDevice({ name: "notes", operations: { add: operation } }), notes };
}

test("[D3] what was said yes to is told not to be there, where its device is gone, and so is what stood behind it", async () => {
  const machine = createTestMachine({ play: inTurn(`${add("a")}\n${add("b")}`, end), program });
  const { device, notes } = createNotes();
  machine.hum.broker.plug([device]);
  await machine.start();
  await machine.run(1_000);
  assert.ok(Array.isArray(machine.hum.ledger.state.approvals.get("a-1.1")?.payload.calls));
  machine.hum.broker.plug([]);
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.run(1_000);
  assert.deepEqual(notes, []);
  assert.match(windowOf(machine.requests[1]!), /There is no notes\.add[\s\S]*Call 2: There is no notes\.add/);
  assert.deepEqual(machine.errors, []);
});

test("[C2] a call whose device is gone after a stop is in doubt as any other, and the entity goes on", async () => {
  const clock = createVirtualClock();
  const machine = createTestMachine({ play: inTurn(add("a"), end), program, clock });
  const { device, notes } = createNotes(() => clock.sleep(60_000));
  machine.hum.broker.plug([device]);
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.settle();
  assert.deepEqual(notes, ["a"]);
  const again = machine.crash({ play: inTurn(end) });
  await again.run(10_000);
  assert.deepEqual(again.errors, []);
  const [doubt] = again.hum.ledger.state.approvals.values();
  assert.equal(doubt?.kind, "in-doubt");
  await again.hum.inbox.answer(doubt!.id, "approved", "Kim");
  await again.run(10_000);
  assert.match(windowOf(again.requests[0]!), /There is no notes\.add/);
  assert.equal(again.hum.inbox.find(1).state, "ended");
});

test("[D3] a device that goes away while its call is being written down is a failure of that call", async () => {
  const { device, notes } = createNotes();
  const machine = createTestMachine({
    play: inTurn(add("a"), end),
    program,
    async beforeWrite() {
      const { open } = machine?.hum.ledger.state.entities.get(1) ?? {};
      if (open || machine?.hum.ledger.state.entities.get(1)?.held?.answer) machine.hum.broker.plug([]);
    },
  });
  machine.hum.broker.plug([device]);
  await machine.start();
  await machine.run(1_000);
  await machine.hum.inbox.answer("a-1.1", "approved", "Kim");
  await machine.run(1_000);
  assert.deepEqual(notes, []);
  assert.deepEqual(machine.errors, []);
  assert.match(windowOf(machine.requests[1]!), /There is no operation notes\.add/);
});
