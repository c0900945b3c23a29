// The lane of one model: who stands in it, who is first, and who must give way. The rules stand in scheduler.ts.
// Who has had how much stands in shares.ts.

import { classes, type Pid } from "../entity/entity.ts";
import { schedulerLimits as limits } from "../limits.ts";
import type { Model } from "../model/model.ts";
import { createAway } from "./away.ts";
import { createQueue } from "./queue.ts";
import { createShares } from "./shares.ts";
import type { Passage, Throttle, Wait } from "./throttle.ts";
import { rankOf, type Ticket } from "./ticket.ts";
import { createWindows, isParked, type Windows } from "./windows.ts";

/** A call that stands in another lane and is also asked of this model. */
export interface Guest {
  /** Its passage, for whoever ends it from now on. */
  take(): Passage;
  end(result: Parameters<Passage["end"]>[0]): void;
  /** Gives the place back. */
  leave(): void;
}

/** A lane. */
export interface Lane {
  readonly model: Model;
  readonly throttle: Throttle;
  readonly tickets: ReadonlySet<Ticket>;
  readonly windows: Windows;
  enter(ticket: Ticket): void;
  leave(ticket: Ticket): void;
  /** Gives free slots to those who are first; returns how long nobody may begin when only that keeps somebody waiting. */
  dispatch(): Wait | null;
  /** True when this running call must give way now. */
  mustYield(ticket: Ticket): boolean;
  charge(ticket: Ticket, tokens: number): void;
  /** Its class, loan or hold has changed. */
  refresh(ticket: Ticket): void;
  /** It waits for its turn (again); `state` is what it is from now on. */
  park(ticket: Ticket, state: "preempted" | "queued" | "backing-off"): void;
  /** The beginning that it read is kept: others need not read it. */
  prefixDone(ticket: Ticket): void;
  /** The call that reads the beginning for which this one waits, null when it waits for none. */
  reader(ticket: Ticket): Ticket | null;
  /** Takes a place for a call that stands in another lane; null when none is free or somebody waits for it. */
  host(estimate: number): Guest | null;
  timeOf(ticket: Ticket): number;
  forget(pid: Pid): void;
}

interface Prefix {
  /** Who reads it at the moment. */
  by: Ticket | null;
  known: boolean;
  waiters: Set<Ticket>;
}

/** What a lane is made of. */
export interface LaneParts {
  model: Model;
  throttle: Throttle;
  quantum: number;
  now(): number;
}

/** Makes an empty lane. */
export function createLane({ model, throttle, quantum, now }: LaneParts): Lane {
  const { parked, slots, local } = model.info;
  const tickets = new Set<Ticket>();
  const shares = createShares();
  const away = createAway(now, shares.go);
  const windows = createWindows({ info: model.info, throttle, away, quantum, timeOf: shares.timeOf });
  const started = windows.taken;
  /** What each class may have although higher ones are busy. */
  const owed = classes.map(() => 0);
  const prefixes = new Map<string, Prefix>();
  /** Processes whose state is in the model's memory, as far as can be told, the last first. */
  let warm: Pid[] = [];
  const timeOf = (ticket: Ticket): number => shares.timeOf(ticket.job.pid);
  const queues = classes.map(() => createQueue(timeOf));

  let guests = 0;
  const runs = (): number => {
    let count = guests;
    for (const ticket of started) if (ticket.state === "running") count += 1;
    return count;
  };
  const waits = (rank: number): boolean => {
    if (queues[rank]!.size > 0) return true;
    for (const ticket of started) if (ticket.rank === rank && isParked(ticket)) return true;
    return false;
  };
  /** A person's words are being read, beside which less urgent calls stand still. */
  const isHeard = (): boolean => {
    if (!local || slots === 1) return false;
    for (const ticket of started)
      if (ticket.rank === 0 && ticket.state === "running" && ticket.reading) return true;
    return false;
  };
  const isBefore = (a: Ticket, b: Ticket | undefined): boolean =>
    !b || timeOf(a) < timeOf(b) || (timeOf(a) === timeOf(b) && a.order < b.order);

  /** Who of a class has had least. */
  const least = (rank: number, withQueue = true): Ticket | undefined => {
    let found = withQueue ? queues[rank]!.first() : undefined;
    for (const ticket of started)
      if (ticket.rank === rank && isParked(ticket) && isBefore(ticket, found)) found = ticket;
    return found;
  };
  const coldness = (ticket: Ticket): number => {
    if (ticket.started) return 0;
    if (warm.includes(ticket.job.pid)) return 1;
    return ticket.prefix !== null && prefixes.get(ticket.prefix)?.known ? 2 : 3;
  };
  /** Who of a class is to run: the warmest of those who have had about as little as the least. */
  const first = (rank: number): Ticket | undefined => {
    const base = least(rank);
    if (!base || !local || base.started) return base;
    const bound = timeOf(base) + limits.warmSlack;
    let best = base;
    const near = [...queues[rank]!.near(limits.warmSlack, limits.warmLook), ...started];
    for (const ticket of near) {
      if (ticket.started && (ticket.rank !== rank || !isParked(ticket))) continue;
      if (timeOf(ticket) > bound) continue;
      const colder = coldness(ticket) - coldness(best);
      if (colder < 0 || (colder === 0 && isBefore(ticket, best))) best = ticket;
    }
    return best;
  };

  // A class that waits is owed a small part of what higher ones get.
  const isOwed = (rank: number): boolean => owed[rank]! >= limits.leastTokens && waits(rank);
  const anyOwed = (below: number): number => {
    for (let rank = classes.length - 1; rank > below; rank--) if (isOwed(rank)) return rank;
    return -1;
  };
  const run = (ticket: Ticket, granted: boolean): void => {
    queues[ticket.rank]!.remove(ticket);
    if (granted) {
      // Where calls can stand still between two tokens a few at a time are enough; elsewhere it is a whole call.
      ticket.grant = parked > slots ? limits.leastTokens : Number.POSITIVE_INFINITY;
      ticket.kept ||= parked > slots && !ticket.started && !windows.keptOne();
    }
    ticket.state = "running";
    // Now and not when the call is made, so that what is given out at one moment counts at once.
    ticket.passage ??= throttle.begin(ticket.estimate);
    ticket.started = true;
    ticket.since = 0;
    started.add(ticket);
    warm = [ticket.job.pid, ...warm.filter((pid) => pid !== ticket.job.pid)].slice(0, parked);
    const prefix = prefixOf(ticket);
    if (prefix && !prefix.known && !prefix.by) {
      prefix.by = ticket;
      for (const other of tickets)
        if (other.prefix === ticket.prefix && queues[other.rank]!.remove(other)) prefix.waiters.add(other);
      lend(prefix);
    }
    ticket.wake?.();
  };

  const dispatch = (): Wait | null => {
    away.sweep();
    let wait: Wait | null = null;
    while (runs() < throttle.limit()) {
      const next = choose();
      wait = next.wait;
      if (!next.ticket) break;
      run(next.ticket, next.granted);
    }
    return wait;
  };
  /** Who is to run, and how long a newcomer who would be before it has to wait. */
  const choose = (): { ticket?: Ticket; granted: boolean; wait: Wait | null } => {
    let wait: Wait | null = null;
    const mayEnter = (ticket: Ticket, granted: boolean): boolean => {
      if (ticket.started) return true;
      wait = throttle.wait(ticket.estimate) ?? windows.wait(ticket);
      return wait === null && windows.make(ticket, granted);
    };
    const small = anyOwed(-1);
    if (small >= 0) {
      const ticket = first(small);
      if (ticket && mayEnter(ticket, true)) return { ticket, granted: true, wait };
      // Its newcomer finds no room: then one of it that is under way goes on, or else those who are more urgent.
      const other = least(small, false);
      if (other) return { ticket: other, granted: true, wait };
    }
    // Where the first newcomer finds no room, none of those after it does.
    let full = wait !== null;
    const end = isHeard() ? 1 : classes.length;
    for (let rank = 0; rank < end; rank++) {
      const ticket = full ? undefined : first(rank);
      if (ticket && mayEnter(ticket, false)) return { ticket, granted: false, wait };
      full ||= ticket !== undefined;
      const other = least(rank, false);
      if (other) return { ticket: other, granted: false, wait };
    }
    return { granted: false, wait };
  };

  // Beginnings that are read by one and waited for by others.
  const prefixOf = (ticket: Ticket): Prefix | undefined => {
    if (ticket.prefix === null) return undefined;
    let prefix = prefixes.get(ticket.prefix);
    if (!prefix) {
      prefix = { by: null, known: false, waiters: new Set() };
      prefixes.set(ticket.prefix, prefix);
      for (const [key, old] of prefixes) {
        if (prefixes.size <= limits.prefixes) break;
        if (!old.by && old.waiters.size === 0 && old !== prefix) prefixes.delete(key);
      }
    }
    return prefix;
  };
  /** Whoever reads it is as urgent as the most urgent that waits for it. */
  const lend = (prefix: Prefix): void => {
    const { by } = prefix;
    if (!by) return;
    let most: Ticket | undefined;
    for (const ticket of prefix.waiters) if (!most || ticket.rank < most.rank) most = ticket;
    const own = rankOf({ ...by, prefixLoan: null });
    by.prefixLoan = most && most.rank < own ? { class: classes[most.rank]!, from: most.job.pid } : null;
    rerank(by);
  };
  const letGo = (ticket: Ticket, known: boolean): void => {
    const prefix = ticket.prefix === null ? undefined : prefixes.get(ticket.prefix);
    if (!prefix) return;
    if (known) prefix.known = true;
    if (prefix.by !== ticket) return;
    prefix.by = null;
    ticket.prefixLoan = null;
    rerank(ticket);
    const free = [...prefix.waiters];
    prefix.waiters.clear();
    for (const other of free) queue(other);
  };

  const queue = (ticket: Ticket): void => {
    if (ticket.held || ticket.started || ticket.state !== "queued" || !tickets.has(ticket)) return;
    const prefix = prefixOf(ticket);
    if (prefix?.by && prefix.by !== ticket && !prefix.by.held) {
      prefix.waiters.add(ticket);
      lend(prefix);
    } else queues[ticket.rank]!.add(ticket);
  };
  const unqueue = (ticket: Ticket): void => {
    for (const one of queues) one.remove(ticket);
    const prefix = ticket.prefix === null ? undefined : prefixes.get(ticket.prefix);
    if (prefix?.waiters.delete(ticket)) lend(prefix);
  };

  /** Who is paused is away: it is owed nothing for that time. */
  const count = (ticket: Ticket, ended = false): void => {
    const { rank, job } = ticket;
    const there = tickets.has(ticket) && !ticket.held;
    if (there === ticket.counted) return;
    ticket.counted = there;
    away.sweep();
    if (there) {
      shares.come(job.pid, rank);
      if (away.back(job.pid)) shares.go(job.pid);
      shares.move(job.pid, rank);
    } else if (ended && shares.there(job.pid) === 1) away.leave(job.pid, rank);
    else shares.go(job.pid);
  };

  // Whoever changes its class keeps the place it has in relation to the others.
  const rerank = (ticket: Ticket): void => {
    const rank = rankOf(ticket);
    if (rank === ticket.rank) return;
    const queued = queues[ticket.rank]!.remove(ticket);
    shares.move(ticket.job.pid, rank);
    ticket.rank = rank;
    if (queued) queues[rank]!.add(ticket);
  };
  return {
    model,
    throttle,
    tickets,
    windows,
    timeOf,
    dispatch,
    enter(ticket) {
      ticket.rank = rankOf(ticket);
      tickets.add(ticket);
      count(ticket);
      queue(ticket);
    },
    leave(ticket) {
      letGo(ticket, false);
      unqueue(ticket);
      tickets.delete(ticket);
      // What ended by itself is soon followed by the next call of the same process.
      count(ticket, started.delete(ticket) && !ticket.job.signal.aborted);
      ticket.passage?.end({ usage: { input: 0, cached: 0, output: 0 } });
      ticket.passage = null;
    },
    mustYield(ticket) {
      if (ticket.held || (local && runs() > throttle.limit())) return true;
      if (ticket.grant > 0) return false;
      if (ticket.rank > 0 && isHeard()) return true;
      // A class that was passed over has its few tokens; it does not take them from one of its own.
      const small = anyOwed(ticket.rank);
      if (small >= 0 && (least(small, false) || windows.isOpen(least(small)!, true))) return true;
      for (let rank = 0; rank < ticket.rank; rank++) if (waits(rank)) return true;
      const other = least(ticket.rank);
      if (!other || !windows.isOpen(other, false)) return false;
      const ahead = timeOf(ticket) - timeOf(other);
      // Who fills the pauses of others that have had far less gives way at once.
      return ahead >= quantum && (ticket.since >= quantum || ahead >= limits.farAhead * quantum);
    },
    charge(ticket, tokens) {
      if (tokens <= 0) return;
      const { rank, job } = ticket;
      ticket.since += tokens;
      shares.charge(job.pid, tokens / 1.25 ** -job.nice);
      if (ticket.grant > 0) {
        ticket.grant = Math.max(0, ticket.grant - tokens);
        owed[rank]! -= tokens;
      }
      for (let lower = rank + 1; lower < classes.length; lower++)
        if (waits(lower))
          owed[lower] = Math.min(limits.leastTokens, owed[lower]! + tokens * limits.leastShare);
    },
    refresh(ticket) {
      rerank(ticket);
      count(ticket);
      if (ticket.held) {
        letGo(ticket, false);
        unqueue(ticket);
      } else queue(ticket);
      const prefix = ticket.prefix === null ? undefined : prefixes.get(ticket.prefix);
      if (prefix) lend(prefix);
    },
    park(ticket, state) {
      ticket.state = state;
      ticket.grant = 0;
      if (state === "preempted") return;
      ticket.started = false;
      ticket.kept = false;
      started.delete(ticket);
      letGo(ticket, false);
      queue(ticket);
    },
    host(estimate) {
      const full = local || runs() >= throttle.limit() || classes.some((_, rank) => waits(rank));
      if (full || throttle.wait(estimate)) return null;
      let passage: Passage | null = throttle.begin(estimate);
      guests += 1;
      return {
        take() {
          const taken = passage!;
          passage = null;
          return taken;
        },
        end(result) {
          passage?.end(result);
          passage = null;
        },
        leave() {
          guests -= 1;
        },
      };
    },
    prefixDone: (ticket) => letGo(ticket, true),
    reader(ticket) {
      const prefix = ticket.prefix === null ? undefined : prefixes.get(ticket.prefix);
      return prefix?.waiters.has(ticket) ? prefix.by : null;
    },
    forget(pid) {
      if (away.back(pid)) shares.go(pid);
      shares.forget(pid);
    },
  };
}
