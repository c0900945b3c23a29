// The engine: llama.cpp by node-llama-cpp, in a process of its own (embedded-host.ts). Here it is set up; call.ts runs
// one call.
//
// The same prompt gives the same numbers to the last bit, computed at once, in chunks, or on a state that was kept,
// because chunks begin at multiples of `blockTokens` (the kernels of llama.cpp compute so many rows at once, and what is
// left over in another way) and because flash attention is off on a CPU (there its sums depend on the chunk; and without
// it reading is faster: 90 against 55 tokens/s at 2,000 tokens, 1.5B, 2 cores). Only tokens that were generated differ
// from the same tokens read, and tokens written beside other sequences (batch.ts) from tokens written alone, in the last
// bits; so steps that read are never computed beside others.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { getLlama, type Llama, type LlamaGrammar, type Token } from "node-llama-cpp";
import { type Batching, createBatching, createChoice } from "./batch.ts";
import { type CallParts, runCall } from "./call.ts";
import { countFreeCores } from "./cores.ts";
import type { EngineEvent, EngineSetup } from "./embedded-protocol.ts";
import { openKvFolder } from "./kv-file.ts";
import type { ModelRequest } from "./model.ts";
import { createRenderer } from "./render.ts";
import { createSeats } from "./seats.ts";
import { engineLimits } from "./sizes.ts";

/** A loaded model. */
export interface Engine {
  count(texts: readonly string[]): number[];
  /** Answers one request, one step per pull. Contract: must not throw. */
  run(request: ModelRequest, signal: AbortSignal): AsyncGenerator<EngineEvent, void, void>;
  release(process: string): Promise<void>;
  close(): Promise<void>;
}

/** Loads the model, on a GPU if there is one that can hold it. Throws when the file cannot be loaded. */
export async function loadEngine(setup: EngineSetup): Promise<Engine> {
  try {
    return await load(setup, "auto");
  } catch (error) {
    return load(setup, false).catch(() => {
      throw error;
    });
  }
}

async function load(setup: EngineSetup, gpu: "auto" | false): Promise<Engine> {
  // `maxThreads: 0` lifts the library's own limit, which is at least 4: two threads more than cores made generation
  // 80 times slower (measured, 2 cores).
  const llama = await getLlama({
    gpu,
    build: "never",
    progressLogs: false,
    maxThreads: 0,
    logger: (level, message) => {
      if (level === "error" || level === "fatal") process.stderr.write(message);
    },
  });
  const cores = availableParallelism();
  const wanted = setup.threads ?? Math.min(llama.cpuMathCores, await countFreeCores());
  const threads = Math.max(1, Math.min(wanted, cores));
  const chunk = llama.gpu === false ? engineLimits.chunkTokens : engineLimits.gpuChunkTokens;
  const patientChunk = llama.gpu === false ? engineLimits.patientChunkTokens : engineLimits.gpuChunkTokens;
  const model = await llama.loadModel({ modelPath: setup.file });
  const batching = createBatching<object>({
    waitMs: engineLimits.gatherMs,
    soon: setImmediate,
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  const choose = createChoice();
  const context = await model.createContext({
    sequences: setup.seats,
    contextSize: setup.contextTokens,
    threads: { ideal: threads, min: threads },
    flashAttention: llama.gpu === false ? false : "auto",
    // Nothing larger than a chunk of each sequence is ever evaluated at once; a small batch keeps the buffers small.
    batchSize: Math.min(512, chunk * setup.parked),
    batching: {
      dispatchSchedule: batching.schedule,
      itemPrioritizationStrategy: ({ items, size }) => choose(items, size),
    },
  });
  const sequences = Array.from({ length: setup.seats }, () => context.getSequence());
  const folder = await openKvFolder(setup.kvDir, await stateKey(setup.file, llama), setup.kvBytes);
  const seats = createSeats(sequences, folder);
  const parts: CallParts = {
    model,
    contextTokens: setup.contextTokens,
    chunk,
    patientChunk,
    seats,
    render: createRenderer(model, setup.chatml),
    compile: createGrammars(llama),
    answers: createAnswers(),
    messageStart: setup.chatml ? model.tokenize("<|im_start|>", true)[0] : undefined,
  };

  return {
    count: (texts) => texts.map((text) => model.tokenize(text, false).length),
    run: (request, signal) => gather(batching, runCall(parts, request, signal)),
    release: (process) => seats.release(process),
    close: () => seats.saveAll(),
  };
}

/** Tells the batching when a call is pulled and when it was given a token. */
async function* gather(
  batching: Batching<object>,
  steps: AsyncGenerator<EngineEvent, void, void>,
): AsyncGenerator<EngineEvent, void, void> {
  try {
    for (;;) {
      batching.arrive(steps);
      const { value, done } = await steps.next();
      if (done) return;
      if (value.type === "text") batching.answered(steps);
      yield value;
    }
  } finally {
    batching.leave(steps);
    await steps.return();
  }
}

/** The tokens of the latest answers, by process and text. */
function createAnswers(): CallParts["answers"] {
  const known = new Map<string, readonly Token[]>();
  const toKey = (process: string, text: string) => `${process}\0${text}`;
  return {
    find: (process, text) => known.get(toKey(process, text)),
    keep(process, text, tokens) {
      known.delete(toKey(process, text));
      known.set(toKey(process, text), tokens);
      if (known.size > engineLimits.answers) known.delete(known.keys().next().value!);
    },
  };
}

function createGrammars(llama: Llama): (text: string) => Promise<LlamaGrammar> {
  const compiled = new Map<string, LlamaGrammar>();
  return async function compile(text) {
    const known = compiled.get(text) ?? (await llama.createGrammar({ grammar: text }));
    compiled.delete(text);
    compiled.set(text, known);
    if (compiled.size > engineLimits.grammars) compiled.delete(compiled.keys().next().value!);
    return known;
  };
}

/**
 * What a kept state depends on: the model file (its size, its date, its first and last megabyte), the engine, and the
 * processor, whose kernels decide the last bits of the numbers.
 */
async function stateKey(file: string, llama: Llama): Promise<string> {
  const hash = createHash("sha256");
  const handle = await open(file, "r");
  try {
    const { size, mtimeMs } = await handle.stat();
    const part = Buffer.alloc(Math.min(1 << 20, size));
    for (const start of [0, size - part.length]) {
      await handle.read(part, 0, part.length, start);
      hash.update(part);
    }
    const engine = `llama.cpp ${llama.llamaCppRelease.release} gpu ${llama.gpu}`;
    return `${hash.digest("hex")} ${size} ${mtimeMs} ${engine} on ${cpus()[0]?.model}`;
  } finally {
    await handle.close();
  }
}
