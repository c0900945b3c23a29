// W3, fairness with a hog: 250 agents of four calls each, a hog that keeps 40 calls waiting, and somebody at the keyboard
// who makes one call every half second, on eight slots of a model that takes 50 ms for a call. The real scheduler and the
// scripted model; the first number is with the scheduler, the second with a queue in order of arrival in its place.
//
//   node bench/fairness.ts [--agents 250]
//
// Waits are told in calls (one call is the median time that a call takes once it has begun), because milliseconds
// depend on the neighbours of the machine.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Class } from "../os/src/entity/entity.ts";
import type { ModelRequest } from "../os/src/model/model.ts";
import { createScripted } from "../os/src/model/scripted.ts";
import { createScheduler } from "../os/src/scheduler/scheduler.ts";
import { createSemaphore, quantile } from "./peers/workloads.ts";

const { values } = parseArgs({ options: { agents: { type: "string", default: "250" } } });
const agents = Number(values.agents);
const slots = 8;
const callsEach = 4;
const tokensOfCall = 10;
const tokenMs = 5;
const hogCalls = 40;
const everyMs = 500;

interface Served {
  waitMs: number;
  tookMs: number;
}

type Serve = (pid: number, kind: Class) => Promise<Served>;

const never = new AbortController().signal;
let serial = 0;

const toRequest = (): ModelRequest => ({
  process: `call-${serial++}`,
  messages: [{ role: "user", text: "x" }],
  ...{ shared: 0, stops: [], maxTokens: 100, temperature: 0, seed: 1 },
});

function createModel() {
  const pace = async () => void (await sleep(tokenMs));
  return createScripted(() => "abcd".repeat(tokensOfCall), { slots, parked: 64, pace });
}

/** Hum: the scheduler decides between two tokens. */
function withScheduler(): Serve {
  const model = createModel();
  const scheduler = createScheduler({
    now: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  });
  return async (pid, kind) => {
    const began = performance.now();
    let first = 0;
    for await (const event of scheduler.generate({
      ...{ pid, class: kind, nice: 0, model, request: toRequest(), signal: never },
    }))
      if (event.type === "text" && first === 0) first = performance.now() - tokenMs;
    return { waitMs: Math.max(0, first - began), tookMs: performance.now() - first };
  };
}

/** What most do: as many at once as there are slots, in order of arrival. */
function withQueue(): Serve {
  const model = createModel();
  const gate = createSemaphore(slots);
  return (_pid, _kind) => {
    const began = performance.now();
    return gate.run(async () => {
      const first = performance.now();
      for await (const event of model.generate(toRequest(), never)) if (event.type === "end") break;
      return { waitMs: first - began, tookMs: performance.now() - first };
    });
  };
}

const jain = (shares: readonly number[]): number => {
  const sum = shares.reduce((a, b) => a + b, 0);
  return sum ** 2 / (shares.length * shares.reduce((a, b) => a + b * b, 0));
};

async function measure(serve: Serve) {
  const ends: number[] = [];
  const halfway: number[] = new Array(agents).fill(0);
  let served = 0;
  let hog = 0;
  let over = false;
  const took: number[] = [];
  const waits: number[] = [];
  const start = performance.now();
  let snapshot: { shares: number[]; hog: number } | null = null;
  const count = (result: Served) => {
    took.push(result.tookMs);
    served++;
    if (served === (agents * callsEach) / 2) snapshot = { shares: [...halfway], hog };
  };
  const agent = async (i: number) => {
    for (let call = 0; call < callsEach; call++) {
      const result = await serve(i + 1, "normal");
      halfway[i] = (halfway[i] ?? 0) + 1;
      count(result);
    }
    ends.push(performance.now() - start);
  };
  const greedy = Array.from({ length: hogCalls }, async () => {
    while (!over) {
      await serve(9_001, "normal");
      hog++;
    }
  });
  const keyboard = (async () => {
    const asked: Promise<void>[] = [];
    while (!over) {
      asked.push(serve(9_002, "interactive").then(({ waitMs }) => void waits.push(waitMs)));
      await sleep(everyMs);
    }
    await Promise.all(asked);
  })();
  await Promise.all(Array.from({ length: agents }, (_, i) => agent(i)));
  const wallMs = performance.now() - start;
  const hogShare = hog / (hog + agents * callsEach);
  over = true;
  await Promise.all([...greedy, keyboard]);
  const call = quantile(took, 0.5);
  return {
    call,
    wallMs,
    hogShare,
    asked: waits.length,
    p50: quantile(waits, 0.5) / call,
    p95: quantile(waits, 0.95) / call,
    p95Ms: quantile(waits, 0.95),
    jain: jain(ends.map((end) => 1 / end)),
    jainHalfway: jain((snapshot as { shares: number[] } | null)?.shares ?? []),
  };
}

for (const [name, serve] of [
  ["Hum's scheduler", withScheduler()],
  ["a queue", withQueue()],
] as const) {
  const result = await measure(serve);
  console.log(name);
  console.log(`  a call, once begun                  ${result.call.toFixed(0)} ms (median)`);
  console.log(
    `  ${agents} agents x ${callsEach} calls, wall            ${(result.wallMs / 1000).toFixed(2)} s`,
  );
  console.log(
    `  wait at the keyboard, ${result.asked} calls       p50 ${result.p50.toFixed(2)} calls, p95 ${result.p95.toFixed(2)} calls (${result.p95Ms.toFixed(0)} ms)`,
  );
  console.log(
    `  Jain index over the agents          ${result.jain.toFixed(4)} (speed), ${result.jainHalfway.toFixed(4)} (calls at half time)`,
  );
  console.log(
    `  share of the hog                    ${(result.hogShare * 100).toFixed(1)} % (1 of ${agents + 1} is ${(100 / (agents + 1)).toFixed(1)} %)`,
  );
}
