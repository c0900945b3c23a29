// The engine's own process, started by embedded-child.ts: a crash of llama.cpp ends this process and not the kernel.
// It answers the messages of embedded-protocol.ts and dies with its parent.

import { toMessage } from "../error.ts";
import type { EngineEvent, FromEngine, ToEngine } from "./embedded-protocol.ts";
import { type Engine, loadEngine } from "./engine.ts";

let engine: Engine | undefined;
const runs = new Map<number, { steps: AsyncGenerator<EngineEvent, void, void>; abort: AbortController }>();

function send(message: FromEngine): void {
  process.send?.(message);
}

async function handle(message: ToEngine): Promise<void> {
  if (message.type === "load") {
    try {
      engine = await loadEngine(message.setup);
      send({ type: "ready" });
    } catch (error) {
      send({ type: "refused", message: toMessage(error) });
    }
    return;
  }
  if (!engine) return;
  switch (message.type) {
    case "count":
      return send({ type: "counts", id: message.id, counts: engine.count(message.texts) });
    case "start": {
      const abort = new AbortController();
      runs.set(message.run, { steps: engine.run(message.request, abort.signal), abort });
      return;
    }
    case "next": {
      const step = await runs.get(message.run)?.steps.next();
      if (!step || step.done) return;
      if (step.value.type === "end") await end(message.run);
      return send({ type: "event", run: message.run, event: step.value });
    }
    case "abort":
      return end(message.run);
    case "release":
      await engine.release(message.process);
      return send({ type: "released", id: message.id });
    case "close":
      await Promise.all([...runs.keys()].map(end));
      await engine.close();
      process.exit(0);
  }
}

/** Ends a call and gives its seat back; a step that is being computed is finished first. */
async function end(run: number): Promise<void> {
  const found = runs.get(run);
  runs.delete(run);
  found?.abort.abort();
  await found?.steps.return();
}

process.on("message", (message: ToEngine) => void handle(message));
// A parent that is gone needs no answer; SIGKILL because threads of the engine may be in the middle of a step.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("SIGINT", () => undefined);
// Where files may not grow beyond a limit the write is to fail, as on a full disk; the signal would end the engine.
process.on("SIGXFSZ", () => undefined);
