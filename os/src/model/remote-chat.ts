// The chat protocol of OpenAI that most servers speak (Ollama, vLLM, llama.cpp, many clouds): one POST, and the answer as
// server-sent events. It is read directly, because every token comes this way: a general client with its chain of web
// streams takes four times the time for each (bench/RESULTS.md).

import { createParser } from "eventsource-parser";
import { Agent } from "undici";
import { version } from "../version.ts";
import type { ModelRequest } from "./model.ts";
import {
  mostStops,
  type Protocol,
  type RemoteOptions,
  type RemotePart,
  toWindow,
} from "./remote-protocol.ts";
import { remoteLimits } from "./sizes.ts";

/** The fields of an answer that count here. A server may leave any of them out. */
interface Chunk {
  choices?: { delta?: Said; message?: Said; finish_reason?: string | null }[];
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
  } | null;
  error?: unknown;
}

interface Said {
  content?: string | { type?: string; text?: string }[] | null;
  refusal?: string | null;
}

/** Creates the protocol for one model. Connections are kept and used again. */
export function createChat(options: RemoteOptions, key: string | undefined): Protocol {
  const connections = new Agent({
    headersTimeout: remoteLimits.silenceMs,
    bodyTimeout: remoteLimits.silenceMs,
  });
  const url = new URL(toAddress(options));
  const headers = {
    "content-type": "application/json",
    "user-agent": `hum/${version}`,
    ...(key ? { authorization: `Bearer ${key}` } : {}),
  };

  async function* ask(request: ModelRequest, signal: AbortSignal): AsyncGenerator<RemotePart> {
    const response = await connections.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: "POST",
      headers,
      body: JSON.stringify(toBody(request, options)),
      signal,
    });
    const { statusCode, body } = response;
    if (statusCode >= 300) throw toServerError(statusCode, response.headers, await body.text());
    const isWhole = String(response.headers["content-type"]).includes("application/json");
    yield* toParts(isWhole ? [await body.text()] : readEvents(body.setEncoding("utf8")));
  }
  return { ask, close: () => connections.destroy() };
}

function toAddress({ url = "http://127.0.0.1:11434", provider }: RemoteOptions): string {
  const base = url.replace(/\/+$/, "");
  return `${provider === "ollama" && !base.endsWith("/v1") ? `${base}/v1` : base}/chat/completions`;
}

function toBody(request: ModelRequest, { model }: RemoteOptions): object {
  const { system, messages } = toWindow(request);
  return {
    model,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    seed: request.seed,
    ...(request.stops.length > 0 ? { stop: request.stops.slice(0, mostStops) } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

async function* readEvents(body: AsyncIterable<string>): AsyncGenerator<string> {
  let ready: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => ready.push(data) });
  for await (const piece of body) {
    parser.feed(piece);
    yield* ready;
    ready = [];
  }
}

async function* toParts(events: AsyncIterable<string> | Iterable<string>): AsyncGenerator<RemotePart> {
  let finish: string | undefined;
  let refused = false;
  let usage: Chunk["usage"];
  for await (const event of events) {
    // Read to its end, so that the connection can be used again.
    if (event === "[DONE]") continue;
    const chunk = JSON.parse(event) as Chunk;
    if (chunk.error !== undefined) throw chunk.error;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    const said = choice?.delta ?? choice?.message;
    refused ||= Boolean(said?.refusal);
    const text = toText(said?.content) + (said?.refusal ?? "");
    if (text !== "") yield { type: "text", text };
  }
  if (finish === undefined) return;
  const reason = refused || finish === "content_filter" ? "refused" : finish === "length" ? "length" : "stop";
  yield {
    type: "end",
    reason,
    usage: usage
      ? {
          input: usage.prompt_tokens ?? 0,
          cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
          output: usage.completion_tokens ?? 0,
        }
      : {},
  };
}

// A few servers say a text in parts, thoughts among them.
function toText(content: Said["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
}

function toServerError(
  statusCode: number,
  headers: Record<string, string | string[] | undefined>,
  responseBody: string,
): Error {
  const responseHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
  return Object.assign(new Error(toSaid(responseBody)), { statusCode, responseHeaders, responseBody });
}

// Servers say what is wrong in one of three ways; a page of a proxy in between is shown as it is.
function toSaid(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as {
      error?: { message?: string } | string;
      message?: string;
    };
    return (typeof error === "string" ? error : error?.message) ?? message ?? body;
  } catch {
    return body;
  }
}
