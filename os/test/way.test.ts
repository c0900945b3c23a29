// The way of one sentence through the rooms, and where the journal lies on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestMachine, inTurn, say } from "./fixtures/machine.ts";

test("[K1] one sentence goes inbox, entity, scheduler, memory, model, syscall, device, journal", async () => {
  const trace: string[] = [];
  const machine = createTestMachine({
    play: inTurn(say("write", "list.txt", "milk"), say("done", "", "Written."), say("done", "", "Written.")),
    beforeWrite: async () => void trace.push("journal"),
    wait: async (part) => {
      if (part === 0) trace.push("device");
    },
    wrap: (model) => ({
      ...model,
      async *generate(request, signal) {
        trace.push("model");
        yield* model.generate(request, signal);
      },
    }),
  });
  const { machine: parts, ledger } = machine.hum;
  const { generate } = parts.scheduler;
  parts.scheduler.generate = (job) => {
    trace.push("scheduler");
    return generate(job);
  };
  const { textsOf } = parts;
  parts.textsOf = (entity) => {
    trace.push("memory");
    return textsOf(entity);
  };
  const { decide } = parts.broker;
  parts.broker.decide = (call, authority) => {
    if (call.name !== "folder.survey") trace.push("syscall");
    return decide(call, authority);
  };
  ledger.listen((record) => {
    if (record.type === "entity.spawned") trace.push("entity");
  });
  trace.push("inbox");
  await machine.start("Write a list.");
  await machine.run();
  const first = trace.slice(0, trace.indexOf("device") + 2);
  assert.deepEqual(first, [
    "inbox",
    "journal",
    "entity",
    "memory",
    "scheduler",
    "model",
    "syscall",
    "journal",
    "device",
    "journal",
  ]);
  assert.equal(machine.world.files.get("/hum/homes/1-worker/list.txt"), "milk");
  assert.deepEqual(machine.hum.inbox.find(1).outcome, { kind: "done", text: "Written." });
});

test("[K1] the journal of one sentence is the order of the way", async () => {
  const machine = createTestMachine({
    play: inTurn(say("write", "list.txt", "milk"), say("done", "", "Written.")),
  });
  await machine.start("Write a list.");
  await machine.run();
  assert.deepEqual(machine.trail(1), [
    "entity.spawned",
    ...["turn.said", "call.begun", "call.ended"],
    ...["turn.said", "call.ended", "entity.ended"],
  ]);
});

test("[J3] what was said and the intent of a call are durable before its effect is visible", async () => {
  let durable = 0;
  const machine = createTestMachine({
    play: inTurn(say("write", "list.txt", "milk"), say("done", "", "Written.")),
    wait: async (part) => {
      if (part === 0) durable = machine.disk.rows.length;
    },
  });
  await machine.start();
  await machine.run();
  assert.deepEqual(
    machine.disk.rows.slice(0, durable).map((row) => row.type),
    ["entity.spawned", "turn.said", "call.begun"],
  );
});
