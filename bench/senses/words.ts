// How well Hum hears: word error rate of the recogniser on fifty sentences in four voices and at four levels of noise, the
// time it takes, and what it makes of sound without words. The voices are Flite's: synthetic, clear and without an accent, so
// these are not the numbers of people.
//
//   node bench/senses/words.ts [--quick]

import { homedir } from "node:os";
import { join } from "node:path";
import { openSenses } from "../../os/src/device/senses/open.ts";
import { joinSound, loudness, sampleRate } from "../../os/src/device/voice/voice.ts";
import { sentences } from "./sentences.ts";

const quick = process.argv.includes("--quick");
const home = process.env.HUM_HOME ?? join(homedir(), ".hum");
const began = performance.now();
const { hearing, speech, attend } = await openSenses(home);
console.log(
  `senses open in ${Math.round(performance.now() - began)} ms; ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
);

let state = 11;
const chance = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const noise = (samples: number) =>
  Float32Array.from({ length: samples }, () => chance() + chance() + chance() - 1.5);

/** The sound with noise so many decibels below it, and a moment of noise around it. */
function mix(sound: Float32Array, decibels: number): Float32Array {
  const edge = sampleRate * 0.3;
  const all = joinSound([new Float32Array(edge), sound, new Float32Array(edge)]);
  const hiss = noise(all.length);
  const gain = Number.isFinite(decibels) ? loudness(sound) / 10 ** (decibels / 20) / loudness(hiss) : 0;
  return all.map((sample, i) => sample + gain * (hiss[i] as number));
}

const toWords = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9' ]/g, " ")
    .replace(/'/g, "")
    .split(/\s+/)
    .filter(Boolean);

/** Words to be put in, left out or changed. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  a.forEach((word, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      next.push(
        Math.min(
          (row[j] as number) + (word === other ? 0 : 1),
          (row[j + 1] as number) + 1,
          (next[j] as number) + 1,
        ),
      );
    });
    row = next;
  });
  return row[b.length] as number;
}

const median = (list: number[]) => [...list].sort((x, y) => x - y)[Math.floor(list.length / 2)] ?? 0;

console.log("voice   noise     WER     sentences right   ms a sentence (median)   of real time");
for (const decibels of [Number.POSITIVE_INFINITY, 20, 10, 5])
  for (const voice of speech.voices) {
    let [errors, words, right, seconds] = [0, 0, 0, 0];
    const times: number[] = [];
    for (const [i, sentence] of sentences.entries()) {
      if (quick && i % 5 !== 0) continue;
      // With noise one voice in turn says each sentence.
      if (Number.isFinite(decibels) && i % 4 !== speech.voices.indexOf(voice)) continue;
      const sound = mix(await speech.speak(sentence, { voice }), decibels);
      const at = performance.now();
      const heard = toWords(await hearing.transcribe(sound, { language: "en" }));
      times.push(performance.now() - at);
      const wrong = distance(toWords(sentence), heard);
      errors += wrong;
      words += toWords(sentence).length;
      seconds += sound.length / sampleRate;
      if (wrong === 0) right++;
    }
    const share = (errors / Math.max(1, words)) * 100;
    const level = Number.isFinite(decibels) ? `${decibels} dB` : "none";
    const speed = times.reduce((a, b) => a + b, 0) / 1000 / seconds;
    const rate = `${share.toFixed(1)} %`.padStart(8);
    const whole = `${right} of ${times.length}`.padEnd(16);
    const ms = median(times).toFixed(0).padStart(6);
    console.log(
      `${voice.padEnd(7)} ${level.padEnd(7)} ${rate}   ${whole} ${ms}                  ${speed.toFixed(2)}`,
    );
  }

const odd: [string, Float32Array][] = [
  ["silence 3 s", new Float32Array(sampleRate * 3)],
  ["noise 3 s", noise(sampleRate * 3).map((sample) => sample * 0.2)],
  ["a tone 3 s", new Float32Array(sampleRate * 3).map((_, i) => 0.3 * Math.sin(i * 0.17))],
  ["clicks 3 s", new Float32Array(sampleRate * 3).map((_, i) => (i % 4_000 < 50 ? chance() - 0.5 : 0))],
];
for (const [name, sound] of odd) {
  const attention = attend();
  let frames = 0;
  for (let i = 0; i + 512 <= sound.length; i += 512) if (attention.hears(sound.slice(i, i + 512))) frames++;
  console.log(
    `${name}: speech in ${frames} frames; the recogniser alone would hear ${JSON.stringify(await hearing.transcribe(sound))}`,
  );
}
// Cost of listening when nobody speaks: a minute of a quiet room.
const room = noise(sampleRate * 60).map((sample) => sample * 0.003);
const attention = attend();
const used = process.cpuUsage();
for (let i = 0; i + 512 <= room.length; i += 512) attention.hears(room.slice(i, i + 512));
const { user, system } = process.cpuUsage(used);
console.log(
  `listening to a quiet minute: ${(((user + system) / 1000 / 60_000) * 100).toFixed(1)} % of one core`,
);
process.exit(0);
