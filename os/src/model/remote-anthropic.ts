// Anthropic's own protocol, through the language model of its provider package (the documented interface below the `ai`
// package, so that nothing is tried twice and nothing is printed).

import { createAnthropic } from "@ai-sdk/anthropic";
import type { ModelRequest } from "./model.ts";
import {
  mostStops,
  type Protocol,
  type RemoteOptions,
  type RemotePart,
  toWindow,
} from "./remote-protocol.ts";

/** Creates the protocol for one model. */
export function createMessages(options: RemoteOptions, key: string | undefined): Protocol {
  const model = createAnthropic({ ...(options.url ? { baseURL: options.url } : {}), apiKey: key ?? "" })(
    options.model,
  );

  async function* ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<RemotePart> {
    const { system, messages } = toWindow(request);
    const { stream } = await model.doStream({
      prompt: [
        ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
        ...messages.map(({ role, text }) => ({ role, content: [{ type: "text" as const, text }] })),
      ],
      maxOutputTokens: request.maxTokens,
      temperature: request.temperature,
      ...(request.stops.length > 0 ? { stopSequences: request.stops.slice(0, mostStops) } : {}),
      abortSignal: signal,
    });
    for await (const part of stream) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") yield { type: "text", text: part.delta };
      if (part.type !== "finish") continue;
      const { inputTokens, outputTokens } = part.usage;
      const reason = part.finishReason.unified;
      yield {
        type: "end",
        reason: reason === "content-filter" ? "refused" : reason === "length" ? "length" : "stop",
        usage: {
          ...(inputTokens.total === undefined ? {} : { input: inputTokens.total }),
          ...(outputTokens.total === undefined ? {} : { output: outputTokens.total }),
          cached: inputTokens.cacheRead ?? 0,
        },
      };
    }
  }
  return { ask, close: async () => undefined };
}
