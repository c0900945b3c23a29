// A real process with a real journal, killed two hundred times with SIGKILL at seeded moments. `bench/crash.ts --kills
// 1000` does the same for longer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crashRounds } from "./fixtures/crash-run.ts";

test("[J6] [C2] [C3] [C4] [W7] 200 times kill -9: all tasks end, nothing acknowledged is lost, nothing is done twice", async (t) => {
  const report = await crashRounds({ kills: 200, seed: 1 });
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.kills >= 200);
  assert.equal(report.posts, 6 * report.rounds);
  assert.ok(report.inDoubt >= report.rounds, "in each round one effect is cut off behind it, and asked");
});
