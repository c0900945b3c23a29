// One call of a model on its way through the scheduler.

import type { Class, Pid } from "../entity/entity.ts";
import { classes } from "../entity/entity.ts";
import { schedulerLimits } from "../limits.ts";
import type { Model, ModelEvent, ModelInfo, ModelRequest } from "../model/model.ts";
import type { Passage } from "./throttle.ts";

/** One call that an entity wants to make. */
export interface Job {
  pid: Pid;
  class: Class;
  nice: number;
  model: Model;
  /** A model that is asked the same when that one is late with its first word (hedge.ts). */
  hedge?: Model;
  /** Models that answer in its place when it cannot, the first first. */
  fallbacks?: readonly Model[];
  request: ModelRequest;
  signal: AbortSignal;
}

/** `restart` means: forget the text so far, the answer is begun again, by `model` if it is another one now. */
export type JobEvent = ModelEvent | { type: "restart"; why: string; model?: ModelInfo };

/** Urgency that somebody lends to a call: whoever waits for it. */
export interface Loan {
  class: Class;
  /** Who waits. */
  from: Pid;
}

/** A job in the lane of a model. */
export interface Ticket {
  readonly job: Job;
  readonly order: number;
  state: "running" | "queued" | "preempted" | "backing-off";
  /** Place of its class among `classes`, with what was lent to it. */
  rank: number;
  /** Lent by an entity that waits for this one. */
  loan: Loan | null;
  /** Lent by calls that wait for the beginning that this one reads. */
  prefixLoan: Loan | null;
  /** True while the driver holds a place for it. */
  started: boolean;
  /** True while the driver lets go of it to make room. */
  stopping: boolean;
  held: boolean;
  /** True while it counts among those who share the model. */
  counted: boolean;
  /** Tokens it may still have although its class is not first. */
  grant: number;
  /** True when it got its place by such a grant: nobody takes it away. */
  kept: boolean;
  /** True until the first word of its answer, from when it is given a slot. */
  reading: boolean;
  /** Tokens written so far. */
  tokens: number;
  /** Tokens since it was last given the slot. */
  since: number;
  /** Names the beginning that it shares with others of its program, null when there is none. */
  prefix: string | null;
  /** Tokens that it will need at most, as far as can be told. */
  estimate: number;
  /** Tokens that another server read in vain for it. */
  vain: number;
  /** When it is asked again, and what the model said. */
  again: { at: number; why: string } | null;
  /** Its way through the throttle, from when it is given a slot. */
  passage: Passage | null;
  stop: AbortController;
  wake: (() => void) | null;
}

/** The place of a class, 0 for the most urgent. */
export function rankOf(ticket: Pick<Ticket, "job" | "loan" | "prefixLoan">): number {
  const ranks = [ticket.job.class, ticket.loan?.class, ticket.prefixLoan?.class].map((name) =>
    name === undefined ? classes.length : classes.indexOf(name),
  );
  return Math.min(...ranks);
}

/** Tokens that a request reads, as far as can be told before they are counted. */
export const toInput = ({ messages }: ModelRequest): number =>
  Math.ceil(messages.reduce((sum, { text }) => sum + text.length, 0) / schedulerLimits.charsPerToken);
