// A hundred thousand seeds of the simulator (os/src/sim), in pieces and on all cores. A seed that breaks a rule is written
// beside the state (FILE.failed) and the run goes on, so that one night finds all there is to find.
//
//   node bench/sim.ts [--seeds 100000] [--from 1] [--workers 2] [--state FILE --minutes 10]     (pieces: bench/pieces.ts)

import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { type FaultKind, faultKinds } from "../os/src/sim/faults.ts";
import { simulate } from "../os/src/sim/simulate.ts";
import { pieceOptions, runPiece, toPiece } from "./pieces.ts";

interface Answer {
  seed: number;
  counts: Record<string, number>;
  problem: string | null;
}

async function runSeed(seed: number): Promise<Answer> {
  try {
    const { lives, calls, deeds, entities, records, faults } = await simulate(seed);
    const counts: Record<string, number> = { lives, calls, deeds, entities, records };
    for (const [kind, { struck, survived }] of Object.entries(faults)) {
      counts[`struck ${kind}`] = struck;
      counts[`runs ${kind}`] = 1;
      counts[`survived ${kind}`] = survived ? 1 : 0;
    }
    return { seed, counts, problem: null };
  } catch (error) {
    return { seed, counts: { failed: 1 }, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "100000" },
      from: { type: "string", default: "1" },
      workers: { type: "string", default: "2" },
      ...pieceOptions,
    },
  });
  const workers = Array.from({ length: Number(values.workers) }, () => new Worker(new URL(import.meta.url)));
  const ask = (worker: Worker, seed: number) =>
    new Promise<Answer>((resolve) => {
      worker.once("message", resolve);
      worker.postMessage(seed);
    });
  const { done, seconds, sums } = await runPiece({
    ...toPiece(values),
    goal: Number(values.seeds),
    batch: 100,
    async run(from, count) {
      const all: Record<string, number> = {};
      let next = Number(values.from) + from;
      const end = next + count;
      const work = async (worker: Worker) => {
        while (next < end) {
          const { seed, counts, problem } = await ask(worker, next++);
          for (const [name, more] of Object.entries(counts)) all[name] = (all[name] ?? 0) + more;
          if (problem === null) continue;
          console.error(`Seed ${seed}: ${problem}`);
          if (values.state) appendFileSync(`${values.state}.failed`, `${seed} ${problem}\n`);
        }
      };
      await Promise.all(workers.map(work));
      return all;
    },
  });
  for (const worker of workers) await worker.terminate();
  console.log(
    `${done} runs, ${sums.failed ?? 0} broke a rule: ${sums.lives} lives, ${sums.entities} entities, ${sums.calls} model calls, ` +
      `${sums.deeds} effects, ${sums.records} records; ${(seconds / 60).toFixed(1)} minutes.`,
  );
  const row = (kind: FaultKind) =>
    `${kind}: struck ${sums[`struck ${kind}`] ?? 0} times in ${sums[`runs ${kind}`] ?? 0} runs, ${sums[`survived ${kind}`] ?? 0} went on`;
  console.log(faultKinds.map(row).join("\n"));
  if (sums.failed) process.exitCode = 1;
}

if (isMainThread) await main();
else parentPort?.on("message", async (seed: number) => parentPort?.postMessage(await runSeed(seed)));
