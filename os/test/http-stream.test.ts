// The stream of a tab that is reloaded, sleeps, loses the server or is there when the plug is pulled: it goes on from the
// last seq it has seen, and what it knows then is what a fresh look shows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { StreamEvent } from "../src/workplace/api.ts";
import { openPlace, type Place, type Started, until } from "./fixtures/cli-kit.ts";
import { openTab, openTestHouse, type Tab, type TestHouse } from "./fixtures/house-kit.ts";

const isCaughtUp = (event: StreamEvent) => event.type === "caught-up";

/** What comes of the journal; live events are of the moment. */
const lasting = (events: readonly StreamEvent[]) =>
  events.filter((event) => !["live", "model", "trouble", "welcome", "caught-up"].includes(event.type));

const seqOf = (event: StreamEvent): number => (event as { seq?: number }).seq ?? -1;

const say = (house: TestHouse, text: string) => house.ask("POST", "/api/v1/channels/general/posts", { text });

const hasPost = (text: string) => (event: StreamEvent) => event.type === "post" && event.post.text === text;

test("[W8] a reload at any seq gives what a tab that was there all the time has seen after it", async () => {
  await using house = await openTestHouse();
  const begin = (await house.ask("GET", "/api/v1/look")).json.seq as number;
  const whole = house.tab(begin);
  await whole.sees(isCaughtUp);
  for (const text of ["one", "@worker hello", "two"]) assert.equal((await say(house, text)).status, 200);
  await until(async () => {
    const rows = (await house.ask("GET", "/api/v1/processes?ended=true")).json as { ended: boolean }[];
    return rows.length === 1 && rows[0]?.ended === true;
  });
  await say(house, "last");
  await whole.sees(hasPost("last"));
  const posts = (events: readonly StreamEvent[]) =>
    events.flatMap((event) => (event.type === "post" ? [event.post.id] : []));
  const seen = lasting(whole.events);
  const seqs = seen.map(seqOf);
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
    "events come in the order of the journal",
  );
  for (const since of new Set([begin, ...seqs])) {
    const tab = house.tab(since);
    await tab.sees(isCaughtUp);
    const after = seen.filter((event) => seqOf(event) > since);
    assert.deepEqual(posts(tab.events), [...new Set(posts(after))], `after ${since}`);
    assert.ok(lasting(tab.events).every((event) => seqOf(event) > since));
    tab.socket.close();
  }
  whole.socket.close();
});

test("[W8] a tab that slept has all that lasts when it wakes", async () => {
  await using house = await openTestHouse();
  const seq = (await house.ask("GET", "/api/v1/look")).json.seq as number;
  const tab = house.tab(seq);
  await tab.sees(isCaughtUp);
  // Nothing is read from the socket any more: its buffers fill, and the server stops sending.
  (tab.socket as unknown as { _socket: { pause(): void; resume(): void } })._socket.pause();
  const large = "x".repeat(30_000);
  for (let i = 0; i < 200; i++) assert.equal((await say(house, `${i} ${large}`)).status, 200);
  assert.equal((await say(house, "after the sleep")).status, 200);
  (tab.socket as unknown as { _socket: { pause(): void; resume(): void } })._socket.resume();
  await tab.sees(hasPost("after the sleep"));
  const texts = tab.events.flatMap((event) => (event.type === "post" ? [event.post.text.split(" ")[0]] : []));
  assert.deepEqual(texts, [...Array.from({ length: 200 }, (_, i) => String(i)), "after"]);
  tab.socket.close();
});

test("a tab of another journal, or one that is ahead, is told to look again", async () => {
  await using house = await openTestHouse();
  for (const since of [1_000_000, Number.MAX_SAFE_INTEGER]) {
    const tab = house.tab(since);
    await tab.sees((event) => event.type === "look-again");
    tab.socket.close();
  }
});

test("[W8] a stop of the server ends the stream with 1001, and a tab goes on behind it", async () => {
  await using house = await openTestHouse();
  const tab = house.tab((await house.ask("GET", "/api/v1/look")).json.seq);
  await tab.sees(isCaughtUp);
  await say(house, "before");
  await tab.sees(hasPost("before"));
  const last = Math.max(...tab.events.map(seqOf));
  const next = await house.restart();
  try {
    assert.equal(await tab.closed, 1001);
    await say(next, "behind");
    const again = next.tab(last);
    await again.sees(hasPost("behind"));
    assert.ok(!again.events.some(hasPost("before")), "what was seen does not come again");
    again.socket.close();
  } finally {
    await next.stop();
  }
});

/** A server as a process of its own, at a port. */
async function startServer(place: Place, port: number): Promise<{ port: number; server: Started }> {
  const server = place.start(["start", "--no-open", "--port", String(port)], {
    HUM_TEST_PACE: "3",
    USER: "Kim",
    HUM_USER: "Kim",
  });
  await server.sees(/127\.0\.0\.1:(\d+)/);
  const address = await readAddress(place);
  return { port: address, server };
}

// The output of `hum start` was seen; the door of the machine tells the port without parsing it.
async function readAddress(place: Place): Promise<number> {
  const { out, err } = await place.hum("open", "--no-open");
  const found = /127\.0\.0\.1:(\d+)/.exec(out + err)?.[1];
  assert.ok(found, out + err);
  return Number(found);
}

test("[W7] kill -9 while posts are written and words are streamed: nothing is lost, nothing is doubled", {
  timeout: 240_000,
}, async () => {
  await using place = await openPlace();
  let { port, server } = await startServer(place, 0);
  const token = readFileSync(join(place.home, "token"), "utf8").trim();
  const request = async (method: string, path: string, body?: object, key?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...(key ? { "idempotency-key": key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects
    return { status: response.status, json: (await response.json()) as any };
  };

  // The tab: posts it knows by id, and the seq to go on from.
  const known = new Map<string, string>();
  let since = (await request("GET", "/look")).json.seq as number;
  let tab: Tab;
  let live = 0;
  const follow = () => {
    tab = openTab(port, { since, token });
    tab.socket.on("message", (data) => {
      const event = JSON.parse(String(data)) as StreamEvent;
      since = Math.max(since, seqOf(event));
      if (event.type === "post") known.set(event.post.id, event.post.text);
      if (event.type === "live" && event.live.kind === "text") live++;
    });
  };
  follow();

  const acknowledged = new Map<string, string>();
  const words: string[] = [];
  for (let round = 0; round < 3; round++) {
    // One colleague writes for long, and a person writes on while the plug is pulled.
    await request(
      "POST",
      "/channels/general/posts",
      { text: `@tester list round ${round}` },
      `task-${round}`,
    );
    const before = live;
    await until(() => live > before, "words of the colleague");
    const writing = Array.from({ length: 12 }, async (_, i) => {
      const text = `round ${round} post ${i}`;
      words.push(text);
      await new Promise((resolve) => setTimeout(resolve, i * 3));
      const write = () => request("POST", "/channels/general/posts", { text }, `post-${round}-${i}`);
      const first = await write().catch(() => null);
      if (first?.status === 200) acknowledged.set(text, first.json.id);
      return { text, write, first };
    });
    setTimeout(() => server.child.kill("SIGKILL"), 5 + round * 8);
    const done = await Promise.all(writing);
    await server.ended;
    await tab!.closed;
    ({ server, port } = await startServer(place, port));
    follow();
    // What was not answered is sent again with its key, and what was answered too: neither may be there twice.
    for (const { text, write, first } of done) {
      const second = await write();
      assert.equal(second.status, 200, `${text}: ${JSON.stringify(second.json)}`);
      if (first?.status === 200) assert.equal(second.json.id, first.json.id, "the first answer again");
      acknowledged.set(text, second.json.id);
    }
  }
  await until(async () => {
    const { json } = await request("GET", "/processes?ended=true");
    return json.length === 3 && json.every((row: { ended: boolean }) => row.ended);
  }, "the end of all work");
  const { json: page } = await request("GET", "/channels/general/posts?limit=200");
  const posts = page.posts as { id: string; text: string }[];
  const written = posts.filter((post) => post.text.startsWith("round "));
  assert.deepEqual(written.map((post) => post.text).sort(), words.toSorted(), "each post once");
  for (const [text, id] of acknowledged) assert.equal(posts.find((post) => post.text === text)?.id, id);

  const { json: rows } = await request("GET", "/processes?ended=true");
  assert.equal(rows.length, 3, "each task was started once");
  for (const row of rows) assert.equal(row.outcome.kind, "done");
  const threads = posts.filter((post) => post.text.startsWith("@tester"));
  assert.equal(threads.length, 3);
  for (const thread of threads) {
    const { json } = await request("GET", `/threads/${thread.id}/posts`);
    const results = json.posts.filter((post: { kind: string }) => post.kind === "result");
    assert.equal(results.length, 1, "one result in each thread");
    posts.push(...json.posts);
  }
  // The tab that came back each time knows the same as a fresh look.
  await until(() => posts.every((post) => known.get(post.id) === post.text), "the tab to know all");
  tab!.socket.close();
});
