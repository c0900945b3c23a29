// Turns of a conversation: where they begin and end, over played detectors and recognisers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createListener, type Heard, type Manners } from "../src/device/voice/listener.ts";
import { frameMs, frameSamples, type Hearing, sampleRate } from "../src/device/voice/voice.ts";

const frame = (speech: boolean) => new Float32Array(frameSamples).fill(speech ? 0.5 : 0);
const attention = () => ({ hears: (one: Float32Array) => one[0]! > 0.1, reset: () => {} });
const frames = (ms: number) => Math.round(ms / frameMs);

/** Feeds speech and pauses (negative numbers), in milliseconds. */
async function listen(
  plan: readonly number[],
  how: { words?: (sound: Float32Array) => string; manners?: Partial<Manners> } = {},
) {
  const told: Heard[] = [];
  const asked: number[] = [];
  const hearing: Hearing = {
    id: "played",
    async transcribe(sound) {
      asked.push(sound.length);
      return how.words?.(sound) ?? "The amounts";
    },
  };
  const listener = createListener({
    ...{ attention: attention(), hearing, now: () => 0, tell: (heard: Heard) => told.push(heard) },
    manners: { wordsMs: 0, ...how.manners },
  });
  for (const ms of plan)
    for (let i = 0; i < frames(Math.abs(ms)); i++) {
      listener.feed(frame(ms > 0));
      await Promise.resolve();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  await listener.idle();
  return { told, asked, listener };
}

test("[V5] a turn is what was said between two long pauses, with the moment before its first word", async () => {
  const { told, asked } = await listen([-2_000, 1_000, -300, 600, -800]);
  assert.deepEqual(
    told.map((one) => one.type),
    ["speech", "draft", "on", "draft", "turn"],
  );
  const turn = told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.equal(turn.silenceMs, frames(480) * frameMs);
  assert.ok(Math.abs(turn.soundMs - (800 + 1_000 + 300 + 600 + 480)) < 100, `${turn.soundMs} ms`);
  // Transcribing began in each pause, and its result was there when the pause was long enough.
  assert.equal(asked.length, 2);
});

test("a short noise is no speech, and two turns are two", async () => {
  assert.deepEqual((await listen([-500, 32, -1_500])).told, []);
  const { told } = await listen([-500, 400, -900, 400, -900]);
  assert.deepEqual(
    told.map((one) => one.type).filter((type) => type !== "draft"),
    ["speech", "turn", "speech", "turn"],
  );
});

test("a finished sentence ends the turn after a short pause, also while the detector still holds on", async () => {
  const { told } = await listen([-500, 800, -900], { words: () => "What time is it?" });
  const turn = told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.deepEqual([turn.text, turn.silenceMs], ["What time is it?", frames(224) * frameMs]);
  const late: Heard[] = [];
  const listener = createListener({
    attention: { hears: () => true, reset: () => {} },
    hearing: { id: "played", transcribe: async () => "What time is it?" },
    ...{ now: () => 0, tell: (heard: Heard) => late.push(heard), manners: { wordsMs: 0 } },
  });
  for (let i = 0; i < 60; i++) {
    listener.feed(frame(i < 30));
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (late.some((one) => one.type === "turn")) break;
  }
  assert.equal((late.at(-1) as { silenceMs: number }).silenceMs, frames(224) * frameMs);
});

test("a last word that is quiet is heard although the pause seemed to begin before it", async () => {
  const told: Heard[] = [];
  let count = 0;
  const listener = createListener({
    attention: { hears: (one) => one[0]! > 0.01, reset: () => {} },
    hearing: {
      id: "played",
      transcribe: async () => ["The teacher of my", "The teacher of my son."][count++] ?? "",
    },
    ...{ now: () => 0, tell: (heard: Heard) => told.push(heard), manners: { wordsMs: 0 } },
  });
  const levels = [...Array(20).fill(0.5), ...Array(5).fill(0.02), ...Array(20).fill(0)] as number[];
  for (const level of levels) {
    listener.feed(new Float32Array(frameSamples).fill(level));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await listener.idle();
  assert.equal((told.at(-1) as { text: string }).text, "The teacher of my son.");
  assert.equal(count, 2);
});

test("a slow recogniser delays the end of a turn and makes no other one", async () => {
  let ready = (_: string) => {};
  const told: Heard[] = [];
  const listener = createListener({
    attention: attention(),
    hearing: { id: "slow", transcribe: () => new Promise<string>((resolve) => (ready = resolve)) },
    ...{ now: () => 0, tell: (heard: Heard) => told.push(heard), manners: { wordsMs: 0 } },
  });
  for (let i = 0; i < 70; i++) listener.feed(frame(i < 30));
  assert.deepEqual(
    told.map((one) => one.type),
    ["speech"],
  );
  ready("What time is it?");
  await listener.idle();
  const turn = told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.deepEqual([turn.text, turn.silenceMs], ["What time is it?", frames(1_200) * frameMs]);
});

test("a slow recogniser lets nobody be cut off, and its turns come in their order", async () => {
  const ready: ((text: string) => void)[] = [];
  const told: Heard[] = [];
  const listener = createListener({
    attention: attention(),
    hearing: { id: "slow", transcribe: () => new Promise<string>((resolve) => ready.push(resolve)) },
    ...{ now: () => 0, tell: (heard: Heard) => told.push(heard), manners: { wordsMs: 0 } },
  });
  const feed = async (ms: number) => {
    for (let i = 0; i < frames(Math.abs(ms)); i++) listener.feed(frame(ms > 0));
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  await feed(600);
  await feed(-800);
  await feed(600);
  await feed(-1_300);
  await feed(600);
  await feed(-1_300);
  const turns = () => told.flatMap((one) => (one.type === "turn" ? [one.text] : []));
  // The draft that nobody wants any more, and that of the first turn; the other one waits for a place.
  assert.equal(ready.length, 2);
  ready[0]?.("What");
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(ready.length, 3);
  ready[2]?.("And where is it?");
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(turns(), []);
  ready[1]?.("What time is it?");
  await listener.idle();
  assert.deepEqual(turns(), ["What time is it?", "And where is it?"]);
});

test("a long speech with pauses is not transcribed from its beginning again and again", async () => {
  let count = 0;
  const { told, asked } = await listen([-500, 6_000, -400, 1_000, -400, 1_000, -900], {
    words: () => ["In the morning we", "walked and", "walked and saw a lake."][count++] ?? "",
  });
  const turn = told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.equal(turn.text, "In the morning we walked and saw a lake.");
  assert.ok(asked[1]! < sampleRate * 2 && asked[2]! < sampleRate * 4, asked.join(" "));
  assert.ok(turn.soundMs > 8_800);
});

test("who sounds unfinished gets more time", async () => {
  const open = await listen([500, -800, 500, -900], {
    words: (sound) => (sound.length < sampleRate * 1.2 ? "Add up the" : "Add up the list."),
  });
  assert.deepEqual(
    open.told.filter((one) => one.type === "turn").map((one) => one.text),
    ["Add up the list."],
  );
  const never = await listen([500, -1_500], { words: () => "this one and" });
  const turn = never.told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.equal(turn.silenceMs, frames(1_200) * frameMs);
});

test("a recogniser that streams is given each frame once, and has the words when the pause begins", async () => {
  const accepted: number[] = [];
  let ends = 0;
  const begin = () => {
    const own = accepted.push(0) - 1;
    return {
      accept: (samples: Float32Array) => {
        accepted[own] = (accepted[own] ?? 0) + samples.length;
      },
      words: () => "Draw the",
      end: () => ["Draw the lake and", "two swans in the evening"][ends++] ?? "",
    };
  };
  const told: Heard[] = [];
  const listener = createListener({
    ...{ attention: attention(), now: () => 0, tell: (heard: Heard) => told.push(heard) },
    hearing: { id: "streams", begin, transcribe: () => assert.fail("it streams") },
  });
  for (const ms of [-500, 1_000, -320, 1_000, -900])
    for (let i = 0; i < frames(Math.abs(ms)); i++) {
      listener.feed(frame(ms > 0));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  await listener.idle();
  const turn = told.at(-1) as Extract<Heard, { type: "turn" }>;
  assert.equal(turn.text, "Draw the lake and two swans in the evening");
  assert.equal(turn.silenceMs, frames(224) * frameMs);
  assert.ok(told.some((one) => one.type === "words"));
  assert.equal(accepted.length, 2);
  assert.ok(accepted.every((samples) => samples < sampleRate * 2));
});

test("letting the key go ends a turn at once, and a speech without end is cut", async () => {
  const { told, listener } = await listen([1_000]);
  assert.deepEqual(
    told.map((one) => one.type),
    ["speech"],
  );
  listener.release();
  await listener.idle();
  assert.equal(told.at(-1)?.type, "turn");
  const long = await listen([9_000], { manners: { mostMs: 4_000 } });
  assert.equal(long.told.filter((one) => one.type === "turn").length, 2);
});

test("words so far are told while somebody speaks, and the firm ones grow", async () => {
  let count = 0;
  const all = ["Draw", "Draw the leg", "Draw the lake", "Draw the lake and"];
  const { told } = await listen([4_000, -700], {
    words: () => all[Math.min(count++, 3)]!,
    manners: { wordsMs: 700 },
  });
  const words = told.filter((one) => one.type === "words");
  assert.deepEqual(
    words.slice(0, 4).map((one) => one.firm),
    ["", "Draw", "Draw the", "Draw the lake"],
  );
});

test("a recogniser that fails makes a turn without words, and the next turn works", async () => {
  let fails = true;
  const { told, listener } = await listen([500, -700], {
    words() {
      if (fails) throw new Error("no memory");
      return "Again.";
    },
  });
  assert.deepEqual(
    told.map((one) => one.type === "turn" && one.text),
    [false, ""],
  );
  fails = false;
  for (let i = 0; i < 20; i++) listener.feed(frame(true));
  listener.release();
  await listener.idle();
  assert.equal((told.at(-1) as { text: string }).text, "Again.");
});
