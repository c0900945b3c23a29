// The contract suite of the senses of speech over their drivers. What must be fetched first is proved where it is here.

import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { piperVoice } from "../src/device/senses/catalogue.ts";
import { checkSense, isPresent } from "../src/device/senses/install.ts";
import { openSenses, type Senses } from "../src/device/senses/open.ts";
import { openFlite } from "../src/device/voice/flite.ts";
import { createListener, type Heard } from "../src/device/voice/listener.ts";
import { openPiper } from "../src/device/voice/piper.ts";
import { joinSound, sampleRate } from "../src/device/voice/voice.ts";
import { HumError } from "../src/error.ts";
import { noise, testAttention, testHearing, testSpeech, toFrames } from "./contract/voice.ts";

let senses: Promise<Senses> | null = null;

/** The senses of this user's home; skips the test when they were never fetched. */
async function open(context: TestContext): Promise<Senses | null> {
  senses ??= openSenses(process.env.HUM_SENSES_HOME ?? join(homedir(), ".hum"));
  try {
    return await senses;
  } catch (error) {
    if (!HumError.is(error, "not-found")) throw error;
    context.skip("the senses are not here: `hum senses pull` fetches them");
    return null;
  }
}

testSpeech("flite", () => openFlite());
const openJoe = async (context: TestContext) => {
  const home = process.env.HUM_SENSES_HOME ?? join(homedir(), ".hum");
  if (await isPresent(home, "piper-joe"))
    return openPiper({ folder: await checkSense(home, "piper-joe"), voice: piperVoice });
  context.skip("this voice is not here: `hum senses pull piper-joe` fetches it");
  return null;
};
testSpeech("piper", openJoe, { varies: true });
testHearing("whisper", async (context) => {
  const all = await open(context);
  return all && { hearing: all.hearing, say: all.speech };
});
test("[V4] noise, a tone, clicks and music begin no turn with words", async (context) => {
  const all = await open(context);
  if (!all) return;
  const told: Heard[] = [];
  const listener = createListener({
    ...{ attention: all.attend(), hearing: all.hearing, language: "en", now: () => performance.now() },
    tell: (heard) => told.push(heard),
  });
  const rest = new Float32Array(sampleRate * 2);
  for (const sound of [noise(4, 0.2), music(12), noise(4, 0.02), clicks(4)])
    for (const frame of toFrames(joinSound([sound, rest]))) listener.feed(frame);
  await listener.idle();
  assert.deepEqual(
    told.flatMap((one) => (one.type === "turn" || one.type === "words" ? [one.text] : [])).filter(Boolean),
    [],
  );
});

/** Chords of a plucked instrument, with a melody above and a drum below. */
function music(seconds: number): Float32Array {
  const chords = [
    [220, 277, 330],
    [196, 247, 294],
    [175, 220, 262],
    [165, 208, 247],
  ];
  return new Float32Array(seconds * sampleRate).map((_, i) => {
    const time = i / sampleRate;
    const beat = time % 0.5;
    const chord = chords[Math.floor(time / 2) % 4] as number[];
    const pluck = Math.exp(-beat * 5);
    const tones = chord.reduce((sum, hertz) => sum + Math.sin(2 * Math.PI * hertz * time), 0);
    const melody = Math.sin(2 * Math.PI * (chord[Math.floor(time * 2) % 3] as number) * 2 * time);
    const drum = Math.sin(2 * Math.PI * 60 * beat) * Math.exp(-beat * 20);
    return 0.06 * pluck * tones + 0.08 * pluck * melody + 0.2 * drum;
  });
}

const clicks = (seconds: number) =>
  new Float32Array(seconds * sampleRate).map((_, i) => (i % 4_000 < 40 ? (i % 2 ? 0.4 : -0.4) : 0));

testAttention("silero", async (context) => {
  const all = await open(context);
  return all && { attend: all.attend, say: all.speech };
});
