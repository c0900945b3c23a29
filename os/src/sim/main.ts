// `npm run sim -- --seeds 1000`: that many simulated runs; the first broken rule ends it, with the command to repeat it.
//
//   --seeds N      how many runs (100)            --seed N   only this one, with its report
//   --from N       first seed (1)                 --plan J   JSON that changes the plan, to find what a failure needs
//
// bench/sim.ts runs a hundred thousand of them in pieces.

import { parseArgs } from "node:util";
import { faultKinds } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { toPlan } from "./plan.ts";
import { createRandom } from "./random.ts";
import { type SimReport, simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    plan: { type: "string", default: "{}" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`npm run sim -- [--seeds N] [--from N] [--seed N] [--plan JSON]

  --seeds N    how many runs (100)
  --from N     the first seed (1)
  --seed N     only this one, with its report
  --plan JSON  changes the plan, to find what a failure needs`);
  process.exit(0);
}

const change = JSON.parse(values.plan) as Partial<Plan>;
const first = Number(values.seed ?? values.from);
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first;
const started = performance.now();
const struck = new Map<string, number>();
const sum = { steps: 0, lives: 0, calls: 0, deeds: 0, entities: 0, records: 0 };

for (let seed = first; seed <= last; seed++) {
  try {
    const report: SimReport = await simulate(seed, { change });
    if (values.seed !== undefined) console.log(report);
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += report[name];
    for (const [kind, { struck: times }] of Object.entries(report.faults))
      struck.set(kind, (struck.get(kind) ?? 0) + times);
  } catch (error) {
    console.error(`Seed ${seed}: ${(error as Error).stack ?? String(error)}`);
    console.error(`Plan: ${JSON.stringify({ ...toPlan(seed, createRandom(seed).fork("plan")), ...change })}`);
    const more = values.plan === "{}" ? "" : ` --plan '${values.plan}'`;
    console.error(`Repeat: npm run sim -- --seed ${seed}${more}`);
    process.exit(1);
  }
}
const seconds = (performance.now() - started) / 1_000;
console.log(
  `${last - first + 1} runs in ${seconds.toFixed(1)} s, no rule broken: ${sum.steps} steps, ${sum.lives} lives, ` +
    `${sum.entities} entities, ${sum.calls} model calls, ${sum.deeds} effects, ${sum.records} records.`,
);
console.log(`Faults: ${faultKinds.map((kind) => `${kind} ${struck.get(kind) ?? 0}`).join(", ")}.`);
process.exit(0);
