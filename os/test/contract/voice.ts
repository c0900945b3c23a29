// The contract of the senses of speech, run by every driver.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type Attention,
  frameSamples,
  type Hearing,
  joinSound,
  loudness,
  type Speech,
  sampleRate,
} from "../../src/device/voice/voice.ts";

type Open<T> = (context: TestContext) => Promise<T | null>;

const silence = (seconds: number) => new Float32Array(Math.round(seconds * sampleRate));
const tone = (seconds: number, hertz: number) =>
  silence(seconds).map((_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / sampleRate));
/** Noise by a small generator, the same in each run. */
export function noise(seconds: number, loud: number): Float32Array {
  let state = 7;
  return silence(seconds).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * loud;
  });
}

/** Splits a sound into frames. */
export const toFrames = (sound: Float32Array): Float32Array[] =>
  Array.from({ length: Math.floor(sound.length / frameSamples) }, (_, i) =>
    sound.slice(i * frameSamples, (i + 1) * frameSamples),
  );

/** Tests a voice. `open` may skip by giving null. One that `varies` is never twice the same sound. */
export function testSpeech(name: string, open: Open<Speech>, { varies = false } = {}): void {
  test(`${name}: a sentence is a sound that begins at once${varies ? "" : ", and the same one each time"}`, async (context) => {
    const speech = await open(context);
    if (!speech) return;
    const sound = await speech.speak("Good morning, here I am.");
    assert.ok(sound.length > sampleRate * 0.5 && sound.length < sampleRate * 6);
    assert.ok(loudness(sound) > 0.01);
    assert.ok(loudness(sound.subarray(0, sampleRate * 0.15)) > 0.003, "no silence at its beginning");
    const again = await speech.speak("Good morning, here I am.");
    if (varies) assert.ok(Math.abs(again.length - sound.length) < sound.length / 2);
    else assert.ok(again.length === sound.length && again.every((sample, i) => sample === sound[i]));
    assert.ok(sound.every((sample) => Math.abs(sample) <= 1));
  });
  test(`${name}: speed and voices change it`, async (context) => {
    const speech = await open(context);
    if (!speech) return;
    const usual = await speech.speak("One two three four five.");
    const fast = await speech.speak("One two three four five.", { speed: 1.8 });
    assert.ok(fast.length < usual.length * 0.85);
    for (const voice of speech.voices) assert.ok((await speech.speak("Hello", { voice })).length > 1_000);
    assert.ok(
      (await speech.speak("Hello", { voice: "nobody" })).length > 1_000,
      "an unknown voice is the usual one",
    );
  });
  test(`${name}: odd texts do not throw, and without words there is no sound`, async (context) => {
    const speech = await open(context);
    if (!speech) return;
    for (const text of ["", "   ", "…", "--help", "-t x", "\0", "😀", "```", "\n\n"])
      await speech.speak(text);
    for (const text of ["", "  ", "😀", "。"]) assert.equal((await speech.speak(text)).length, 0, text);
    assert.ok((await speech.speak('He said "stop" & <left>; it cost 5 €.')).length > sampleRate);
    assert.ok((await speech.speak("word ".repeat(2_000))).length > sampleRate);
  });
}

/** Tests a recogniser; `say` makes sounds to be recognised. */
export function testHearing(name: string, open: Open<{ hearing: Hearing; say: Speech }>): void {
  test(`${name}: words that were spoken are heard`, async (context) => {
    const senses = await open(context);
    if (!senses) return;
    const text = await senses.hearing.transcribe(
      await senses.say.speak("Please add up the amounts in the file."),
      {
        language: "en",
      },
    );
    assert.match(text, /add up the amounts in the file/i);
  });
  test(`${name}: sound without words has no words`, async (context) => {
    const senses = await open(context);
    if (!senses) return;
    for (const sound of [new Float32Array(0), silence(0.01), silence(2), noise(1, 0.0004)])
      assert.equal(await senses.hearing.transcribe(sound), "");
  });
}

/** Tests a detector of speech. */
export function testAttention(name: string, open: Open<{ attend(): Attention; say: Speech }>): void {
  test(`${name}: it hears speech soon and lets go soon, and nothing in silence, noise or tones`, async (context) => {
    const senses = await open(context);
    if (!senses) return;
    const attention = senses.attend();
    const heard = (sound: Float32Array) => toFrames(sound).map((frame) => attention.hears(frame));
    assert.ok(!heard(noise(1.5, 0.002)).includes(true));
    const speech = heard(
      joinSound([await senses.say.speak("Please tell me what is in the list of names."), noise(1, 0.002)]),
    );
    const first = speech.indexOf(true);
    assert.ok(first >= 0 && first < 20, `it began after ${first} frames`);
    assert.equal(speech.at(-1), false);
    attention.reset();
    assert.ok(!heard(tone(1.5, 440)).includes(true), "a tone");
    assert.ok(!heard(noise(1.5, 0.3)).includes(true), "loud noise");
  });
  test(`${name}: two streams do not know of each other`, async (context) => {
    const senses = await open(context);
    if (!senses) return;
    const [one, two] = [senses.attend(), senses.attend()];
    for (const frame of toFrames(await senses.say.speak("Somebody is speaking here for a while."))) {
      one.hears(frame);
      assert.equal(two.hears(noise(0.032, 0.001)), false);
    }
  });
}
