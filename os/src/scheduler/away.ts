// Who has just ended a call and will soon make the next, as one does that runs a program in between. It counts as there for
// `awayMs`, so that a short pause costs it nothing of what it is owed.
//
// Where memory holds few windows, a process with short calls would besides wait for a window at each of them behind long calls, and
// get far less than those. So a window is kept for it from those who have had more (as in anticipatory disk schedulers):
// for `awayMs` while another call can use the model, only for `idleMs` when the model would stand still for it.

import type { Pid } from "../entity/entity.ts";
import { schedulerLimits as limits } from "../limits.ts";

/** Processes between two calls. */
export interface Away {
  /** A process of this class ended a call. */
  leave(pid: Pid, rank: number): void;
  readonly size: number;
  /** It is back, or never comes back; true when it still counted as there. */
  back(pid: Pid): boolean;
  /** Lets those go who are away for long. */
  sweep(): void;
  /** Who of a class is waited for, with the milliseconds that are left; `idle` when nobody else can use the model. */
  list(rank: number, idle: boolean): { pid: Pid; ms: number }[];
}

/** Makes an empty list; `gone` is told of each who does not come back soon. */
export function createAway(now: () => number, gone: (pid: Pid) => void): Away {
  /** Those who left first come first. */
  const away = new Map<Pid, { rank: number; since: number }>();
  return {
    get size() {
      return away.size;
    },
    leave(pid, rank) {
      away.set(pid, { rank, since: now() });
    },
    back: (pid) => away.delete(pid),
    sweep() {
      for (const [pid, { since }] of away) {
        if (now() - since < limits.awayMs) return;
        away.delete(pid);
        gone(pid);
      }
    },
    list(rank, idle) {
      const found: { pid: Pid; ms: number }[] = [];
      for (const [pid, one] of away) {
        const ms = (idle ? limits.idleMs : limits.awayMs) - (now() - one.since);
        if (one.rank === rank && ms > 0) found.push({ pid, ms });
      }
      return found;
    },
  };
}
