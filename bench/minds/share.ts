/**
 * Many entities on one small model: what sharing a beginning, keeping states and scheduling bring, against the same
 * engine used plainly.
 *
 *     node bench/minds/share.ts [--model smollm2-135m] [--entities 16] [--calls 4] [--prefix 1000] [--write 8] [--threads N]
 *                               [--only hum,hum-2,hum-4,parallel,sessions,fifo,fifo-reuse] [--minutes 9] [--out FILE]
 *     node bench/minds/share.ts --report
 *     node bench/minds/share.ts --only load [--probes 20]
 *
 * Each entity has the same rules of about so many tokens, makes so many calls, each longer by a message and its answer.
 *   hum         the scheduler on the embedded driver, all entities at once, as it is by default; `hum-N` with N slots
 *   parallel    a session of node-llama-cpp for each entity, all at once, batched by the library; where llama.cpp does not
 *               survive so many, in waves of the largest number that works
 *   sessions    a session after the other, each makes all its calls on a state of its own (the best plain order)
 *   fifo        one queue, one call after the other in order of arrival, no state kept: how agents are served by a FIFO
 *   fifo-reuse  the same queue on one sequence that is never cleared: the library keeps what the last call has in common
 *   load        time to the first token of an interactive call, alone and while background work fills the model
 *
 * It goes on where it was stopped: each piece (a run of Hum, a wave, an entity, a call) is a line of the output, and no
 * piece is begun after so many minutes. CPU time stands beside the clock: on a shared machine it is what can be compared.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findHome } from "../../os/src/home.ts";
import { countFreeCores } from "../../os/src/model/cores.ts";
import { createEmbedded, type EmbeddedOptions } from "../../os/src/model/embedded.ts";
import type { Model, ModelMessage } from "../../os/src/model/model.ts";
import { toModelFile } from "../../os/src/model/store.ts";
import { createScheduler } from "../../os/src/scheduler/scheduler.ts";
import { cpuOf, openPlain, type PlainSetup, question, toRules } from "./plain.ts";

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: "smollm2-135m" },
    entities: { type: "string", default: "16" },
    calls: { type: "string", default: "4" },
    prefix: { type: "string", default: "1000" },
    write: { type: "string", default: "8" },
    threads: { type: "string" },
    probes: { type: "string", default: "20" },
    minutes: { type: "string", default: "9" },
    only: { type: "string", default: "hum,hum-2,hum-4,parallel,sessions,fifo,fifo-reuse" },
    out: { type: "string", default: join(import.meta.dirname, "../results/share.jsonl") },
    report: { type: "boolean", default: false },
  },
});

/** One piece that was run. */
interface Row {
  size: string;
  system: string;
  piece: string;
  ms: number;
  cpuMs: number;
  /** Tokens that were evaluated, where it is known. */
  read?: number;
  load: number;
  answer?: string;
  /** The engine did not survive it. */
  failed?: string;
}

const [entities, calls, write] = [Number(args.entities), Number(args.calls), Number(args.write)];
const deadline = performance.now() + Number(args.minutes) * 60_000;
const rows: Row[] = existsSync(args.out)
  ? readFileSync(args.out, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row)
  : [];

function openScheduler() {
  return createScheduler({
    now: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  });
}

interface Call {
  pid: number;
  class: "interactive" | "normal" | "background";
  messages: ModelMessage[];
  maxTokens: number;
}

async function ask(scheduler: ReturnType<typeof openScheduler>, model: Model, call: Call) {
  const request = {
    ...{ process: String(call.pid), messages: call.messages, shared: 1, stops: [] },
    ...{ maxTokens: call.maxTokens, temperature: 0, seed: 1 },
  };
  const started = performance.now();
  let firstMs = 0;
  let text = "";
  let usage = { input: 0, cached: 0, output: 0 };
  const job = { pid: call.pid, class: call.class, nice: 0, model, request };
  for await (const event of scheduler.generate({ ...job, signal: new AbortController().signal })) {
    if (event.type === "text") {
      firstMs ||= performance.now() - started;
      text += event.text;
    } else if (event.type === "restart") text = "";
    else if (event.type === "end") usage = event.usage;
  }
  return { firstMs, text, usage };
}

/** Every entity at once, through the scheduler. */
async function measureHum(
  setup: PlainSetup,
  kvDir: string,
  slots: Pick<EmbeddedOptions, "slots" | "parked">,
) {
  let engine = 0;
  const { file, threads } = setup;
  const model = await createEmbedded({
    ...{ id: args.model, file, kvDir, threads, ...slots },
    onStart: (pid) => {
      engine = pid;
    },
  });
  const scheduler = openScheduler();
  await model.count(["warm"]);
  const before = cpuOf(process.pid) + cpuOf(engine);
  let read = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: entities }, async (_, at) => {
      const messages: ModelMessage[] = [{ role: "system", text: toRules(setup.prefix) }];
      for (let call = 1; call <= calls; call++) {
        messages.push({ role: "user", text: question(at, call) });
        const job = { pid: at + 1, class: "normal" as const, messages: [...messages], maxTokens: write };
        const { text, usage } = await ask(scheduler, model, job);
        read += usage.input - usage.cached;
        messages.push({ role: "assistant", text });
      }
    }),
  );
  const ms = performance.now() - started;
  const cpuMs = cpuOf(process.pid) + cpuOf(engine) - before;
  await model.close();
  return { ms, cpuMs, read };
}

/** First words of an interactive entity, alone and under load. */
async function measureLoad({ file, threads, prefix }: PlainSetup, kvDir: string) {
  const model = await createEmbedded({ id: args.model, file, kvDir, threads });
  const scheduler = openScheduler();
  await model.count(["warm"]);
  const system: ModelMessage = { role: "system", text: toRules(prefix) };
  // A person who goes on with a talk, and every second time one who begins it.
  const talk: ModelMessage[] = [system];
  const probe = async (n: number) => {
    const isNew = n % 2 === 1;
    const messages = isNew ? talk.slice(0, 1) : talk;
    messages.push({ role: "user", text: question(0, n) });
    const pid = isNew ? 1000 + n : 1000;
    const asked = { pid, class: "interactive" as const, messages: [...messages], maxTokens: 2 };
    const { firstMs, text } = await ask(scheduler, model, asked);
    if (isNew) await model.release(String(pid));
    else talk.push({ role: "assistant", text });
    return firstMs;
  };
  await probe(0);
  await probe(1);
  const alone: number[] = [];
  for (let n = 2; n < 2 + Number(args.probes); n++) {
    await sleep(400);
    alone.push(await probe(n));
  }
  let over = false;
  const background = Array.from({ length: 8 }, async (_, at) => {
    for (let call = 1; !over; call++) {
      const text = `${question(at, call)} ${toRules(111)}`;
      const messages: ModelMessage[] = [system, { role: "user", text }];
      await ask(scheduler, model, { pid: at + 1, class: "background", messages, maxTokens: 40 });
    }
  });
  await sleep(2_000);
  const loaded: number[] = [];
  for (let n = 0; n < Number(args.probes); n++) {
    // Not in step with the work beside it.
    await sleep(300 + ((n * 137) % 400));
    loaded.push(await probe(100 + n));
  }
  over = true;
  await Promise.all(background);
  await model.close();
  const at = (values: number[], part: number) =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
  const ms = (values: number[]) => [0.5, 0.95, 1].map((part) => at(values, part).toFixed(0)).join(", ");
  const ratio = (part: number) => (at(loaded, part) / at(alone, part)).toFixed(2);
  console.log(
    `\n| first token of an interactive call, ${args.probes} of them | ms: p50, p95, most |\n|---|---|\n| alone | ${ms(alone)} |\n| beside 8 background entities | ${ms(loaded)} |\n| loaded / alone | ${ratio(0.5)}, ${ratio(0.95)}, ${ratio(1)} |\n\nload ${loadavg()[0]!.toFixed(1)}`,
  );
}

/** A wave of sessions in a process of its own, because llama.cpp may end it. */
function runWave(setup: PlainSetup, from: number, to: number): Pick<Row, "ms" | "cpuMs" | "failed"> {
  const program = fileURLToPath(new URL("./plain.ts", import.meta.url));
  const child = spawnSync(process.execPath, [program, JSON.stringify({ ...setup, from, to })], {
    ...{ encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  });
  if (child.status === 0) return JSON.parse(child.stdout) as { ms: number; cpuMs: number };
  const words = child.stderr.split("\n").find((line) => /assert|error|fail/i.test(line)) ?? "";
  return { ms: 0, cpuMs: 0, failed: `${child.signal ?? child.status} ${words}`.slice(0, 300) };
}

/** Runs what is missing; false when the time is over. */
async function run(system: string, setup: PlainSetup, size: string, scratch: string): Promise<boolean> {
  const mine = () => rows.filter((row) => row.size === size && row.system === system);
  const has = (piece: string) => mine().some((row) => row.piece === piece);
  const keep = (piece: string, of: Pick<Row, "ms" | "cpuMs"> & Partial<Row>): void => {
    const row: Row = { size, system, piece, ...of, load: loadavg()[0]! };
    rows.push(row);
    appendFileSync(args.out, `${JSON.stringify(row)}\n`);
    console.error(
      `${system} ${piece}: ${(row.ms / 1000).toFixed(1)} s, ${(row.cpuMs / 1000).toFixed(1)} s CPU ${row.failed ?? ""}`,
    );
  };
  const late = () => performance.now() > deadline;
  if (system.startsWith("hum")) {
    const slots = Number(system.split("-")[1] ?? 0);
    const options = slots > 0 ? { slots, parked: Math.max(4, slots + 1) } : {};
    if (!has("all")) keep("all", await measureHum(setup, join(scratch, system), options));
    return true;
  }
  if (system === "parallel") {
    let wave = entities;
    while (wave > 1 && mine().some((row) => row.failed && row.piece.endsWith(`of ${wave}`))) wave = wave >> 1;
    for (let from = 0; from < entities; ) {
      const to = Math.min(entities, from + wave);
      const piece = `${from + 1} to ${to} in waves of ${wave}`;
      if (!has(piece)) {
        if (late()) return false;
        const done = runWave(setup, from, to);
        keep(piece, done);
        if (done.failed) {
          if (wave === 1) return true;
          wave = wave >> 1;
          from = 0;
          continue;
        }
      }
      from = to;
    }
    return true;
  }
  const plain = await openPlain(setup, 1);
  try {
    for (const piece of plain.pieces(system as "sessions" | "fifo" | "fifo-reuse", entities)) {
      const before = (name: string) => mine().find((row) => row.piece === name)?.answer ?? "";
      if (has(piece.name)) continue;
      if (late()) return false;
      keep(piece.name, await piece.run(before));
    }
  } finally {
    await plain.close();
  }
  return true;
}

const names: Record<string, string> = {
  hum: "Hum",
  parallel: "node-llama-cpp sessions, all at once",
  sessions: "a session after the other",
  fifo: "FIFO, a call after the other, no state kept",
  "fifo-reuse": "FIFO on one sequence, the library's own reuse",
};

function report(): void {
  for (const size of new Set(rows.map((row) => row.size))) {
    const of = rows.filter((row) => row.size === size);
    const loads = of.map((row) => row.load);
    console.log(`\n### ${size}, load ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}\n`);
    console.log("| how | s | times Hum | CPU s | times Hum | pieces |\n|---|---|---|---|---|---|");
    const total = (system: string) => {
      const done = of.filter((row) => row.system === system && !row.failed);
      const waves = done.at(-1)?.piece.match(/in waves of \d+/)?.[0];
      const good = waves ? done.filter((row) => row.piece.endsWith(waves)) : done;
      const sum = (pick: (row: Row) => number) => good.reduce((all, row) => all + pick(row), 0);
      return {
        ms: sum((row) => row.ms),
        cpu: sum((row) => row.cpuMs),
        pieces: good.length,
        waves,
        read: sum((row) => row.read ?? 0),
      };
    };
    const hum = total("hum");
    for (const system of new Set(of.map((row) => row.system))) {
      const { ms, cpu, pieces, waves, read } = total(system);
      const name = names[system] ?? `Hum with ${system.split("-")[1]} slots`;
      const more = [waves, read > 0 ? `${read} tokens read` : ""].filter(Boolean).join(", ");
      const times = (value: number, by: number) => (by > 0 ? (value / by).toFixed(1) : "");
      console.log(
        `| ${name}${more && ` (${more})`} | ${(ms / 1000).toFixed(1)} | ${times(ms, hum.ms)} | ${(cpu / 1000).toFixed(1)} | ${times(cpu, hum.cpu)} | ${pieces} |`,
      );
    }
    for (const row of of) if (row.failed) console.log(`\nFailed: ${row.system} ${row.piece}: ${row.failed}`);
  }
}

async function main(): Promise<void> {
  const threads = args.threads === undefined ? await countFreeCores() : Number(args.threads);
  const file = toModelFile(findHome(), args.model);
  const setup: PlainSetup = { file, threads, prefix: Number(args.prefix), calls, write };
  const size = `${args.model}: ${entities} entities x ${calls} calls, rules of about ${args.prefix} tokens, ${write} tokens written a call; ${cpus().length} cores, ${threads} threads`;
  const scratch = mkdtempSync(join(tmpdir(), "hum-share-"));
  mkdirSync(join(args.out, ".."), { recursive: true });
  try {
    for (const system of args.only.split(",")) {
      if (system === "load") await measureLoad(setup, join(scratch, "load"));
      else if (!(await run(system, setup, size, scratch))) break;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (!args.report) await main();
report();
process.exit(0);
