// One life of a simulated machine, from a start to a crash: the whole kernel on a clock, a disk and a model of the
// simulation. What outlives it (disk, world, time) is given in; what dies with it is made here.

import { assemble, type Hum } from "../boot.ts";
import type { Program } from "../entity/program.ts";
import { HumError } from "../error.ts";
import type { OpenJournal } from "../journal/journal.ts";
import { type MemoryDisk, openMemoryJournal } from "../journal/memory.ts";
import type { Archive } from "../memory/archive.ts";
import type { Model } from "../model/model.ts";
import { createScripted } from "../model/scripted.ts";
import { syscallNames } from "../syscall/names.ts";
import type { Posts } from "../workplace/posts.ts";
import { createWorkplace, type OwnWorkplace } from "../workplace/workplace.ts";
import type { VirtualClock } from "./clock.ts";
import { type FaultBook, toWriteFailure } from "./faults.ts";
import { createMind } from "./mind.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { createWorldDevices, toFolders, toPast, type World, type WorldOptions } from "./world.ts";

/** What a life is made from. */
export interface LifeParts {
  plan: Plan;
  random: Random;
  /** Chance of the faults, which leaves all other chance as it is. */
  faults: Random;
  clock: VirtualClock;
  /** What the clock on the wall shows; it may jump, and timers do not see it. */
  wall(): number;
  disk: MemoryDisk;
  world: World;
  indexes: { archive: Archive; posts: Posts };
  /** Whether a fault of the plan that has a time is at work now. */
  within(span: readonly [number, number] | null): boolean;
  strike: FaultBook["strike"];
  /** A write has failed: somebody will start the machine anew. */
  onFailedWrite(): void;
  ending(): boolean;
  onCall(hum: Hum, pid: number): void;
  onError(pid: number, error: unknown): void;
}

/** A living machine with its workplace. */
export interface Life extends Hum {
  workplace: OwnWorkplace;
  /** Records that are durable and of which nobody has been told. */
  untold(): number;
}

/** Programs that people can mention. */
const colleagues = ["worker", "clerk"];

/** Starts a machine on what an earlier one has left. */
export function startLife(parts: LifeParts): Life {
  const { plan, random, faults, clock, disk, world, strike } = parts;
  const { failedWrite, full, stalled, partition, spare } = plan.faults;
  const write = random.fork("write");
  const pace = random.fork("pace");
  const writeMs = () => {
    if (write.chance(plan.stuckChance)) {
      strike("stuck-write");
      return 60_000;
    }
    return plan.writeMs === 0 ? 0 : write.below(plan.writeMs + 1);
  };
  const beforeWrite = (): Promise<void> => {
    const slow = clock.sleep(writeMs());
    if (failedWrite === 0 && full === null) return slow;
    return slow.then(async () => {
      while (parts.within(full)) {
        strike("disk-full");
        await clock.sleep(1_000);
      }
      if (!faults.chance(failedWrite)) return;
      strike("failed-write");
      parts.onFailedWrite();
      throw toWriteFailure();
    });
  };
  const tokenPace = () => {
    if (stalled > 0 && faults.chance(stalled)) {
      strike("stalled");
      return clock.sleep(60_000 + faults.below(600_000));
    }
    return pace.chance(0.4) ? clock.sleep(pace.below(12)) : Promise.resolve();
  };
  const createModel = (id: string, standsIn: boolean): Model => {
    const mind = createMind({
      plan,
      random: standsIn ? faults.fork("stand-in") : random.fork("mind"),
      state: () => hum.ledger.state,
      ending: parts.ending,
      apart: () => !standsIn && parts.within(partition),
      strike,
    });
    const scripted = createScripted(
      (request) => {
        if (standsIn) strike("stand-in");
        parts.onCall(hum, Number(request.process));
        return mind(request);
      },
      {
        id,
        slots: plan.slots,
        parked: plan.parked,
        contextTokens: plan.contextTokens,
        attempts: plan.attempts,
        now: clock.now,
        pace: tokenPace,
      },
    );
    return {
      ...scripted,
      info: { ...scripted.info, local: partition === null && !spare },
      async count(texts) {
        if (pace.chance(0.3)) await clock.sleep(pace.below(6));
        return scripted.count(texts);
      },
    };
  };
  const model = createModel("scripted", false);
  const standIn = spare ? createModel("spare", true) : null;
  const late = withLateAnswers(openMemoryJournal({ disk, now: parts.wall, beforeWrite }), () =>
    write.chance(0.5) ? clock.sleep(write.below(plan.writeMs + 1)) : Promise.resolve(),
  );
  const hum = assemble({
    home: "/hum",
    journal: late.journal,
    archive: parts.indexes.archive,
    devices: createWorldDevices(world, createTroubles(parts, random.fork("device"))),
    folders: toFolders(),
    past: toPast(world),
    openModel: async (id) => (id === "spare" && standIn ? standIn : model),
    ...(standIn ? { fallbacks: async () => ["spare"] } : {}),
    now: parts.wall,
    after: clock.after,
    program: toProgram,
    programs: {
      names: () => colleagues,
      find: toProgram,
      list: () => [],
      save: () => {},
      remove: () => {},
    },
    onError: parts.onError,
  });
  hum.dispatch.start();
  // The index outlives the machine.
  const posts: Posts = { ...parts.indexes.posts, close: () => {} };
  const workplace = createWorkplace(hum, { posts, onError: (error) => parts.onError(0, error) });
  void workplace.begin().catch((error) => parts.onError(0, error));
  return { ...hum, workplace, untold: late.untold };
}

function createTroubles({ plan, clock, disk, faults, strike }: LifeParts, device: Random): WorldOptions {
  const { deviceThrows, deviceHangs, resultLost } = plan.faults;
  return {
    seq: () => disk.rows.length,
    wait(part, signal) {
      if (part === 0 && deviceHangs > 0 && faults.chance(deviceHangs)) {
        strike("device-hung");
        return clock.sleep(60_000, signal);
      }
      return device.chance(0.7) ? clock.sleep(device.below(80), signal) : Promise.resolve();
    },
    failure() {
      if (!device.chance(plan.deviceFails)) return null;
      strike("device-failed");
      return "It did not work.";
    },
    trouble(operation) {
      // A file is either written, and then said to be, or not.
      const final = operation !== "files.write";
      if (deviceThrows > 0 && faults.chance(deviceThrows)) {
        strike("device-threw");
        return final && faults.chance(0.5) ? "threw-after" : "threw-before";
      }
      if (!final || resultLost === 0 || !faults.chance(resultLost)) return null;
      strike("result-lost");
      return "result-lost";
    },
  };
}

/** Calls of a clerk, whose tasks are done more than once: all of them can be taken back. */
const clerkTools = ["read", "write", "list", "now", "say", "note", "recall", "search", "done", "fail"];

function toProgram(name: string): Program {
  if (!colleagues.includes(name)) throw new HumError("not-found", `There is no program "${name}".`);
  const tools = name === "clerk" ? clerkTools : syscallNames.filter((call) => call !== "python");
  return {
    name,
    description: "simulated",
    tools,
    model: null,
    budget: {},
    redundancy: 3,
    instructions: "Do it.",
    example: [],
  };
}

// A crash may come when a record is durable and nobody has been told: the answer of an append comes later than its write,
// in the same order.
function withLateAnswers(journal: OpenJournal, late: () => Promise<void>) {
  let last: Promise<unknown> = Promise.resolve();
  let told = journal.head().seq;
  const append: OpenJournal["append"] = (stream, events, expected) => {
    const write = journal.append(stream, events, expected);
    write.catch(() => {});
    const before = last;
    const answer = (async () => {
      await before;
      await late();
      return write;
    })();
    last = answer.then(
      (records) => {
        told = records.at(-1)?.seq ?? told;
      },
      () => {},
    );
    return answer;
  };
  return { journal: { ...journal, append } satisfies OpenJournal, untold: () => journal.head().seq - told };
}
