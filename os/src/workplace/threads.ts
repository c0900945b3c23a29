// Threads as people see them. A thread in which a colleague works is a task; its state is that of Linear's agents, made
// from the entities that work in it: whoever waits for a person makes the whole thread wait for one.

import type { Entity } from "../entity/entity.ts";
import { toEvent } from "../entity/events.ts";
import type { ThreadRow } from "../entity/work.ts";
import { toChannelStream } from "../entity/work-events.ts";
import { workLimits } from "../limits.ts";
import type { Workplace } from "./api.ts";
import type { TaskState, Thread } from "./contract.ts";
import { findThread, livingIn, type Room, toText, toThreadFolder, workOf } from "./room.ts";

/** Makes the part of the workplace that shows threads. */
export function createThreads(room: Room): Pick<Workplace, "threads" | "thread" | "changeThread"> {
  return {
    threads: (filter) =>
      [...workOf(room).threads.values()]
        .filter((row) => filter.channel === undefined || row.channel === filter.channel)
        .filter((row) => filter.resolved === undefined || row.resolved === filter.resolved)
        .map((row) => toThread(room, row))
        .filter((thread) => filter.state === undefined || thread.state === filter.state)
        .sort((a, b) => b.lastSeq - a.lastSeq),
    thread: (id) => toThread(room, findThread(room, id)),
    async changeThread(by, id, to) {
      const { channel } = findThread(room, id);
      if (to.title !== undefined) toText(to.title, "title", 400);
      await room.machine.commit(toChannelStream(channel), [
        toEvent("thread.changed", { id, channel, ...to, by }),
      ]);
      return toThread(room, findThread(room, id));
    },
  };
}

/** A thread with its state. */
export function toThread(room: Room, row: ThreadRow): Thread {
  const { pids: _pids, trigger: _trigger, ...rest } = row;
  return {
    ...rest,
    writers: [...row.writers],
    folder: row.folder ?? toThreadFolder(room, row.id),
    state: toTaskState(room, row),
  };
}

/** The state of a thread at this moment. */
export function toTaskState(room: Room, row: ThreadRow): TaskState {
  if ([...workOf(room).pending.values()].some((pending) => pending.thread === row.id)) return "pending";
  const living = livingIn(room, row);
  if (living.length === 0) {
    const last = row.pid === null ? undefined : room.ledger.state.entities.get(row.pid);
    if (!last) return "open";
    return last.outcome?.kind === "done" ? "complete" : "error";
  }
  if (living.some(needsPerson)) return "awaitingInput";
  const sleeps = living.every((entity) => entity.waiting?.on === "timer" || entity.waiting?.on === "child");
  if (!sleeps && room.machine.now() >= staleAt(living)) return "stale";
  const isNew = living.length === row.pids.length && living.every((entity) => entity.turn === 0);
  return isNew ? "pending" : "active";
}

/** When a task without further progress becomes stale. */
export function staleAt(living: readonly Entity[]): number {
  return Math.max(...living.map((entity) => entity.lastAt)) + workLimits.staleMs;
}

/** True while an entity cannot go on without a person. */
export function needsPerson(entity: Entity): boolean {
  if (entity.state === "ended") return false;
  const { waiting } = entity;
  if (entity.paused || waiting?.on === "approval" || waiting?.on === "budget") return true;
  return waiting?.on === "message" && waiting.until === null;
}
