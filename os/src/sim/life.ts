// One life of a simulated machine, from a start to a crash: the whole kernel on a clock, a disk and a model of the
// simulation. What outlives it (disk, world, time) is given in; what dies with it is made here.

import { assemble, type Hum } from "../boot.ts";
import type { Program } from "../entity/program.ts";
import { HumError } from "../error.ts";
import type { OpenJournal } from "../journal/journal.ts";
import { type MemoryDisk, openMemoryJournal } from "../journal/memory.ts";
import { openArchive } from "../memory/archive.ts";
import type { Model } from "../model/model.ts";
import { createScripted } from "../model/scripted.ts";
import { syscallNames } from "../syscall/names.ts";
import { createWorkplace, type OwnWorkplace } from "../workplace/workplace.ts";
import type { VirtualClock } from "./clock.ts";
import { createMind } from "./mind.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { createWorldDevices, toFolders, toPast, type World } from "./world.ts";

/** What a life is made from. */
export interface LifeParts {
  plan: Plan;
  random: Random;
  clock: VirtualClock;
  disk: MemoryDisk;
  world: World;
  ending(): boolean;
  onCall(hum: Hum, pid: number): void;
  onError(pid: number, error: unknown): void;
}

/** A living machine with its workplace. */
export interface Life extends Hum {
  workplace: OwnWorkplace;
}

/** Programs that people can mention. */
const colleagues = ["worker", "clerk"];

/** Starts a machine on what an earlier one has left. */
export function startLife(parts: LifeParts): Life {
  const { plan, random, clock, disk, world } = parts;
  const write = random.fork("write");
  const pace = random.fork("pace");
  const device = random.fork("device");
  const writeMs = () => {
    if (write.chance(plan.stuckChance)) return 60_000;
    return plan.writeMs === 0 ? 0 : write.below(plan.writeMs + 1);
  };
  const mind = createMind({
    plan,
    random: random.fork("mind"),
    state: () => hum.ledger.state,
    ending: parts.ending,
  });
  const scripted = createScripted(
    (request) => {
      parts.onCall(hum, Number(request.process));
      return mind(request);
    },
    {
      slots: plan.slots,
      parked: plan.parked,
      contextTokens: plan.contextTokens,
      attempts: plan.attempts,
      now: clock.now,
      pace: () => (pace.chance(0.4) ? clock.sleep(pace.below(12)) : Promise.resolve()),
    },
  );
  const model: Model = {
    ...scripted,
    async count(texts) {
      if (pace.chance(0.3)) await clock.sleep(pace.below(6));
      return scripted.count(texts);
    },
  };
  const hum = assemble({
    home: "/hum",
    journal: withLateAnswers(
      openMemoryJournal({ disk, now: clock.now, beforeWrite: () => clock.sleep(writeMs()) }),
      () => (write.chance(0.5) ? clock.sleep(write.below(plan.writeMs + 1)) : Promise.resolve()),
    ),
    archive: openArchive(":memory:"),
    devices: createWorldDevices(world, {
      seq: () => disk.rows.length,
      wait: (_part, signal) =>
        device.chance(0.7) ? clock.sleep(device.below(80), signal) : Promise.resolve(),
      failure: () => (device.chance(plan.deviceFails) ? "It did not work." : null),
    }),
    folders: toFolders(),
    past: toPast(world),
    openModel: async () => model,
    now: clock.now,
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
  const workplace = createWorkplace(hum, { onError: (error) => parts.onError(0, error) });
  void workplace.begin().catch((error) => parts.onError(0, error));
  return { ...hum, workplace };
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
function withLateAnswers(journal: OpenJournal, late: () => Promise<void>): OpenJournal {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...journal,
    append(stream, events, expected) {
      const write = journal.append(stream, events, expected);
      write.catch(() => {});
      const before = last;
      const answer = (async () => {
        await before;
        await late();
        return write;
      })();
      last = answer.catch(() => {});
      return answer;
    },
  };
}
