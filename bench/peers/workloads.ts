/**
 * The generic path of each workload, run inside the client process of one peer.
 *
 * Idea: build n agents from the adapter, run them, and read three independent witnesses: what the agents say
 * (`ok`), what the server counted (`calls`), what the outside world felt (`effects`). They must agree.
 *
 * Rule: no workload knows a peer. What differs between peers is in their adapters or in `Peer.workload`.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Measurement, now, type Peer, type PeerAgent, type Work, type WorkOptions } from "./contract.ts";

/** Where the effects of the tool go; the client owns one and the workloads read it. */
export interface Effects {
  count: number;
  lastAt: number;
  /** Executions per agent. */
  byAgent: Map<number, number>;
}

/** What a generic workload needs. */
export interface Setting {
  peer: Peer;
  options: WorkOptions;
  effects: Effects;
  resume: boolean;
}

const kb = 1024;

/** A limit on how many things run at once; `run` queues in order of arrival. */
export function createSemaphore(slots: number): { run<T>(task: () => Promise<T>): Promise<T> } {
  let free = slots;
  const waiting: (() => void)[] = [];
  async function run<T>(task: () => Promise<T>): Promise<T> {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  }
  return { run };
}

/** The p-quantile (nearest rank) of some numbers; 0 for none. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? 0;
}

/** Collects garbage, where Node was started with `--expose-gc`. */
export function collect(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}

/** Runs an agent; a rejection is a failed agent, and its first message is kept. */
function createRunner(signal: AbortSignal) {
  const failures = new Map<string, number>();
  async function run(agent: PeerAgent): Promise<boolean> {
    try {
      return await agent.run(signal);
    } catch (error) {
      const text = String(error).split("\n")[0]!.slice(0, 120);
      failures.set(text, (failures.get(text) ?? 0) + 1);
      return false;
    }
  }
  const note = () => [...failures].map(([text, count]) => `${count}x ${text}`).join("; ");
  return { run, note };
}

async function build(
  setting: Setting,
): Promise<{ agents: PeerAgent[]; heapKb: number; rssKb: number; ms: number; cpuMs: number }> {
  const { peer, options } = setting;
  collect();
  const before = process.memoryUsage();
  const cpu = process.cpuUsage();
  const start = now();
  const agents: PeerAgent[] = [];
  for (let i = 0; i < options.n; i++) agents.push(await peer.createAgent(i));
  const ms = now() - start;
  const used = process.cpuUsage(cpu);
  collect();
  const after = process.memoryUsage();
  const per = (bytes: number) => bytes / kb / options.n;
  const cpuMs = (used.user + used.system) / 1000;
  return {
    agents,
    heapKb: per(after.heapUsed - before.heapUsed),
    rssKb: per(after.rss - before.rss),
    ms,
    cpuMs,
  };
}

const peakRssMb = () => process.resourceUsage().maxRSS / kb;

/** W1 step tax and W2 scarce model: n agents at once, each steps + 1 model calls. */
async function runAll(setting: Setting): Promise<Measurement> {
  const { options, effects } = setting;
  await options.server.reset(options);
  const { agents, heapKb, cpuMs: buildCpuMs } = await build(setting);
  const runner = createRunner(AbortSignal.timeout(300_000));
  const gate = options.variant === "agents-8" ? createSemaphore(8) : undefined;
  const cpu = process.cpuUsage();
  const start = now();
  const done = await Promise.all(
    agents.map((agent) => (gate ? gate.run(() => runner.run(agent)) : runner.run(agent))),
  );
  const wallMs = now() - start;
  const used = process.cpuUsage(cpu);
  const stats = await options.server.stats();
  const ok = done.filter(Boolean).length;
  const steps = options.n * (options.steps + 1);
  const cpuMs = (used.user + used.system) / 1000;
  const values = {
    cpuMsPerStep: cpuMs / Math.max(1, stats.calls),
    cpuMsPerStepWhole: (cpuMs + buildCpuMs) / Math.max(1, stats.calls),
    buildCpuMsPerAgent: buildCpuMs / options.n,
    wallMs,
    msPerStep: wallMs / Math.max(1, stats.calls),
    calls: stats.calls,
    refused: stats.refused,
    peak: stats.peak,
    effects: effects.count,
    rssMb: peakRssMb(),
    heapKbPerAgent: heapKb,
  };
  const must =
    options.work === "W1" ? { ok: options.n, calls: steps } : { ok, calls: ok * (options.steps + 1) };
  const right =
    ok === must.ok && (options.work === "W1" ? stats.calls === must.calls : stats.calls >= must.calls);
  return {
    ok,
    values,
    ...(!right && { invalid: `ok ${ok} of ${must.ok}, calls ${stats.calls} of ${must.calls}` }),
    ...(runner.note() && { note: runner.note() }),
  };
}

/** W4 idle density: n agents built and left alone, then 100 of them woken one after another. */
async function idle(setting: Setting): Promise<Measurement> {
  const { options } = setting;
  await options.server.reset(options);
  const { agents, heapKb, rssKb, ms } = await build(setting);
  const cpu = process.cpuUsage();
  await sleep(options.idleSeconds * 1000);
  const used = process.cpuUsage(cpu);
  const { calls } = await options.server.stats();
  const runner = createRunner(AbortSignal.timeout(300_000));
  const wakes: number[] = [];
  const woken = Math.min(100, options.n);
  let ok = 0;
  for (let k = 0; k < woken; k++) {
    await options.server.reset(options);
    const start = now();
    if (await runner.run(agents[Math.floor((k * options.n) / woken)]!)) ok++;
    wakes.push((await options.server.stats()).firstCallAt - start);
  }
  const values = {
    heapKbPerAgent: heapKb,
    rssKbPerAgent: rssKb,
    buildMsPerAgent: ms / options.n,
    rssMb: peakRssMb(),
    idleCpuMsPerS: (used.user + used.system) / 1000 / options.idleSeconds,
    callsWhileIdle: calls,
    wakeP50Ms: quantile(wakes, 0.5),
    wakeP95Ms: quantile(wakes, 0.95),
  };
  return {
    ok,
    values,
    ...(ok !== woken && { invalid: `${ok} of ${woken} woken agents ended: ${runner.note()}` }),
  };
}

/** File in which the harness (not the peer) notes which agents gave their final answer. */
export const doneFile = (folder: string): string => `${folder}/../done.txt`;
/** The ledger that the tool writes in W5, one line `agent step` per execution. */
export const ledgerFile = (folder: string): string => `${folder}/../ledger.txt`;

/** Lines of a file, none if it is absent; a line torn by the kill is dropped. */
export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

/** W5, one process of it: crash.ts starts it, kills it, and starts it again with `resume`. */
async function crash(setting: Setting): Promise<Measurement> {
  const { peer, options, resume } = setting;
  const done = new Set(resume ? linesOf(doneFile(options.folder)).map(Number) : []);
  const open = Array.from({ length: options.n }, (_, i) => i).filter((i) => !done.has(i));
  const finish = (i: number) => {
    done.add(i);
    appendFileSync(doneFile(options.folder), `${i}\n`);
  };
  const controller = new AbortController();
  const runner = createRunner(controller.signal);
  console.log("@@started");
  const start = now();
  if (resume && options.durable && peer.recover) {
    for (const i of await peer.recover(open, controller.signal)) finish(i);
  } else {
    const agents = await Promise.all(open.map((i) => peer.createAgent(i)));
    await Promise.all(
      agents.map(async (agent, k) => {
        if (await runner.run(agent)) finish(open[k]!);
      }),
    );
  }
  const note = runner.note();
  return { ok: done.size, values: { wallMs: now() - start, rssMb: peakRssMb() }, ...(note && { note }) };
}

/** W7 cold start: from the spawn of this process to the first final answer of one agent without tools. */
async function cold(setting: Setting): Promise<Measurement> {
  const { peer, options } = setting;
  const loadedMs = now() - options.spawnedAt;
  const runner = createRunner(AbortSignal.timeout(60_000));
  const ok = (await runner.run(await peer.createAgent(0))) ? 1 : 0;
  const firstAnswerMs = now() - options.spawnedAt;
  const used = process.cpuUsage();
  const values = {
    firstAnswerMs,
    loadedMs,
    cpuMs: (used.user + used.system) / 1000,
    rssMb: peakRssMb(),
  };
  return { ok, values, ...(ok !== 1 && { invalid: `no answer: ${runner.note()}` }) };
}

/** W8 stop: all agents are running and have taken a step; abort; what still leaves, what is still believed? */
async function stop(setting: Setting): Promise<Measurement> {
  const { options, effects } = setting;
  await options.server.reset(options);
  const { agents } = await build(setting);
  const controller = new AbortController();
  const runner = createRunner(controller.signal);
  let settled = 0;
  const all = Promise.all(agents.map((agent) => runner.run(agent).finally(() => settled++)));
  const deadline = now() + 120_000;
  while ((effects.byAgent.size < options.n || effects.count < 2 * options.n) && now() < deadline)
    await sleep(5);
  await sleep(options.seed % 97);
  const running = effects.byAgent.size;
  const early = settled;
  const before = effects.count;
  const at = now();
  controller.abort();
  const abortCallMs = now() - at;
  await Promise.race([all, sleep(10_000, undefined, { ref: false })]);
  const settledMs = now() - at;
  const hung = options.n - settled;
  await sleep(1500);
  const stats = await options.server.stats(at);
  const values = {
    lastCallMs: Math.max(0, stats.lastCallAt - at),
    callsAfter: stats.callsSince,
    lastEffectMs: Math.max(0, effects.lastAt - at),
    effectsAfter: effects.count - before,
    answersAfter: stats.answersSince,
    settledMs,
    abortCallMs,
    hung,
  };
  const ok = running - early;
  return {
    ok,
    values,
    ...(ok !== options.n && { invalid: `${running} of ${options.n} ran, ${early} ended early` }),
  };
}

/** The generic path by workload. */
export const generic: Record<Work, (setting: Setting) => Promise<Measurement>> = {
  W1: runAll,
  W2: runAll,
  W4: idle,
  W5: crash,
  W7: cold,
  W8: stop,
};
