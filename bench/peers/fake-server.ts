/**
 * The fake model: an OpenAI-compatible chat-completions server without a model, the same for every peer.
 *
 * Idea: the answer is a function of the conversation alone. A conversation whose prompt is `taskPrompt(i, steps)`
 * and which holds k tool results gets tool call number k, until k = steps, then the text "agent i done". So the
 * server keeps no state per agent, and what a peer resends or repeats is visible in the counters.
 *
 * Rules:
 *  - It listens on 127.0.0.1 only. Started alone it prints its port as the first line of standard output.
 *  - `slots` > 0: a call above that many in progress is refused with 429 and `Retry-After: 1`, and holds no slot.
 *  - A slot is held for `latencyMs`, until the answer is written; a client that goes away frees it at once.
 *  - Idle sockets live 65 s (not Node's 5 s), so that a peer whose event loop starves is not punished for that.
 *  - The model name `hum-text` gets the same answers as text blocks (hum/text-model.ts); nothing else differs.
 *  - `POST /control {latencyMs, slots}` sets both and zeroes the counters; `GET /stats?since=T` reads them.
 *
 *     node bench/peers/fake-server.ts [--port 0] [--latency 0] [--slots 0]
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { now, type ServerStats, stepTool } from "./contract.ts";
import { answerText, textModel } from "./hum/text-model.ts";

interface Chat {
  model?: string;
  stream?: boolean;
  messages: { role: string; content?: unknown }[];
}

/** What the model says next: a tool call or the final text. */
export type Answer = { call: { id: string; name: string; arguments: string } } | { text: string };

/**
 * The model. Pure.
 * @example answer([{ role: 'user', content: taskPrompt(7, 3) }]) // { call: { id: 'call_7_0', ... } }
 */
export function answer(messages: Chat["messages"]): Answer {
  let task: RegExpExecArray | null = null;
  let results = 0;
  for (const message of messages) {
    if (message.role === "tool") results++;
    else if (message.role === "user" && !task) {
      const text = typeof message.content === "string" ? message.content : JSON.stringify(message.content);
      task = /agent (\d+)\. Take (\d+) steps/.exec(text);
    }
  }
  if (!task) return { text: "There is no task in this conversation." };
  const agent = Number(task[1]);
  if (results >= Number(task[2])) return { text: `agent ${agent} done` };
  const call = { agent, step: results };
  return { call: { id: `call_${agent}_${results}`, name: stepTool.name, arguments: JSON.stringify(call) } };
}

const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
let serial = 0;

/** Writes an answer as one JSON body or, where asked, as server-sent events. */
function sendAnswer(response: ServerResponse, chat: Chat, said: Answer): void {
  const head = { id: `chatcmpl-${++serial}`, created: 1_700_000_000, model: chat.model ?? "fake" };
  const calls =
    "call" in said
      ? [
          {
            id: said.call.id,
            type: "function",
            function: { name: said.call.name, arguments: said.call.arguments },
          },
        ]
      : undefined;
  const message = calls
    ? { role: "assistant", content: null, tool_calls: calls }
    : { role: "assistant", content: (said as { text: string }).text };
  const finish = calls ? "tool_calls" : "stop";
  if (!chat.stream) {
    const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
    sendJson(response, 200, { ...head, object: "chat.completion", choices, usage });
    return;
  }
  const delta = calls ? { ...message, tool_calls: [{ index: 0, ...calls[0] }] } : message;
  const chunk = (choice: object, more: object = {}) =>
    `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.end(
    `${chunk({ delta, finish_reason: null })}${chunk({ delta: {}, finish_reason: finish }, { usage })}data: [DONE]\n\n`,
  );
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

async function readJson<T>(request: IncomingMessage): Promise<T> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString() || "{}") as T;
}

/** Builds the server; the caller listens and closes. */
export function createFakeServer(settings: { latencyMs: number; slots: number }): Server {
  let active = 0;
  let epoch = 0;
  let arrivals: number[] = [];
  let leavings: number[] = [];
  let refused = 0;
  let peak = 0;

  function zero(): void {
    epoch++;
    active = 0;
    arrivals = [];
    leavings = [];
    refused = 0;
    peak = 0;
  }

  function stats(since: number): ServerStats {
    return {
      calls: arrivals.length,
      answered: leavings.length,
      refused,
      peak,
      firstCallAt: arrivals[0] ?? 0,
      lastCallAt: arrivals.at(-1) ?? 0,
      lastAnswerAt: leavings.at(-1) ?? 0,
      callsSince: arrivals.filter((at) => at > since).length,
      answersSince: leavings.filter((at) => at > since).length,
    };
  }

  function complete(chat: Chat, response: ServerResponse, at: number): void {
    if (settings.slots > 0 && active >= settings.slots) {
      refused++;
      const error = { message: "All slots are busy.", type: "rate_limit_error", code: "rate_limit_exceeded" };
      sendJson(response, 429, { error }, { "retry-after": "1" });
      return;
    }
    arrivals.push(at);
    active++;
    peak = Math.max(peak, active);
    const born = epoch;
    let open = true;
    const release = (answered: boolean) => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      if (born !== epoch) return;
      active--;
      if (answered) leavings.push(now());
    };
    const send = () => {
      const isText = chat.model === textModel;
      sendAnswer(response, chat, isText ? { text: answerText(chat.messages) } : answer(chat.messages));
      release(true);
    };
    let timer: NodeJS.Timeout | undefined;
    response.on("close", () => release(false));
    if (settings.latencyMs > 0) timer = setTimeout(send, settings.latencyMs);
    else send();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST" && url.pathname === "/v1/chat/completions") {
      const chat = await readJson<Chat>(request);
      complete(chat, response, at);
    } else if (request.method === "POST" && url.pathname === "/control") {
      const next = await readJson<Partial<typeof settings>>(request);
      settings = { latencyMs: next.latencyMs ?? 0, slots: next.slots ?? 0 };
      zero();
      sendJson(response, 200, settings);
    } else if (url.pathname === "/stats") {
      sendJson(response, 200, stats(Number(url.searchParams.get("since") ?? 0)));
    } else if (url.pathname === "/v1/models") {
      sendJson(response, 200, { object: "list", data: [{ id: "fake", object: "model" }] });
    } else {
      sendJson(response, 404, { error: { message: `No ${url.pathname} here; only chat completions.` } });
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) sendJson(response, 400, { error: { message: String(error) } });
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      latency: { type: "string", default: "0" },
      slots: { type: "string", default: "0" },
    },
  });
  const server = createFakeServer({ latencyMs: Number(values.latency), slots: Number(values.slots) });
  server.listen({ port: Number(values.port), host: "127.0.0.1", backlog: 1024 }, () => {
    console.log((server.address() as AddressInfo).port);
  });
  // The runner holds our standard input; when the runner is gone, so are we.
  process.stdin.on("end", () => process.exit(0)).resume();
}
