/**
 * Twenty-four simulated hours of one slow model, for many seeds: do equals get the same, does anybody starve, how long
 * does a person wait.
 *
 *     node bench/minds/fairness.ts [--seeds 1000] [--hours 24]
 *
 * The model reads 113 tokens a second and writes 27 (as measured, 1.5B), one call at a time, up to `parked` windows in memory. Each seed has
 * 3-12 entities of class normal that always want the model, each with calls of its own length (32 to 600 tokens, so that
 * one takes up to twenty times as much a call as another), 1-4 of class background, and 1-3 people who come and go.
 * The same day is lived with a FIFO: a call after the other in order of arrival, nothing is preempted.
 *
 * Jain's index is of the time of the model that equals got, over the day and in the worst hour; waits are until the model begins
 * to work for a call. The scheduler is the real one (os/src/scheduler); only its model and clock are played.
 */
import { parseArgs } from "node:util";
import type { Class } from "../../os/src/entity/entity.ts";
import type { Model, ModelEvent } from "../../os/src/model/model.ts";
import { createScheduler, type Scheduler } from "../../os/src/scheduler/scheduler.ts";
import { createRandom, type Random } from "../../os/src/sim/random.ts";

const { values: args } = parseArgs({
  options: { seeds: { type: "string", default: "1000" }, hours: { type: "string", default: "24" } },
});
const hours = Number(args.hours);
const day = hours * 3_600_000;
const step = 32;
const writeMs = (tokens: number) => (tokens / 27) * 1000;
const readMs = (tokens: number) => (tokens / 113) * 1000;

interface Actor {
  pid: number;
  class: Class;
  /** Tokens of one call: fresh input and output. */
  read: number;
  write: () => number;
  /** Milliseconds between two calls; 0 for one that always wants the model. */
  pause: () => number;
}

function toActors(random: Random): Actor[] {
  const actors: Actor[] = [];
  const add = (kind: Class, count: number, pause: () => number) => {
    for (let i = 0; i < count; i++) {
      const mean = random.pick([32, 64, 128, 256, 600]);
      actors.push({
        ...{ pid: actors.length + 1, class: kind, read: random.pick([32, 64, 200]), pause },
        write: () => step * Math.max(1, Math.round((mean * (0.5 + random.next())) / step)),
      });
    }
  };
  add("normal", 3 + random.below(10), () => 0);
  add("background", 1 + random.below(4), () => 0);
  add("interactive", 1 + random.below(3), () => 20_000 + random.below(600_000));
  return actors;
}

interface Day {
  /** Milliseconds of the model by pid and hour. */
  got: Map<number, number[]>;
  /** Of people, until the model began. */
  waits: number[];
  /** The longest time without a token while a call waited. */
  longest: Record<Class, number>;
}

/** Lives a day: `ask` serves one call and tells of each piece. */
async function live(
  actors: readonly Actor[],
  time: { now: number },
  ask: (actor: Actor, write: number, onWork: (ms: number) => void) => Promise<void>,
  later: (at: number, call: () => void) => void,
): Promise<Day> {
  const lived: Day = {
    got: new Map(actors.map(({ pid }) => [pid, Array.from({ length: hours }, () => 0)])),
    waits: [],
    longest: { interactive: 0, normal: 0, background: 0 },
  };
  const act = async (actor: Actor): Promise<void> => {
    while (time.now < day) {
      const pause = actor.pause();
      if (pause > 0) await new Promise<void>((resolve) => later(time.now + pause, resolve));
      if (time.now >= day) return;
      let last = time.now;
      let first = true;
      await ask(actor, actor.write(), (ms) => {
        if (first && actor.class === "interactive") lived.waits.push(time.now - last);
        lived.longest[actor.class] = Math.max(lived.longest[actor.class], time.now - last);
        first = false;
        last = time.now;
        const hour = Math.min(hours - 1, Math.floor(time.now / 3_600_000));
        lived.got.get(actor.pid)![hour]! += ms;
      });
    }
  };
  await Promise.all(actors.map(act));
  return lived;
}

/** Events at times, taken when the clock passes them. */
function createAlarms(time: { now: number }) {
  const alarms: { at: number; call: () => void }[] = [];
  return {
    later(at: number, call: () => void) {
      alarms.push({ at, call });
      alarms.sort((a, b) => a.at - b.at);
    },
    pass() {
      while (alarms[0] && (alarms[0].at <= time.now || time.now >= day)) alarms.shift()!.call();
    },
  };
}

async function liveHum(seed: number): Promise<Day> {
  const random = createRandom(seed);
  const actors = toActors(random);
  const time = { now: 0 };
  const { later, pass } = createAlarms(time);
  const stop = new AbortController();
  const begun = new Map<number, (ms: number) => void>();
  const model: Model = {
    info: {
      ...{ id: "slow", driver: "scripted", contextTokens: 8192, slots: 1, local: true },
      parked: random.pick([2, 4, 8]),
    },
    count: async (texts) => texts.map(() => 0),
    async *generate(request): AsyncGenerator<ModelEvent> {
      const read = Number(request.messages[0]!.text);
      begun.get(Number(request.process))?.(0);
      const usage = { input: read, cached: 0, output: 0 };
      for (let done = 0; done < read; ) {
        const piece = Math.min(read - done, step);
        done += piece;
        time.now += readMs(piece);
        pass();
        begun.get(Number(request.process))?.(readMs(piece));
        yield { type: "prefill", done, total: read, cached: 0 };
      }
      while (usage.output < request.maxTokens && time.now < day) {
        time.now += writeMs(step);
        pass();
        usage.output += step;
        yield { type: "text", text: "", tokens: step };
      }
      if (time.now >= day) stop.abort();
      yield { type: "end", reason: "stop", usage, ms: 0 };
    },
    release: async () => undefined,
    close: async () => undefined,
  };
  const scheduler: Scheduler = createScheduler({ now: () => time.now, sleep: async () => {} });
  const lived = await live(
    actors,
    time,
    async (actor, write, onWork) => {
      begun.set(actor.pid, onWork);
      const request = {
        ...{
          process: String(actor.pid),
          messages: [{ role: "user" as const, text: String(actor.read) }],
          shared: 0,
        },
        ...{ stops: [], maxTokens: write, temperature: 0, seed: 0 },
      };
      const job = { pid: actor.pid, class: actor.class, nice: 0, model, request, signal: stop.signal };
      for await (const event of scheduler.generate(job))
        if (event.type === "text") onWork(writeMs(event.tokens));
    },
    (at, call) => (time.now >= day ? call() : later(at, call)),
  );
  return lived;
}

async function liveFifo(seed: number): Promise<Day> {
  const random = createRandom(seed);
  const actors = toActors(random);
  random.pick([2, 4, 8]);
  const time = { now: 0 };
  const { later, pass } = createAlarms(time);
  let turn = Promise.resolve();
  return live(
    actors,
    time,
    (actor, write, onWork) => {
      const mine = turn.then(async () => {
        onWork(0);
        time.now += readMs(actor.read);
        onWork(readMs(actor.read));
        pass();
        for (let done = 0; done < write && time.now < day; done += step) {
          time.now += writeMs(step);
          pass();
          onWork(writeMs(step));
          await null;
        }
      });
      turn = mine;
      return mine;
    },
    (at, call) => (time.now >= day ? call() : later(at, call)),
  );
}

function jain(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / (values.length * squares);
}

interface Measured {
  jainDay: number[];
  jainHour: number[];
  share: number[];
  /** How many waits of so many tenths of a second. */
  person: Uint32Array;
  longest: number[];
  longestLow: number[];
  starved: number;
}

const measure = (): Measured => ({
  ...{
    jainDay: [],
    jainHour: [],
    share: [],
    person: new Uint32Array(36_000),
    longest: [],
    longestLow: [],
    starved: 0,
  },
});

function add(all: Measured, actors: readonly Actor[], lived: Day): void {
  const of = (kind: Class) =>
    actors.filter((actor) => actor.class === kind).map(({ pid }) => lived.got.get(pid)!);
  const sum = (hoursOf: readonly number[]) => hoursOf.reduce((a, b) => a + b, 0);
  const normal = of("normal");
  const low = of("background");
  all.jainDay.push(jain(normal.map(sum)));
  all.jainHour.push(Math.min(...normal[0]!.map((_, hour) => jain(normal.map((values) => values[hour]!)))));
  const every = [...lived.got.values()].map(sum).reduce((a, b) => a + b, 0);
  all.share.push(low.map(sum).reduce((a, b) => a + b, 0) / every);
  // In tenths of a second: a thousand days have too many to keep each.
  for (const wait of lived.waits) {
    const tenth = Math.min(all.person.length - 1, Math.round(wait / 100));
    all.person[tenth]! += 1;
  }
  all.longest.push(lived.longest.normal);
  all.longestLow.push(lived.longest.background);
  if ([...normal, ...low].some((values) => sum(values) === 0)) all.starved += 1;
}

const at = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;

function waitAt(counts: Uint32Array, part: number): number {
  let left = counts.reduce((sum, count) => sum + count, 0) * part;
  for (let tenth = 0; tenth < counts.length; tenth++) {
    left -= counts[tenth]!;
    if (left <= 0 && counts[tenth]! > 0) return tenth * 100;
  }
  return counts.findLastIndex((count) => count > 0) * 100;
}

const hum = measure();
const fifo = measure();
const started = performance.now();
for (let seed = 1; seed <= Number(args.seeds); seed++) {
  const actors = toActors(createRandom(seed));
  add(hum, actors, await liveHum(seed));
  add(fifo, actors, await liveFifo(seed));
  if (seed % 50 === 0)
    process.stderr.write(`${seed} seeds, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
}
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const rows: [string, (of: Measured) => string][] = [
  ["Jain of equals over the day: least of all seeds", (of) => Math.min(...of.jainDay).toFixed(4)],
  [
    "Jain in the worst hour: median, least",
    (of) => `${at(of.jainHour, 0.5).toFixed(4)}, ${Math.min(...of.jainHour).toFixed(4)}`,
  ],
  [
    "a person's wait until the model begins (one step is 1.2 s): p50, p95, most",
    (of) =>
      `${seconds(waitAt(of.person, 0.5))}, ${seconds(waitAt(of.person, 0.95))}, ${seconds(waitAt(of.person, 1))}`,
  ],
  [
    "longest time in which a call got nothing, class normal: most of all seeds",
    (of) => seconds(at(of.longest, 1)),
  ],
  ["the same, class background", (of) => seconds(at(of.longestLow, 1))],
  [
    "part of the model that background got: least, median",
    (of) => `${(100 * Math.min(...of.share)).toFixed(1)} %, ${(100 * at(of.share, 0.5)).toFixed(1)} %`,
  ],
  ["seeds in which somebody got nothing", (of) => String(of.starved)],
];
console.log(
  `\n${args.seeds} seeds of ${hours} hours, ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
);
console.log("| | Hum | FIFO |\n|---|---|---|");
for (const [name, show] of rows) console.log(`| ${name} | ${show(hum)} | ${show(fifo)} |`);
