// Entities as rows of the process monitor, with why each does not run; starting one by hand, and giving it more budget.

import { type Entity, type Pid, toStateName } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import { HumError } from "../error.ts";
import { toTitle } from "../memory/page.ts";
import { countWindow } from "../memory/pager.ts";
import type { JobState } from "../scheduler/scheduler.ts";
import type { Workplace } from "./api.ts";
import type { ProcessRow } from "./contract.ts";
import { findEntity, findThread, type Room, toThreadFolder } from "./room.ts";

/** Makes the part of the workplace that shows and starts entities. */
export function createProcesses(
  room: Room,
): Pick<Workplace, "processes" | "process" | "start" | "raiseBudget"> {
  const { state } = room.ledger;
  return {
    processes({ ended = false }) {
      const jobs = toJobs(room);
      return [...state.entities.values()]
        .filter((entity) => ended || entity.state !== "ended")
        .map((entity) => toRow(room, entity, jobs));
    },
    process: (pid) => toRow(room, findEntity(room, pid), toJobs(room)),
    async start(by, request) {
      const { thread: id, folder, ...rest } = request;
      const thread = id === undefined ? null : findThread(room, id);
      const shared = thread && (thread.folder ?? (await room.folders.make(toThreadFolder(room, thread.id))));
      const where = folder ?? shared;
      const entity = await room.inbox.task({
        ...rest,
        ...{ owner: by, thread: thread?.id ?? null },
        ...(where === null ? {} : { folder: where }),
      });
      return toRow(room, entity, toJobs(room));
    },
    async raiseBudget(by, pid, more) {
      const entity = findEntity(room, pid);
      if (entity.state === "ended")
        throw new HumError("conflict", `${entity.name} (pid ${pid}) has ended; start it anew.`);
      const budget = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
      if (Object.keys(budget).length === 0) throw new HumError("bad-input", "Say how much more of what.");
      for (const [name, value] of Object.entries(budget))
        if (!Object.hasOwn(entity.budget, name) || !Number.isSafeInteger(value) || value <= 0)
          throw new HumError(
            "bad-input",
            `${name} must be a whole number above 0, of tokens, activeMs, deviceCalls or children.`,
          );
      const waits = entity.waiting?.on === "budget" ? entity.waiting.id : null;
      // Whoever waits for exactly this goes on: more budget is the answer to its question.
      await room.machine.commit(toStream(pid), [
        toEvent("budget.raised", { pid, budget, by }),
        ...(waits === null ? [] : [toEvent("approval.answered", { id: waits, pid, answer: "approved", by })]),
      ]);
    },
  };
}

/** Calls of the model by pid. */
export function toJobs(room: Room): ReadonlyMap<Pid, JobState> {
  return new Map(room.machine.scheduler.jobs().map((job) => [job.pid, job]));
}

/** An entity as a row. */
export function toRow(room: Room, entity: Entity, jobs: ReadonlyMap<Pid, JobState>): ProcessRow {
  const job = jobs.get(entity.pid);
  const { used, budget } = entity;
  const ended = entity.state === "ended";
  const waits = entity.state === "waiting" || entity.paused;
  return {
    ...{ pid: entity.pid, parent: entity.parent, name: entity.name, program: entity.program },
    ...{ task: entity.task, owner: entity.owner, thread: entity.thread },
    ...{ class: entity.class, nice: entity.nice, shown: toShown(room, entity, job), ended },
    ...{ paused: entity.paused, waiting: entity.waiting, outcome: entity.outcome, model: entity.model },
    ...{ spawnedAt: entity.spawnedAt, lastAt: entity.lastAt, turn: entity.turn },
    ...{ tokens: used.tokens, budgetTokens: budget.tokens },
    ...{ activeMs: used.activeMs, budgetActiveMs: budget.activeMs },
    ...{ deviceCalls: used.deviceCalls, budgetDeviceCalls: budget.deviceCalls },
    ...{ children: used.children, budgetChildren: budget.children },
    windowTokens: countWindow(entity.pages),
    windowPages: entity.pages.filter((page) => page.resident).length,
    noProgressMs: ended || waits ? null : Math.max(0, room.machine.now() - entity.lastAt),
    why: toWhy(room, entity, job),
  };
}

function toShown(room: Room, entity: Entity, job: JobState | undefined): string {
  const name = toStateName(entity);
  if (name !== "ready") return name;
  if (job) return job.state;
  return room.dispatch.running().includes(entity.pid) ? "running" : name;
}

function toWhy(room: Room, entity: Entity, job: JobState | undefined): string {
  const { state } = room.ledger;
  const { name, waiting } = entity;
  const nameOf = (pid: Pid) => state.entities.get(pid)?.name ?? `pid ${pid}`;
  if (entity.outcome) return `${name} has ended: ${toTitle(entity.outcome.text, 200) || entity.outcome.kind}`;
  if (state.halted) return `${name} stands still: everything was stopped.`;
  if (entity.paused) return `${name} is paused.`;
  switch (waiting?.on) {
    case "message": {
      const asked = [...state.mail.values()].findLast((mail) => mail.pid === entity.pid);
      return `${name} waits for a message.${asked ? ` It asked ${asked.to}: ${toTitle(asked.text, 160)}` : ""}`;
    }
    case "approval":
    case "budget": {
      const approval = state.approvals.get(waiting.id);
      return `${name} waits for a yes${approval ? ` to ${approval.what}: ${toTitle(approval.why, 160)}` : "."}`;
    }
    case "timer":
      return `${name} sleeps until ${new Date(waiting.until).toISOString()}.`;
    case "child":
      if (waiting.pids) return `${name} waits for ${waiting.pids.map(nameOf).join(", ")}.`;
      return `${name} waits for ${waiting.pid === null ? "one of its colleagues" : nameOf(waiting.pid)}.`;
    default:
  }
  if (entity.open) return `${name} runs: ${entity.open.name} is at work.`;
  const as = job?.as ? ` (${job.as})` : "";
  if (!job || job.state === "running") return `${name} runs${as}.`;
  return `${name} is ${job.state}: ${job.why}${as}.`;
}
