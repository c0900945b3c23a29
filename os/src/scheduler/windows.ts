// The windows that a model's memory holds: who may have a free one, and who gives one up. The rules stand in scheduler.ts.
//
//   - One of three or more is kept free for the interactive class: a word from a person then stops nobody and is not
//     kept waiting until a stopped call has let go.
//   - A window that is left is kept a moment for a process that has had less (away.ts), unless that one would find another:
//     one of less urgent work.
//   - A call is stopped for a more urgent one, or so that a class that is owed its part gets one window at all.

import type { Pid } from "../entity/entity.ts";
import type { Model } from "../model/model.ts";
import type { Away } from "./away.ts";
import type { Throttle, Wait } from "./throttle.ts";
import type { Ticket } from "./ticket.ts";

/** The windows of one model. */
export interface Windows {
  /** Calls that have one. */
  readonly taken: Set<Ticket>;
  /** True when it has a window, or would get one. */
  isOpen(newcomer: Ticket, granted: boolean): boolean;
  /** Room for one more, made where a call may be stopped for it; false while there is none (yet). */
  make(newcomer: Ticket, granted: boolean): boolean;
  /** How long free windows are kept for others that have had less than this newcomer. */
  wait(newcomer: Ticket): Wait | null;
  /** The first of those for whom they are kept. */
  keptFor(newcomer: Ticket): Pid | null;
  /** True when a class that was passed over has one that nobody takes away. */
  keptOne(): boolean;
  /** True when the only free one is kept for people. */
  keptForPeople(newcomer: Ticket): boolean;
}

/** What it is made of. */
export interface WindowsParts {
  info: Model["info"];
  throttle: Throttle;
  away: Away;
  quantum: number;
  timeOf(pid: Pid): number;
}

/** True for a call that stands still and could go on. */
export const isParked = (ticket: Ticket): boolean =>
  ticket.state === "preempted" && !ticket.held && !ticket.stopping;

/** Makes the windows of a model, all of them free. */
export function createWindows({ info, throttle, away, quantum, timeOf }: WindowsParts): Windows {
  const { parked, local } = info;
  const taken = new Set<Ticket>();
  const forPeople = local && parked > 2 ? 1 : 0;

  /** A call to a server takes its place there also while it stands still here. */
  const places = (): number => (local ? parked : Math.min(parked, throttle.limit()));
  const free = (rank: number): number => {
    const all = places() - taken.size;
    if (rank === 0 || forPeople === 0) return all;
    let less = places() - forPeople;
    for (const ticket of taken) if (ticket.rank > 0) less -= 1;
    return Math.min(all, less);
  };
  const keptOne = (): boolean => {
    for (const ticket of taken) if (ticket.kept && !ticket.held) return true;
    return false;
  };
  const isBehind = (a: Ticket, b: Ticket): boolean =>
    a.held !== b.held ? a.held : a.rank !== b.rank ? a.rank > b.rank : timeOf(a.job.pid) > timeOf(b.job.pid);

  /** Whose window this newcomer may have. */
  const victimOf = (newcomer: Ticket, granted: boolean): Ticket | undefined => {
    let last: Ticket | undefined;
    for (const ticket of taken) {
      if (ticket.stopping) return undefined;
      if (ticket.state !== "preempted") continue;
      const mayGo = ticket.held || (!ticket.kept && (granted ? !keptOne() : ticket.rank > newcomer.rank));
      if (mayGo && (!last || isBehind(ticket, last))) last = ticket;
    }
    return last;
  };

  /** Those who are about to come back, have had less than this newcomer, and need all the windows that are free. */
  const awaited = (newcomer: Ticket): { pid: Pid; ms: number }[] => {
    const open = free(newcomer.rank);
    if (!local || newcomer.started || open <= 0 || away.size < open) return [];
    let idle = true;
    for (const other of taken) {
      // Whoever comes back takes a window of less urgent work.
      if (other.rank > newcomer.rank && !other.kept) return [];
      if (other.state === "running" || isParked(other)) idle = false;
    }
    const first = away
      .list(newcomer.rank, idle)
      .filter(({ pid }) => timeOf(pid) + quantum < timeOf(newcomer.job.pid));
    return first.length >= open ? first : [];
  };

  return {
    taken,
    keptOne,
    isOpen(newcomer, granted) {
      if (newcomer.started) return true;
      return free(newcomer.rank) > 0
        ? awaited(newcomer).length === 0
        : victimOf(newcomer, granted) !== undefined;
    },
    make(newcomer, granted) {
      if (free(newcomer.rank) > 0) return true;
      const last = victimOf(newcomer, granted);
      if (!last) return false;
      last.stopping = true;
      last.stop.abort();
      return false;
    },
    wait(newcomer) {
      const first = awaited(newcomer);
      if (first.length === 0) return null;
      return { ms: Math.min(...first.map(({ ms }) => ms)), why: "a window is kept", long: false };
    },
    keptFor: (newcomer) => awaited(newcomer)[0]?.pid ?? null,
    keptForPeople: (newcomer) =>
      !newcomer.started && free(newcomer.rank) <= 0 && places() - taken.size === forPeople && forPeople > 0,
  };
}
