// The scheduler: many entities, few model slots. It alone calls models. It decides between tokens, because a model is
// pulled: a job that is not pulled is preempted and goes on later from the same token.
//
// Rules
//   - Three classes; a higher class always goes first, and takes a slot from a lower one at the next token.
//   - Within a class the entity with the least virtual time goes first; virtual time is tokens divided by the weight
//     of its niceness (as in Linux CFS: each step of niceness is a factor of 1.25). A newcomer starts at the least
//     virtual time of those present, so that it neither starves nor is starved.
//   - A running job gives way to an equal one after a quantum of tokens, when it is ahead by more than that.
//   - A model's `parked` limit bounds the jobs under way; when a higher class needs room, a paused job or the job of the
//     lowest class with the most virtual time is stopped and begun again later (its KV state stays on disk). The room
//     is taken when the driver has let go of the stopped job, not before.
//   - A refusal that may pass (rate limit, server down) is tried again after the server's time or exponential
//     back-off, with half the concurrency; each success gives one back (AIMD).

import type { Class, Pid } from "../entity/entity.ts";
import { classes } from "../entity/entity.ts";
import type { Model, ModelEvent, ModelRequest } from "../model/model.ts";

/** One call that an entity wants to make. */
export interface Job {
  pid: Pid;
  class: Class;
  nice: number;
  model: Model;
  request: ModelRequest;
  signal: AbortSignal;
}

/** `restart` means: forget the text so far, the answer is begun again. */
export type JobEvent = ModelEvent | { type: "restart"; why: string };

/** Where a job stands, for people. */
export interface JobState {
  pid: Pid;
  class: Class;
  state: "running" | "queued" | "preempted" | "backing-off";
  virtualTime: number;
  tokens: number;
  /** Why it is not running, in one sentence; empty when it runs. */
  why: string;
}

/** What the scheduler needs of the world. */
export interface SchedulerOptions {
  now(): number;
  /** Waits; rejects never, ends early when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Tokens after which an equal gets its turn. */
  quantum?: number;
  /** Tries of a call whose failure may pass. */
  tries?: number;
}

/** The scheduler. */
export interface Scheduler {
  /** Makes the call when it is its turn. Never throws; the last event is `end`. */
  generate(job: Job): AsyncIterable<JobEvent>;
  /** Holds an entity's call between two tokens, or lets it go on. */
  hold(pid: Pid, held: boolean): void;
  /** Changes class and niceness of a call under way. */
  renice(pid: Pid, to: { class: Class; nice: number }): void;
  /** Forgets the virtual time of an entity that ended. */
  forget(pid: Pid): void;
  jobs(): JobState[];
  /** Tokens that each entity got, in virtual time. */
  virtualTimes(): ReadonlyMap<Pid, number>;
}

interface Ticket {
  job: Job;
  state: JobState["state"];
  started: boolean;
  /** True while the driver lets go of it to make room. */
  stopping: boolean;
  held: boolean;
  tokens: number;
  since: number;
  order: number;
  stop: AbortController;
  wake: (() => void) | null;
}

interface Lane {
  model: Model;
  tickets: Set<Ticket>;
  limit: number;
}

const defaults = { quantum: 48, tries: 6, backoffMs: 500, longestBackoffMs: 30_000 };

/** Makes a scheduler without jobs. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const lanes = new Map<Model, Lane>();
  const virtual = new Map<Pid, number>();
  const heldPids = new Set<Pid>();
  const quantum = options.quantum ?? defaults.quantum;
  let arrivals = 0;

  const laneOf = (model: Model): Lane => {
    const lane = lanes.get(model) ?? { model, tickets: new Set(), limit: model.info.slots };
    lanes.set(model, lane);
    return lane;
  };
  const timeOf = (ticket: Ticket): number => virtual.get(ticket.job.pid) ?? 0;
  const before = (a: Ticket, b: Ticket): number =>
    classes.indexOf(a.job.class) - classes.indexOf(b.job.class) || timeOf(a) - timeOf(b) || a.order - b.order;
  // Loops and no lists: these are asked at each token.
  const runs = (lane: Lane): number => {
    let count = 0;
    for (const ticket of lane.tickets) if (ticket.state === "running") count += 1;
    return count;
  };
  const waits = (ticket: Ticket): boolean =>
    (ticket.state === "queued" || ticket.state === "preempted") && !ticket.held && !ticket.stopping;
  const firstWaiting = (lane: Lane, startedOnly = false): Ticket | undefined => {
    let first: Ticket | undefined;
    for (const ticket of lane.tickets)
      if (waits(ticket) && (ticket.started || !startedOnly) && (!first || before(ticket, first) < 0))
        first = ticket;
    return first;
  };

  // Gives free slots to those who are first in order; makes room for a higher class where jobs under way fill it.
  const dispatch = (lane: Lane): void => {
    for (let room = true; runs(lane) < lane.limit; ) {
      const ticket = firstWaiting(lane, !room);
      if (!ticket) return;
      // Where the first newcomer finds no room, none of those after it does.
      room &&= ticket.started || makeRoom(lane, ticket);
      if (!ticket.started && !room) continue;
      ticket.state = "running";
      ticket.started = true;
      ticket.since = 0;
      ticket.wake?.();
    }
  };

  const makeRoom = (lane: Lane, newcomer: Ticket): boolean => {
    const underWay = [...lane.tickets].filter((ticket) => ticket.started);
    if (underWay.length < lane.model.info.parked) return true;
    if (underWay.some((ticket) => ticket.stopping)) return false;
    const parked = underWay.filter((ticket) => ticket.state === "preempted").sort(before);
    const last = parked.findLast((ticket) => ticket.held) ?? parked.at(-1);
    const gives =
      last && (last.held || classes.indexOf(last.job.class) > classes.indexOf(newcomer.job.class));
    if (!gives) return false;
    last.stopping = true;
    last.stop.abort();
    return false;
  };

  // True when this running job must give way to one that waits.
  const mustYield = (lane: Lane, ticket: Ticket): boolean => {
    if (ticket.held) return true;
    if (runs(lane) > lane.limit) return true;
    const first = firstWaiting(lane);
    if (!first) return false;
    const rank = classes.indexOf(first.job.class) - classes.indexOf(ticket.job.class);
    if (rank < 0) return true;
    return (
      rank === 0 &&
      ticket.since >= quantum &&
      timeOf(first) + quantum <= timeOf(ticket) &&
      canStart(lane, first)
    );
  };
  const canStart = (lane: Lane, ticket: Ticket): boolean =>
    ticket.started || [...lane.tickets].filter((other) => other.started).length < lane.model.info.parked;

  const turn = async (lane: Lane, ticket: Ticket, signal = ticket.job.signal): Promise<void> => {
    dispatch(lane);
    while (ticket.state !== "running" && !signal.aborted)
      await new Promise<void>((resolve) => {
        const wake = () => {
          ticket.wake = null;
          signal.removeEventListener("abort", wake);
          resolve();
        };
        ticket.wake = wake;
        signal.addEventListener("abort", wake);
      });
  };

  const charge = (ticket: Ticket, tokens: number): void => {
    ticket.tokens += tokens;
    ticket.since += tokens;
    virtual.set(ticket.job.pid, timeOf(ticket) + tokens / 1.25 ** -ticket.job.nice);
  };

  const enter = (lane: Lane, job: Job): Ticket => {
    let least = lane.tickets.size > 0 ? Number.POSITIVE_INFINITY : 0;
    for (const other of lane.tickets) least = Math.min(least, timeOf(other));
    virtual.set(job.pid, Math.max(virtual.get(job.pid) ?? 0, least));
    const ticket: Ticket = {
      job,
      state: "queued",
      started: false,
      stopping: false,
      held: heldPids.has(job.pid),
      tokens: 0,
      since: 0,
      order: ++arrivals,
      stop: new AbortController(),
      wake: null,
    };
    lane.tickets.add(ticket);
    return ticket;
  };

  // One try: pulls the model while it is this job's turn. Returns the end, or null when it was stopped to make room.
  async function* attempt(lane: Lane, ticket: Ticket): AsyncGenerator<JobEvent, ModelEvent | null> {
    ticket.stop = new AbortController();
    const { stop, job } = ticket;
    const signal = AbortSignal.any([job.signal, stop.signal]);
    const events = job.model.generate(job.request, signal)[Symbol.asyncIterator]();
    let prefilled = 0;
    try {
      for (;;) {
        const { value, done } = await events.next();
        if (done) return { type: "end", reason: "aborted", usage: { input: 0, cached: 0, output: 0 }, ms: 0 };
        if (value.type === "end") return stop.signal.aborted && !job.signal.aborted ? null : value;
        if (value.type === "text") charge(ticket, value.tokens);
        else {
          charge(ticket, Math.max(0, value.done - Math.max(prefilled, value.cached)));
          prefilled = Math.max(value.done, value.cached);
        }
        yield value;
        if (!mustYield(lane, ticket)) continue;
        ticket.state = "preempted";
        await turn(lane, ticket, signal);
        if (stop.signal.aborted && !job.signal.aborted) return null;
      }
    } finally {
      await events.return?.();
      if (ticket.stopping) {
        Object.assign(ticket, { stopping: false, started: false, state: "queued" });
        dispatch(lane);
      }
    }
  }

  const backOff = async (
    lane: Lane,
    ticket: Ticket,
    wait: { attempt: number; afterMs: number | undefined },
  ): Promise<void> => {
    lane.limit = Math.max(1, Math.floor(lane.limit / 2));
    ticket.state = "backing-off";
    ticket.started = false;
    dispatch(lane);
    const exponential = Math.min(defaults.longestBackoffMs, defaults.backoffMs * 2 ** wait.attempt);
    await options.sleep(wait.afterMs ?? exponential, ticket.job.signal);
    ticket.state = "queued";
  };

  async function* generate(job: Job): AsyncGenerator<JobEvent> {
    const lane = laneOf(job.model);
    const ticket = enter(lane, job);
    try {
      for (let tried = 0; ; ) {
        await turn(lane, ticket);
        if (job.signal.aborted) {
          yield { type: "end", reason: "aborted", usage: { input: 0, cached: 0, output: 0 }, ms: 0 };
          return;
        }
        const end = yield* attempt(lane, ticket);
        if (end === null) {
          yield { type: "restart", why: "made room for more urgent work" };
          continue;
        }
        if (end.type !== "end") continue;
        if (end.reason === "error" && end.failure?.retry && ++tried < (options.tries ?? defaults.tries)) {
          await backOff(lane, ticket, { attempt: tried, afterMs: end.failure.retryAfterMs });
          yield { type: "restart", why: end.failure.message };
          continue;
        }
        if (end.reason !== "error") lane.limit = Math.min(job.model.info.slots, lane.limit + 1);
        yield end;
        return;
      }
    } finally {
      lane.tickets.delete(ticket);
      dispatch(lane);
    }
  }

  const ticketsOf = (pid: Pid): Ticket[] =>
    [...lanes.values()].flatMap((lane) => [...lane.tickets]).filter((ticket) => ticket.job.pid === pid);

  return {
    generate,
    hold(pid, held) {
      if (held) heldPids.add(pid);
      else heldPids.delete(pid);
      for (const ticket of ticketsOf(pid)) {
        ticket.held = held;
        dispatch(laneOf(ticket.job.model));
      }
    },
    renice(pid, to) {
      for (const ticket of ticketsOf(pid)) {
        Object.assign(ticket.job, to);
        dispatch(laneOf(ticket.job.model));
      }
    },
    forget(pid) {
      virtual.delete(pid);
      heldPids.delete(pid);
    },
    jobs: () =>
      [...lanes.values()].flatMap((lane) =>
        [...lane.tickets].map((ticket) => toJobState(lane, ticket, timeOf(ticket))),
      ),
    virtualTimes: () => virtual,
  };
}

function toJobState(lane: Lane, ticket: Ticket, virtualTime: number): JobState {
  const others = [...lane.tickets].filter((other) => other.state === "running");
  const busy = `the ${lane.limit === 1 ? "slot" : `${lane.limit} slots`} of ${lane.model.info.id} ${lane.limit === 1 ? "is" : "are"} taken by pid ${others.map((other) => other.job.pid).join(", ")}`;
  const why = {
    running: "",
    queued: ticket.held ? "it is paused" : busy,
    preempted: ticket.held ? "it is paused" : `it gave way: ${busy}`,
    "backing-off": `${lane.model.info.id} refused the call and is asked again soon`,
  }[ticket.state];
  return {
    pid: ticket.job.pid,
    class: ticket.job.class,
    state: ticket.state,
    virtualTime,
    tokens: ticket.tokens,
    why,
  };
}
