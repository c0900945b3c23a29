// What `hum model bench` measures, on a played model.

import assert from "node:assert/strict";
import { test } from "node:test";
import { benchModel } from "../src/model/bench.ts";
import type { Model } from "../src/model/model.ts";
import { createScripted } from "../src/model/scripted.ts";

/** A played model that knows how many of its calls write at the same moment. */
function createCounted(local: boolean) {
  let [open, most] = [0, 0];
  const played = createScripted(() => "one two three four five six seven eight ".repeat(9), {
    parked: 8,
    pace: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const model: Model = {
    ...played,
    info: { ...played.info, local },
    async *generate(request, signal) {
      most = Math.max(most, ++open);
      try {
        yield* played.generate(request, signal);
      } finally {
        open -= 1;
      }
    },
  };
  return { model, most: () => most };
}

test("a model of this machine is measured with several calls at once, a server with one", async () => {
  const here = createCounted(true);
  const bench = await benchModel(here.model);
  assert.deepEqual([bench.together, here.most()], [4, 4]);
  assert.ok(bench.togetherPerSecond > 0 && bench.generatePerSecond > 0 && bench.promptTokens > 500);

  const server = createCounted(false);
  const remote = await benchModel(server.model);
  assert.deepEqual([remote.together, server.most()], [1, 1]);
  assert.equal(remote.togetherPerSecond, remote.generatePerSecond);
});

test("a model that fails is a failure of the measure", async () => {
  const failing = createScripted(() => ({ code: "no-model", message: "It is not here.", retry: false }));
  await assert.rejects(benchModel(failing), /not here/);
});
