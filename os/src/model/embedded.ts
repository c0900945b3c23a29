// A model inside Hum: a GGUF file run by llama.cpp in a process of its own. This file is the kernel's side: it chooses
// sizes by the file and the memory, starts the engine on first use (again after a crash), and turns pulls into steps.

import { availableParallelism, freemem, totalmem } from "node:os";
import { createCounts } from "./counts.ts";
import { type EngineChild, startEngineChild, toNoModel } from "./embedded-child.ts";
import type { EngineEvent, EngineSetup } from "./embedded-protocol.ts";
import { type GgufHead, readGguf } from "./gguf.ts";
import type { Model, ModelEvent, ModelFailure, ModelRequest, Usage } from "./model.ts";
import { engineLimits } from "./sizes.ts";

/** How an embedded model is set up. */
export interface EmbeddedOptions {
  id: string;
  /** The GGUF file. */
  file: string;
  /** Folder for the KV states of processes; may be shared by several models. */
  kvDir: string;
  /** Window of one process in tokens; less is taken when memory is short. */
  contextTokens?: number;
  /** Calls that may be under way at once. */
  parked?: number;
  /** Calls that may run at the same moment, in one batch; by default by the number of cores, and less than may be under way,
   * so that a word from a person finds a free window. With 1 the same request gives the same answer whoever else is there. */
  slots?: number;
  /** Never more than there are cores; by default one for each core that is useful for arithmetic. */
  threads?: number;
  kvBytes?: number;
  /** How often a task may be done, to compare; more than once for a small model unless told. */
  attempts?: number;
  /** Load the model now and not at the first call. */
  warm?: boolean;
  /** Told the process id of each engine that is started. */
  onStart?: (pid: number) => void;
}

/** Creates an embedded model. A file that is missing or damaged is a failure of each call, not a throw. */
export async function createEmbedded(options: EmbeddedOptions): Promise<Model> {
  const { id, file } = options;
  const found = await readGguf(file);
  const problem = "problem" in found ? toNoModel(id, `${file}: ${found.problem}`) : undefined;
  const setup = toSetup(options, "head" in found ? found.head : undefined);
  let child: EngineChild | undefined;
  let closed = false;
  let serial = 0;

  function engine(): EngineChild {
    if (!child?.alive) child = startEngineChild(id, setup, options.onStart);
    return child;
  }

  const counts = createCounts(async (texts) => {
    if (problem || closed) return undefined;
    const running = engine();
    return (await running.ready) ? undefined : running.count(texts);
  });

  async function* generate(
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent, void, void> {
    const started = performance.now();
    const usage: Usage = { input: 0, cached: 0, output: 0 };
    const end = (event: Omit<Extract<EngineEvent, { type: "end" }>, "type">): ModelEvent => ({
      type: "end",
      ...event,
      ms: performance.now() - started,
    });
    const failed = (failure: ModelFailure) => end({ reason: "error", usage, failure });
    if (problem) return yield failed(problem);
    if (closed) return yield failed(toNoModel(id, "it was closed"));

    const aborted = whenAborted(signal);
    const running = engine();
    const run = ++serial;
    let over = false;
    try {
      const loaded = await Promise.race([running.ready, aborted.promise]);
      if (loaded === "aborted") return yield end({ reason: "aborted", usage });
      if (loaded) return yield failed(loaded);
      running.start(run, request);
      // The seat is given back at once, also when nobody pulls any more.
      aborted.whenever(() => {
        over = true;
        running.abort(run);
      });
      for (;;) {
        const event = await (signal.aborted ? "aborted" : Promise.race([running.next(run), aborted.promise]));
        if (event === "aborted") return yield end({ reason: "aborted", usage });
        if (event.type === "end") {
          over = true;
          const known = event.usage.input > 0 ? event.usage : usage;
          return yield end({ ...event, usage: known });
        }
        if (event.type === "prefill") Object.assign(usage, { input: event.total, cached: event.cached });
        else usage.output += event.tokens;
        yield event;
      }
    } finally {
      aborted.forget();
      if (!over) running.abort(run);
    }
  }

  if (options.warm && !problem) engine();
  return {
    info: {
      id,
      driver: "embedded",
      contextTokens: setup.contextTokens,
      slots: options.slots
        ? Math.min(options.slots, setup.parked)
        : Math.max(1, Math.min(usualSlots, setup.parked - 1)),
      parked: setup.parked,
      local: true,
      attempts: options.attempts ?? ("head" in found ? toAttempts(found.head) : 1),
    },
    count: counts,
    generate,
    async release(process) {
      if (child?.alive && !(await child.ready)) await child.release(process);
    },
    async close() {
      closed = true;
      await child?.close();
    },
  };
}

const toAttempts = (head: GgufHead): number =>
  head.bytes < engineLimits.smallBytes ? engineLimits.attempts : 1;

// A batch is worth as much as there are cores which wait for the memory when one sequence writes.
const usualSlots = Math.max(1, Math.min(engineLimits.slots, availableParallelism() >> 1));

function toSetup(options: EmbeddedOptions, head: GgufHead | undefined): EngineSetup {
  let contextTokens = Math.min(
    options.contextTokens ?? engineLimits.contextTokens,
    head?.trainedTokens ?? Infinity,
  );
  let parked = Math.max(1, options.parked ?? Math.max(engineLimits.parked, usualSlots + 1));
  let seats = parked + engineLimits.spareSeats;
  if (head) {
    // What macOS calls free leaves out what it would give at once.
    const free = process.platform === "darwin" ? totalmem() / 2 : freemem();
    const memory = free * engineLimits.memoryPart - head.bytes * 1.2;
    const need = () => contextTokens * seats * head.kvBytesPerToken;
    if (need() > memory) seats = parked;
    while (need() > memory && parked > 2) parked = --seats;
    while (need() > memory && contextTokens > engineLimits.leastContextTokens) contextTokens >>= 1;
  }
  return {
    file: options.file,
    contextTokens,
    ...{ parked, seats },
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    kvDir: options.kvDir,
    kvBytes: options.kvBytes ?? engineLimits.kvBytes,
    chatml: head?.chatml ?? false,
  };
}

function whenAborted(signal: AbortSignal) {
  let tell: (word: "aborted") => void = () => undefined;
  let action: () => void = () => undefined;
  const promise = new Promise<"aborted">((resolve) => {
    tell = resolve;
  });
  const listener = () => {
    action();
    tell("aborted");
  };
  signal.addEventListener("abort", listener, { once: true });
  if (signal.aborted) tell("aborted");
  return {
    promise,
    whenever: (next: () => void) => {
      action = next;
      if (signal.aborted) next();
    },
    forget: () => signal.removeEventListener("abort", listener),
  };
}
