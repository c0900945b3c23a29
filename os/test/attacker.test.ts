// Thousands of programs of an attacker, drawn by chance: none has an effect that no person stands behind. A million of them
// run in bench/attacker.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { play, program } from "./fixtures/attacker.ts";

test("[L3] [L4] [L5] [L6] no program of an attacker has an effect that no person stands behind", () => {
  const all = { ran: 0, calls: 0 };
  fc.assert(
    fc.property(program, (one) => {
      const { ran, calls } = play(one);
      all.ran += ran;
      all.calls += calls;
    }),
    { numRuns: 4_000, seed: 7 },
  );
  // The attacker gets something done, or this would prove nothing.
  assert.ok(all.calls > 4_000 && all.ran > 100, JSON.stringify(all));
});
