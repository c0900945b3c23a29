// Simulated runs: a thousand in CI, fewer elsewhere, where others need the machine too; bench/sim.ts makes a hundred thousand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { calm, type FaultKind, type FaultStrikes, faultKinds } from "../src/sim/faults.ts";
import { createRandom } from "../src/sim/random.ts";
import { simulate } from "../src/sim/simulate.ts";

const seeds = process.env.HUM_TEST_COMPLETE === "1" ? 1_000 : 200;

test(`[J11] [C2] [C3] [C4] [E6] [E10] [A4] [K2] [K3] [S6] [B1] [R3] [R4] [R5] [W3] ${seeds} seeds of everything at once: every kind of fault strikes, no rule is broken`, async (t) => {
  const sum = { lives: 0, calls: 0, deeds: 0, entities: 0, repeated: 0 };
  const struck = new Map<FaultKind, number>();
  const survived = new Set<FaultKind>();
  for (let seed = 1; seed <= seeds; seed++) {
    const report = await simulate(seed).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.message}; npm run sim -- --seed ${seed}`, { cause: error });
    });
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += report[name];
    for (const [kind, count] of Object.entries(report.faults) as [FaultKind, FaultStrikes][]) {
      struck.set(kind, (struck.get(kind) ?? 0) + count.struck);
      if (count.survived) survived.add(kind);
    }
  }
  t.diagnostic(JSON.stringify({ ...sum, ...Object.fromEntries(struck) }));
  assert.ok(
    sum.lives > 3 * seeds && sum.deeds > 10 * seeds && sum.calls > 50 * seeds && sum.repeated > seeds / 2,
    JSON.stringify(sum),
  );
  // A fault that never strikes, or after which nothing goes on, proves nothing.
  for (const kind of faultKinds) {
    assert.ok((struck.get(kind) ?? 0) > 0, `${kind} struck ${struck.get(kind)} times`);
    assert.ok(survived.has(kind), `nothing went on after ${kind}`);
  }
});

test("[R3] words that come while a result is being told are not passed over", async () => {
  // In this run a person says something between the last look at what was said and the record of the end.
  await simulate(5_210, { change: { faults: calm } });
});

test("[R3] of results that nobody is sure of the first one counts, and its messages are sent", async () => {
  // Three doubtful results, the first two of them the same, and somebody else in the folder.
  await simulate(1_080, { change: { faults: calm } });
});

test("[K2] who lifts a stop of all does not lift the one that came meanwhile, nor let live what had begun to start", async () => {
  await simulate(33_016);
});

test("[R5] the messages of a result are sent once, where a stop left them in the journal and not the end", async () => {
  for (const seed of [2373, 4065, 88565]) await simulate(seed);
});

test("[M5] what was under way when an entity ended, and what it hears after that, are two pages", async () => {
  for (const seed of [2355, 11754, 12096, 13149]) await simulate(seed);
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
