// One simulated run: a seed goes in, a report or a broken rule comes out. The loop is: let everything happen that needs
// no time, look, then go on to whatever is next in time, a timer of the machine or something from outside (a person, a
// crash). Nothing here knows the real time, and the same seed is the same run, to the hash of its last record.

import type { MemoryDisk } from "../journal/memory.ts";
import { createVirtualClock } from "./clock.ts";
import { type Life, startLife } from "./life.ts";
import { actOnce, type PeopleView, startTask } from "./people.ts";
import { type Plan, toPlan } from "./plan.ts";
import { createRandom } from "./random.ts";
import { createWatch } from "./watch.ts";
import { createWorld } from "./world.ts";

/** What a run came to. */
export interface SimReport {
  seed: number;
  steps: number;
  lives: number;
  calls: number;
  deeds: number;
  entities: number;
  /** Ends of tasks that are done more than once. */
  repeated: number;
  records: number;
  /** Hash of the last record. */
  head: string;
}

/** How a run is made. */
export interface SimOptions {
  /** Changes the plan of the seed, to find out what a failure needs. */
  change?: Partial<Plan>;
}

/** Steps after which a run that does not come to rest is given up. */
const mostSteps = 200_000;

/** Milliseconds after which a timer counts as waiting for a person. */
const soonMs = 60 * 60_000;

/** Runs one seed. Throws what is wrong. */
export async function simulate(seed: number, options: SimOptions = {}): Promise<SimReport> {
  const random = createRandom(seed);
  const plan: Plan = { ...toPlan(seed, random.fork("plan")), ...options.change };
  const clock = createVirtualClock();
  const start = clock.now();
  const disk: MemoryDisk = { rows: [], snapshot: null };
  const world = createWorld();
  const watch = createWatch(plan, disk, world);
  const agenda = createAgenda();
  const chance = random.fork("crash");
  const count = { steps: 0, lives: 0, calls: 0 };
  let problem: unknown = null;
  let ending = false;
  const note = (error: unknown) => {
    problem ??= error;
  };
  const guard = (look: () => void) => {
    try {
      look();
    } catch (error) {
      note(error);
    }
  };

  const begin = (): Life =>
    startLife({
      ...{ plan, clock, disk, world },
      random: random.fork(`life ${++count.lives}`),
      ending: () => ending,
      onCall(of, pid) {
        count.calls += 1;
        guard(() => watch.call(of, pid));
      },
      onError: (_pid, error) => note(error),
    });
  let hum = begin();
  const crash = () => {
    guard(() => watch.replay(hum));
    clock.clear();
    hum.archive.close();
    hum.workplace.close();
    if (count.lives % 2 === 0) hum.ledger.snapshot();
    hum = begin();
  };

  const people: PeopleView = {
    ...{ plan, random: random.fork("people"), hum: () => hum },
    onVerb: (verb, pid) => watch.verb(hum, verb, pid),
    onBug: note,
  };
  for (let i = 0; i < plan.tasks; i++) agenda.add(start + people.random.below(500), () => startTask(people));
  for (const at of plan.crashes) agenda.add(start + at, crash);
  for (let at = start; at < start + plan.horizonMs; at += 1 + people.random.below(2 * plan.peopleMs))
    agenda.add(at, () => actOnce(people));
  agenda.add(start + plan.horizonMs, () => {
    ending = true;
  });
  for (let i = 1; i <= 20; i++) agenda.add(start + plan.horizonMs + i * 700, () => help(people));

  for (; count.steps < mostSteps; count.steps++) {
    await new Promise((resolve) => setImmediate(resolve));
    let begun = 0;
    guard(() => {
      begun = watch.step(hum);
    });
    for (; begun > 0 && !ending; begun--)
      if (chance.chance(plan.crashAfterBegin)) agenda.add(clock.now() + chance.below(30), crash);
    if (problem !== null) throw problem;
    const timer = clock.next();
    const outside = agenda.next();
    if (outside !== null && (timer === null || outside <= timer)) {
      clock.set(outside);
      agenda.take()();
    } else if (timer === null || timer > clock.now() + soonMs) break;
    else clock.advance();
  }
  if (count.steps === mostSteps) throw new Error("the run does not come to rest");
  watch.rest(hum);
  crash();
  watch.replay(hum);
  hum.archive.close();
  hum.workplace.close();
  clock.clear();
  return {
    ...{ seed, ...count, deeds: world.deeds.length, entities: hum.ledger.state.entities.size },
    repeated: watch.repeated,
    ...{ records: disk.rows.length, head: disk.rows.at(-1)?.hash ?? "" },
  };
}

/** Toward the end people answer everything and let everybody go on. */
function help(people: PeopleView): void {
  const hum = people.hum();
  const { state } = hum.ledger;
  const ignore = (work: Promise<unknown>) => void work.catch(() => {});
  if (state.halted) ignore(hum.inbox.unhalt("Kim"));
  for (const id of state.approvals.keys())
    ignore(hum.inbox.answer(id, people.random.chance(0.5) ? "approved" : "denied", "Kim"));
  for (const entity of state.entities.values()) {
    if (entity.state === "ended") continue;
    if (entity.paused) ignore(hum.inbox.resume(entity.pid, "Kim"));
    if (entity.waiting?.on === "message") ignore(hum.inbox.say(entity.pid, { from: "Kim", text: "Go on." }));
  }
}

function createAgenda() {
  const entries: { at: number; order: number; act: () => unknown }[] = [];
  return {
    add(at: number, act: () => unknown) {
      entries.push({ at, order: entries.length, act });
      entries.sort((a, b) => a.at - b.at || a.order - b.order);
    },
    next: () => entries[0]?.at ?? null,
    take: () => (entries.shift() as (typeof entries)[number]).act,
  };
}
