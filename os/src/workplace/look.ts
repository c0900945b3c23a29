// What listings show, made from the state: each entity without its window, and what it is doing in one word.

import { type Entity, type Pid, toStateName } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { JobState } from "../scheduler/scheduler.ts";
import type { EntityRow, Look, MachineInfo } from "./door.ts";

/** What only a machine at work knows. */
export interface AtWork {
  machine: MachineInfo;
  jobs: JobState[];
  running: Pid[];
}

/** The whole state as one JSON-safe value; `work` null when no machine is at work. */
export function toLook(state: State, work: AtWork | null): Look {
  const jobs = new Map(work?.jobs.map((job) => [job.pid, job]));
  const running = new Set(work?.running);
  return {
    machine: work?.machine ?? null,
    seq: state.seq,
    halted: state.halted,
    entities: [...state.entities.values()].map((entity) => toRow(entity, { jobs, running })),
    approvals: [...state.approvals.values()],
    mail: [...state.mail.values()],
    jobs: work?.jobs ?? [],
  };
}

function toRow(entity: Entity, work: { jobs: Map<Pid, JobState>; running: Set<Pid> }): EntityRow {
  const { pages, heard: _heard, recent: _recent, restarts: _restarts, ...rest } = entity;
  const windowTokens = pages.reduce((sum, page) => sum + (page.resident ? page.tokens : 0), 0);
  const ready = entity.state === "ready" && !entity.paused && work.running.has(entity.pid);
  const shown = ready ? (work.jobs.get(entity.pid)?.state ?? "running") : toStateName(entity);
  return { ...rest, shown, windowTokens };
}
