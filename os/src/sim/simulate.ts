// One simulated run: a seed goes in, a report or a broken rule comes out. The loop is: let everything happen that needs
// no time, look, then go on to whatever is next in time, a timer of the machine or something from outside (a person, a
// crash). Nothing here knows the real time, and the same seed is the same run, to the hash of its last record.

import type { MemoryDisk } from "../journal/memory.ts";
import { openArchive } from "../memory/archive.ts";
import { openWorkIndex } from "../workplace/workplace.ts";
import { createVirtualClock } from "./clock.ts";
import { createFaultBook, type FaultCount, isSimulated } from "./faults.ts";
import { type Life, startLife } from "./life.ts";
import { actOnce, answerTooLate, type PeopleView, startTask } from "./people.ts";
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
  /** The faults that struck. */
  faults: FaultCount;
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

/** Milliseconds without a record after which all that is left waits for a person. */
const soonMs = 60 * 60_000;

/** Runs one seed. Throws what is wrong. */
export async function simulate(seed: number, options: SimOptions = {}): Promise<SimReport> {
  const random = createRandom(seed);
  const plan: Plan = { ...toPlan(seed, random.fork("plan")), ...options.change };
  const clock = createVirtualClock();
  const start = clock.now();
  const disk: MemoryDisk = { rows: [], snapshot: null };
  const world = createWorld();
  let watch = createWatch(plan, disk, world);
  const agenda = createAgenda();
  const chance = random.fork("crash");
  const count = { steps: 0, lives: 0, calls: 0 };
  let problem: unknown = null;
  let ending = false;
  const book = createFaultBook(() => disk.rows.length);
  const faults = random.fork("faults");
  let skew = 0;
  const note = (error: unknown) => {
    if (!isSimulated(error)) problem ??= error;
  };
  const guard = (look: () => void) => {
    try {
      look();
    } catch (error) {
      note(error);
    }
  };

  let indexes = openIndexes();
  const begin = (): Life =>
    startLife({
      ...{ plan, clock, disk, world, indexes, strike: book.strike },
      wall: () => clock.now() + skew,
      faults: random.fork(`faults ${count.lives + 1}`),
      within: (span) =>
        span !== null && clock.now() >= start + span[0] && clock.now() < start + span[0] + span[1],
      onFailedWrite: () => agenda.add(clock.now() + 5 + faults.below(2_000), crash),
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
    if (hum.untold() > 0) book.strike("late-answer");
    hum.workplace.close();
    if (count.lives % 2 === 0) hum.ledger.snapshot();
    damage();
    hum = begin();
  };
  const damage = () => {
    const { lyingDisk, damagedSnapshot, lostIndex } = plan.faults;
    if (faults.chance(lostIndex)) {
      book.strike("lost-index");
      closeIndexes(indexes);
      indexes = openIndexes();
    }
    if (disk.snapshot && faults.chance(damagedSnapshot)) {
      book.strike("damaged-snapshot");
      const { state } = disk.snapshot;
      const at = faults.below(state.length);
      disk.snapshot.state = `${state.slice(0, at)}~${state.slice(at + 1)}`;
    }
    if (!faults.chance(lyingDisk)) return;
    const lost = Math.min(disk.rows.length, 1 + faults.below(8));
    disk.rows.length -= lost;
    book.strike("lying-disk");
    // Nobody can keep a promise on such a disk; what is left must hold all the same, and nothing of it is done twice.
    watch = createWatch(plan, disk, world, { lied: true });
    watch.step(null, { wall: 0, passed: 0 });
  };

  const people: PeopleView = {
    ...{ plan, random: random.fork("people"), hum: () => hum },
    ...{ strike: book.strike, faults: random.fork("faults of people") },
    onVerb: (verb, pid) => watch.verb(hum, verb, pid),
    onBug: note,
  };
  for (let i = 0; i < plan.tasks; i++) agenda.add(start + people.random.below(500), () => startTask(people));
  for (const at of plan.crashes)
    agenda.add(start + at, () => {
      book.strike("killed");
      crash();
    });
  for (const [at, by] of plan.faults.jumps)
    agenda.add(start + at, () => {
      book.strike(by > 0 ? "clock-forward" : "clock-back");
      skew += by;
    });
  for (const at of plan.faults.expiries)
    agenda.add(start + at, () => {
      const [approval] = [...hum.ledger.state.approvals.values()];
      const left = (approval?.expiresAt ?? 0) - clock.now() - skew;
      if (!approval || left < 0) return;
      skew += left + faults.below(3) - 1;
      if (answerTooLate(people, clock.now() + skew)) book.strike("expired");
    });
  for (let at = start; at < start + plan.horizonMs; at += 1 + people.random.below(2 * plan.peopleMs))
    agenda.add(at, () => actOnce(people));
  agenda.add(start + plan.horizonMs, () => {
    ending = true;
  });
  for (let i = 1; i <= 20; i++) agenda.add(start + plan.horizonMs + i * 700, () => help(people));

  let lastSeq = 0;
  let lastAt = start;
  for (; count.steps < mostSteps; count.steps++) {
    await new Promise((resolve) => setImmediate(resolve));
    let begun = 0;
    guard(() => {
      begun = watch.step(hum, { wall: clock.now() + skew, passed: clock.now() });
    });
    for (; begun > 0 && !ending; begun--)
      if (chance.chance(plan.crashAfterBegin))
        agenda.add(clock.now() + chance.below(30), () => {
          book.strike("killed-at-record");
          crash();
        });
    if (problem !== null) throw problem;
    const timer = clock.next();
    const outside = agenda.next();
    if (disk.rows.length !== lastSeq || outside !== null) lastAt = clock.now();
    lastSeq = disk.rows.length;
    if (outside !== null && (timer === null || outside <= timer)) {
      clock.set(outside);
      agenda.take()();
    } else if (timer === null || clock.now() > lastAt + soonMs) break;
    else clock.advance();
  }
  if (count.steps === mostSteps) throw new Error("the run does not come to rest");
  watch.rest(hum);
  crash();
  watch.replay(hum);
  hum.workplace.close();
  closeIndexes(indexes);
  clock.clear();
  return {
    ...{ seed, ...count, deeds: world.deeds.length, entities: hum.ledger.state.entities.size },
    ...{ repeated: watch.repeated, faults: book.close() },
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

const openIndexes = () => ({ archive: openArchive(":memory:"), posts: openWorkIndex(":memory:") });

function closeIndexes({ archive, posts }: ReturnType<typeof openIndexes>): void {
  archive.close();
  posts.close();
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
