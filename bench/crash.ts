// W5: kill -9 at random moments. Ten thousand kills are made in pieces; a batch is some rounds, each of which is a machine
// that is killed again and again until its work is done (os/test/fixtures/crash-run.ts).
//
//   node bench/crash.ts [--kills 10000] [--seed 7] [--parallel 2] [--state FILE --minutes 10]     (pieces: bench/pieces.ts)

import { parseArgs } from "node:util";
import { crashRounds } from "../os/test/fixtures/crash-run.ts";
import { pieceOptions, runPiece, toPiece } from "./pieces.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    parallel: { type: "string", default: "2" },
    ...pieceOptions,
  },
});

const { sums, done, seconds } = await runPiece({
  ...toPiece(values),
  goal: Number(values.kills),
  batch: 100,
  async run(from, count) {
    // Each batch has seeds of its own: those of a batch are the ten thousand after its own number.
    const { ms: _ms, ...report } = await crashRounds({
      kills: count,
      seed: Number(values.seed) * 1_000 + from / 100,
      parallel: Number(values.parallel),
    });
    return report;
  },
});
console.log(
  `${sums.kills} kills (of ${done}) in ${sums.rounds} rounds, ${Math.round(seconds)} s: ` +
    `${sums.entities} of ${sums.entities} tasks ended, 0 of ${sums.records} records lost, ` +
    `0 of ${sums.effects} effects doubled, ${sums.inDoubt} asked because they were in doubt, ` +
    `${sums.repairs} torn ends mended.`,
);
