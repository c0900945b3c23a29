// A hundred simulated runs; `npm run sim -- --seeds 1000` makes more of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../src/sim/random.ts";
import { simulate } from "../src/sim/simulate.ts";

test("[J11] [C2] [C3] [C4] [E10] [K2] [K3] [S6] [B1] [R3] [R4] [R5] 100 seeds of everything at once: no rule is broken", async (t) => {
  const sum = { lives: 0, calls: 0, deeds: 0, entities: 0, repeated: 0 };
  for (let seed = 1; seed <= 100; seed++) {
    const report = await simulate(seed).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.message}; npm run sim -- --seed ${seed}`, { cause: error });
    });
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += report[name];
  }
  t.diagnostic(JSON.stringify(sum));
  assert.ok(
    sum.lives > 300 && sum.deeds > 1_000 && sum.calls > 5_000 && sum.repeated > 50,
    JSON.stringify(sum),
  );
});

test("[R3] words that come while a result is being told are not passed over", async () => {
  // In this run a person says something between the last look at what was said and the record of the end.
  await simulate(5_210);
});

test("[R3] of results that nobody is sure of the first one counts, and its messages are sent", async () => {
  // Three doubtful results, the first two of them the same, and somebody else in the folder.
  await simulate(1_080);
});

test("[K6] the same seed is the same run, to the hash of its last record", async () => {
  for (const seed of [3, 5, 14]) assert.deepEqual(await simulate(seed), await simulate(seed));
  assert.notEqual((await simulate(3)).head, (await simulate(5)).head);
});

test("[K6] chance from a seed does not depend on who else asks", () => {
  const one = createRandom(7);
  const other = createRandom(7);
  other.next();
  assert.equal(one.fork("a").next(), other.fork("a").next());
  assert.notEqual(one.fork("a").next(), one.fork("b").next());
});
