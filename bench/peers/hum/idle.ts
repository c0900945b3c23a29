/**
 * W4 for Hum: every entity lives first (it is started, keeps a note of 2 kB, asks a person something) and then sleeps
 * until a message comes. So these sleepers are real processes with a past in the journal, not built objects.
 *
 * Woken are 100 of them, one after another, by a message of the person; the time is from the message to the arrival
 * of the first model call at the server.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Entity } from "../../../os/src/index.ts";
import { type Measurement, now, taskPrompt, type WorkOptions } from "../contract.ts";
import { collect, quantile } from "../workloads.ts";
import { type Bench, diskBytes, person } from "./machine.ts";
import { idlePrompt } from "./text-model.ts";

/** How many entities are started at once. */
const atOnce = 100;
const kb = 1024;

/** See above. */
export async function sleepers(bench: Bench, options: WorkOptions): Promise<Measurement> {
  const { hum } = bench;
  const { n, server } = options;
  await server.reset(options);
  hum.dispatch.start();
  // The peers' packages are loaded when the measurement starts; so is Hum's provider package, by a first entity.
  await bench.spawn(n, idlePrompt(n), "sleeper");
  await hum.dispatch.idle();
  const diskBefore = diskBytes(hum.home);
  collect();
  const before = process.memoryUsage();
  const start = now();
  const entities: Entity[] = [];
  for (let i = 0; i < n; i += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, n - i) }, (_, k) => i + k);
    entities.push(...(await Promise.all(group.map((k) => bench.spawn(k, idlePrompt(k), "sleeper")))));
    await hum.dispatch.idle();
  }
  const buildMs = now() - start;
  const asleep = entities.filter((entity) => entity.waiting?.on === "message").length;
  await sleep(200);
  collect();
  const after = process.memoryUsage();
  const disk = diskBytes(hum.home) - diskBefore;
  await server.reset(options);
  const cpu = process.cpuUsage();
  await sleep(options.idleSeconds * 1000);
  const used = process.cpuUsage(cpu);
  const { calls } = await server.stats();

  const woken = Math.min(100, n);
  const wakes: number[] = [];
  let ok = 0;
  for (let k = 0; k < woken; k++) {
    const i = Math.floor((k * n) / woken);
    const entity = entities[i]!;
    await server.reset(options);
    const at = now();
    await hum.inbox.say(entity.pid, { from: person, text: taskPrompt(i, options.steps) });
    await bench.settled(entity);
    if (bench.isDone(i, entity)) ok++;
    wakes.push((await server.stats()).firstCallAt - at);
  }
  const values = {
    heapKbPerAgent: (after.heapUsed - before.heapUsed) / kb / n,
    rssKbPerAgent: (after.rss - before.rss) / kb / n,
    diskKbPerAgent: disk / kb / n,
    buildMsPerAgent: buildMs / n,
    rssMb: process.resourceUsage().maxRSS / kb,
    idleCpuMsPerS: (used.user + used.system) / 1000 / options.idleSeconds,
    callsWhileIdle: calls,
    wakeP50Ms: quantile(wakes, 0.5),
    wakeP95Ms: quantile(wakes, 0.95),
  };
  const wrong = [
    ...(asleep === n ? [] : [`${asleep} of ${n} fell asleep`]),
    ...(ok === woken ? [] : [`${ok} of ${woken} woken agents ended`]),
  ];
  return { ok, values, ...(wrong.length > 0 && { invalid: wrong.join("; ") }) };
}
