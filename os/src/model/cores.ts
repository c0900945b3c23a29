// How many cores are free. Threads of the engine wait for each other after every layer, spinning: one thread too many,
// or one whose core is taken by another program, and all of them wait for the slowest (generation was seen to fall from
// 27 to 3 tokens a second beside one busy process on 2 cores).

import { availableParallelism, cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** How long the cores are watched, in milliseconds. */
const watchMs = 150;

/** Cores that are not in use at the moment, at least one. */
export async function countFreeCores(): Promise<number> {
  const before = sum();
  await sleep(watchMs);
  const after = sum();
  const cores = availableParallelism();
  const all = after.all - before.all;
  const busy = all > 0 ? (1 - (after.idle - before.idle) / all) * cores : 0;
  return Math.max(1, Math.round(cores - busy));
}

function sum(): { all: number; idle: number } {
  let all = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    for (const time of Object.values(times)) all += time;
  }
  return { all, idle };
}
