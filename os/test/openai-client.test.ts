// The official `openai` client against the server: lists models, and gets completions of a model and of entities, whole
// and streamed, with errors that it knows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { until } from "./fixtures/cli-kit.ts";
import { openTestHouse, type TestHouse } from "./fixtures/house-kit.ts";

let house: TestHouse;
let client: OpenAI;
before(async () => {
  house = await openTestHouse();
  client = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: house.token, maxRetries: 0 });
  const text =
    "---\nname: tester\ndescription: Plays everything.\ntools: [bash, say, ask, get, done, fail]\n---\nDo what the task says.\n";
  assert.equal((await house.ask("PUT", "/api/v1/programs/tester", { text })).status, 200);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  assert.deepEqual(house.errors, []);
});

const user = (content: string) => [{ role: "user" as const, content }];

/** Pieces of a streamed answer. */
async function read(model: string, content: string) {
  const stream = await client.chat.completions.create({
    ...{ model, messages: user(content), stream: true },
    stream_options: { include_usage: true },
  });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));
  return {
    chunks,
    text: deltas.map((delta) => delta.content ?? "").join(""),
    thoughts: deltas
      .map((delta) => (delta as { reasoning_content?: string }).reasoning_content ?? "")
      .join(""),
    finish: chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.finish_reason)).filter(Boolean),
    usage: chunks.findLast((chunk) => chunk.usage)?.usage,
  };
}

test("models are listed and retrieved", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, "model");
    ids.push(model.id);
  }
  assert.ok(
    ids.includes("model/scripted") && ids.includes("hum/worker") && ids.includes("hum/tester"),
    ids.join(),
  );
  assert.equal((await client.models.retrieve("hum/tester")).id, "hum/tester");
  await assert.rejects(client.models.retrieve("hum/nobody"), OpenAI.NotFoundError);
});

test("a model answers, whole and streamed, with the same words", async () => {
  const whole = await client.chat.completions.create({ model: "model/scripted", messages: user("Hi") });
  const [choice] = whole.choices;
  assert.equal(choice?.finish_reason, "stop");
  assert.match(choice.message.content ?? "", /echo hello/);
  const usage = whole.usage as OpenAI.CompletionUsage;
  assert.ok(usage.prompt_tokens > 0 && usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  const streamed = await read("model/scripted", "Hi");
  assert.equal(streamed.text, choice.message.content);
  assert.ok(streamed.chunks.length > 5, `${streamed.chunks.length} pieces`);
  assert.deepEqual(streamed.finish, ["stop"]);
  assert.equal(streamed.usage?.completion_tokens, usage.completion_tokens);
  assert.equal(new Set(streamed.chunks.map((chunk) => chunk.id)).size, 1);
  const cut = await client.chat.completions.create({
    ...{ model: "model/scripted", messages: user("Hi"), max_completion_tokens: 3 },
  });
  assert.equal(cut.choices[0]?.finish_reason, "length");
  assert.equal(cut.usage?.completion_tokens, 3);
});

test("an entity does the work and answers; what it tries comes as thoughts", async () => {
  const { data, response } = await client.chat.completions
    .create({ model: "hum/tester", messages: user("list please") })
    .withResponse();
  const message = data.choices[0]?.message as { content: string; reasoning_content?: string };
  assert.match(message.content, /The list is in list\.txt; it has 2 lines\.$/);
  assert.match(message.reasoning_content ?? "", /printf 'milk/);
  const pid = Number(response.headers.get("x-hum-pid"));
  const row = (await house.ask("GET", `/api/v1/processes/${pid}`)).json;
  assert.equal(row.shown, "done");
  assert.equal(row.program, "tester");

  const streamed = await read("hum/tester", "list please");
  assert.match(streamed.text, /The list is in list\.txt; it has 2 lines\.$/);
  assert.match(streamed.thoughts, /printf 'milk/);
  assert.deepEqual(streamed.finish, ["stop"]);
  assert.ok((streamed.usage?.total_tokens ?? 0) > 0);
});

test("what an entity asks is the answer, and one goes on with its pid", async () => {
  const first = await client.chat.completions
    .create({ model: "hum/tester", messages: user("question please") })
    .withResponse();
  const pid = Number(first.response.headers.get("x-hum-pid"));
  assert.match(first.data.choices[0]?.message.content ?? "", new RegExp(`Which list\\?[^]*hum/pid-${pid}`));
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.ok(ids.includes(`hum/pid-${pid}`));
  const second = await client.chat.completions.create({
    ...{ model: `hum/pid-${pid}`, messages: user("the short one") },
  });
  assert.equal(second.choices[0]?.message.content, "You said the short one.");
  await assert.rejects(
    client.chat.completions.create({ model: `hum/pid-${pid}`, messages: user("more") }),
    OpenAI.ConflictError,
  );
});

test("an effect that nobody granted is told with the way to answer it", async () => {
  const { data, response } = await client.chat.completions
    .create({ model: "hum/tester", messages: user("web please") })
    .withResponse();
  const pid = Number(response.headers.get("x-hum-pid"));
  const [approval] = (await house.ask("GET", "/api/v1/approvals")).json;
  const words = data.choices[0]?.message.content ?? "";
  assert.match(words, new RegExp(`hum approve ${approval.id}[^]*hum/pid-${pid}`));
  assert.equal(
    (await house.ask("POST", `/api/v1/approvals/${approval.id}`, { answer: "denied" })).status,
    200,
  );
  await until(async () => (await house.ask("GET", `/api/v1/processes/${pid}`)).json.ended);
});

test("a client that goes away leaves the entity at work", async () => {
  const { data: stream, response } = await client.chat.completions
    .create({ model: "hum/tester", messages: user("slow please"), stream: true })
    .withResponse();
  const pid = Number(response.headers.get("x-hum-pid"));
  let seen = "";
  for await (const chunk of stream) {
    seen += (chunk.choices[0]?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? "";
    if (seen.includes("begun.txt")) break;
  }
  const row = () => house.ask("GET", `/api/v1/processes/${pid}`).then(({ json }) => json);
  assert.equal((await row()).ended, false);
  await house.ask("POST", `/api/v1/processes/${pid}/kill`);
  await until(async () => (await row()).ended);
});

test("errors are those that the client knows", async () => {
  const create = (more: object) =>
    client.chat.completions.create({ model: "model/scripted", messages: user("Hi"), ...more });
  await assert.rejects(create({ model: "gpt-4" }), OpenAI.NotFoundError);
  await assert.rejects(create({ model: "model/nothing" }), OpenAI.NotFoundError);
  await assert.rejects(create({ model: "hum/pid-99999" }), OpenAI.NotFoundError);
  await assert.rejects(create({ messages: [] }), OpenAI.BadRequestError);
  await assert.rejects(create({ n: 2 }), { param: "n", code: "unsupported_parameter" });
  const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
  await assert.rejects(create({ tools }), { param: "tools", status: 400 });
  const stranger = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: "sk-wrong", maxRetries: 0 });
  await assert.rejects(Promise.resolve(stranger.models.list()), OpenAI.AuthenticationError);
});

test("the red switch refuses completions, and they are there again when it is lifted", async () => {
  await house.ask("POST", "/api/v1/halt");
  const create = (model: string) => client.chat.completions.create({ model, messages: user("Hi") });
  await assert.rejects(create("model/scripted"), OpenAI.PermissionDeniedError);
  await assert.rejects(create("hum/tester"), OpenAI.APIError);
  await house.ask("POST", "/api/v1/unhalt");
  assert.equal((await create("model/scripted")).choices.length, 1);
});
