// The remote model against a small server on this machine: the contract, and every failure as data.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createRemote } from "../src/model/remote.ts";
import { answer, ask, testModel } from "./contract/model.ts";
import { type ChatAnswer, startChatServer } from "./fixtures/chat-server.ts";

const numbers =
  "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen";

let server: Awaited<ReturnType<typeof startChatServer>>;
testModel({
  name: "remote",
  async open() {
    server = await startChatServer(({ messages }) => {
      const question = messages.findLast((message) => message.role === "user")!.content;
      const begun = messages.at(-1)!.role === "assistant" ? `${messages.at(-1)!.content} ` : "";
      return { text: begun + (question.startsWith("Say") ? "Monday 😀 Tuesday" : numbers) };
    });
    return createRemote({
      id: "far",
      provider: "openai-compatible",
      url: server.url,
      model: "m",
      contextTokens: 500,
    });
  },
  close: () => server[Symbol.asyncDispose](),
  skips: [
    {
      reason: "the server counts tokens, and here not as the client does",
      tests: ["events end once and last, usage adds up", "text of a message is never a special token"],
    },
    {
      reason: "a server may run ahead, and its pieces are not its tokens",
      tests: ["what is not pulled is not computed"],
    },
  ],
});

async function fail(said: ChatAnswer) {
  await using far = await startChatServer(() => said);
  const model = createRemote({
    id: "far",
    provider: "openai-compatible",
    url: far.url,
    model: "m",
    keyEnv: "K",
    env: { K: "secret-key" },
  });
  const { end, text } = await answer(model, ask("a", "hi"));
  assert.ok(!JSON.stringify(end).includes("secret-key"));
  assert.equal(far.bodies.length, 1, "nothing is tried twice here");
  return { failure: end.failure!, text };
}

test("errors of a server become failures that say what to do", async () => {
  const limited = (await fail({ status: 429, headers: { "retry-after": "3" } })).failure;
  assert.deepEqual([limited.code, limited.retry, limited.retryAfterMs], ["rate-limited", true, 3000]);
  const trouble = (await fail({ status: 503, headers: { "retry-after-ms": "40" } })).failure;
  assert.deepEqual([trouble.code, trouble.retry, trouble.retryAfterMs], ["unreachable", true, 40]);
  const key = (await fail({ status: 401 })).failure;
  assert.deepEqual([key.code, key.retry], ["refused", false]);
  assert.match(key.message, /K/);
  assert.equal((await fail({ status: 404, error: "no such model" })).failure.code, "no-model");
  assert.equal(
    (await fail({ status: 400, error: "maximum context length is 10" })).failure.code,
    "context-full",
  );
  assert.equal((await fail({ status: 400, error: "bad" })).failure.code, "bad-request");
  const cut = await fail({ text: numbers, cutAfter: 3 });
  assert.deepEqual([cut.failure.code, cut.failure.retry], ["unreachable", true]);
});

test("no server, no key and no address are failures that say what to do", async () => {
  const url = "http://127.0.0.1:9/v1";
  const gone = createRemote({ id: "far", provider: "openai-compatible", url, model: "m" });
  const { failure } = (await answer(gone, ask("a", "hi"))).end;
  assert.deepEqual([failure?.code, failure?.retry], ["unreachable", true]);
  const keyless = createRemote({ id: "claude", provider: "anthropic", model: "m", env: {} });
  const missing = (await answer(keyless, ask("a", "hi"))).end.failure;
  assert.equal(missing?.code, "no-model");
  assert.match(missing!.message, /ANTHROPIC_API_KEY/);
  const nowhere = createRemote({ id: "far", provider: "openai-compatible", model: "m" });
  assert.equal((await answer(nowhere, ask("a", "hi"))).end.failure?.code, "no-model");
});

test("the window reaches the server as its messages, and Ollama at its address", async () => {
  await using far = await startChatServer(() => ({ text: "ok" }));
  const model = createRemote({ id: "o", provider: "ollama", url: far.url.replace("/v1", ""), model: "m" });
  const messages = [
    { role: "system", text: "rules" },
    { role: "user", text: "hi" },
    { role: "assistant", text: "hello" },
    { role: "system", text: "note" },
  ] as const;
  const { text, end } = await answer(model, ask("a", "", { messages, begin: "So: " }));
  assert.equal(text, "ok");
  assert.deepEqual(end.usage, { input: 7, cached: 0, output: 1 });
  assert.deepEqual(far.bodies[0]!.messages, [
    { role: "system", content: "rules" },
    { role: "user", content: "hi" },
    { role: "assistant", content: "hello" },
    { role: "user", content: "[system]\nnote" },
    { role: "assistant", content: "So:" },
  ]);
});

/** A server that gives each request the same answer and counts its connections. */
async function startRawServer(head: Record<string, string>, body: string, status = 200) {
  let connections = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(status, head).end(body));
  }).on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const events = { "content-type": "text/event-stream" };
const far = (url: string) => createRemote({ id: "far", provider: "openai-compatible", url, model: "m" });

test("an error in the middle of an answer, a moved server and a page of a proxy are failures", async () => {
  const said = `data: ${JSON.stringify({ choices: [{ delta: { content: "one" } }] })}\n\n`;
  await using broken = await startRawServer(events, `${said}data: {"error":{"message":"out of memory"}}\n\n`);
  const { text, end } = await answer(far(broken.url), ask("a", "hi"));
  assert.deepEqual([text, end.failure?.code, end.failure?.retry], ["one", "unreachable", true]);
  assert.match(end.failure!.message, /out of memory/);
  await using garbled = await startRawServer(events, "data: {not json\n\n");
  assert.equal((await answer(far(garbled.url), ask("a", "hi"))).end.failure?.code, "unreachable");
  await using moved = await startRawServer({ location: "https://far.example/v1" }, "", 301);
  assert.match((await answer(far(moved.url), ask("a", "hi"))).end.failure!.message, /https:\/\/far\.example/);
  await using proxy = await startRawServer({}, "<h1>Bad gateway</h1>", 502);
  assert.match((await answer(far(proxy.url), ask("a", "hi"))).end.failure!.message, /502: <h1>Bad gateway/);
});

test("a server that refuses, thinks in parts or answers in one piece is understood", async () => {
  const chunks = [
    { choices: [{ delta: { content: [{ type: "thinking", text: "hm" }] } }] },
    { choices: [{ delta: { content: [{ type: "text", text: "four" }] } }] },
    { choices: [{ delta: {}, finish_reason: "stop" }] },
  ];
  const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join("");
  await using parts = await startRawServer(events, `: a comment\n\n${text}data: [DONE]\n\n`);
  const model = far(parts.url);
  for (let call = 0; call < 6; call++) assert.equal((await answer(model, ask("a", "2+2"))).text, "four");
  assert.ok(parts.connections() < 3, `connections are used again, not ${parts.connections()} made`);
  await model.close();
  const whole = { choices: [{ message: { content: "four" }, finish_reason: "stop" }] };
  await using piece = await startRawServer({ "content-type": "application/json" }, JSON.stringify(whole));
  assert.equal((await answer(far(piece.url), ask("a", "2+2"))).text, "four");
  const no = { choices: [{ delta: { refusal: "I will not." }, finish_reason: "stop" }] };
  await using refusing = await startRawServer(events, `data: ${JSON.stringify(no)}\n\n`);
  assert.equal((await answer(far(refusing.url), ask("a", "hi"))).end.failure?.code, "refused");
});

test("Anthropic speaks its own protocol", async () => {
  const said = [
    {
      type: "message_start",
      message: {
        id: "1",
        model: "m",
        role: "assistant",
        content: [],
        usage: { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "So: four" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 3 } },
    { type: "message_stop" },
  ];
  const text = said.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  await using server = await startRawServer(events, text);
  const options = {
    id: "c",
    provider: "anthropic",
    model: "m",
    env: { ANTHROPIC_API_KEY: "secret-key" },
  } as const;
  const { text: heard, end } = await answer(
    createRemote({ ...options, url: server.url }),
    ask("a", "2+2", { begin: "So: " }),
  );
  assert.deepEqual([heard, end.reason, end.usage], ["four", "length", { input: 7, cached: 2, output: 3 }]);
  const busy = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
  await using full = await startRawServer(
    { "retry-after": "2", "content-type": "application/json" },
    JSON.stringify(busy),
    529,
  );
  const { failure } = (await answer(createRemote({ ...options, url: full.url }), ask("a", "hi"))).end;
  assert.deepEqual([failure?.code, failure?.retry, failure?.retryAfterMs], ["unreachable", true, 2000]);
  assert.match(failure!.message, /Overloaded/);
});
