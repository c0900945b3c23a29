// The official `openai` client and a real embedded model (SmolLM2, 98 MB), through the server: whole and streamed answers
// of the model itself, and an entity that thinks with it.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { createEmbedded } from "../src/model/embedded.ts";
import { createGivenDesk } from "../src/workplace/desk.ts";
import { openTestHouse, type TestHouse } from "./fixtures/house-kit.ts";
import { needModel } from "./fixtures/models.ts";

const id = "smollm2-135m";
let kvDir: string;
let house: TestHouse;
let client: OpenAI;
before(async () => {
  const file = await needModel(id);
  kvDir = await mkdtemp(join(tmpdir(), "hum-openai-kv-"));
  const openModel = () => createEmbedded({ id, file, kvDir, contextTokens: 4096 });
  house = await openTestHouse({ openModel, desk: createGivenDesk(openModel, id) });
  client = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: house.token, maxRetries: 0 });
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await rm(kvDir, { recursive: true, force: true });
});

const request = {
  model: `model/${id}`,
  messages: [{ role: "user" as const, content: "Write the numbers from one to five as words." }],
  temperature: 0,
  seed: 1,
  max_completion_tokens: 40,
};

test("the model answers, and streamed it says the same, piece by piece", async () => {
  const whole = await client.chat.completions.create(request);
  const text = whole.choices[0]?.message.content ?? "";
  assert.match(text, /two|three|numbers|1/i);
  assert.ok((whole.usage?.prompt_tokens ?? 0) > 10);
  const stream = await client.chat.completions.create({ ...request, stream: true });
  let streamed = "";
  let pieces = 0;
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta.content ?? "";
    streamed += piece;
    if (piece !== "") pieces++;
  }
  assert.equal(streamed, text);
  assert.ok(pieces > 5, `${pieces} pieces`);
});

test("a stop text and a limit end it", async () => {
  const cut = await client.chat.completions.create({ ...request, max_completion_tokens: 4 });
  assert.equal(cut.choices[0]?.finish_reason, "length");
  assert.equal(cut.usage?.completion_tokens, 4);
  const whole = (await client.chat.completions.create(request)).choices[0]?.message.content ?? "";
  const word = whole.split(/\s+/)[2] as string;
  const stopped = await client.chat.completions.create({ ...request, stop: [word] });
  assert.equal(stopped.choices[0]?.message.content, whole.slice(0, whole.indexOf(word)));
});

test("an entity thinks with it, and its words come as they are written", { timeout: 300_000 }, async () => {
  const { data: stream, response } = await client.chat.completions
    .create({
      ...{ model: "hum/worker", stream: true },
      messages: [{ role: "user", content: "Write the word hello into hello.txt" }],
    })
    .withResponse();
  const pid = response.headers.get("x-hum-pid");
  let thoughts = 0;
  let finish: string | null = null;
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    const delta = choice?.delta as { reasoning_content?: string } | undefined;
    // So small a model would go on for long; what it is able to is not looked at here.
    if (delta?.reasoning_content && ++thoughts === 5)
      await house.ask("POST", `/api/v1/processes/${pid}/kill`);
    finish = choice?.finish_reason ?? finish;
  }
  assert.ok(thoughts >= 5, `${thoughts} thoughts`);
  assert.equal(finish, "stop");
  assert.equal((await house.ask("GET", `/api/v1/processes/${pid}`)).json.ended, true);
});
