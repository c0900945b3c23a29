// The whole way of a talk, in a real browser with a played microphone: from the end of what is said to the first sound of the
// answer, with a program that answers at once; from the first sound of an interruption to silence; and what listening costs.
//
//   node bench/senses/talk.ts [--turns 12]
//
// Both ends are taken in the page: the last loud piece of the microphone that was sent, and the moment for which the first
// sound was set to start. What the sound card adds after that is not in it.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { openFlite } from "../../os/src/device/voice/flite.ts";
import { joinSound, sampleRate } from "../../os/src/device/voice/voice.ts";
import { toWav } from "../../os/src/device/voice/wav.ts";
import { browserPath, startReal } from "../../web/test/kit/real.ts";
import { sentences } from "./sentences.ts";

const { values } = parseArgs({ options: { turns: { type: "string", default: "12" } } });
const turns = Number(values.turns);
const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

const speech = await openFlite();
let state = 5;
const hiss = (seconds: number) =>
  Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 0.001;
  });

const folder = await mkdtemp(join(tmpdir(), "hum-talk-"));
const home = await mkdtemp(join(tmpdir(), "hum-talk-home-"));
// The senses lie where this user has them.
await symlink(join(process.env.HUM_HOME ?? join(homedir(), ".hum"), "senses"), join(home, "senses"));
const hum = await startReal({ home });

// Runs in the page before all else: remembers when what was sent and when what was heard.
const watch = `
  window.marks = { loud: [], starts: [], stops: [] };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (data instanceof ArrayBuffer) {
      const samples = new Int16Array(data);
      let sum = 0;
      for (const sample of samples) sum += (sample / 32768) ** 2;
      if (Math.sqrt(sum / samples.length) > 0.012) window.marks.loud.push(performance.now());
    }
    return send.call(this, data);
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0) {
    window.marks.starts.push(performance.now() + Math.max(0, when - this.context.currentTime) * 1000);
    return start.call(this, when);
  };
  const stop = AudioBufferSourceNode.prototype.stop;
  AudioBufferSourceNode.prototype.stop = function () {
    window.marks.stops.push(performance.now());
    return stop.call(this);
  };
`;

interface Marks {
  loud: number[];
  starts: number[];
  stops: number[];
}

/** Plays a sound into the microphone of a page that talks, until it is over. */
async function play(name: string, sound: Float32Array, look?: (page: Page) => Promise<void>): Promise<Marks> {
  const file = join(folder, `${name}.wav`);
  await writeFile(file, toWav(sound));
  const browser = await chromium.launch({
    executablePath: browserPath ?? "",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--autoplay-policy=no-user-gesture-required"],
      ...["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
      `--use-file-for-fake-audio-capture=${file}%noloop`,
    ],
  });
  try {
    const page = await (await browser.newContext({ locale: "en", permissions: ["microphone"] })).newPage();
    await page.addInitScript(watch);
    await page.goto(hum.address);
    await page.getByRole("button", { name: "Talk", exact: true }).click();
    await page.getByText("Listening").waitFor();
    await look?.(page);
    await page.waitForTimeout((sound.length / sampleRate) * 1000);
    return await page.evaluate("window.marks");
  } finally {
    await browser.close();
  }
}

const cpu = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

// The first talk opens the senses.
await play("warm", joinSound([hiss(4), await speech.speak("Hello."), hiss(3)]));

const said = sentences.slice(0, turns);
const pieces: Float32Array[] = [hiss(4)];
for (const [i, sentence] of said.entries())
  pieces.push(await speech.speak(sentence, { voice: speech.voices[i % 3] as string }), hiss(8));
const marks = await play("turns", joinSound(pieces));
const waits: number[] = [];
let last = 0;
for (const [i, at] of marks.loud.entries()) {
  const next = marks.loud[i + 1] ?? Number.POSITIVE_INFINITY;
  // The end of a turn: seconds of quiet after it, in which an answer began.
  if (next - at < 2_500) continue;
  const first = marks.starts.find((start) => start > at && start > last && start < next);
  if (first === undefined) continue;
  waits.push(first - at);
  last = first;
}
console.log(
  `end of speech to first sound, instant program: median ${median(waits).toFixed(0)} ms (${waits.map((one) => one.toFixed(0)).join(" ")}), ${waits.length} of ${said.length} turns answered`,
);

const cuts: number[] = [];
for (let i = 0; i < 4; i++) {
  const sound = joinSound([
    hiss(4),
    await speech.speak("Write the report for me now."),
    hiss(5),
    await speech.speak("Wait, stop, that is enough for me."),
    hiss(5),
  ]);
  const { loud, stops } = await play(`cut${i}`, sound);
  const gap = loud.findIndex((at, k) => k > 0 && at - (loud[k - 1] as number) > 2_000);
  const onset = loud[gap];
  const stop = stops.find((at) => onset !== undefined && at >= onset);
  if (onset !== undefined && stop !== undefined) cuts.push(stop - onset);
}
console.log(
  `first sound of an interruption to silence: median ${median(cuts).toFixed(0)} ms (${cuts.map((one) => one.toFixed(0)).join(" ")})`,
);

const pid = hum.child.pid as number;
await play("quiet", hiss(16), async (page) => {
  await page.waitForTimeout(3_000);
  const before = cpu(pid);
  await page.waitForTimeout(10_000);
  console.log(
    `listening when nobody speaks: ${((cpu(pid) - before) / 100).toFixed(1)} % of one core in the server`,
  );
});
await hum.end();
await rm(folder, { recursive: true, force: true });
process.exit(0);
