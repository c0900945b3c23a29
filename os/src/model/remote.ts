// A model on another machine. Servers and their errors exist only behind a protocol (remote-protocol.ts): here an answer
// becomes events, and each error a failure that says what to do. Nothing is tried twice, because the scheduler owns
// waiting and trying again.
//
// A server may compute ahead of the pulls. Grammars are not sent: there is no common way to say them.

import { createBeginFilter } from "./begin.ts";
import type { Model, ModelEvent, ModelFailure, ModelInfo, ModelRequest, Usage } from "./model.ts";
import { toFailure } from "./remote-failure.ts";
import type { Protocol, RemoteOptions } from "./remote-protocol.ts";
import { remoteLimits } from "./sizes.ts";
import { createStopFilter } from "./stops.ts";

/** Creates a remote model. Nothing is sent before the first call. */
export function createRemote(options: RemoteOptions): Model {
  const slots = options.slots ?? remoteLimits.slots;
  const mostSlots = options.slots ?? remoteLimits.mostSlots;
  const contextTokens = options.contextTokens ?? remoteLimits.contextTokens;
  let protocol: Promise<Protocol> | undefined;

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

    const stops = createStopFilter(request.stops);
    const begin = createBeginFilter(request.begin ?? "");
    try {
      protocol ??= openProtocol(options);
      let reason: "stop" | "length" | undefined;
      for await (const part of (await protocol).ask(request, signal)) {
        if (signal.aborted) return yield end("aborted");
        if (part.type === "text") {
          if (usage.output === 0) yield { type: "prefill", done: usage.input, total: usage.input, cached: 0 };
          const piece = stops.push(begin.push(part.text));
          const tokens = estimate(part.text);
          usage.output += tokens;
          yield { type: "text", text: piece.text, tokens };
          if (signal.aborted) return yield end("aborted");
          if (piece.stopped) return yield end("stop");
          continue;
        }
        Object.assign(usage, part.usage);
        if (part.reason === "refused") {
          const message = `${options.id} refused to answer this.`;
          return yield end("error", { code: "refused", message, retry: false });
        }
        reason = part.reason;
      }
      if (signal.aborted) return yield end("aborted");
      if (!reason) return yield end("error", toFailure(new Error("the answer broke off"), options));
      const last = stops.push(begin.flush());
      const rest = last.text + (last.stopped ? "" : stops.flush());
      if (rest !== "") yield { type: "text", text: rest, tokens: 0 };
      yield end(reason);
    } catch (error) {
      yield signal.aborted ? end("aborted") : end("error", toFailure(error, options));
    }
  }

  return {
    info: {
      id: options.id,
      driver: "remote",
      contextTokens,
      slots,
      parked: mostSlots,
      mostSlots,
      local: false,
      ...toMeasure(options),
    },
    count: async (texts) => texts.map(estimate),
    generate,
    release: async () => undefined,
    close: async () => (await protocol)?.close(),
  };
}

function toMeasure(options: RemoteOptions): Partial<ModelInfo> {
  const { requestsPerMinute, tokensPerMinute, price, spendPerDay } = options;
  const rate = {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  };
  return {
    ...(Object.keys(rate).length > 0 ? { rate } : {}),
    ...(price ? { price } : {}),
    ...(spendPerDay === undefined ? {} : { spendPerDay }),
  };
}

// A protocol is loaded when it is first needed.
async function openProtocol(options: RemoteOptions): Promise<Protocol> {
  if (options.provider === "anthropic") {
    const { createMessages } = await import("./remote-anthropic.ts");
    return createMessages(options, toKey(options));
  }
  const { createChat } = await import("./remote-chat.ts");
  return createChat(options, toKey(options));
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

function estimate(text: string): number {
  return Math.ceil(text.length / remoteLimits.charsPerToken);
}
