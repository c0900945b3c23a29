// Readers of foreign input, each with some hundred spoiled inputs by seed; bench/fuzz.ts reads very many more.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fuzz, refused } from "./fixtures/fuzz.ts";
import { fuzzRequests, fuzzSockets } from "./fixtures/fuzz-house.ts";
import { toTargets } from "./fixtures/fuzz-targets.ts";
import { openTestHouse } from "./fixtures/house-kit.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-fuzz-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const target of await toTargets(folder))
  test(`spoiled input is refused or read, and nothing else: ${target.name}`, async (t) => {
    let read = 0;
    for (const example of target.examples)
      if ((await target.read(Buffer.from(example as Uint8Array))) !== refused) read += 1;
    assert.ok(read > 0, "no example is good");
    const report = await fuzz(target, { runs: target.name === "journal file" ? 100 : 400, seed: 1 });
    t.diagnostic(`${report.refused} of ${report.runs} refused`);
  });

test("spoiled requests get an answer that says what is wrong, and the server goes on", async (t) => {
  await using house = await openTestHouse({ patience: { headMs: 300, wholeMs: 1_000, lookMs: 100 } });
  const statuses = await fuzzRequests(house, { runs: 300, seed: 1 });
  t.diagnostic(JSON.stringify(statuses));
  assert.ok((statuses["400"] ?? 0) > 50 && Object.keys(statuses).length > 4, JSON.stringify(statuses));
});

test("spoiled messages and frames on the sockets end that line, and the server goes on", async () => {
  await using house = await openTestHouse();
  await fuzzSockets(house, { runs: 60, seed: 1 });
});
