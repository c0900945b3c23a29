// An hour of talk, as fast as it goes: every sound, word and answer is let go again. What is held after the last minutes is
// what was held after the first ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { frameMs, frameSamples } from "../src/device/voice/voice.ts";
import type { Post } from "../src/entity/conversation.ts";
import { openTalk } from "../src/workplace/talk/talk.ts";
import { createFeed } from "./fixtures/feed.ts";

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are held. */
function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("an hour of talk leaves nothing behind", async () => {
  const told = createFeed();
  let [posts, turns, sayings, bytes] = [0, 0, 0, 0];
  let time = 0;
  const talk = await openTalk({
    workplace: {
      openDirect: async () => ({ id: "dm-1" }) as never,
      look: async () => ({ seq: 0 }) as never,
      post: async (_by, { text }) => {
        const from = { kind: "entity", name: "guide", program: "guide", pid: ++posts };
        const post = { id: `a${posts}`, channel: "dm-1", kind: "result", deleted: false, from };
        const answer = `You said: ${text} That is the ${posts}. of all. Go on.`;
        const thread = "dm-1";
        told.give(
          { type: "live", pid: posts, thread, live: { kind: "text", text: `Fine.\n\`\`\`done\n${answer}` } },
          { type: "post", seq: posts, post: { ...post, text: answer } as Post },
        );
        return { id: `p${posts}` } as Post;
      },
      follow: told.follow,
    },
    ...{ by: "Kim", program: "guide", language: "en", now: () => time, isTalker: (pid) => pid % 2 === 0 },
    attention: { hears: (frame) => frame[0]! > 0.1, reset() {} },
    hearing: { id: "played", transcribe: async () => "What comes after that one?" },
    speech: { id: "played", voices: [], speak: async (text) => new Float32Array(text.length * 1_000) },
    send(message, sound) {
      bytes += sound?.byteLength ?? 0;
      if (message.type === "turn") turns++;
      if (message.type === "say") sayings++;
      if (message.type === "stop") talk.take({ type: "stopped", playedMs: 700 });
    },
    onError: (error) => assert.fail(String(error)),
  });
  const loud = new Int16Array(frameSamples).fill(12_000);
  const quiet = new Int16Array(frameSamples);
  const feed = async (ms: number, frame: Int16Array) => {
    for (let i = 0; i < Math.round(ms / frameMs); i++) {
      talk.hear(frame);
      time += frameMs;
      if (i % 4 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await talk.idle();
  };
  const minute = async () => {
    for (let turn = 0; turn < 6; turn++) {
      await feed(2_000, loud);
      await feed(8_000, quiet);
      // Every third answer is left to be interrupted.
      if (turn % 3 > 0) for (let i = 0; i < 4; i++) talk.take({ type: "played" });
      await talk.idle();
    }
  };
  for (let i = 0; i < 5; i++) await minute();
  const before = held();
  for (let i = 5; i < 60; i++) await minute();
  const grown = held() - before;
  assert.equal(turns, 360);
  assert.ok(sayings > 600 && bytes > 40_000_000, `${sayings} sayings, ${bytes} bytes were spoken`);
  assert.ok(grown < 3_000_000, `${(grown / 1e6).toFixed(1)} MB more are held than after five minutes`);
  talk.close();
});
