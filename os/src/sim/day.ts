// A day of one slow model, by seed: some entities that always want it, some in the background, some people who come and go.
// The scheduler is the real one; only its model and its clock are played, so that a day takes about a second.
//
// The model reads 113 tokens a second and writes 27 (as measured, 1.5B, 2 cores), one call at a time, with room for 2, 4 or 8
// windows. Each entity has calls of its own length, 32 to 600 tokens, so that one takes up to twenty times as much a call as another.

import type { Class } from "../entity/entity.ts";
import type { Model, ModelEvent } from "../model/model.ts";
import { createScheduler } from "../scheduler/scheduler.ts";
import { createRandom, type Random } from "./random.ts";

/** What a day may be made with. */
export interface DayOptions {
  seed: number;
  hours: number;
  /** Between two calls an entity does something for up to a second, as one does that runs programs. */
  pauses?: boolean;
}

/** Somebody who wants the model. */
export interface Actor {
  readonly pid: number;
  readonly class: Class;
  /** Tokens that a call reads. */
  readonly read: number;
  /** Tokens that the next call writes. */
  write(): number;
  /** Milliseconds before the next call. */
  pause(): number;
}

/** What came of a day. */
export interface Day {
  actors: readonly Actor[];
  /** Windows that the memory held. */
  parked: number;
  /** Milliseconds of the model, by pid and hour. */
  got: Map<number, number[]>;
  /** Of people, until the model began to work for them, in milliseconds. */
  waits: number[];
  /** The longest time in which a call got nothing, in milliseconds. */
  longest: Record<Class, number>;
}

const step = 32;
const writeMs = (tokens: number) => (tokens / 27) * 1000;
const readMs = (tokens: number) => (tokens / 113) * 1000;
const hourMs = 3_600_000;

/** Jain's index: 1 when all have the same, 1/n when one has all. */
export function jain(values: readonly number[]): number {
  const sum = values.reduce((all, value) => all + value, 0);
  const squares = values.reduce((all, value) => all + value ** 2, 0);
  return squares === 0 ? 0 : sum ** 2 / (values.length * squares);
}

function toActors(random: Random, pauses: boolean): Actor[] {
  const actors: Actor[] = [];
  const add = (kind: Class, count: number, pause: (own: Random) => number) => {
    for (let i = 0; i < count; i++) {
      const mean = random.pick([32, 64, 128, 256, 600]);
      const pid = actors.length + 1;
      const own = random.fork(`actor ${pid}`);
      actors.push({
        ...{ pid, class: kind, read: random.pick([32, 64, 200]) },
        write: () => step * Math.max(1, Math.round((mean * (0.5 + own.next())) / step)),
        pause: () => pause(own),
      });
    }
  };
  const busy = pauses ? (own: Random) => own.pick([0, 20, 100, 400, 1_000]) : () => 0;
  add("normal", 3 + random.below(10), busy);
  add("background", 1 + random.below(4), busy);
  add("interactive", 1 + random.below(3), (own) => 20_000 + own.below(600_000));
  return actors;
}

/** The clock of a day, and what it is to wake. */
function createTime(end: number) {
  const alarms: { at: number; call: () => void }[] = [];
  const time = {
    now: 0,
    after(ms: number, call: () => void) {
      const at = time.now + ms;
      let place = alarms.length;
      while (place > 0 && alarms[place - 1]!.at > at) place -= 1;
      alarms.splice(place, 0, { at, call });
    },
    /** The model works for so long. */
    pass(ms: number) {
      time.now += ms;
      while (alarms[0] && (alarms[0].at <= time.now || time.now >= end)) alarms.shift()!.call();
    },
    /** Nobody works: goes on to the next alarm. */
    skip(): boolean {
      if (!alarms[0]) return false;
      time.pass(Math.max(0, alarms[0].at - time.now));
      return true;
    },
  };
  return time;
}

function begin(options: DayOptions) {
  const random = createRandom(options.seed);
  const actors = toActors(random, options.pauses ?? false);
  const end = options.hours * hourMs;
  const time = createTime(end);
  const day: Day = {
    ...{ actors, parked: random.pick([2, 4, 8]), waits: [] },
    got: new Map(actors.map(({ pid }) => [pid, Array.from({ length: options.hours }, () => 0)])),
    longest: { interactive: 0, normal: 0, background: 0 },
  };
  const last = new Map<number, number>();
  /** A call is made. */
  const ask = (pid: number) => last.set(pid, time.now);
  /** The model worked for a call that was made so; 0 when it only begins to. */
  const work = ({ pid, class: kind }: Actor, ms: number, first = false) => {
    const wait = time.now - ms - last.get(pid)!;
    if (first && kind === "interactive") day.waits.push(wait);
    day.longest[kind] = Math.max(day.longest[kind], wait);
    last.set(pid, time.now);
    day.got.get(pid)![Math.min(options.hours - 1, Math.floor(time.now / hourMs))]! += ms;
  };
  return { actors, end, time, day, ask, work };
}

/** A day with Hum's scheduler. */
export async function liveDay(options: DayOptions): Promise<Day> {
  const { actors, end, time, day, ask, work } = begin(options);
  const stop = new AbortController();
  const byName = new Map(actors.map((actor) => [String(actor.pid), actor]));
  const model: Model = {
    info: {
      ...{ id: "slow", driver: "scripted", contextTokens: 8192, slots: 1, local: true },
      parked: day.parked,
    },
    count: async (texts) => texts.map(() => 0),
    async *generate(request): AsyncGenerator<ModelEvent> {
      const actor = byName.get(request.process)!;
      const usage = { input: actor.read, cached: 0, output: 0 };
      work(actor, 0, true);
      for (let done = 0; done < actor.read; ) {
        const piece = Math.min(actor.read - done, step);
        done += piece;
        time.pass(readMs(piece));
        work(actor, readMs(piece));
        yield { type: "prefill", done, total: actor.read, cached: 0 };
      }
      while (usage.output < request.maxTokens && time.now < end) {
        time.pass(writeMs(step));
        work(actor, writeMs(step));
        usage.output += step;
        yield { type: "text", text: "", tokens: step };
      }
      yield { type: "end", reason: "stop", usage, ms: 0 };
    },
    release: async () => undefined,
    close: async () => undefined,
  };
  const scheduler = createScheduler({
    now: () => time.now,
    sleep: (ms) => new Promise((resolve) => time.after(ms, resolve)),
  });
  const live = async (actor: Actor): Promise<void> => {
    while (time.now < end) {
      const pause = actor.pause();
      if (pause > 0) await new Promise<void>((resolve) => time.after(pause, resolve));
      if (time.now >= end) return;
      ask(actor.pid);
      const request = {
        ...{ process: String(actor.pid), messages: [], shared: 0, stops: [], maxTokens: actor.write() },
        ...{ temperature: 0, seed: 0 },
      };
      const job = { pid: actor.pid, class: actor.class, nice: 0, model, request, signal: stop.signal };
      for await (const _ of scheduler.generate(job));
    }
  };
  let living = actors.length;
  for (const actor of actors) void live(actor).finally(() => living--);
  // All that can happen at one moment is over when a turn of the loop comes.
  while (living > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    if (time.now >= end) stop.abort();
    if (living > 0 && !time.skip() && time.now < end) time.pass(1_000);
  }
  return day;
}

/** The same day in order of arrival, a call after the other, nothing preempted. */
export function liveFifo(options: DayOptions): Day {
  const { actors, end, time, day, ask, work } = begin(options);
  const queue: Actor[] = [];
  const come = (actor: Actor) => {
    const pause = actor.pause();
    const enter = () => {
      ask(actor.pid);
      queue.push(actor);
    };
    if (pause > 0) time.after(pause, enter);
    else enter();
  };
  for (const actor of actors) come(actor);
  while (time.now < end) {
    const actor = queue.shift();
    if (!actor) {
      if (!time.skip()) break;
      continue;
    }
    const pass = (ms: number) => {
      time.pass(ms);
      work(actor, ms);
    };
    work(actor, 0, true);
    pass(readMs(actor.read));
    for (let left = actor.write(); left > 0 && time.now < end; left -= step) pass(writeMs(step));
    come(actor);
  }
  return day;
}
