// Which steps of calls go together: the gatherer and the choice, without an engine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBatching, createChoice } from "../src/model/batch.ts";

/** A gatherer whose clock is moved by hand. */
function createScene() {
  const timers = new Set<() => void>();
  let computed = 0;
  const batching = createBatching<string>({
    waitMs: 5,
    soon: (run) => run(),
    later(run) {
      timers.add(run);
      return () => timers.delete(run);
    },
  });
  return {
    batching,
    compute: () => batching.schedule(() => void computed++),
    elapse: () => {
      for (const run of [...timers]) run();
    },
    get computed() {
      return computed;
    },
    get timers() {
      return timers.size;
    },
  };
}

test("a call alone waits for nobody", () => {
  const scene = createScene();
  for (let token = 1; token <= 3; token++) {
    scene.batching.arrive("a");
    scene.compute();
    assert.equal(scene.computed, token);
    scene.batching.answered("a");
  }
  assert.equal(scene.timers, 0);
});

test("a step waits for a call that was answered just now, and goes when that has come, stopped or ended", () => {
  for (const end of ["arrive", "leave"] as const) {
    const scene = createScene();
    scene.batching.answered("a");
    scene.batching.answered("b");
    scene.batching.arrive("a");
    scene.compute();
    assert.equal(scene.computed, 0);
    scene.batching[end]("b");
    assert.equal(scene.computed, 1, end);
    assert.equal(scene.timers, 0, "no timer is left");
  }
});

test("a call that stands still is waited for once and only a moment", () => {
  const scene = createScene();
  scene.batching.answered("still");
  scene.batching.answered("a");
  scene.batching.arrive("a");
  scene.compute();
  assert.equal(scene.computed, 0);
  scene.elapse();
  assert.equal(scene.computed, 1);
  for (let token = 2; token <= 4; token++) {
    scene.batching.answered("a");
    scene.batching.arrive("a");
    scene.compute();
    assert.equal(scene.computed, token, "it does not wait again");
  }
});

test("steps of one token go together in the order of their seats, a reading step alone and whole", () => {
  const step = (seat: number, tokens: number) => ({
    tokens: Array(tokens).fill(0),
    evaluationPriority: seat,
  });
  const choose = createChoice();
  const [read, third, first, other] = [step(2, 32), step(3, 1), step(1, 1), step(4, 8)];
  assert.deepEqual(choose([read, third, first, other], 128), [
    { item: first, processAmount: 1 },
    { item: third, processAmount: 1 },
  ]);
  assert.deepEqual(choose([read, other], 128), [{ item: read, processAmount: 32 }]);
  assert.deepEqual(choose([other, read], 128), [{ item: other, processAmount: 8 }]);
  assert.deepEqual(choose([third, first], 1), [{ item: first, processAmount: 1 }]);
  assert.deepEqual(choose([], 128), []);
});

test("[S10] a step that reads is not passed over for ever by steps that write, nor they by it", () => {
  const choose = createChoice();
  const step = (seat: number, tokens: number) => ({
    tokens: Array(tokens).fill(0),
    evaluationPriority: seat,
  });
  const [read, a, b] = [step(1, 32), step(2, 1), step(3, 1)];
  const turns = Array.from({ length: 6 }, () => choose([a, read, b], 128).map(({ item }) => item));
  assert.deepEqual(turns, [[a, b], [read], [a, b], [read], [a, b], [read]]);
});
