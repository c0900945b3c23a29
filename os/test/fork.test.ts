// Fork: a second process with the same window.

import assert from "node:assert/strict";
import { test } from "node:test";
import { byPid, createTestMachine, inTurn, say, stop } from "./fixtures/machine.ts";

test("[E11] a fork goes on from the same window and leaves the first as it is", async () => {
  const machine = createTestMachine({
    play: byPid({
      1: inTurn(say("note", "", "blue is best"), say("sleep", "10m"), stop("one")),
      2: inTurn(stop("two")),
    }),
  });
  const first = await machine.start();
  await machine.run(1_000);
  assert.equal(first.waiting?.on, "timer");
  const before = structuredClone(first);

  const fork = await machine.hum.inbox.fork(first.pid);
  await machine.run(1_000);
  assert.match(fork.outcome?.text ?? "", /two/);
  assert.equal(fork.task, first.task);
  assert.deepEqual(fork.capabilities, first.capabilities);
  assert.equal(fork.budget.tokens, before.budget.tokens - before.used.tokens);
  assert.equal(
    [...machine.hum.machine.textsOf(fork).values()].some((text) => text.includes("blue is best")),
    true,
  );
  assert.deepEqual(first, before);
  await assert.rejects(machine.hum.inbox.fork(99), /There is no entity 99/);
});
