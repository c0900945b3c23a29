// What a seed stands for: the machine, its troubles and its people. All of it is drawn from the seed, so that the number
// alone says everything about a run.

import { calm, type FaultPlan, toFaults } from "./faults.ts";
import type { Random } from "./random.ts";

/** One simulated run. */
export interface Plan {
  seed: number;
  /** Tasks that people start. */
  tasks: number;
  slots: number;
  parked: number;
  contextTokens: number;
  /** Moments (milliseconds after the start) at which the machine is killed with -9. */
  crashes: number[];
  /** Chance of being killed with -9 soon after a record that begins something (a call, a child, a stop of all). */
  crashAfterBegin: number;
  /** Milliseconds a write takes at most, and the chance of a very slow one. */
  writeMs: number;
  stuckChance: number;
  /** Chance that a device fails, that a model refuses, and that an answer is no call. */
  deviceFails: number;
  modelFails: number;
  malformed: number;
  /** Milliseconds between two verbs of people. */
  peopleMs: number;
  /** False in runs without pause, renice and retries, where shares of the model are checked. */
  meddling: boolean;
  /** Milliseconds after which people stop and everything must come to rest. */
  horizonMs: number;
  /** True when http.get to example.org is granted. */
  granted: boolean;
  /** How often a clerk may do a task, whose calls can all be taken back. */
  attempts: number;
  /** How much people write in the workplace, beside their other verbs. */
  posts: number;
  faults: FaultPlan;
}

/** Draws the plan of a seed. */
export function toPlan(seed: number, random: Random): Plan {
  const horizonMs = 2_000 + random.below(6_000);
  const meddling = random.chance(0.8);
  const slots = random.pick([1, 1, 2, 4]);
  return {
    seed,
    tasks: 2 + random.below(6),
    slots,
    parked: meddling ? random.pick([slots, slots + 1, 16]) : 64,
    contextTokens: random.pick([2_048, 4_096, 8_192]),
    crashes: Array.from({ length: random.pick([0, 1, 2, 4]) }, () => random.below(horizonMs)).sort(
      (a, b) => a - b,
    ),
    crashAfterBegin: random.pick([0, 0, 0.03, 0.1]),
    writeMs: random.pick([0, 1, 5, 20]),
    stuckChance: random.pick([0, 0, 0.01]),
    deviceFails: random.pick([0, 0.1]),
    modelFails: meddling ? random.pick([0, 0.03, 0.1]) : 0,
    malformed: random.pick([0, 0.05, 0.2]),
    peopleMs: random.pick([50, 200, 1_000]),
    meddling,
    horizonMs,
    granted: random.chance(0.5),
    attempts: meddling ? random.pick([1, 2, 3]) : 1,
    // Where shares of the model are checked, all entities are started alike.
    posts: meddling ? random.pick([0, 3, 8]) : 0,
    faults: meddling ? toFaults(random.fork("faults"), horizonMs) : calm,
  };
}
