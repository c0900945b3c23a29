// The scheduler: many entities, few model slots. It alone calls models. It decides between tokens, because a model is
// pulled: a job that is not pulled is preempted and goes on later from the same token.
//
// Rules
//   - Three classes; a higher class goes first, and takes a slot from a lower one at the next token. A lower class that
//     waits gets a twentieth of the tokens all the same, so that nobody starves.
//   - While a person's words are read on this machine, less urgent calls stand still in the other slots too: a step that
//     reads is computed alone, and each of theirs would go before one of it.
//   - Whoever is waited for is as urgent as whoever waits: a child of its parent, and the call that reads a beginning
//     of the calls that need the same one. Such a beginning is read once; the others wait for it and copy it.
//   - Within a class the entity with the least virtual time goes first; virtual time is tokens written, and
//     a quarter of those read, divided by the weight of its niceness (as in Linux CFS: each step of niceness is a factor of 1.25). A newcomer starts level (lane.ts).
//     Of those who have had about the same, the one whose state is warm goes first.
//   - A running job gives way to an equal one after a quantum of tokens, when it is ahead by more than that.
//   - A model's `parked` limit bounds the jobs under way: it is how many windows its memory holds. When a higher class
//     needs room, a paused job or the job of the lowest class with the most virtual time is stopped and begun again
//     later (its KV state stays on disk). The room is taken when the driver has let go of the stopped job, not before.
//   - A refusal that may pass (rate limit, server down) is tried again after the server's time or exponential back-off;
//     how many are asked at once follows from the answers (throttle.ts). Where the person named another model for that
//     case, it answers instead; where the person named one for that, it is asked too when a server is late (hedge.ts).

import { createHash } from "node:crypto";
import type { Class, Pid } from "../entity/entity.ts";
import { schedulerLimits as limits } from "../limits.ts";
import type { Model, ModelEvent, ModelFailure, ModelRequest } from "../model/model.ts";
import { type JobState, toJobState } from "./explain.ts";
import { hedge } from "./hedge.ts";
import { createLane, type Lane } from "./lane.ts";
import { createThrottle } from "./throttle.ts";
import { type Job, type JobEvent, type Loan, rankOf, type Ticket, toInput } from "./ticket.ts";

export type { JobState } from "./explain.ts";
export type { Job, JobEvent, Loan } from "./ticket.ts";

/** What the scheduler needs of the world. */
export interface SchedulerOptions {
  now(): number;
  /** Waits; rejects never, ends early when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Tokens after which an equal gets its turn. */
  quantum?: number;
  /** Tries of a call whose failure may pass. */
  tries?: number;
  /** Money that was spent today on a model before this scheduler began. */
  spentToday?(model: Model): number;
}

/** The scheduler. */
export interface Scheduler {
  /** Makes the call when it is its turn. Never throws; the last event is `end`. */
  generate(job: Job): AsyncIterable<JobEvent>;
  /** Holds an entity's call between two tokens, or lets it go on. */
  hold(pid: Pid, held: boolean): void;
  /** Changes class and niceness of a call under way. */
  renice(pid: Pid, to: { class: Class; nice: number }): void;
  /** Makes an entity as urgent as whoever waits for it; null takes it back. */
  lend(pid: Pid, loan: Loan | null): void;
  /** Forgets the virtual time of an entity that ended. */
  forget(pid: Pid): void;
  jobs(): JobState[];
  /** What each model with a price has cost today. */
  spent(): ReadonlyMap<string, number>;
}

const nothing = { input: 0, cached: 0, output: 0 };

/** Makes a scheduler without jobs. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const lanes = new Map<Model, Lane>();
  const alarms = new Map<Lane, { at: number; stop: AbortController }>();
  const byPid = new Map<Pid, Set<{ lane: Lane; ticket: Ticket }>>();
  const heldPids = new Set<Pid>();
  const loans = new Map<Pid, Loan>();
  let arrivals = 0;

  const laneOf = (model: Model): Lane => {
    let lane = lanes.get(model);
    if (lane) return lane;
    const spent = model.info.price ? (options.spentToday?.(model) ?? 0) : 0;
    lane = createLane({
      ...{ model, throttle: createThrottle(model.info, options.now, spent), now: options.now },
      quantum: options.quantum ?? limits.quantum,
    });
    lanes.set(model, lane);
    return lane;
  };

  // Gives out slots. When only time keeps somebody waiting, the lane looks again at that time.
  const dispatch = (lane: Lane): void => {
    const wait = lane.dispatch();
    const alarm = alarms.get(lane);
    const at = wait ? options.now() + wait.ms : Number.POSITIVE_INFINITY;
    if (alarm && (!wait || at < alarm.at)) {
      alarms.delete(lane);
      alarm.stop.abort();
    }
    if (wait && !alarms.has(lane)) {
      const next = { at, stop: new AbortController() };
      alarms.set(lane, next);
      void options.sleep(wait.ms, next.stop.signal).then(() => {
        if (alarms.get(lane) !== next) return;
        alarms.delete(lane);
        dispatch(lane);
      });
    }
  };

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

  const enter = (lane: Lane, job: Job): Ticket => {
    const ticket: Ticket = {
      job,
      order: ++arrivals,
      state: "queued",
      rank: 0,
      loan: loans.get(job.pid) ?? null,
      prefixLoan: null,
      started: false,
      stopping: false,
      held: heldPids.has(job.pid),
      counted: false,
      grant: 0,
      ...{ kept: false, reading: true },
      tokens: 0,
      since: 0,
      prefix: lane.model.info.local ? toPrefix(job) : null,
      estimate: toEstimate(job),
      ...{ vain: 0, again: null, passage: null },
      stop: new AbortController(),
      wake: null,
    };
    ticket.rank = rankOf(ticket);
    lane.enter(ticket);
    return ticket;
  };

  /** The model's answer; where the person named a second model for that, the answer of whoever speaks first. */
  const toEvents = (
    lane: Lane,
    ticket: Ticket,
    ask: { request: ModelRequest; signal: AbortSignal },
  ): AsyncIterable<JobEvent> => {
    const { job } = ticket;
    if (!job.hedge || lane.model !== job.model || lane.model.info.local || job.hedge.info.local)
      return lane.model.generate(ask.request, ask.signal);
    const other = laneOf(job.hedge);
    return hedge({ lane, ticket, other, ...ask, sleep: options.sleep, onLeft: () => dispatch(other) });
  };

  // One try: pulls the model while it is this job's turn. Returns the end, or null when it was stopped to make room.
  async function* attempt(lane: Lane, ticket: Ticket): AsyncGenerator<JobEvent, ModelEvent | null> {
    ticket.stop = new AbortController();
    ticket.reading = true;
    const { stop, job } = ticket;
    const signal = AbortSignal.any([job.signal, stop.signal]);
    const request =
      ticket.rank > 0 && lane.model.info.local ? { ...job.request, patient: true } : job.request;
    const events = toEvents(lane, ticket, { request, signal })[Symbol.asyncIterator]();
    const seen = { ...nothing };
    let end: Extract<ModelEvent, { type: "end" }> | undefined;
    let prefilled = 0;
    try {
      for (;;) {
        const { value, done } = await events.next();
        if (done) return { type: "end", reason: "aborted", usage: nothing, ms: 0 };
        if (value.type === "end") {
          end = value;
          if (stop.signal.aborted && !job.signal.aborted) return null;
          // What another server read in vain counts for whoever asked.
          const { usage } = value;
          return ticket.vain ? { ...value, usage: { ...usage, input: usage.input + ticket.vain } } : value;
        }
        if (value.type === "restart") {
          yield value;
          continue;
        }
        ticket.passage?.first();
        if (value.type === "text") {
          if (ticket.reading) {
            ticket.reading = false;
            if (ticket.rank === 0) dispatch(lane);
          }
          seen.output += value.tokens;
          ticket.tokens += value.tokens;
          lane.charge(ticket, value.tokens);
        } else {
          Object.assign(seen, { input: value.total, cached: value.cached });
          lane.charge(
            ticket,
            limits.readWeight * Math.max(0, value.done - Math.max(prefilled, value.cached)),
          );
          prefilled = Math.max(value.done, value.cached);
          // Whoever waits for this beginning finds it kept now.
          if (prefilled >= (value.shared ?? value.total)) {
            lane.prefixDone(ticket);
            dispatch(lane);
          }
        }
        yield value;
        if (!lane.mustYield(ticket)) continue;
        lane.park(ticket, "preempted");
        await turn(lane, ticket, signal);
        if (stop.signal.aborted && !job.signal.aborted) return null;
      }
    } finally {
      await events.return?.();
      finish(ticket, end, seen);
      if (ticket.stopping) {
        ticket.stopping = false;
        lane.park(ticket, "queued");
        dispatch(lane);
      }
    }
  }

  const backOff = async (lane: Lane, ticket: Ticket, tried: number, failure: ModelFailure): Promise<void> => {
    const exponential = Math.min(limits.longestBackoffMs, limits.backoffMs * 2 ** tried);
    const ms = failure.retryAfterMs ?? exponential;
    ticket.again = { at: options.now() + ms, why: failure.message.replace(/\.$/, "") };
    lane.park(ticket, "backing-off");
    dispatch(lane);
    await options.sleep(ms, ticket.job.signal);
    ticket.again = null;
    lane.park(ticket, "queued");
  };

  // A job in one lane. Returns its end, or the failure for which another model is to answer.
  async function* work(lane: Lane, job: Job, more: boolean): AsyncGenerator<JobEvent, ModelEvent> {
    const ticket = enter(lane, job);
    const entry = { lane, ticket };
    byPid.set(job.pid, (byPid.get(job.pid) ?? new Set()).add(entry));
    const tries = more ? limits.triesBeforeNext : (options.tries ?? limits.tries);
    try {
      for (let tried = 0; ; ) {
        const wait = more ? lane.throttle.wait(ticket.estimate) : null;
        if (wait?.long) return toStandIn(wait.why);
        await turn(lane, ticket);
        if (job.signal.aborted) return { type: "end", reason: "aborted", usage: nothing, ms: 0 };
        const end = yield* attempt(lane, ticket);
        if (end === null) {
          yield { type: "restart", why: "made room for more urgent work" };
          continue;
        }
        if (end.type !== "end") continue;
        if (end.reason === "error" && end.failure?.retry && ++tried < tries) {
          await backOff(lane, ticket, tried, end.failure);
          yield { type: "restart", why: end.failure.message };
          continue;
        }
        return end;
      }
    } finally {
      lane.leave(ticket);
      const entries = byPid.get(job.pid);
      entries?.delete(entry);
      if (entries?.size === 0) byPid.delete(job.pid);
      dispatch(lane);
    }
  }

  async function* generate(job: Job): AsyncGenerator<JobEvent> {
    const models = [job.model, ...(job.fallbacks ?? [])];
    let best: ModelEvent | undefined;
    for (const [at, model] of models.entries()) {
      if (at > 0 && best?.type === "end")
        yield {
          type: "restart",
          why: `${best.failure?.message} ${model.info.id} answers instead.`,
          model: model.info,
        };
      const end = yield* work(laneOf(model), job, at + 1 < models.length);
      if (end.type !== "end" || !mayStandIn(end)) return yield end;
      // What the first one said tells most; a stand-in whose window is too small says nothing of the work.
      best = best ?? end;
    }
    if (best) yield best;
  }

  const entriesOf = (pid: Pid) => [...(byPid.get(pid) ?? [])];
  const change = (pid: Pid, apply: (ticket: Ticket) => void): void => {
    for (const { lane, ticket } of entriesOf(pid)) {
      apply(ticket);
      lane.refresh(ticket);
      dispatch(lane);
    }
  };

  return {
    generate,
    hold(pid, held) {
      if (held) heldPids.add(pid);
      else heldPids.delete(pid);
      change(pid, (ticket) => {
        ticket.held = held;
      });
    },
    renice: (pid, to) => change(pid, (ticket) => void Object.assign(ticket.job, to)),
    lend(pid, loan) {
      if (loan) loans.set(pid, loan);
      else if (!loans.delete(pid)) return;
      change(pid, (ticket) => {
        ticket.loan = loan;
      });
    },
    forget(pid) {
      for (const lane of lanes.values()) lane.forget(pid);
      heldPids.delete(pid);
      loans.delete(pid);
    },
    jobs: () =>
      [...lanes.values()].flatMap((lane) =>
        [...lane.tickets].map((ticket) => toJobState(lane, ticket, options.now())),
      ),
    spent: () =>
      new Map(
        [...lanes.values()]
          .filter(({ model }) => model.info.price)
          .map((lane) => [lane.model.info.id, lane.throttle.spent()]),
      ),
  };
}

function finish(
  ticket: Ticket,
  end: Extract<ModelEvent, { type: "end" }> | undefined,
  seen: { input: number; cached: number; output: number },
): void {
  const usage = end && end.usage.input + end.usage.output > 0 ? end.usage : seen;
  ticket.passage?.end(end?.failure ? { usage, failure: end.failure } : { usage });
  ticket.passage = null;
}

/** True when another model may answer in place of one that ended so. */
function mayStandIn(end: Extract<ModelEvent, { type: "end" }>): boolean {
  if (end.reason !== "error") return false;
  return (
    end.failure?.retry === true || end.failure?.code === "no-model" || end.failure?.code === "context-full"
  );
}

function toStandIn(why: string): ModelEvent {
  const failure = {
    code: "rate-limited" as const,
    message: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    retry: true,
  };
  return { type: "end", reason: "error", usage: nothing, ms: 0, failure };
}

/** Names the beginning that a job shares with others of its program; null for one that is not worth waiting for. */
function toPrefix({ request }: Job): string | null {
  const texts = request.messages
    .slice(0, request.shared)
    .map((message) => `${message.role}\0${message.text}`);
  const text = texts.join("\0");
  if (text.length < limits.prefixChars) return null;
  return createHash("sha1").update(text).digest("base64url");
}

const toEstimate = ({ request }: Job): number => toInput(request) + request.maxTokens;
