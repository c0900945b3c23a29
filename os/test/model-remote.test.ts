// The remote model against a small server on this machine: the contract, and every failure as data.

import assert from "node:assert/strict";
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
