// Meaning as numbers: texts become vectors by a small model on this machine, in a process of its own that is started on
// first use. It is optional: while its file is not there nothing is embedded and nobody has to care.

import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FromEmbedder, ToEmbedder } from "./embed-protocol.ts";

/** Makes vectors of texts. */
export interface Embedder {
  /** A vector for each text, of length one; null when that is not possible (now). Contract: must not throw. */
  embed(texts: readonly string[]): Promise<Float32Array[] | null>;
  close(): Promise<void>;
}

/** After so many deaths of its process the model is left alone. */
const mostStarts = 3;

/** Creates the embedder for a GGUF file, which may come later; `urgent` gives it the priority of other programs. */
export function createEmbedder(file: string, options: { urgent?: boolean } = {}): Embedder {
  let child: ChildProcess | undefined;
  let starts = 0;
  let serial = 0;
  let closed = false;
  const waiting = new Map<number, (vectors: Float32Array[] | null) => void>();

  const settleAll = (): void => {
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
    child = undefined;
  };
  const start = (): ChildProcess => {
    starts += 1;
    const started = fork(
      fileURLToPath(new URL("./embed-host.ts", import.meta.url)),
      [file, options.urgent ? "urgent" : "low"],
      {
        execArgv: [],
        env: {
          ...process.env,
          NODE_TEST_CONTEXT: undefined,
          NODE_OPTIONS: undefined,
          NODE_V8_COVERAGE: undefined,
        },
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      },
    );
    started.once("exit", settleAll);
    started.once("error", settleAll);
    started.on("message", (message: FromEmbedder) => {
      waiting.get(message.id)?.("vectors" in message ? message.vectors.map(toVector) : null);
      waiting.delete(message.id);
      if (waiting.size === 0) idle(started);
    });
    return started;
  };
  // It keeps the kernel alive only while somebody waits.
  const idle = (of: ChildProcess): void => {
    of.unref();
    of.channel?.unref();
  };

  return {
    async embed(texts) {
      if (texts.length === 0) return [];
      if (closed || (!child && (starts >= mostStarts || !existsSync(file)))) return null;
      child ??= start();
      const running = child;
      running.ref();
      running.channel?.ref();
      const message: ToEmbedder = { id: ++serial, texts };
      return new Promise((resolve) => {
        waiting.set(message.id, resolve);
        running.send(message, (error) => {
          if (!error) return;
          waiting.delete(message.id);
          resolve(null);
        });
      });
    },
    async close() {
      closed = true;
      const running = child;
      if (!running) return;
      const gone = new Promise<void>((resolve) => running.once("exit", () => resolve()));
      running.ref();
      running.kill("SIGKILL");
      await gone;
    },
  };
}

function toVector(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  const vector = new Float32Array(bytes.buffer);
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum) || 1;
  return vector.map((value) => value / length);
}
