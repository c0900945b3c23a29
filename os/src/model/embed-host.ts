// The process of the embedding model: one thread at a lower priority, because what left a window can wait and whoever
// writes must not. Its arguments are the model file and "urgent" or "low".

import { constants, setPriority } from "node:os";
import { getLlama } from "node-llama-cpp";
import { toMessage } from "../error.ts";
import type { FromEmbedder, ToEmbedder } from "./embed-protocol.ts";

const file = process.argv[2] ?? "";
if (process.argv[3] !== "urgent") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const send = (message: FromEmbedder): void => {
  if (process.connected) process.send?.(message);
};

async function open() {
  // The library's own lower limit is four threads, which wait for each other on fewer cores (engine.ts).
  const llama = await getLlama({
    ...{ gpu: false as const, build: "never" as const, progressLogs: false, maxThreads: 0 },
    logger: () => {},
  });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createEmbeddingContext({ threads: 1 });
  // Room for the marks at both ends.
  const most = model.trainContextSize - 4;
  return async (text: string): Promise<string> => {
    const tokens = model.tokenize(text).slice(0, most);
    const { vector } = await context.getEmbeddingFor(tokens.length > 0 ? tokens : model.tokenize("."));
    return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
  };
}

const opened = open();
opened.catch(() => {});

process.on("message", async ({ id, texts }: ToEmbedder) => {
  try {
    const embed = await opened;
    const vectors: string[] = [];
    for (const text of texts) vectors.push(await embed(text));
    send({ id, vectors });
  } catch (error) {
    send({ id, problem: toMessage(error) });
  }
});
// A parent that is gone needs no answer.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("SIGINT", () => undefined);
