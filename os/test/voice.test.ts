// Hearing and speaking without any weights: sound files, the words of speech, what was heard of an answer that was cut off.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { transcribeLong } from "../src/device/voice/long.ts";
import { createSpeaker } from "../src/device/voice/speaker.ts";
import { type Hearing, type Speech, sampleRate } from "../src/device/voice/voice.ts";
import { fromWav, toRate, toWav } from "../src/device/voice/wav.ts";
import {
  agreed,
  cleanWords,
  heardPart,
  howFinished,
  takeSentences,
  toSpoken,
} from "../src/device/voice/words.ts";

test("[V3] a WAV file is the sound that was written; a damaged one is refused with a reason, whatever its bytes", () => {
  const sound = Float32Array.from({ length: 4_000 }, (_, i) => 0.6 * Math.sin(i / 9));
  const file = toWav(sound);
  const back = fromWav(file);
  assert.equal(back.length, sound.length);
  assert.ok(back.every((sample, i) => Math.abs(sample - sound[i]!) < 1e-4));
  for (let cut = 0; cut < 60; cut++) {
    const part = file.subarray(0, cut);
    if (cut < 44) assert.throws(() => fromWav(part), /cannot be read/);
    else assert.equal(fromWav(part).length, Math.floor((cut - 44) / 2));
  }
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const broken = Buffer.from(file);
      for (const [at, byte] of changes) broken[at] = byte;
      try {
        assert.ok(fromWav(broken).every(Number.isFinite));
      } catch (error) {
        assert.match((error as Error).message, /^The sound cannot be read: /);
      }
    }),
  );
});

test("other rates, widths and channels become one channel of 16,000 samples a second", () => {
  const rate = 48_000;
  const stereo = Buffer.alloc(44 + rate * 4);
  toWav(new Float32Array(rate * 2)).copy(stereo);
  stereo.writeUInt16LE(2, 22);
  stereo.writeUInt32LE(rate, 24);
  for (let i = 0; i < rate; i++) {
    const sample = Math.round(12_000 * Math.sin((2 * Math.PI * 300 * i) / rate));
    stereo.writeInt16LE(sample, 44 + i * 4);
    stereo.writeInt16LE(sample, 46 + i * 4);
  }
  const sound = fromWav(stereo);
  assert.equal(sound.length, sampleRate);
  const crossings = sound.filter((sample, i) => i > 0 && sample >= 0 && sound[i - 1]! < 0).length;
  assert.ok(Math.abs(crossings - 300) <= 1, `${crossings} waves`);
  // A tone above what the lower rate can hold is gone, and does not come back as a lower one.
  const high = toRate(
    Float32Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * 16_000 * i) / rate)),
    rate,
  );
  assert.ok(Math.max(...high.slice(200, -200).map(Math.abs)) < 0.35);
});

test("[V4] what a recogniser invents is no word", () => {
  for (const text of ["[Music]", "(dogs barking)", "♪ la la ♪", " . ", "*sighs*", "[BLANK_AUDIO]"])
    assert.equal(cleanWords(text), "", text);
  assert.equal(cleanWords(" Yes. [Music] Go on."), "Yes. Go on.");
  assert.equal(cleanWords("Good morning! Good morning! Good morning!"), "Good morning!");
  assert.equal(cleanWords("Drop drop Drop drop the file"), "Drop the file");
  assert.equal(cleanWords("No no, that that is it"), "No no, that that is it");
  assert.equal(cleanWords("Send it to Ann. Send it to Ann"), "Send it to Ann.");
  assert.equal(cleanWords("Call my sister today. Call my sister"), "Call my sister today.");
  assert.equal(cleanWords("Very well. Very well"), "Very well. Very well");
});

test("sentences end where people end them, and a sentence that calls for more is not ended", () => {
  const cut = (text: string) => takeSentences(text, true).sentences;
  assert.deepEqual(cut("It is done. The total is 3.50 in all! Is that so?"), [
    "It is done.",
    "The total is 3.50 in all!",
    "Is that so?",
  ]);
  assert.deepEqual(cut("Ask Dr. Kim about the 3. line. Then go."), [
    "Ask Dr. Kim about the 3. line.",
    "Then go.",
  ]);
  assert.deepEqual(cut("好的。我画完了！"), ["好的。", "我画完了！"]);
  assert.deepEqual(takeSentences("Yes. And th"), { sentences: ["Yes."], rest: " And th" });
  assert.equal(agreed("Draw the leg and", "draw the lake and two"), "draw the");
  assert.equal(
    toSpoken(
      "**Done**: see [the list](https://x.org/a) or https://example.org/a/b.\n\n```bash\nrm x\n```\n- one",
    ),
    "Done: see the list or example.org.\none",
  );
});

test("words tell whether a thought is whole, calls for more, or could be either", () => {
  const all = {
    no: [
      ...[
        "Add up the",
        "this one and",
        "this one and.",
        "the dog, ",
        "I want to",
        "Add up the.",
        "Tell me.",
        "Well.",
      ],
      ...[
        "I would like.",
        "It is.",
        "Milk, bread, butter.",
        "Ich möchte die",
        "et puis le",
        "quiero el",
        "I think.",
      ],
    ],
    maybe: ["Amounts", "Amounts.", "Two swans.", "They are what we are.", "Which of them is?"],
    yes: [
      ...[
        "Add up the list.",
        "yes",
        "Stop!",
        "No.",
        "What time is it?",
        "Why?",
        "Please put it on the table.",
      ],
      ...[
        "And the second one too.",
        "What is that?",
        "Milk, bread and butter.",
        "画一个湖和两只天鹅。",
        "好的",
      ],
    ],
  };
  for (const [how, texts] of Object.entries(all))
    for (const text of texts) assert.equal(howFinished(text), how, text);
});

const speech: Speech = {
  id: "played",
  voices: ["one"],
  // A tenth of a second for each letter.
  speak: async (text) => new Float32Array(text.length * 1_600).fill(0.1),
};

test("an answer is spoken sentence by sentence while it is written", async () => {
  const played: string[] = [];
  const speaker = createSpeaker({ speech, play: ({ text }) => played.push(text) });
  speaker.write("It is do");
  speaker.write("ne. The total");
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(played, ["It is done."]);
  speaker.write(" is four.");
  assert.equal(await speaker.end(), "It is done. The total is four.");
  assert.deepEqual(played, ["It is done.", "The total is four."]);
});

test("a long first sentence begins with its first clause, and what was not spoken yet is known", async () => {
  const played: string[] = [];
  let go = () => {};
  const slow: Speech = {
    ...speech,
    speak: (text) => new Promise((ok) => (go = () => ok(new Float32Array(text.length)))),
  };
  const speaker = createSpeaker({ speech: slow, play: ({ text }) => played.push(text) });
  speaker.write("When the list is ready, I will tell you at once and put it there. More. And th");
  const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
  for (let i = 0; i < 3; i++) await tick();
  go();
  for (let i = 0; i < 3; i++) await tick();
  assert.deepEqual(played, ["When the list is ready,"]);
  assert.deepEqual(speaker.stop(0), {
    ...{ heard: "", whole: false },
    left: "When the list is ready, I will tell you at once and put it there. More. And th",
  });
});

test("[V6] of an answer that was cut off, only what was played counts as said", async () => {
  const start = async () => {
    const played: string[] = [];
    const speaker = createSpeaker({ speech, play: ({ text }) => played.push(text) });
    speaker.write("It is done now. The total is four.");
    await speaker.end();
    return { speaker, played };
  };
  const first = (await start()).speaker.stop(0);
  assert.deepEqual(first, { heard: "", whole: false, left: "It is done now. The total is four." });
  const half = (await start()).speaker.stop(1_500 + 900);
  assert.deepEqual(half, { heard: "It is done now. The total", whole: false, left: "The total is four." });
  const all = (await start()).speaker.stop(60_000);
  assert.deepEqual(all, { heard: "It is done now. The total is four.", whole: true, left: "" });
  const { speaker, played } = await start();
  speaker.stop(10);
  speaker.write("More. And more.");
  await speaker.end();
  assert.equal(played.length, 2, "nothing is spoken after a stop");
  assert.equal(heardPart("one two three four", 0.5), "one two");
});

test("a long sound is cut where it is quiet, and all of it is heard", async () => {
  const sound = new Float32Array(sampleRate * 61).fill(0.2);
  sound.fill(0, sampleRate * 20, sampleRate * 20 + 3_200);
  const lengths: number[] = [];
  const hearing: Hearing = { id: "x", transcribe: async (part) => `${lengths.push(part.length)}` };
  assert.equal(await transcribeLong(hearing, sound), lengths.map((_, i) => i + 1).join(" "));
  assert.ok(lengths.every((length) => length <= sampleRate * 25));
  assert.equal(
    lengths.reduce((a, b) => a + b),
    sound.length,
  );
  assert.ok(Math.abs(lengths[0]! - sampleRate * 20.1) < 1_700, `${lengths[0]}`);
});
