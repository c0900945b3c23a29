// The whole way of a talk, in a real browser with a played microphone: from the end of what is said to the first sound of the
// answer, with a program that answers at once; from the first sound of an interruption to silence; and what listening costs.
//
//   node bench/senses/talk.ts [--turns 12] [--cuts 6] [--real]
//
// With --real the answers are those of the embedded model; first sound is then also the word that it takes a moment, and the
// answer's own first sound is told beside it.
//
// Both ends are taken in the page: the last loud piece of the microphone that was sent, and the moment for which the first
// sound was set to start. What the sound card adds after that is not in it.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { openFlite } from "../../os/src/device/voice/flite.ts";
import { joinSound, sampleRate } from "../../os/src/device/voice/voice.ts";
import { toWav } from "../../os/src/device/voice/wav.ts";
import { browserPath, startReal } from "../../web/test/kit/real.ts";
import { sentences } from "./sentences.ts";

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "12" },
    cuts: { type: "string", default: "6" },
    real: { type: "boolean", default: false },
  },
});
const turns = Number(values.turns);
const real = values.real;
/** Seconds of quiet in which an answer is waited for. */
const patience = real ? 60 : 6;
const share = (list: readonly number[], percent: number) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * percent) / 100))] ??
  Number.NaN;
const tell = (name: string, list: readonly number[], of: number) =>
  console.log(
    `${name}: p50 ${share(list, 50).toFixed(0)} ms, p95 ${share(list, 95).toFixed(0)} ms, least ${share(list, 0).toFixed(0)} (${list.length} of ${of}; load ${loadavg()[0]?.toFixed(1)})`,
  );

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
const from = process.env.HUM_HOME ?? join(homedir(), ".hum");
await symlink(join(from, "senses"), join(home, "senses"));
if (real) await symlink(join(homedir(), ".hum", "models"), join(home, "models"));
const hum = await startReal({ home, real });

// Runs in the page before all else: remembers when what was sent and when what was heard.
const watch = `
  window.marks = { loud: [], starts: [], asides: [], stops: [], softs: [], messages: [] };
  let aside = false;
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
  const listen = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...listen,
    set(run) {
      listen.set.call(this, (event) => {
        if (typeof event.data === "string") {
          const { type, silenceMs, waitedMs } = JSON.parse(event.data);
          window.marks.messages.push({ type, silenceMs, waitedMs, at: performance.now() });
        }
        if (typeof event.data === "string" && event.data.includes('"type":"say"')) aside = event.data.includes('"aside":true');
        return run.call(this, event);
      });
    },
  });
  const soft = AudioParam.prototype.setTargetAtTime;
  AudioParam.prototype.setTargetAtTime = function (value, ...rest) {
    if (value < 0.5) window.marks.softs.push(performance.now());
    return soft.call(this, value, ...rest);
  };
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (when = 0) {
    (aside ? window.marks.asides : window.marks.starts).push(performance.now() + Math.max(0, when - this.context.currentTime) * 1000);
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
  /** First sounds that are no answer. */
  asides: number[];
  stops: number[];
  /** When it became soft. */
  softs: number[];
  messages: { type: string; silenceMs?: number; waitedMs?: number; at: number }[];
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
    const page = await (
      await browser.newContext({ locale: "en", reducedMotion: "reduce", permissions: ["microphone"] })
    ).newPage();
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
  pieces.push(await speech.speak(sentence, { voice: speech.voices[i % 3] as string }), hiss(patience + 2));
const marks = await play("turns", joinSound(pieces));
const waits: number[] = [];
const answers: number[] = [];
/** From the end of speech to the turn, from there to the first sentence, and from there to its sound, all in the page. */
const ways: string[] = [];
for (const [i, at] of marks.loud.entries()) {
  const next = marks.loud[i + 1] ?? Number.POSITIVE_INFINITY;
  // The end of a turn: seconds of quiet after it, in which an answer began.
  if (next - at < 2_500) continue;
  const within = (list: readonly number[]) => list.find((start) => start > at && start < next);
  const answer = within(marks.starts);
  const first = within([...marks.starts, ...marks.asides].sort((x, y) => x - y));
  if (first !== undefined) waits.push(first - at);
  if (answer !== undefined) answers.push(answer - at);
  const of = (type: string) =>
    marks.messages.find((one) => one.type === type && one.at > at && one.at < next);
  const [turn, say] = [of("turn"), of("say")];
  if (turn && say)
    ways.push(
      `${(turn.at - at).toFixed(0)} (${turn.silenceMs} of quiet, ${turn.waitedMs?.toFixed(0)} more) + ${(say.at - turn.at).toFixed(0)} + ${((answer ?? Number.NaN) - say.at).toFixed(0)}`,
    );
}
tell(`end of speech to first sound, ${real ? "embedded model" : "instant program"}`, waits, said.length);
if (real) tell("end of speech to the first sound of the answer itself", answers, said.length);
console.log(
  `  ${answers.map((one) => one.toFixed(0)).join(" ")}\n  turn + answer + sound: ${ways.join("; ")}`,
);

const cuts: number[] = [];
const softs: number[] = [];
for (let i = 0; i < (real ? 0 : Number(values.cuts)); i++) {
  const sound = joinSound([
    hiss(4),
    await speech.speak("Write the report of all that was said today and tell me then what you think of it."),
    hiss(3),
    await speech.speak("Wait, stop, that is enough for me.", { voice: speech.voices[i % 3] as string }),
    hiss(5),
  ]);
  const { loud, stops, softs: soft } = await play(`cut${i}`, sound);
  const gap = loud.findIndex((at, k) => k > 0 && at - (loud[k - 1] as number) > 2_000);
  const onset = loud[gap];
  if (onset === undefined) continue;
  const after = (list: readonly number[]) => list.find((at) => at >= onset);
  const [stop, softer] = [after(stops), after(soft)];
  if (stop !== undefined) cuts.push(stop - onset);
  if (softer !== undefined) softs.push(softer - onset);
}
if (!real) {
  tell("first sound of an interruption to soft", softs, Number(values.cuts));
  tell("first sound of an interruption to silence", cuts, Number(values.cuts));
}

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
