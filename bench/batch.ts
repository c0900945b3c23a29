/**
 * What a batch brings on this machine, and where the limit is: the roof of memory (how fast weights can be read) and the roof
 * of arithmetic (how fast a long prompt is read).
 *
 *     node bench/batch.ts [--model qwen2.5-coder-1.5b] [--threads N] [--batches 1,2,3,4,8] [--steps 12]
 *
 * Memory: each thread compares two large buffers (memcmp), which only reads. Reading: a prompt in chunks of so many tokens.
 * Writing: so many neighbouring sequences, one token each in one step. Sharing: a state of 256 tokens by the library's
 * internal copy of sequences against the file that Hum keeps. Times are the median by the clock and, beside it, CPU time of
 * the process: with one thread that is what a quiet machine would take.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { getLlama, type LlamaContextSequence, type Token } from "node-llama-cpp";
import { findHome } from "../os/src/home.ts";
import { countFreeCores } from "../os/src/model/cores.ts";
import { openKvFolder } from "../os/src/model/kv-file.ts";
import { engineLimits } from "../os/src/model/sizes.ts";
import { toModelFile } from "../os/src/model/store.ts";

const bufferBytes = 256 << 20;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Gigabytes a second that one thread reads. */
function readMemory(): number {
  const [left, right] = [Buffer.alloc(bufferBytes, 1), Buffer.alloc(bufferBytes, 1)];
  const rates: number[] = [];
  for (let k = 0; k < 9; k++) {
    const started = performance.now();
    if (left.compare(right) !== 0) throw new Error("not equal");
    rates.push((2 * bufferBytes) / 1e6 / (performance.now() - started));
  }
  return Math.max(...rates);
}

async function readMemoryBy(threads: number): Promise<number> {
  const rates = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: "memory" });
    return new Promise<number>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
}

/** The median by the clock and the mean CPU time of a step, in milliseconds. */
async function time(
  steps: number,
  step: (k: number) => Promise<unknown>,
): Promise<{ ms: number; cpu: number }> {
  const times: number[] = [];
  const started = process.cpuUsage();
  for (let k = 0; k < steps; k++) {
    const at = performance.now();
    await step(k);
    times.push(performance.now() - at);
  }
  const { user, system } = process.cpuUsage(started);
  return { ms: median(times), cpu: (user + system) / 1000 / steps };
}

const cutTo = (sequence: LlamaContextSequence, size: number) =>
  sequence.eraseContextTokenRanges([{ start: size, end: sequence.nextTokenIndex }]);

async function main(): Promise<void> {
  const { values: args } = parseArgs({
    options: {
      model: { type: "string", default: "qwen2.5-coder-1.5b" },
      threads: { type: "string" },
      batches: { type: "string", default: "1,2,3,4,8" },
      steps: { type: "string", default: "12" },
    },
  });
  const threads = args.threads === undefined ? await countFreeCores() : Number(args.threads);
  const batches = args.batches.split(",").map(Number);
  const steps = Number(args.steps);
  const file = toModelFile(findHome(), args.model);
  const load = loadavg()[0]!.toFixed(1);
  console.log(`### ${args.model}: ${cpus().length} cores, ${threads} threads, load ${load}\n`);
  console.log("| what | ms | CPU ms | rate |\n|---|---|---|---|");
  const row = (what: string, { ms, cpu }: { ms: number; cpu: number }, rate: string) =>
    console.log(`| ${what} | ${ms.toFixed(1)} | ${cpu.toFixed(1)} | ${rate} |`);

  const weights = statSync(file).size;
  const bandwidth = await readMemoryBy(threads);
  const roof = (bandwidth * 1e9) / weights;
  console.log(
    `| memory read by ${threads} threads | | | ${bandwidth.toFixed(1)} GB/s: at most ${roof.toFixed(0)} tokens/s one by one (${(weights / 1e6).toFixed(0)} MB of weights) |`,
  );

  const llama = await getLlama({
    ...{ gpu: false, build: "never", progressLogs: false, maxThreads: 0, logger: () => {} },
  });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({
    ...{ sequences: Math.max(2, ...batches), contextSize: 1024, threads: { ideal: threads, min: threads } },
    ...{ flashAttention: false, batchSize: 512 },
  });
  const sequences = Array.from({ length: context.totalSequences }, () => context.getSequence());
  const [first, second] = sequences as [LlamaContextSequence, LlamaContextSequence];
  const text = "The kernel keeps a journal of every effect, with who asked, why, and from what it followed. ";
  const prompt = model.tokenize(text.repeat(60), false).slice(0, 512);

  for (const chunk of [4, engineLimits.chunkTokens, 256]) {
    await first.clearHistory();
    const part = await time(chunk === 4 ? 16 : Math.max(1, 256 / chunk), (k) =>
      first.evaluateWithoutGeneratingNewTokens(prompt.slice(k * chunk, (k + 1) * chunk)),
    );
    row(
      `reading ${chunk} tokens in a step`,
      part,
      `${((1000 * chunk) / part.cpu).toFixed(0)} tokens a CPU s`,
    );
  }

  const at = 256;
  for (const other of sequences) {
    await other.clearHistory();
    for (let k = 0; k < at; k += 32) await other.evaluateWithoutGeneratingNewTokens(prompt.slice(k, k + 32));
  }
  let one = 0;
  for (const batch of batches) {
    const last: Token[] = sequences.map(() => prompt[at]!);
    const step = await time(steps, () =>
      Promise.all(
        sequences.slice(0, batch).map(async (sequence, index) => {
          const next = await sequence.controlledEvaluate([
            [last[index]!, { generateNext: { token: true, options: { temperature: 0 } } }],
          ]);
          last[index] = next[0]!.next.token!;
        }),
      ),
    );
    one ||= step.cpu;
    const rate = `${((1000 * batch) / step.cpu).toFixed(1)} tokens a CPU s, ${((one * batch) / step.cpu).toFixed(2)} times one`;
    row(`writing one token in each of ${batch}`, step, rate);
    for (const sequence of sequences) await cutTo(sequence, at);
  }

  const scratch = mkdtempSync(join(tmpdir(), "hum-batch-"));
  const folder = await openKvFolder(scratch, "bench", engineLimits.kvBytes);
  const io = (sequence: LlamaContextSequence) => ({
    save: (path: string) => sequence.saveStateToFile(path),
    load: (path: string) => sequence.loadStateFromFile(path, { acceptRisk: true }),
  });
  await folder.save("state", prompt.slice(0, at), io(first));
  type Copying = { _copyStateFromOtherSequence(other: LlamaContextSequence, size: number): Promise<boolean> };
  const then = () => second.evaluateWithoutGeneratingNewTokens(prompt.slice(at, at + 1));
  const kept = await time(5, async () => {
    await folder.load("state", io(second));
    await then();
  });
  row(`a state of ${at} tokens from its file, and a token`, kept, "");
  const copied = await time(5, async () => {
    await (second as unknown as Copying)._copyStateFromOtherSequence(first, at);
    await then();
  });
  row("the same by the library's internal copy", copied, "");
  rmSync(scratch, { recursive: true, force: true });
}

if (isMainThread) {
  await main();
  process.exit(0);
} else if (workerData === "memory") parentPort?.postMessage(readMemory());
