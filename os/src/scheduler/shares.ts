// Who has had how much: virtual time, that is tokens divided by the weight of a process. All that is said of it is
// relative to the mean of its class (as in EEVDF): a process that goes away for a while keeps how much it is ahead or
// behind, so that short calls with pauses get the same as long ones; one that was away for a year is owed nothing for
// it, and one that is new starts at the mean.

import { classes, type Pid } from "../entity/entity.ts";
import { schedulerLimits as limits } from "../limits.ts";

/** Virtual times in one lane. */
export interface Shares {
  timeOf(pid: Pid): number;
  /** How many calls of it are there. */
  there(pid: Pid): number;
  /** It is at work or waits in this class from now on; each `come` needs its `go`. */
  come(pid: Pid, rank: number): void;
  go(pid: Pid): void;
  /** It changes its class and keeps its place in relation to the others. */
  move(pid: Pid, rank: number): void;
  charge(pid: Pid, time: number): void;
  forget(pid: Pid): void;
}

interface Share {
  /** Virtual time, while it is there. */
  time: number;
  rank: number;
  /** How far it was from the mean when it went. */
  lag: number;
  /** How many calls of it are there. */
  there: number;
}

/** Makes the book of a lane. */
export function createShares(): Shares {
  const shares = new Map<Pid, Share>();
  const sums = classes.map(() => ({ time: 0, count: 0, last: 0 }));

  const mean = (rank: number): number => {
    const { time, count, last } = sums[rank]!;
    return count > 0 ? time / count : last;
  };
  // Whoever comes moves the mean towards itself: without the factor each pause would cost it a part of what it is owed.
  const toTime = ({ rank, lag }: Share): number => {
    const { count } = sums[rank]!;
    return mean(rank) + (count > 0 ? (lag * (count + 1)) / count : lag);
  };
  const put = (share: Share): void => {
    const sum = sums[share.rank]!;
    share.time = toTime(share);
    sum.time += share.time;
    sum.count += 1;
  };
  const take = (share: Share): void => {
    const sum = sums[share.rank]!;
    const middle = mean(share.rank);
    // People come and go: who had a long answer before does not wait for that when it asks again.
    const mostAhead = share.rank === 0 ? -limits.headStart : limits.mostLag;
    share.lag = Math.max(-limits.mostLag, Math.min(mostAhead, share.time - middle));
    sum.time -= share.time;
    sum.count -= 1;
    // Who is alone is at the mean, and leaves it behind for whoever comes next.
    if (sum.count === 0) Object.assign(sum, { time: 0, last: middle });
  };

  return {
    timeOf: (pid) => shares.get(pid)?.time ?? 0,
    there: (pid) => shares.get(pid)?.there ?? 0,
    come(pid, rank) {
      let share = shares.get(pid);
      if (!share) {
        share = { time: 0, rank, lag: rank === 0 ? -limits.headStart : 0, there: 0 };
        shares.set(pid, share);
      }
      if (share.there++ > 0) return;
      share.rank = rank;
      put(share);
    },
    go(pid) {
      const share = shares.get(pid);
      if (share && --share.there === 0) take(share);
    },
    move(pid, rank) {
      const share = shares.get(pid);
      if (!share || share.rank === rank) return;
      if (share.there > 0) take(share);
      share.rank = rank;
      if (share.there > 0) put(share);
    },
    charge(pid, time) {
      const share = shares.get(pid);
      if (!share) return;
      share.time += time;
      if (share.there > 0) sums[share.rank]!.time += time;
    },
    forget(pid) {
      if (shares.get(pid)?.there === 0) shares.delete(pid);
    },
  };
}
