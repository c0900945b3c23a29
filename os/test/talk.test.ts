// Talking: what is heard is a post of the person, what the program writes is spoken, an interruption ends it and is told, and
// its own echo is no turn. Over played senses; the real ones are measured in bench/senses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { detectSandbox } from "../src/device/sandbox.ts";
import type { Senses } from "../src/device/senses/open.ts";
import { frameMs, frameSamples } from "../src/device/voice/voice.ts";
import type { Post } from "../src/entity/conversation.ts";
import { HumError } from "../src/error.ts";
import type { TalkMessage } from "../src/workplace/talk/protocol.ts";
import { openTalk } from "../src/workplace/talk/talk.ts";
import { createFeed } from "./fixtures/feed.ts";
import { openTestHouse } from "./fixtures/house-kit.ts";
import { skipWithoutSandbox } from "./fixtures/needs.ts";

/** Senses that hear the words of a list, one turn after the other, and speak 10 ms for each letter. */
const play = (words: string[]): Senses => ({
  settings: { language: "en", speed: 1, threads: 1, patience: "usual", moment: true },
  attend: () => ({ hears: (frame) => frame[0]! > 0.1, reset() {} }),
  hearing: { id: "played", transcribe: async () => words.shift() ?? "" },
  speech: { id: "played", voices: [], speak: async (text) => new Float32Array(text.length * 160).fill(0.2) },
});

const loud = (ms: number) => new Int16Array(Math.round(ms / frameMs) * frameSamples).fill(12_000);
const quiet = (ms: number) => new Int16Array(Math.round(ms / frameMs) * frameSamples);

/** A talk over a workplace that is a list of posts. */
async function openPlayed(words: string[], rest = { now: false }, isTalker = (_pid: number) => false) {
  const senses = play(words);
  const written: string[] = [];
  const files: string[][] = [];
  const sent: TalkMessage[] = [];
  let seq = 10;
  const feed = createFeed();
  const talk = await openTalk({
    workplace: {
      openDirect: async () => ({ id: "dm-1" }) as never,
      look: async () => ({ seq }) as never,
      post: async (_by, { text, files: shown }) => {
        written.push(text);
        files.push(shown ?? []);
        return { id: `p${written.length}` } as Post;
      },
      follow: feed.follow,
    },
    ...{ by: "Kim", program: "guide", language: "en", now: () => 1_000 },
    ...{ hearing: senses.hearing, speech: senses.speech, attention: senses.attend() },
    ...{ manners: { wordsMs: 0 }, isQuiet: () => rest.now, isTalker },
    send: (message) => sent.push(message),
    onError: (error) => assert.fail(String(error)),
  });
  const settle = async () => {
    for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
    await talk.idle();
  };
  return {
    ...{ talk, written, files, sent, settle, give: feed.give },
    async say(ms = 600) {
      talk.hear(loud(ms));
      await settle();
      talk.hear(quiet(64));
      await settle();
      talk.hear(quiet(600));
      await settle();
    },
    async answer(text: string, more: Partial<Post> = {}) {
      await settle();
      const from = { kind: "entity", name: "guide", program: "guide", pid: 1 };
      const post = {
        id: `a${seq}`,
        channel: "dm-1",
        kind: "result",
        deleted: false,
        from,
        text,
        ...more,
      } as Post;
      feed.give({ type: "post", seq: seq++, post });
      await settle();
    },
  };
}

const said = (sent: readonly TalkMessage[]) => sent.flatMap((one) => (one.type === "say" ? [one.text] : []));

test("[V7] what is heard is a post of the person, and what the program writes is spoken sentence by sentence", async () => {
  const { talk, written, sent, say, answer } = await openPlayed(["Add up the list."]);
  await say();
  assert.deepEqual(written, ["Add up the list."]);
  assert.deepEqual(
    sent.map((one) => one.type),
    ["ready", "speech", "turn"],
  );
  await answer("It is **done**. The total is four.");
  assert.deepEqual(said(sent), ["It is done.", "The total is four."]);
  await answer("A quiet line.", { kind: "status", from: { kind: "kernel", name: "Hum" } });
  await answer("Of another place.", { channel: "general" });
  await answer("Kim's own words.", { kind: "text", from: { kind: "person", name: "Kim" } });
  assert.equal(said(sent).length, 2);
  talk.close();
});

test("whether an answer may be said while it is written is asked once a turn, not for each of its words", async () => {
  const asked: number[] = [];
  let acts = false;
  const { talk, sent, settle, give } = await openPlayed([], { now: false }, (pid) => {
    asked.push(pid);
    return pid === 1 && !acts;
  });
  const turn = async (pid: number, text: string) => {
    const at = { type: "live", pid, thread: "dm-1" } as const;
    give({ ...at, live: { kind: "reset" } });
    for (const word of text.split(/(?<= )/)) {
      give({ ...at, live: { kind: "text", text: word } });
      await settle();
    }
    give({ ...at, live: { kind: "idle" } });
    await settle();
    talk.take({ type: "played" });
    await settle();
  };
  await turn(1, "```done\nThe total of the list is four, and that is all of it.\n```");
  await turn(2, "```done\nThis one could do something else instead of only talking.\n```");
  assert.deepEqual(asked, [1, 2]);
  const first = ["The total of the list is four,", "and that is all of it."];
  assert.deepEqual(said(sent), first);
  acts = true;
  await turn(1, "```done\nNow it could do something as well, so it waits for its post.\n```");
  assert.deepEqual(asked, [1, 2, 1]);
  assert.deepEqual(said(sent), first);
  talk.close();
});

test("[V6] who is interrupted stops at once, and the next post tells what was not heard", async () => {
  const { talk, written, sent, say, answer } = await openPlayed([
    "First.",
    "Wait a moment please.",
    "Go on then.",
  ]);
  await say();
  await answer("It is done now. The total is four.");
  await answer("And one thing more.");
  talk.hear(loud(200));
  assert.equal(sent.filter((one) => one.type === "stop").length, 1);
  talk.take({ type: "stopped", playedMs: 200 });
  await say(300);
  assert.equal(
    written[1],
    'Wait a moment please.\n\n(Of your last words I had heard only: "It is done now. The")',
  );
  assert.ok(!said(sent).includes("And one thing more."), "what waited is not said either");
  await say();
  assert.equal(written[2], "Go on then.", "it is told once");
  talk.close();
});

test("an answer that was heard whole leaves no note, and the next one waits until it was played", async () => {
  const { talk, written, sent, say, answer } = await openPlayed(["First.", "Second."]);
  await answer("One.");
  await answer("Two.");
  assert.deepEqual(said(sent), ["One."]);
  talk.take({ type: "played" });
  await answer("Three.");
  assert.deepEqual(said(sent), ["One.", "Two."]);
  talk.take({ type: "stopped", playedMs: 60_000 });
  talk.take({ type: "stopped", playedMs: 0 });
  await say();
  assert.match(written[0]!, /^First\.\n\n\(Of your last words/, "the third was never begun");
  talk.close();
});

test("what was shown goes with the next words, once", async () => {
  const { talk, written, files, say } = await openPlayed(["What is this?", "Thank you very much."]);
  talk.take({ type: "show", path: "camera-1.jpg" });
  talk.take({ type: "show", path: "screen-2.png" });
  assert.deepEqual(written, [], "a picture alone is no turn");
  await say();
  await say();
  assert.deepEqual(written, ["What is this?", "Thank you very much."]);
  assert.deepEqual(files, [["camera-1.jpg", "screen-2.png"], []]);
  talk.close();
});

test("[V8] Hum's own words, heard back, are no turn; silence and noise are none either", async () => {
  const { talk, written, sent, say, answer } = await openPlayed([
    "the total of the list is four",
    "",
    "What about the other list?",
  ]);
  await answer("The total of the list is four.");
  await say();
  await say();
  assert.deepEqual(written, []);
  assert.deepEqual(
    sent.filter((one) => one.type === "turn").map((one) => one.text),
    ["", ""],
  );
  await say();
  assert.deepEqual(written, ["What about the other list?"]);
  talk.close();
});

test("[V10] when it is quiet, what nobody asked for is not spoken, but what waits for a yes is, and answers are", async () => {
  const quiet = { now: true };
  const { talk, sent, say, answer } = await openPlayed(["Add up the list."], quiet);
  await answer("The report of the night is there.");
  assert.deepEqual(said(sent), []);
  await answer("May I send the letter?", { kind: "approval" });
  assert.deepEqual(said(sent), ["May I send the letter?"]);
  talk.take({ type: "played" });
  await say();
  await answer("It is four.");
  talk.take({ type: "played" });
  await answer("By the way, it rains.");
  assert.deepEqual(said(sent).slice(1), ["It is four."]);
  quiet.now = false;
  await answer("It rains.");
  assert.deepEqual(said(sent).slice(2), ["It rains."]);
  talk.close();
});

function connect(port: number, hello: unknown, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/talk`, { headers });
  const messages: TalkMessage[] = [];
  const sounds: number[] = [];
  let look = () => {};
  socket.on("open", () => socket.send(typeof hello === "string" ? hello : JSON.stringify(hello)));
  socket.on("message", (data, binary) => {
    if (binary) sounds.push((data as Buffer).length);
    else messages.push(JSON.parse(String(data)) as TalkMessage);
    look();
  });
  socket.on("error", () => {});
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const sees = (check: (message: TalkMessage) => boolean) =>
    new Promise<TalkMessage>((resolve) => {
      look = () => {
        const found = messages.find(check);
        if (found) resolve(found);
      };
      look();
    });
  return { socket, messages, sounds, closed, sees };
}

test("over the socket: a spoken task is done by an entity in the direct line, and its answer is sound", {
  skip: skipWithoutSandbox(await detectSandbox()),
}, async () => {
  await using house = await openTestHouse({ openSenses: async () => play(["hello you there"]) });
  const talk = connect(house.port, { token: house.token, program: "worker" });
  await talk.sees((one) => one.type === "ready");
  talk.socket.send(Buffer.from(loud(600).buffer));
  talk.socket.send(Buffer.from(quiet(96).buffer));
  for (let i = 0; i < 10; i++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    talk.socket.send(Buffer.from(quiet(96).buffer));
  }
  const turn = (await talk.sees((one) => one.type === "turn")) as Extract<TalkMessage, { type: "turn" }>;
  assert.equal(turn.text, "hello you there");
  const answer = (await talk.sees((one) => one.type === "say")) as Extract<TalkMessage, { type: "say" }>;
  assert.equal(answer.text, "Hello.");
  await talk.sees(() => talk.sounds.length > 0);
  assert.deepEqual(talk.sounds, ["Hello.".length * 160 * 2]);
  const { json } = await house.ask("GET", "/api/v1/channels");
  const line = (json as { id: string }[]).find((one) => one.id.startsWith("dm-"));
  const posts = await house.ask("GET", `/api/v1/channels/${line?.id}/posts`);
  assert.deepEqual(
    (posts.json.posts as Post[]).filter((post) => post.kind !== "status").map((post) => post.text),
    ["hello you there", "Hello."],
  );
  talk.socket.close();
  await talk.closed;
  assert.deepEqual(house.errors, []);
});

test("the browser is closed in mid-sentence: nothing is written down, nothing fails, and the next talk works", async () => {
  await using house = await openTestHouse({
    openSenses: async () => play(["half of it", "hello you there"]),
  });
  const first = connect(house.port, { token: house.token });
  await first.sees((one) => one.type === "ready");
  first.socket.send(Buffer.from(loud(800).buffer));
  await first.sees((one) => one.type === "speech");
  first.socket.terminate();
  await first.closed;
  const second = connect(house.port, { token: house.token });
  await second.sees((one) => one.type === "ready");
  const { json } = await house.ask("GET", "/api/v1/channels");
  const line = (json as { id: string }[]).find((one) => one.id.startsWith("dm-"));
  const posts = await house.ask("GET", `/api/v1/channels/${line?.id}/posts`);
  assert.deepEqual(posts.json.posts, []);
  second.socket.close();
  await second.closed;
  assert.deepEqual(house.errors, []);
});

test("a wrong first message, a wrong token, odd sound and missing senses close the line with a reason", async () => {
  await using house = await openTestHouse({
    openSenses: async () => {
      throw new HumError("not-found", "The sense is not here yet. Fetch it once: `hum senses pull`.");
    },
  });
  assert.equal(await connect(house.port, "{").closed, 4400);
  assert.equal(await connect(house.port, { token: house.token, program: "../x" }).closed, 4400);
  assert.equal(await connect(house.port, { token: "wrong" }).closed, 4401);
  assert.equal(
    await connect(house.port, { token: house.token }, { origin: "http://evil.example" }).closed,
    1006,
  );
  const missing = connect(house.port, { token: house.token });
  assert.equal(await missing.closed, 4404);
  assert.match((missing.messages[0] as { message: string }).message, /hum senses pull/);
  await using other = await openTestHouse({ openSenses: async () => play([]) });
  const odd = connect(other.port, { token: other.token });
  await odd.sees((one) => one.type === "ready");
  odd.socket.send(Buffer.alloc(3));
  assert.equal(await odd.closed, 4400);
  assert.deepEqual([...house.errors, ...other.errors], []);
});
