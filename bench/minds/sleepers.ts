/**
 * Ten thousand that sleep (W4): what one of them costs, what all of them cost while nothing happens, whether they wake on
 * time, alone and all at once, and how soon the machine is back after a stop, with those whose time came in between.
 *
 *     node --expose-gc bench/minds/sleepers.ts [--entities 10000] [--seconds 60] [--awake 1000]
 *
 * Each part runs in a process of its own, so that memory is that of the machine and not of making it. Late is the time from
 * when a sleeper's time came to when its waking is durable; a timer is set, and nothing looks again and again.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Hum } from "../../os/src/boot.ts";
import { toEvent, toStream } from "../../os/src/entity/events.ts";
import { callOf, cpuOf, heap, openBare, pause } from "./bare.ts";

const { values: args } = parseArgs({
  options: {
    entities: { type: "string", default: "10000" },
    seconds: { type: "string", default: "60" },
    awake: { type: "string", default: "1000" },
    part: { type: "string" },
    home: { type: "string" },
  },
});
const count = Number(args.entities);
const awake = Number(args.awake);

let calls = 0;
const memory = () => ({ heapMb: heap() / 1e6, rssMb: process.memoryUsage().rss / 1e6 });
const say = (name: string, text: string) => console.log(`${name.padEnd(50)}${text}`);

/** Opens the machine; `sleep` says for how long, from the second call of an entity on. */
function open(home: string, sleep: () => string): Hum {
  return openBare(home, ({ messages }) => {
    calls += 1;
    const again = messages.filter((message) => message.role === "assistant").length > 0;
    return callOf("sleep", again ? sleep() : "365d");
  });
}

/** Wakes the first `many` and lets them sleep until the times that `sleep` says; how late they were, in ms. */
async function lateness(hum: Hum, many: number): Promise<{ late: number[]; wallMs: number; cpuMs: number }> {
  const { state } = hum.ledger;
  const due = new Map<number, number>();
  const late: number[] = [];
  let last = 0;
  const done = new Promise<void>((resolve) => {
    hum.ledger.listen((record) => {
      const pid = record.data.pid as number;
      const { waiting } = state.entities.get(pid) ?? {};
      if (record.type === "entity.waiting" && waiting?.on === "timer") due.set(pid, waiting.until);
      if (record.type !== "entity.woken" || record.data.why !== "timer") return;
      last = Date.now();
      late.push(last - due.get(pid)!);
      if (late.length === many) resolve();
    });
  });
  let first = 0;
  const cpuMs = await cpuOf(async () => {
    await Promise.all(
      Array.from({ length: many }, (_, i) =>
        hum.ledger.commit(toStream(i + 1), [toEvent("entity.woken", { pid: i + 1, why: "bench" })]),
      ),
    );
    first = Date.now();
    await done;
  });
  return { late: late.sort((a, b) => a - b), wallMs: last - first, cpuMs };
}

const at = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

const parts: Record<string, (home: string) => Promise<void>> = {
  async make(home) {
    const hum = open(home, () => "365d");
    const cpu = await cpuOf(async () => {
      for (let i = 0; i < count; i++) await hum.inbox.task({ task: `Wait for mail ${i}.`, owner: "Kim" });
      await hum.dispatch.idle();
    });
    await hum.stop();
    const files = ["journal.db", "archive.db"].map((name) => statSync(join(home, name)).size);
    say("made, each with one turn", `${count}, ${(cpu / count).toFixed(2)} CPU ms each`);
    say("on disk", `${(files.reduce((sum, size) => sum + size, 0) / count / 1000).toFixed(1)} kB each`);
  },
  async rest(home) {
    const empty = mkdtempSync(join(tmpdir(), "hum-empty-"));
    const none = openBare(empty, () => callOf("fail", "x"));
    await pause(500);
    const before = memory();
    await none.stop();
    rmSync(empty, { recursive: true, force: true });
    const began = performance.now();
    let hum: Hum | undefined;
    const cpu = await cpuOf(async () => {
      hum = open(home, () => "365d");
    });
    say("started with all of them", `${(performance.now() - began).toFixed(0)} ms, ${cpu.toFixed(0)} CPU ms`);
    await pause(2_000);
    const after = memory();
    const each = (key: "heapMb" | "rssMb") => (((after[key] - before[key]) * 1000) / count).toFixed(1);
    say(
      "memory",
      `${each("heapMb")} kB of heap and ${each("rssMb")} kB of RSS each; ${after.rssMb.toFixed(0)} MB in all`,
    );
    const asleep = calls;
    const switches = () =>
      Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
    const woken = switches();
    const rest = await cpuOf(() => pause(Number(args.seconds) * 1_000));
    say(
      `${args.seconds} s in which nothing happens`,
      `${rest.toFixed(1)} CPU ms (${(rest / 10 / Number(args.seconds)).toFixed(3)} % of a core), ${switches() - woken} wakes, ${calls - asleep} model calls`,
    );
    await hum?.stop();
  },
  async wake(home) {
    let next = Date.now() + 20_000;
    const hum = open(home, () => {
      next += 20;
      return `${(next - Date.now()) / 1000}s`;
    });
    const spread = await lateness(hum, awake);
    say(
      `${awake} wake one after the other, each 20 ms`,
      `late by ${at(spread.late, 0.5)} ms (p50), ${at(spread.late, 0.95)} (p95), ${at(spread.late, 1)} (most)`,
    );
    await hum.stop();
  },
  async herd(home) {
    const time = Date.now() + 45_000;
    const hum = open(home, () => (Date.now() < time ? `${(time - Date.now()) / 1000}s` : "365d"));
    const herd = await lateness(hum, awake);
    say(
      `${awake} wake at the same moment`,
      `late by ${at(herd.late, 0.5)} ms (p50), ${at(herd.late, 1)} (the last)`,
    );
    await hum.dispatch.idle();
    await hum.stop();
  },
  // Their time comes while the machine is stopped.
  async before(home) {
    const time = Date.now() + 1_000 * Number(args.seconds);
    const hum = open(home, () => `${Math.max(1, (time - Date.now()) / 1000)}s`);
    await Promise.all(
      Array.from({ length: awake }, (_, i) =>
        hum.ledger.commit(toStream(i + 1), [toEvent("entity.woken", { pid: i + 1, why: "bench" })]),
      ),
    );
    await hum.dispatch.idle();
    const slept = [...hum.ledger.state.entities.values()].filter(
      ({ waiting }) => waiting?.on === "timer" && waiting.until < time + 60_000,
    );
    say("sleep for a moment, and the machine is stopped", `${slept.length}`);
    await hum.stop();
    await pause(Math.max(0, time + 1_000 - Date.now()));
  },
  async after(home) {
    const began = performance.now();
    const hum = open(home, () => "365d");
    let woken = 0;
    await new Promise<void>((resolve) => {
      hum.ledger.listen((record) => {
        if (record.type === "entity.woken") woken += 1;
        if (woken === awake) resolve();
      });
    });
    say(
      "started again: all whose time had come are awake",
      `after ${(performance.now() - began).toFixed(0)} ms, ${woken} of ${awake}`,
    );
    await hum.dispatch.idle();
    await hum.stop();
  },
};

if (args.part) await parts[args.part]!(args.home!);
else {
  const home = mkdtempSync(join(tmpdir(), "hum-sleepers-"));
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
  try {
    for (const part of Object.keys(parts)) {
      const options = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
      spawnSync(process.execPath, [...options, "--part", part, "--home", home], { stdio: "inherit" });
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
}
process.exit(0);
