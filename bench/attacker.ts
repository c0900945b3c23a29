// A million programs of an attacker against the policy (os/test/fixtures/attacker.ts): random grants, random words of a
// person, strangers' words in the window, and any calls with any arguments.
//
//   node bench/attacker.ts [--runs 1000000] [--seed 1] [--state FILE --minutes 10]     (pieces: bench/pieces.ts)

import { parseArgs } from "node:util";
import fc from "fast-check";
import { play, program } from "../os/test/fixtures/attacker.ts";
import { pieceOptions, runPiece, toPiece } from "./pieces.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    ...pieceOptions,
  },
});
const { done, sums, seconds } = await runPiece({
  ...toPiece(values),
  goal: Number(values.runs),
  batch: 10_000,
  run(from, count) {
    const all = { ran: 0, calls: 0 };
    const property = fc.property(program, (one) => {
      const { ran, calls } = play(one);
      all.ran += ran;
      all.calls += calls;
    });
    fc.assert(property, { numRuns: count, seed: Number(values.seed) + from });
    return all;
  },
});
console.log(
  `${done} programs, ${sums.calls} calls, ${sums.ran} ran from a window with strangers' words, 0 without a person behind them; ${seconds.toFixed(0)} s`,
);
