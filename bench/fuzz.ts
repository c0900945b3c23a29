// Spoiled input for every reader of foreign input (os/test/fixtures/fuzz-targets.ts), very much of it.
//
//   node bench/fuzz.ts --house [--runs 10000]       the server: requests, and messages and frames on its sockets
//   node bench/fuzz.ts [--runs 100000] [--seed 1] [--only WORD] [--state FILE --minutes 10]     (pieces: bench/pieces.ts)

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "../os/test/fixtures/fuzz.ts";
import { fuzzRequests, fuzzSockets } from "../os/test/fixtures/fuzz-house.ts";
import { toTargets } from "../os/test/fixtures/fuzz-targets.ts";
import { openTestHouse } from "../os/test/fixtures/house-kit.ts";
import { pieceOptions, runPiece, toPiece } from "./pieces.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    house: { type: "boolean", default: false },
    ...pieceOptions,
  },
});

/** Readers that take a real file or much drawing get a part of the runs. */
const slow: Record<string, number> = {
  "journal file": 50,
  "picture of the canvas": 10,
  "log beside the journal": 5,
};

async function readHouse(): Promise<void> {
  await using house = await openTestHouse({ patience: { headMs: 300, wholeMs: 1_000, lookMs: 100 } });
  const { sums, seconds } = await runPiece({
    ...toPiece(values),
    goal: Number(values.runs),
    batch: 200,
    async run(from, count) {
      const seed = Number(values.seed) + from;
      await fuzzSockets(house, { runs: Math.ceil(count / 4), seed });
      return { ...(await fuzzRequests(house, { runs: count, seed })), sockets: Math.ceil(count / 4) * 2 };
    },
  });
  console.log(
    `${JSON.stringify(sums)}: no bug was answered, and the server went on; ${seconds.toFixed(0)} s.`,
  );
}

async function readFiles(folder: string): Promise<void> {
  const targets = (await toTargets(folder)).filter(({ name }) => name.includes(values.only));
  let slowest = { name: "", ms: 0 };
  const { sums, seconds } = await runPiece({
    ...toPiece(values),
    goal: Number(values.runs),
    batch: 500,
    async run(from, count) {
      const all: Record<string, number> = {};
      for (const target of targets) {
        const runs = Math.ceil(count / (slow[target.name] ?? 1));
        const report = await fuzz(target, { runs, seed: Number(values.seed) + from });
        if (report.slowestMs > slowest.ms) slowest = { name: target.name, ms: report.slowestMs };
        all[target.name] = report.runs;
        all[`${target.name}, refused`] = report.refused;
      }
      return all;
    },
  });
  for (const { name } of targets)
    console.log(`${name}: ${sums[name]} read, ${sums[`${name}, refused`]} refused`);
  console.log(
    `No promise broken in ${seconds.toFixed(0)} s; slowest of this piece: ${slowest.name}, ${slowest.ms.toFixed(0)} ms.`,
  );
}

const folder = mkdtempSync(join(tmpdir(), "hum-fuzz-"));
try {
  if (values.house) await readHouse();
  else await readFiles(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
