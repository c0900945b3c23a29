// A million programs of an attacker against the policy (os/test/fixtures/attacker.ts): random grants, random words of a
// person, strangers' words in the window, and any calls with any arguments.
//
//   node bench/attacker.ts [--runs 1000000] [--seed 1]

import { parseArgs } from "node:util";
import fc from "fast-check";
import { play, program } from "../os/test/fixtures/attacker.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const runs = Number(values.runs);
const atOnce = 10_000;
const began = performance.now();
const all = { ran: 0, calls: 0 };
for (let done = 0; done < runs; done += atOnce)
  fc.assert(
    fc.property(program, (one) => {
      const { ran, calls } = play(one);
      all.ran += ran;
      all.calls += calls;
    }),
    { numRuns: Math.min(atOnce, runs - done), seed: Number(values.seed) + done },
  );
const seconds = (performance.now() - began) / 1000;
console.log(
  `${runs} programs, ${all.calls} calls, ${all.ran} ran from a window with strangers' words, 0 without a person behind them; ${seconds.toFixed(0)} s`,
);
