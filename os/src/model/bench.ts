// How fast a model is here: reading, writing, the first token of a new process, and the first token of a second process
// of the same program (which finds the shared beginning computed).

import type { Model, ModelMessage } from "./model.ts";

/** The measures of one model, from one run. */
export interface ModelBench {
  prefillPerSecond: number;
  generatePerSecond: number;
  firstTokenMs: number;
  reuseFirstTokenMs: number;
  /** Tokens of the window that was read. */
  promptTokens: number;
}

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
  const evaluated = first.input - first.cached;
  return {
    prefillPerSecond: (evaluated / first.readMs) * 1000,
    generatePerSecond: ((first.output - 1) / (first.ms - first.firstMs)) * 1000,
    firstTokenMs: first.firstMs,
    reuseFirstTokenMs: second.firstMs,
    promptTokens: first.input,
  };
}

async function measure(model: Model, process: string, shared: ModelMessage) {
  const started = performance.now();
  let readMs = 0;
  let firstMs = 0;
  const request = {
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
  for await (const event of model.generate(request, new AbortController().signal)) {
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
