// A model on another machine, through the providers of the `ai` package. Its messages and errors exist only here: they
// are converted at this border, each error into a failure that says what to do. Nothing is tried twice here, because
// the scheduler owns waiting and trying again.
//
// A provider may compute ahead of the pulls. Grammars are not sent: there is no common way to say them.

import type { LanguageModel, ModelMessage as ProviderMessage } from "ai";
import { createBeginFilter } from "./begin.ts";
import type { Model, ModelEvent, ModelFailure, ModelMessage, ModelRequest, Usage } from "./model.ts";
import { toFailure } from "./remote-failure.ts";
import { remoteLimits } from "./sizes.ts";
import { createStopFilter } from "./stops.ts";

/** How a remote model is reached. */
export interface RemoteOptions {
  id: string;
  provider: "openai-compatible" | "anthropic" | "ollama";
  /** Base address, e.g. `http://127.0.0.1:11434` for Ollama; needless for Anthropic. */
  url?: string;
  /** The provider's name of the model. */
  model: string;
  /** Name of the environment variable that holds the key. */
  keyEnv?: string;
  contextTokens?: number;
  slots?: number;
  /** Where the key is looked up; the environment when not given. */
  env?: Record<string, string | undefined>;
}

/** Creates a remote model. Nothing is sent before the first call. */
export function createRemote(options: RemoteOptions): Model {
  const slots = options.slots ?? remoteLimits.slots;
  const contextTokens = options.contextTokens ?? remoteLimits.contextTokens;
  let provider: Promise<LanguageModel> | undefined;

  async function* generate(
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent, void, void> {
    const started = performance.now();
    const usage: Usage = { input: 0, cached: 0, output: 0 };
    type End = Extract<ModelEvent, { type: "end" }>;
    const end = (reason: End["reason"], failure?: ModelFailure): End => {
      const event: End = { type: "end", reason, usage, ms: performance.now() - started };
      if (failure) event.failure = failure;
      return event;
    };
    if (signal.aborted) return yield end("aborted");
    const problem = missing(options);
    if (problem) return yield end("error", problem);
    usage.input = request.messages.reduce((sum, message) => sum + estimate(message.text), 0);
    if (usage.input + 1 > contextTokens) {
      const message = `About ${usage.input} tokens do not fit the ${contextTokens} of ${options.id}. Shorten the window.`;
      return yield end("error", { code: "context-full", message, retry: false });
    }

    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener("abort", onAbort, { once: true });
    const stops = createStopFilter(request.stops);
    const begin = createBeginFilter(request.begin ?? "");
    try {
      provider ??= openProvider(options);
      const { streamText } = await import("ai");
      const result = streamText({
        model: await provider,
        ...toPrompt(request),
        maxOutputTokens: request.maxTokens,
        temperature: request.temperature,
        ...(options.provider === "anthropic" ? {} : { seed: request.seed }),
        // Most providers take at most four; the filter here knows them all.
        ...(request.stops.length > 0 ? { stopSequences: request.stops.slice(0, 4) } : {}),
        maxRetries: 0,
        abortSignal: stop.signal,
        // The default prints to the console; here an error is an event.
        onError: () => undefined,
      });
      let reason: "stop" | "length" | undefined;
      for await (const part of result.fullStream) {
        if (signal.aborted || part.type === "abort") return yield end("aborted");
        if (part.type === "error") return yield end("error", toFailure(part.error, options));
        if (part.type === "text-delta") {
          if (usage.output === 0) yield { type: "prefill", done: usage.input, total: usage.input, cached: 0 };
          const piece = stops.push(begin.push(part.text));
          const tokens = estimate(part.text);
          usage.output += tokens;
          yield { type: "text", text: piece.text, tokens };
          if (signal.aborted) return yield end("aborted");
          if (piece.stopped) return yield end("stop");
        }
        if (part.type === "finish") {
          usage.input = part.totalUsage.inputTokens ?? usage.input;
          usage.output = part.totalUsage.outputTokens ?? usage.output;
          usage.cached = part.totalUsage.inputTokenDetails?.cacheReadTokens ?? 0;
          if (part.finishReason === "content-filter") {
            const message = `${options.id} refused to answer this.`;
            return yield end("error", { code: "refused", message, retry: false });
          }
          reason = part.finishReason === "length" ? "length" : "stop";
        }
      }
      if (signal.aborted) return yield end("aborted");
      if (!reason) return yield end("error", toFailure(new Error("the answer broke off"), options));
      const last = stops.push(begin.flush());
      const rest = last.text + (last.stopped ? "" : stops.flush());
      if (rest !== "") yield { type: "text", text: rest, tokens: 0 };
      yield end(reason);
    } catch (error) {
      yield signal.aborted ? end("aborted") : end("error", toFailure(error, options));
    } finally {
      signal.removeEventListener("abort", onAbort);
      stop.abort();
    }
  }

  return {
    info: {
      id: options.id,
      driver: "remote",
      contextTokens,
      slots,
      parked: slots,
      local: false,
    },
    count: async (texts) => texts.map(estimate),
    generate,
    release: async () => undefined,
    close: async () => undefined,
  };
}

async function openProvider(options: RemoteOptions): Promise<LanguageModel> {
  // Warnings about settings a provider ignores would go to the console.
  (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
  const apiKey = toKey(options);
  if (options.provider === "anthropic") {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    return createAnthropic({ ...(options.url ? { baseURL: options.url } : {}), apiKey: apiKey ?? "" })(
      options.model,
    );
  }
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const url = (options.url ?? "http://127.0.0.1:11434").replace(/\/+$/, "");
  const baseURL = options.provider === "ollama" && !url.endsWith("/v1") ? `${url}/v1` : url;
  const settings = { name: options.provider, baseURL, includeUsage: true, ...(apiKey ? { apiKey } : {}) };
  return createOpenAICompatible(settings)(options.model);
}

/** What is missing before a call can be made at all. */
function missing(options: RemoteOptions): ModelFailure | undefined {
  const fail = (message: string): ModelFailure => ({ code: "no-model", message, retry: false });
  if (options.provider === "openai-compatible" && !options.url) {
    return fail(`The model ${options.id} has no address. Add it again with its url.`);
  }
  const name = options.keyEnv ?? (options.provider === "anthropic" ? "ANTHROPIC_API_KEY" : undefined);
  if (name === undefined || toKey(options)) return undefined;
  return fail(
    `The model ${options.id} needs a key. Set the environment variable ${name} and start Hum again.`,
  );
}

function toKey(options: RemoteOptions): string | undefined {
  const name = options.keyEnv ?? (options.provider === "anthropic" ? "ANTHROPIC_API_KEY" : undefined);
  return name === undefined ? undefined : (options.env ?? process.env)[name] || undefined;
}

function toPrompt(request: ModelRequest): { instructions?: string; messages: ProviderMessage[] } {
  const first = request.messages.findIndex((message) => message.role !== "system");
  const leading = request.messages.slice(0, first < 0 ? request.messages.length : first);
  const messages = request.messages.slice(leading.length).map(toProviderMessage);
  // Some providers refuse a window without a question.
  if (messages.length === 0) messages.push({ role: "user", content: "Go on." });
  // Providers refuse white space at the end of a begun answer; begin.ts takes it off again.
  const begin = request.begin?.trimEnd();
  if (begin) messages.push({ role: "assistant", content: begin });
  const instructions = leading.map((message) => message.text).join("\n\n");
  return instructions === "" ? { messages } : { instructions, messages };
}

/** A system message after the first question speaks as a user: not every provider takes it where it stands. */
function toProviderMessage({ role, text }: ModelMessage): ProviderMessage {
  if (role === "assistant") return { role, content: text };
  return { role: "user", content: role === "system" ? `[system]\n${text}` : text };
}

function estimate(text: string): number {
  return Math.ceil(text.length / remoteLimits.charsPerToken);
}
