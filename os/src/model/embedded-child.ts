// The kernel's handle on the engine's process: starts it, matches answers to questions, and tells everyone who waits
// when it is gone. It keeps the kernel's event loop alive only while somebody waits.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineEvent, EngineSetup, FromEngine, ToEngine } from "./embedded-protocol.ts";
import type { ModelFailure, ModelRequest } from "./model.ts";
import { engineLimits } from "./sizes.ts";

/** A running engine process. */
export interface EngineChild {
  readonly alive: boolean;
  /** Undefined when the model is loaded; the failure when it cannot be, or the process died. */
  readonly ready: Promise<ModelFailure | undefined>;
  /** Undefined when the process died. */
  count(texts: readonly string[]): Promise<number[] | undefined>;
  start(run: number, request: ModelRequest): void;
  /** The next event of a call. */
  next(run: number): Promise<EngineEvent>;
  abort(run: number): void;
  release(process: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts an engine process; `id` names the model in failures. */
export function startEngineChild(
  id: string,
  setup: EngineSetup,
  onStart?: (pid: number) => void,
): EngineChild {
  const child: ChildProcess = fork(fileURLToPath(new URL("./embedded-host.ts", import.meta.url)), [], {
    execArgv: [],
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      NODE_OPTIONS: undefined,
      NODE_V8_COVERAGE: undefined,
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let alive = true;
  let lastWords = "";
  let serial = 0;
  let waiting = 0;
  let settleReady: (failure: ModelFailure | undefined) => void = () => undefined;
  const answers = new Map<number, (counts: number[] | undefined) => void>();
  const events = new Map<number, (event: EngineEvent) => void>();
  const exited = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => gone(`exit ${code ?? signal}`, resolve));
    child.once("error", (error) => gone(error.message, resolve));
  });
  child.stderr?.on("data", (data: Buffer) => {
    lastWords = (lastWords + data.toString("utf8")).slice(-500);
  });
  child.on("message", receive);
  (child.stderr as unknown as { unref(): void } | null)?.unref();
  idle();
  if (child.pid !== undefined) onStart?.(child.pid);

  function hold<T>(promise: Promise<T>): Promise<T> {
    if (waiting++ === 0) {
      child.ref();
      child.channel?.ref();
    }
    return promise.finally(() => {
      if (--waiting === 0) idle();
    });
  }

  function idle(): void {
    child.unref();
    child.channel?.unref();
  }

  function send(message: ToEngine): void {
    if (alive && child.connected) child.send(message, () => undefined);
  }

  function gone(how: string, resolve: () => void): void {
    alive = false;
    const why = lastWords.trim().split("\n").at(-1) ?? "";
    const message = `The engine of ${id} stopped (${how}${why && `: ${why}`}). It is started again for the next call.`;
    const failure: ModelFailure = { code: "crashed", message, retry: true };
    settleReady(failure);
    for (const answer of answers.values()) answer(undefined);
    for (const event of events.values()) event(crashed(failure));
    answers.clear();
    events.clear();
    resolve();
  }

  function receive(message: FromEngine): void {
    switch (message.type) {
      case "ready":
        settleReady(undefined);
        return;
      case "refused":
        settleReady(toNoModel(id, message.message));
        child.kill("SIGKILL");
        return;
      case "counts":
      case "released":
        answers.get(message.id)?.("counts" in message ? message.counts : undefined);
        answers.delete(message.id);
        return;
      case "event":
        events.get(message.run)?.(message.event);
        events.delete(message.run);
    }
  }

  function ask(toMessage: (serial: number) => ToEngine): Promise<number[] | undefined> {
    if (!alive) return Promise.resolve(undefined);
    const question = ++serial;
    const answer = new Promise<number[] | undefined>((resolve) => answers.set(question, resolve));
    send(toMessage(question));
    return hold(answer);
  }

  const ready = hold(
    new Promise<ModelFailure | undefined>((resolve) => {
      settleReady = resolve;
    }),
  );
  send({ type: "load", setup });

  return {
    get alive() {
      return alive;
    },
    ready,
    count: (texts) => ask((id) => ({ type: "count", id, texts })),
    start: (run, request) => send({ type: "start", run, request }),
    next(run) {
      if (!alive)
        return Promise.resolve(
          crashed({ code: "crashed", message: `The engine of ${id} stopped.`, retry: true }),
        );
      const event = new Promise<EngineEvent>((resolve) => events.set(run, resolve));
      send({ type: "next", run });
      return hold(event);
    },
    abort(run) {
      events.get(run)?.({ type: "end", reason: "aborted", usage: { input: 0, cached: 0, output: 0 } });
      events.delete(run);
      send({ type: "abort", run });
    },
    release: async (process) => void (await ask((id) => ({ type: "release", id, process }))),
    async close() {
      if (!alive) return;
      send({ type: "close" });
      const timer = setTimeout(() => child.kill("SIGKILL"), engineLimits.closeMs);
      await hold(exited);
      clearTimeout(timer);
    },
  };
}

/** The failure of a model file that cannot run, with what to do. */
export function toNoModel(id: string, why: string): ModelFailure {
  const message = `The model ${id} cannot be used: ${why}. Fetch it with \`hum model pull ${id}\`.`;
  return { code: "no-model", message, retry: false };
}

function crashed(failure: ModelFailure): EngineEvent {
  return { type: "end", reason: "error", usage: { input: 0, cached: 0, output: 0 }, failure };
}
