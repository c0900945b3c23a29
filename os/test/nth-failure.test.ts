// Each write of the journal, each answer of the model and each operation of a device fails once, at every place in turn: the
// work comes to an end all the same (at the latest after a restart), nothing is done twice, and the state is what the
// journal says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toSnapshotText } from "../src/entity/snapshot.ts";
import { createState, reduce } from "../src/entity/state.ts";
import type { ScriptedAnswer } from "../src/model/scripted.ts";
import {
  byPid,
  createTestMachine,
  inTurn,
  type Play,
  say,
  stop,
  type TestMachine,
  type TestOptions,
} from "./fixtures/machine.ts";

/** A parent that reads, writes, starts a colleague, hears of its end, sleeps, asks for a yes, and ends. */
const story: Play = byPid({
  1: inTurn(
    say("read", "/in.txt"),
    say("write", "a.txt", "one"),
    say("spawn", "worker", "Help."),
    say("wait", "2"),
    say("note", "", "It helped."),
    say("sleep", "10s"),
    say("bash", "", "stamp"),
    say("say", "Kim", "The work is nearly done."),
    stop("the end"),
  ),
  2: inTurn(
    say("write", "b.txt", "two"),
    say("say", "1", "I wrote it."),
    say("done", "", "Helped."),
    stop("the end"),
  ),
});

async function play(options: Partial<TestOptions>): Promise<TestMachine> {
  const machine = createTestMachine({ play: story, ...options });
  machine.world.files.set("/in.txt", "in");
  await machine.start("Do it.").catch(() => undefined);
  await answerAll(machine);
  return machine;
}

/** Lets it run, and says yes to whatever asks, but no to doing again what may have happened. */
async function answerAll(machine: TestMachine): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await machine.run(60_000);
    const waiting = [...machine.hum.ledger.state.approvals.values()];
    if (waiting.length === 0) return;
    for (const { id, kind } of waiting)
      await machine.hum.inbox
        .answer(id, kind === "in-doubt" ? "denied" : "approved", "Kim")
        .catch(() => undefined);
  }
}

function assertWhole(machine: TestMachine, what: string): void {
  const { state, journal } = machine.hum.ledger;
  const folded = createState();
  for (const record of journal.read(null, 0)) reduce(folded, record);
  assert.equal(
    toSnapshotText(state),
    toSnapshotText(folded),
    `${what}: the state is not what the journal says`,
  );
  const done = machine.world.deeds.filter((deed) => !deed.undone && deed.operation !== "http.get");
  assert.equal(new Set(done.map((deed) => deed.key)).size, done.length, `${what}: something was done twice`);
  for (const entity of state.entities.values())
    assert.equal(
      entity.state,
      "ended",
      `${what}: pid ${entity.pid} is ${entity.state} (${JSON.stringify(entity.waiting)})`,
    );
}

test("[J11] [C2] every write of the journal fails once", async () => {
  let writes = 0;
  const whole = await play({
    async beforeWrite() {
      writes += 1;
    },
  });
  assertWhole(whole, "without a failure");
  assert.ok(writes > 20, `${writes} writes`);
  for (let n = 1; n <= writes; n++) {
    let count = 0;
    const failed = await play({
      async beforeWrite() {
        count += 1;
        if (count === n) throw new Error("EIO: i/o error, write");
      },
      onError: () => undefined,
    });
    const after = failed.crash();
    if (after.hum.ledger.state.entities.size === 0) await after.start("Do it.");
    await answerAll(after);
    assertWhole(after, `write ${n} of ${writes}`);
  }
});

for (const [how, answer] of [
  ["is refused for good", { code: "refused", message: "no", retry: false }],
  ["is refused for a moment", { code: "refused", message: "busy", retry: true }],
  ["is no call", "```nothing\n```"],
  ["is empty", ""],
] as [string, ScriptedAnswer][])
  test(`[E5] every answer of the model ${how} once`, async () => {
    const whole = await play({});
    const calls = whole.calls.length;
    assert.ok(calls > 8);
    for (let n = 1; n <= calls; n++) {
      let count = 0;
      const machine = await play({
        play: (request, index, pid) => (++count === n ? answer : story(request, index, pid)),
      });
      assert.deepEqual(machine.errors, [], `answer ${n}`);
      assertWhole(machine, `answer ${n} of ${calls}`);
    }
  });

test("[D2] every operation of a device fails once", async () => {
  let operations = 0;
  const whole = await play({
    failure() {
      operations += 1;
      return null;
    },
  });
  assertWhole(whole, "without a failure");
  assert.ok(operations >= 3);
  for (let n = 1; n <= operations; n++) {
    let count = 0;
    const machine = await play({ failure: () => (++count === n ? "It is broken." : null) });
    assert.deepEqual(machine.errors, [], `operation ${n}`);
    assertWhole(machine, `operation ${n} of ${operations}`);
  }
});
