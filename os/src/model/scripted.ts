// A model that says what a function tells it: for tests, the simulator and the kernel's own measurements. It is
// deterministic (its clock counts and does not tell the time) and costs about a microsecond a token.

import type { Model, ModelEvent, ModelFailure, ModelInfo, ModelRequest, Usage } from "./model.ts";
import { engineLimits } from "./sizes.ts";
import { createStopFilter } from "./stops.ts";

/** What a script answers: the text after `begin`, a failure, or a text that fails after so many tokens. */
export type ScriptedAnswer =
  | string
  | ModelFailure
  | { text: string; failAfter?: number; failure?: ModelFailure };

/** Gives the answer to the call number `index` (from 0) of a process. */
export type Script = (request: ModelRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** How a scripted model is set up. */
export interface ScriptedOptions {
  id?: string;
  slots?: number;
  parked?: number;
  contextTokens?: number;
  attempts?: number;
  /** Milliseconds; by default a counter that grows by one at each look. */
  now?: () => number;
  /** Waited for before each token, to play a slow model. */
  pace?: () => Promise<void>;
}

const tokenChars = 4;

/** Creates a scripted model. */
export function createScripted(script: Script, options: ScriptedOptions = {}): Model {
  const calls = new Map<string, number>();
  const windows = new Map<string, string>();
  let ticks = 0;
  const now = options.now ?? (() => ticks++);
  const slots = options.slots ?? 1;
  const info: ModelInfo = {
    id: options.id ?? "scripted",
    driver: "scripted",
    contextTokens: options.contextTokens ?? engineLimits.contextTokens,
    slots,
    parked: Math.max(slots, options.parked ?? engineLimits.parked),
    local: true,
    attempts: options.attempts ?? 1,
  };

  async function* generate(
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent, void, void> {
    const started = now();
    const usage: Usage = { input: 0, cached: 0, output: 0 };
    type End = Extract<ModelEvent, { type: "end" }>;
    const end = (reason: End["reason"], failure?: ModelFailure): End => {
      const event: End = { type: "end", reason, usage, ms: now() - started };
      if (failure) event.failure = failure;
      return event;
    };
    if (signal.aborted) return yield end("aborted");
    const window = request.messages.map((message) => message.text).join("\0") + (request.begin ?? "");
    usage.input = estimate(window);
    if (usage.input + 1 > info.contextTokens) {
      const message = `The window of ${usage.input} tokens does not fit the model's ${info.contextTokens}.`;
      return yield end("error", { code: "context-full", message, retry: false });
    }
    usage.cached = Math.floor(commonChars(windows.get(request.process) ?? "", window) / tokenChars);
    windows.set(request.process, window);
    yield { type: "prefill", done: usage.input, total: usage.input, cached: usage.cached };
    if (signal.aborted) return yield end("aborted");

    const index = calls.get(request.process) ?? 0;
    calls.set(request.process, index + 1);
    let answer: ScriptedAnswer;
    try {
      answer = await script(request, index);
    } catch (error) {
      return yield end("error", scriptFailed(error));
    }
    if (signal.aborted) return yield end("aborted");
    if (typeof answer === "object" && "code" in answer) return yield end("error", answer);
    const { text, failAfter, failure } =
      typeof answer === "string" ? { text: answer, failAfter: undefined, failure: undefined } : answer;

    const filter = createStopFilter(request.stops);
    for (let at = 0; at < text.length; ) {
      if (usage.output >= request.maxTokens) {
        const rest = filter.flush();
        if (rest !== "") yield { type: "text", text: rest, tokens: 0 };
        return yield end("length");
      }
      if (usage.output === failAfter) return yield end("error", failure ?? defaultFailure);
      if (options.pace) await options.pace();
      if (signal.aborted) return yield end("aborted");
      const next = tokenEnd(text, at);
      const piece = filter.push(text.slice(at, next));
      at = next;
      usage.output++;
      yield { type: "text", text: piece.text, tokens: 1 };
      if (signal.aborted) return yield end("aborted");
      if (piece.stopped) return yield end("stop");
    }
    if (failAfter !== undefined && failAfter >= usage.output)
      return yield end("error", failure ?? defaultFailure);
    const rest = filter.flush();
    if (rest !== "") yield { type: "text", text: rest, tokens: 0 };
    yield end("stop");
  }

  return {
    info,
    count: async (texts) => texts.map(estimate),
    generate,
    async release(process) {
      calls.delete(process);
      windows.delete(process);
    },
    close: async () => undefined,
  };
}

const defaultFailure: ModelFailure = { code: "crashed", message: "The script stopped here.", retry: true };

function scriptFailed(error: unknown): ModelFailure {
  const message = `The script threw: ${error instanceof Error ? error.message : String(error)}`;
  return { code: "crashed", message, retry: false };
}

function estimate(text: string): number {
  return Math.ceil(text.length / tokenChars);
}

/** The end of the token that starts at `at`: four characters, never inside a surrogate pair. */
function tokenEnd(text: string, at: number): number {
  const end = Math.min(at + tokenChars, text.length);
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff && end < text.length ? end + 1 : end;
}

function commonChars(left: string, right: string): number {
  const size = Math.min(left.length, right.length);
  let index = 0;
  while (index < size && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  return index;
}
