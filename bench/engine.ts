/**
 * The embedded engine on this machine: how fast it reads and writes, what a shared beginning spares, and what it costs
 * to switch a process out and in, all in one run and as ratios.
 *
 *     node bench/engine.ts [--model qwen2.5-coder-1.5b] [--tokens 1000] [--entities 8] [--write 64]
 *                          [--threads N]   as many as cores are free when nobody says
 *                          [--only kv]     the KV state alone
 *     node bench/engine.ts --report          the tables of every run so far
 *
 * Measured through the contract of a model (embedded.ts), as the scheduler sees it; only the pure cost of saving and
 * loading a KV state is measured on the engine's own files (kv-file.ts) in this process, because no caller sees it
 * alone. KV states of earlier runs are never found: each run has a folder and a salt of its own.
 *
 * Goals (DESIGN.md 7): time to first token of the 2nd..Nth entity <= 1/20 of the first. Appends one JSON line to
 * bench/results/engine.jsonl and prints a Markdown table. Run it on a quiet machine; the load before it is in the row.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { getLlama } from "node-llama-cpp";
import { findHome } from "../os/src/home.ts";
import { countFreeCores } from "../os/src/model/cores.ts";
import { createEmbedded } from "../os/src/model/embedded.ts";
import { openKvFolder } from "../os/src/model/kv-file.ts";
import type { Model, ModelMessage } from "../os/src/model/model.ts";
import { engineLimits } from "../os/src/model/sizes.ts";
import { toModelFile } from "../os/src/model/store.ts";

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    tokens: { type: "string", default: "1000" },
    entities: { type: "string", default: "8" },
    write: { type: "string", default: "64" },
    threads: { type: "string" },
    out: { type: "string", default: join(import.meta.dirname, "results/engine.jsonl") },
    only: { type: "string", default: "reuse,switch,kv" },
    report: { type: "boolean", default: false },
  },
});

/** What is measured of reading, writing and sharing. Times are milliseconds. */
interface Reuse {
  /** Tokens of the long prompt as the engine counted them. */
  promptTokens: number;
  prefillPerSecond: number;
  generatePerSecond: number;
  /** Time to first token of each entity of one program, in order. */
  firstTokenMs: number[];
  /** Tokens of each entity's prompt that had to be evaluated. */
  evaluated: number[];
}

/** What a switch takes through the driver. */
interface Switch {
  /** A process comes back on its window after another had its only seat. */
  switchMs: number;
  /** The same window read for the first time. */
  readMs: number;
}

/** What the state of one sequence takes alone. */
interface Kv {
  kvTokens: number;
  kvBytes: number;
  kvComputeMs: number;
  kvSaveMs: number;
  kvBehindMs: number;
  kvLoadMs: number;
  /** The same three in CPU time of the process, which says more where the machine is shared. */
  kvCpu: { computeMs: number; saveMs: number; loadMs: number };
}

/** One run, with the parts that were asked for. */
interface Row extends Partial<Reuse & Switch & Kv> {
  at: string;
  model: string;
  machine: { cpu: string; cores: number; threads: number; load: number; node: string };
}

interface Timed {
  firstMs: number;
  readMs: number;
  ms: number;
  input: number;
  cached: number;
  output: number;
}

const sentence =
  "The kernel keeps a journal of every effect, with who asked, why, and from what it followed. ";
const threads = args.threads === undefined ? await countFreeCores() : Number(args.threads);
const salt = `Run ${process.pid} of ${Date.now()}. `;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const cpuSince = (start: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};

/** A text of about so many tokens that no earlier run has seen. */
async function toText(model: Model, tokens: number, mark: string): Promise<string> {
  const [one = 1] = await model.count([sentence.repeat(10)]);
  return `${mark} ${salt}${sentence.repeat(Math.ceil((10 * tokens) / one))}`;
}

async function time(
  model: Model,
  call: { process: string; messages: ModelMessage[]; shared: number; maxTokens: number },
): Promise<Timed> {
  const request = { ...call, stops: [], temperature: 0, seed: 1 };
  const started = performance.now();
  let readMs = 0;
  let firstMs = 0;
  for await (const event of model.generate(request, new AbortController().signal)) {
    const at = performance.now() - started;
    if (event.type === "prefill") readMs = at;
    else if (event.type === "text") firstMs ||= at;
    else if (event.failure) throw new Error(event.failure.message);
    else return { ...event.usage, readMs, firstMs: firstMs || at, ms: at };
  }
  throw new Error("the model ended without an end");
}

/** Speed and prefix reuse: entities of one program, one after another, on the engine as it is by default. */
async function measureReuse(file: string, kvDir: string) {
  const model = await createEmbedded({ id: args.model, file, kvDir, threads });
  try {
    await model.count(["warm"]);
    const system: ModelMessage = { role: "system", text: await toText(model, Number(args.tokens), "Rules.") };
    const timed: Timed[] = [];
    for (let i = 1; i <= Number(args.entities); i++) {
      const user: ModelMessage = { role: "user", text: `You are number ${i}. Count on from it in words.` };
      const maxTokens = i === 1 ? Number(args.write) : 2;
      timed.push(await time(model, { process: `e${i}`, messages: [system, user], shared: 1, maxTokens }));
    }
    const first = timed[0]!;
    return {
      promptTokens: first.input,
      prefillPerSecond: ((first.input - first.cached) / first.readMs) * 1000,
      generatePerSecond: ((first.output - 1) / (first.ms - first.firstMs)) * 1000,
      firstTokenMs: timed.map(({ firstMs }) => firstMs),
      evaluated: timed.map(({ input, cached }) => input - cached),
    };
  } finally {
    await model.close();
  }
}

/** Two processes on one seat: what the first waits for when it comes back, against reading its window anew. */
async function measureSwitch(file: string, kvDir: string) {
  const model = await createEmbedded({ id: args.model, file, kvDir, threads, parked: 1 });
  try {
    const text = await toText(model, Number(args.tokens), "Window.");
    const one = { process: "one", messages: [{ role: "user" as const, text }], shared: 0, maxTokens: 1 };
    const other = { ...one, process: "two", messages: [{ role: "user" as const, text: `${salt} Hello.` }] };
    const read = await time(model, one);
    const back: number[] = [];
    for (let k = 0; k < 3; k++) {
      await time(model, other);
      back.push((await time(model, one)).firstMs);
    }
    return { readMs: read.firstMs, switchMs: median(back) };
  } finally {
    await model.close();
  }
}

/** Computing, saving and loading the state of one sequence, set up as engine.ts does. */
async function measureKv(file: string, kvDir: string) {
  const tokens = Number(args.tokens);
  const llama = await getLlama({
    gpu: "auto",
    build: "never",
    progressLogs: false,
    maxThreads: 0,
    logger: () => {},
  });
  const cpu = llama.gpu === false;
  const chunk = cpu ? engineLimits.chunkTokens : engineLimits.gpuChunkTokens;
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({
    sequences: 1,
    contextSize: tokens + 64,
    threads: { ideal: threads, min: threads },
    flashAttention: cpu ? false : "auto",
    batchSize: Math.min(512, chunk),
  });
  const sequence = context.getSequence();
  const prompt = model.tokenize(salt + sentence.repeat(tokens / 8), false).slice(0, tokens);
  const started = performance.now();
  const startedCpu = process.cpuUsage();
  for (let at = 0; at < prompt.length; at += chunk)
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, at + chunk));
  const kvComputeMs = performance.now() - started;
  const kvCpu = { computeMs: cpuSince(startedCpu), saveMs: 0, loadMs: 0 };
  const folder = await openKvFolder(kvDir, "bench", engineLimits.kvBytes);
  const io = {
    save: (path: string) => sequence.saveStateToFile(path),
    load: (path: string) => sequence.loadStateFromFile(path, { acceptRisk: true }),
  };
  const saves: number[] = [];
  const behind: number[] = [];
  const loads: number[] = [];
  const rounds = 5;
  for (let k = 0; k < rounds; k++) {
    const saving = performance.now();
    const savingCpu = process.cpuUsage();
    await folder.save("state", prompt, io);
    saves.push(performance.now() - saving);
    await folder.settled();
    behind.push(performance.now() - saving - saves.at(-1)!);
    kvCpu.saveMs += cpuSince(savingCpu) / rounds;
    await sequence.clearHistory();
    const loading = performance.now();
    const loadingCpu = process.cpuUsage();
    const loaded = await folder.load("state", io);
    loads.push(performance.now() - loading);
    kvCpu.loadMs += cpuSince(loadingCpu) / rounds;
    if (!loaded || sequence.nextTokenIndex !== prompt.length) throw new Error("the state did not come back");
  }
  const kvBytes = Math.max(...readdirSync(kvDir).map((name) => statSync(join(kvDir, name)).size));
  await context.dispose();
  await model.dispose();
  await llama.dispose();
  const [kvSaveMs, kvBehindMs, kvLoadMs] = [median(saves), median(behind), median(loads)];
  return { kvTokens: prompt.length, kvBytes, kvComputeMs, kvSaveMs, kvBehindMs, kvLoadMs, kvCpu };
}

const ms = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0));
const part = (value: number, of: number) => `1/${(of / value).toFixed(1)}`;

function toReuse({ promptTokens, prefillPerSecond, generatePerSecond, firstTokenMs, evaluated }: Reuse) {
  const [first = 0, ...later] = firstTokenMs;
  const middle = median(later);
  return [
    ["reading, tokens/s", prefillPerSecond.toFixed(1), `prompt of ${promptTokens} tokens`],
    ["writing, tokens/s", generatePerSecond.toFixed(1), ""],
    ["first token, 1st entity of a program, ms", ms(first), `${evaluated[0]} tokens evaluated`],
    [
      `first token, 2nd to ${firstTokenMs.length}th, median, ms`,
      ms(middle),
      `${part(middle, first)} of the first (goal 1/20); ${median(evaluated.slice(1))} tokens evaluated`,
    ],
    ["first token, slowest of these, ms", ms(Math.max(...later)), part(Math.max(...later), first)],
  ];
}

function toKv({ kvTokens, kvBytes, kvComputeMs, kvSaveMs, kvBehindMs, kvLoadMs, kvCpu }: Kv) {
  const both = kvSaveMs + kvLoadMs;
  const bothCpu = kvCpu.saveMs + kvCpu.loadMs;
  const byCpu = `CPU ms ${ms(bothCpu)} of ${ms(kvCpu.computeMs)}, ${part(bothCpu, kvCpu.computeMs)}`;
  return [
    [`computing ${kvTokens} tokens of KV, ms`, ms(kvComputeMs), `${(kvBytes / 1e6).toFixed(1)} MB`],
    ["saving them, until the engine may go on, ms", ms(kvSaveMs), part(kvSaveMs, kvComputeMs)],
    ["their checksum, behind that, ms", ms(kvBehindMs), part(kvBehindMs, kvComputeMs)],
    ["proving and loading them, ms", ms(kvLoadMs), part(kvLoadMs, kvComputeMs)],
    ["a switch: one saved, one loaded, ms", ms(both), `${part(both, kvComputeMs)} (goal 1/100); ${byCpu}`],
  ];
}

/** One Markdown table for a run. */
function toTable(row: Row): string {
  const { cpu, cores, threads, load } = row.machine;
  const { switchMs = 0, readMs = 0 } = row;
  const lines = [
    ...(row.firstTokenMs ? toReuse(row as Reuse) : []),
    ...(switchMs > 0
      ? [
          [
            "switched out and in again, first token, ms",
            ms(switchMs),
            `${part(switchMs, readMs)} of reading it (${ms(readMs)} ms)`,
          ],
        ]
      : []),
    ...(row.kvCpu ? toKv(row as Kv) : []),
  ];
  const head = `### ${row.model}, ${cores} x ${cpu}, ${threads} threads, load ${load.toFixed(1)}, ${row.at.slice(0, 16)}\n\n| what | value | against |\n|---|---|---|`;
  return `${head}\n${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

async function main(): Promise<void> {
  const file = toModelFile(findHome(), args.model);
  if (!existsSync(file)) throw new Error(`There is no ${file}: \`hum model pull ${args.model}\` first.`);
  const load = loadavg()[0]!;
  const scratch = mkdtempSync(join(tmpdir(), "hum-engine-"));
  const dir = (name: string) => join(scratch, name);
  try {
    const only = args.only.split(",");
    const reuse = only.includes("reuse") ? await measureReuse(file, dir("reuse")) : {};
    const swapped = only.includes("switch") ? await measureSwitch(file, dir("switch")) : {};
    const kv = only.includes("kv") ? await measureKv(file, dir("kv")) : {};
    const machine = {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      threads,
      load,
      node: process.versions.node,
    };
    const row: Row = {
      at: new Date().toISOString(),
      model: args.model,
      machine,
      ...reuse,
      ...swapped,
      ...kv,
    };
    mkdirSync(join(args.out, ".."), { recursive: true });
    appendFileSync(args.out, `${JSON.stringify(row)}\n`);
    console.log(toTable(row));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (args.report) {
  const lines = existsSync(args.out) ? readFileSync(args.out, "utf8").split("\n").filter(Boolean) : [];
  for (const line of lines) console.log(toTable(JSON.parse(line) as Row));
} else await main();
