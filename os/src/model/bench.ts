// How fast a model is here: reading, writing, the first token of a new process, and the first token of a second process
// of the same program (which finds the shared beginning computed), and what several that write at once have together:
// little more than one where the cores are the limit, much more where the memory is (embedded.ts: `slots`).

import type { Model, ModelMessage, ModelRequest } from "./model.ts";

/** The measures of one model, from one run. */
export interface ModelBench {
  prefillPerSecond: number;
  generatePerSecond: number;
  firstTokenMs: number;
  reuseFirstTokenMs: number;
  /** Tokens of the window that was read. */
  promptTokens: number;
  /** Calls that wrote at the same moment, and the tokens a second of all of them; 1 on a server, which is not asked to. */
  together: number;
  togetherPerSecond: number;
}

/** Calls that are tried at once. */
const mostTogether = 4;

const words = "The kernel keeps a journal of every effect, with who asked, why, and from what it followed. ";

/** Measures a model with about 800 tokens to read and 48 to write. The embedded engine is loaded before. */
export async function benchModel(model: Model): Promise<ModelBench> {
  await model.count(["warm"]);
  // A beginning that no earlier run has left on disk.
  const salt = `Run ${process.pid} ${Date.now()}. `;
  const shared: ModelMessage = { role: "system", text: salt + words.repeat(40) };
  const first = await measure(model, "bench-first", shared);
  const second = await measure(model, "bench-second", shared);
  await model.release("bench-first");
  await model.release("bench-second");
  const generatePerSecond = ((first.output - 1) / (first.ms - first.firstMs)) * 1000;
  const together = model.info.local ? Math.min(mostTogether, model.info.parked) : 1;
  const togetherPerSecond =
    (together > 1 ? await writeTogether(model, shared, together) : null) ?? generatePerSecond;
  const evaluated = first.input - first.cached;
  return {
    prefillPerSecond: (evaluated / first.readMs) * 1000,
    generatePerSecond,
    firstTokenMs: first.firstMs,
    reuseFirstTokenMs: second.firstMs,
    promptTokens: first.input,
    together,
    togetherPerSecond,
  };
}

/** Tokens a second of calls that all write, from when the last has begun until the first ends; null when they never did. */
async function writeTogether(model: Model, shared: ModelMessage, count: number): Promise<number | null> {
  let writing = 0;
  let tokens = 0;
  let began = 0;
  let ended = 0;
  const one = async (index: number) => {
    const process = `bench-together-${index}`;
    let first = true;
    for await (const event of model.generate(toRequest(process, shared), new AbortController().signal)) {
      if (event.type === "text") {
        if (first && ++writing === count) began = performance.now();
        first = false;
        if (began > 0 && ended === 0) tokens += event.tokens;
      } else if (event.type === "end") {
        ended ||= performance.now();
        if (event.failure) throw new Error(event.failure.message);
      }
    }
    await model.release(process);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  return began > 0 && ended > began ? (tokens / (ended - began)) * 1000 : null;
}

async function measure(model: Model, process: string, shared: ModelMessage) {
  const started = performance.now();
  let readMs = 0;
  let firstMs = 0;
  for await (const event of model.generate(toRequest(process, shared), new AbortController().signal)) {
    const now = performance.now() - started;
    if (event.type === "prefill") readMs = now;
    else if (event.type === "text") firstMs ||= now;
    else {
      if (event.failure) throw new Error(event.failure.message);
      return { ...event.usage, readMs: readMs || firstMs, firstMs: firstMs || now, ms: now };
    }
  }
  throw new Error("the model ended without an end");
}

function toRequest(process: string, shared: ModelMessage): ModelRequest {
  return {
    process,
    messages: [
      shared,
      { role: "user" as const, text: `You are ${process}. Count from one to one hundred in words.` },
    ],
    shared: 1,
    stops: [],
    maxTokens: 48,
    temperature: 0,
    seed: 1,
  };
}
