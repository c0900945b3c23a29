// Taking turns without a browser: sentences are said in real time to a talk over the real senses, with a program that answers
// at once. From the last loud frame to the first sound of the answer, and what becomes of a pause in mid-sentence.
//
//   node bench/senses/turns.ts [--turns 24]

import { homedir, loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openSenses } from "../../os/src/device/senses/open.ts";
import { frameSamples, joinSound, loudness, sampleRate } from "../../os/src/device/voice/voice.ts";
import { toInt16 } from "../../os/src/device/voice/wav.ts";
import type { Post } from "../../os/src/entity/conversation.ts";
import { openTalk } from "../../os/src/workplace/talk/talk.ts";
import { createFeed } from "../../os/test/fixtures/feed.ts";
import { sentences } from "./sentences.ts";

const { values } = parseArgs({ options: { turns: { type: "string", default: "24" } } });
const { hearing, speech, attend } = await openSenses(process.env.HUM_HOME ?? join(homedir(), ".hum"));
let state = 5;
const hiss = (seconds: number) =>
  Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.001;
  });
/** The part of a list below which so many of a hundred lie. */
const share = (list: readonly number[], percent: number) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * percent) / 100))] ??
  Number.NaN;

interface Said {
  turns: { text: string; silenceMs: number; waitedMs: number }[];
  /** From the last loud frame to the turn, and to the first sound. */
  turnMs: number;
  soundMs: number;
}

/** Says a sound to a talk in real time, until the answer to it has begun or nothing came for two seconds. */
async function say(sound: Float32Array): Promise<Said> {
  const turns: Said["turns"] = [];
  let [lastLoud, turnAt, soundAt] = [0, 0, 0];
  const feed = createFeed();
  let count = 0;
  const talk = await openTalk({
    workplace: {
      openDirect: async () => ({ id: "dm-1" }) as never,
      look: async () => ({ seq: 0 }) as never,
      post: async (_by, { text }) => {
        const from = { kind: "entity", name: "guide", program: "guide", pid: 1 };
        const post = {
          ...{ id: `a${count++}`, channel: "dm-1", kind: "result", deleted: false, from },
          text: `I heard: ${text}`,
        };
        feed.give({ type: "post", seq: count, post: post as Post });
        return { id: `p${count}` } as Post;
      },
      follow: feed.follow,
    },
    ...{ by: "Kim", program: "guide", language: "en", now: () => performance.now() },
    ...{ hearing, speech, attention: attend() },
    send(message) {
      if (message.type === "turn") {
        turns.push(message);
        turnAt = performance.now();
      }
      if (message.type === "say" && turnAt > 0) soundAt ||= performance.now();
    },
    onError: (error) => console.error(error),
  });
  const began = performance.now();
  for (let at = 0; at + frameSamples <= sound.length; at += frameSamples) {
    const frame = sound.subarray(at, at + frameSamples);
    const due = began + ((at + frameSamples) / sampleRate) * 1000;
    if (due > performance.now()) await sleep(due - performance.now());
    if (loudness(frame) > 0.012) lastLoud = performance.now();
    talk.hear(toInt16(frame));
  }
  await talk.idle();
  talk.close();
  return { turns, turnMs: turnAt - lastLoud, soundMs: soundAt - lastLoud };
}

const whole: Said[] = [];
for (const [i, sentence] of sentences.slice(0, Number(values.turns)).entries()) {
  const voice = speech.voices[i % 3] as string;
  whole.push(await say(joinSound([hiss(0.8), await speech.speak(sentence, { voice }), hiss(1.6)])));
}
const row = (name: string, list: number[]) =>
  console.log(
    `${name}: p50 ${share(list, 50).toFixed(0)} ms, p95 ${share(list, 95).toFixed(0)} ms, least ${share(list, 0).toFixed(0)}, most ${share(list, 100).toFixed(0)} (${list.length} turns)`,
  );
row(
  "end of speech to the turn",
  whole.map((one) => one.turnMs),
);
row(
  "end of speech to first sound",
  whole.map((one) => one.soundMs),
);
console.log(
  `sentences taken as one turn: ${whole.filter((one) => one.turns.length === 1).length} of ${whole.length}`,
);
for (const one of whole)
  if (one.turns.length !== 1 || one.soundMs > 450)
    console.log(
      `  ${one.soundMs.toFixed(0)} ms:`,
      one.turns.map((t) => `${t.text} (${t.silenceMs})`).join(" | "),
    );

// A pause of so long in the middle of a sentence, where people make one: the turn must not end there.
const halves: readonly [string, string][] = [
  ["Please add up the", "amounts in the file."],
  ["I would like to", "know who opened the door."],
  ["Draw the lake with two swans and", "a boat."],
  ["Write a short letter to", "the teacher of my son."],
  ["Which of the two offers is", "cheaper?"],
  ["Tell me", "when the list is ready."],
  ["Put the photos", "of the summer into one folder."],
  ["Remind me to call my sister", "in the evening."],
];
for (const pause of [0.35, 0.6]) {
  let kept = 0;
  const cut: string[] = [];
  for (const [one, two] of halves) {
    const said = await say(
      joinSound([hiss(0.8), await speech.speak(one), hiss(pause), await speech.speak(two), hiss(1.8)]),
    );
    if (said.turns.length === 1) kept++;
    else cut.push(said.turns.map((turn) => turn.text).join(" | "));
  }
  console.log(`pause of ${pause * 1000} ms in mid-sentence: ${kept} of ${halves.length} kept whole`);
  for (const text of cut) console.log(`  ${text}`);
}
console.log(`load ${loadavg()[0]?.toFixed(1)}`);
process.exit(0);
