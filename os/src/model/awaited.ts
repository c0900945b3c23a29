// A model whose file is still on its way. It can be opened and counted on at once, so that nothing has to wait for it; a
// call waits, and goes on when the file is there. When it does not come, the call fails with the reason, and the next call
// asks for the file again.

import { toMessage } from "../error.ts";
import type { Model, ModelEvent, ModelFailure, ModelInfo, ModelRequest } from "./model.ts";
import { engineLimits } from "./sizes.ts";

const charsPerToken = 4;

/** Makes a model that is fetched when it is first called; `fetch` resolves to the real one and is asked again after a failure. */
export function createAwaited(id: string, fetch: () => Promise<Model>): Model {
  let model: Model | null = null;
  let coming: Promise<Model> | null = null;
  const ready = (): Promise<Model> => {
    coming ??= fetch().then(
      (here) => {
        model = here;
        return here;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  const awaited: ModelInfo = {
    ...{ id, driver: "embedded", contextTokens: engineLimits.contextTokens },
    ...{ slots: 1, parked: engineLimits.parked, local: true },
    attempts: engineLimits.attempts,
  };

  async function* generate(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const usage = { input: 0, cached: 0, output: 0 };
    try {
      const here = model ?? (await race(ready(), signal));
      if (here) yield* here.generate(request, signal);
      else yield { type: "end", reason: "aborted", usage, ms: 0 };
    } catch (error) {
      const failure: ModelFailure = { code: "no-model", message: toMessage(error), retry: false };
      yield { type: "end", reason: "error", usage, ms: 0, failure };
    }
  }

  return {
    get info() {
      return model?.info ?? awaited;
    },
    count: async (texts) =>
      model ? model.count(texts) : texts.map((text) => Math.ceil(text.length / charsPerToken)),
    generate,
    release: async (process) => model?.release(process),
    close: async () => model?.close(),
  };
}

/** The result, or null when the signal aborts first. */
function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const stop = () => resolve(null);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
