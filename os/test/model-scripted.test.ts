// The scripted model: the contract, and what only it can do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createScripted } from "../src/model/scripted.ts";
import { answer, ask, testModel } from "./contract/model.ts";

const numbers =
  "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen";

testModel({
  name: "scripted",
  open: async () =>
    createScripted((request) =>
      request.messages.at(-1)!.text.startsWith("Say") ? "Monday 😀 Tuesday" : numbers,
    ),
});

test("a script sees how often its process has called, and may fail", async () => {
  const model = createScripted((_, index) => {
    if (index === 0) return "hello";
    if (index === 1) return { text: "half an answer", failAfter: 2 };
    if (index === 2) return { code: "rate-limited", message: "wait", retry: true, retryAfterMs: 5 };
    throw new Error("boom");
  });
  assert.equal((await answer(model, ask("a", "hi"))).text, "hello");
  const half = await answer(model, ask("a", "hi"));
  assert.equal(half.text, "half an ");
  assert.equal(half.end.failure?.code, "crashed");
  assert.equal((await answer(model, ask("a", "hi"))).end.failure?.retryAfterMs, 5);
  assert.match((await answer(model, ask("a", "hi"))).end.failure!.message, /boom/);
  assert.equal((await answer(model, ask("b", "hi"))).text, "hello");
});

test("two runs are the same to the last number", async () => {
  const run = () =>
    answer(
      createScripted(() => "hello there"),
      ask("a", "hi"),
    );
  assert.deepEqual(await run(), await run());
});

test("a long answer is counted to the token", async () => {
  const model = createScripted(() => "abcd".repeat(20_000));
  const { end } = await answer(model, ask("a", "hi", { maxTokens: 100_000 }));
  assert.equal(end.usage.output, 20_000);
});
