// The served document tells the truth: every route that reads is asked in a house where things have happened, and its
// answer fits the schema that the document gives; so do refusals.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { until } from "./fixtures/cli-kit.ts";
import { openTestHouse, type TestHouse } from "./fixtures/house-kit.ts";

interface Operation {
  parameters?: { name: string; in: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

let house: TestHouse;
let document: Document;
let ids: Record<string, Record<string, string>>;
const ajv = new Ajv2020({ strict: false, allErrors: true });

before(async () => {
  house = await openTestHouse();
  document = (await house.ask("GET", "/openapi.json")).json;
  ajv.addSchema(document as object, "document");
  const tester =
    "---\nname: tester\ndescription: Plays everything.\ntools: [bash, say, ask, get, done, fail]\n---\nDo what the task says.\n";
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await house.ask(method, `/api/v1${path}`, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return answer.json;
  };
  await ask("PUT", "/programs/tester", { text: tester });
  const posts = [];
  for (const word of ["list", "web", "question"])
    posts.push(await ask("POST", "/channels/general/posts", { text: `@tester ${word} please` }));
  await ask("POST", "/direct/tester");
  await ask("POST", "/memory", { about: "Kim", text: "lives in: Porto\nPrefers short lists." });
  await ask("PUT", "/triggers/yearly", {
    ...{ name: "yearly", when: { kind: "cron", cron: "0 5 1 1 *" }, program: "tester", task: "list" },
    ...{ channel: "general", enabled: true },
  });
  await until(async () => {
    const rows = await ask("GET", "/processes?ended=true");
    return (
      rows.length === 3 &&
      rows.every((row: { ended: boolean; waiting: object | null }) => row.ended || row.waiting)
    );
  });
  await ask("PUT", `/posts/${posts[0].id}/reactions/${encodeURIComponent("👍")}`, { on: true });
  const pid = String(posts.length > 0 ? (await ask("GET", `/threads/${posts[0].id}`)).pid : 1);
  ids = {
    "/api/v1/channels": { id: "general" },
    "/api/v1/threads": { id: posts[0].id },
    "/api/v1/processes": { pid, id: "1" },
    "/v1/models": { id: "hum%2Ftester" },
  };
});
after(() => house[Symbol.asyncDispose]());

const toPointer = (text: string) => text.replaceAll("~", "~0").replaceAll("/", "~1");

/** What is wrong with an answer; null when it is as documented. */
function check(
  path: string,
  method: string,
  answer: { status: number; json: unknown; text: string },
): string | null {
  const described = document.paths[path]?.[method]?.responses[String(answer.status)];
  if (!described) return `${answer.status} is not documented`;
  const type = Object.keys(described.content ?? {})[0];
  if (type !== "application/json") return null;
  const pointer = `#/paths/${toPointer(path)}/${method}/responses/${answer.status}/content/${toPointer(type)}/schema`;
  const validate = ajv.getSchema(`document${pointer}`) ?? ajv.compile({ $ref: `document${pointer}` });
  return validate(answer.json) ? null : `${ajv.errorsText(validate.errors)} in ${answer.text.slice(0, 300)}`;
}

test("every route that reads answers as the document says", async () => {
  const reading = Object.entries(document.paths).filter(([, methods]) => methods.get);
  assert.ok(reading.length >= 25, `${reading.length} routes`);
  const empty: string[] = [];
  for (const [path, { get }] of reading) {
    const own = ids[Object.keys(ids).find((start) => path.startsWith(`${start}/`)) ?? ""] ?? {};
    const query = (get?.parameters ?? [])
      .filter((one) => one.in === "query" && one.required)
      .map(({ name }) => `${name}=${name === "q" ? "list" : "list.txt"}`)
      .join("&");
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) => own[name] ?? "nothing");
    const answer = await house.ask("GET", query === "" ? url : `${url}?${query}`);
    assert.equal(answer.status, 200, `${url}: ${answer.text}`);
    assert.equal(check(path, "get", answer), null, url);
    if (answer.text === "[]") empty.push(path);
  }
  // A list with nothing in it proves nothing.
  assert.deepEqual(empty, ["/api/v1/grants"]);
});

test("refusals are as the document says", async () => {
  const tries: [string, string, string, object?][] = [
    ["/api/v1/threads/{id}", "get", "/api/v1/threads/none"],
    ["/api/v1/processes/{pid}", "get", "/api/v1/processes/zero"],
    ["/api/v1/channels", "post", "/api/v1/channels", { name: 1 }],
    ["/api/v1/approvals/{id}", "post", "/api/v1/approvals/a-99", { answer: "approved" }],
    ["/api/v1/posts/{id}", "delete", "/api/v1/posts/none"],
    ["/v1/models/{id}", "get", "/v1/models/none"],
    ["/v1/chat/completions", "post", "/v1/chat/completions", { model: "none", messages: [] }],
  ];
  for (const [path, method, url, body] of tries) {
    const answer = await house.ask(method.toUpperCase(), url, body);
    assert.ok(answer.status >= 400 && answer.status < 500, `${url}: ${answer.status}`);
    assert.equal(check(path, method, answer), null, `${method} ${url}`);
  }
});
