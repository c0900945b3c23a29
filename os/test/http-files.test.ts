// Files that are put into a thread before its first reply: they are taken where a post would be, and nowhere else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestHouse } from "./fixtures/house-kit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const at = (thread: string, path: string) => `/api/v1/threads/${thread}/files/content?path=${path}`;

test("a file put under a post is there before its first reply, and in the thread that the reply opens", async () => {
  await using house = await openTestHouse();
  const root = (await house.ask("POST", "/api/v1/channels/general/posts", { text: "The numbers of May" }))
    .json;
  assert.deepEqual((await house.ask("GET", `/api/v1/threads/${root.id}/files`)).json, []);
  assert.equal((await house.ask("PUT", at(root.id, "may.csv"), bytes("1,2"))).status, 200);
  const listed = (await house.ask("GET", `/api/v1/threads/${root.id}/files`)).json as { path: string }[];
  assert.deepEqual(
    listed.map(({ path }) => path),
    ["may.csv"],
  );
  assert.equal((await house.ask("GET", at(root.id, "may.csv"))).text, "1,2");
  const reply = await house.ask("POST", `/api/v1/threads/${root.id}/posts`, {
    text: "Here.",
    files: ["may.csv"],
  });
  assert.equal(reply.status, 200, reply.text);
  assert.equal((await house.ask("GET", at(root.id, "may.csv"))).text, "1,2");
});

test("a file is not put where no reply could stand: under a reply, in an archived channel, under nothing", async () => {
  await using house = await openTestHouse();
  const root = (await house.ask("POST", "/api/v1/channels/general/posts", { text: "The numbers of May" }))
    .json;
  const reply = (await house.ask("POST", `/api/v1/threads/${root.id}/posts`, { text: "Which?" })).json;
  assert.equal((await house.ask("PUT", at(reply.id, "a.txt"), bytes("a"))).status, 400);
  assert.equal((await house.ask("GET", `/api/v1/threads/${reply.id}/files`)).status, 404);
  assert.equal((await house.ask("PUT", at("nothing", "a.txt"), bytes("a"))).status, 404);
  assert.equal((await house.ask("PATCH", "/api/v1/channels/general", { archived: true })).status, 200);
  assert.equal((await house.ask("PUT", at(root.id, "a.txt"), bytes("a"))).status, 409);
  const channel = "/api/v1/channels/general/files/content?path=a.txt&key=k1";
  assert.equal((await house.ask("PUT", channel, bytes("a"))).status, 409);
});
