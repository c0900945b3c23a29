// An entity is a process: a task in plain words, a window of pages, authority, a budget and a folder. This file holds
// its shape. Fields are grouped by who may change them; state.ts folds the journal into them.

import type { Label } from "../memory/label.ts";
import type { Page } from "../memory/page.ts";
import type { Capability, Share } from "./authority.ts";
import type { FileRef, Told } from "./conversation.ts";

/** Identity of an entity: small, never used twice. */
export type Pid = number;

/** Scheduling class, most urgent first. */
export type Class = "interactive" | "normal" | "background";

/** All classes, most urgent first. */
export const classes: readonly Class[] = ["interactive", "normal", "background"];

/** What a waiting entity waits for. `until` is a time in milliseconds since 1970. */
export type Waiting =
  | { on: "message"; from: string | null; until: number | null }
  | { on: "approval"; id: string }
  | { on: "timer"; until: number }
  /** `pids`: until all of these have ended. */
  | { on: "child"; pid: Pid | null; pids?: Pid[] }
  | { on: "budget"; id: string };

/** How an entity ended. */
export interface Outcome {
  kind: "done" | "failed" | "killed";
  text: string;
  /** Who ended it, where somebody did; old journals have that in the text only. */
  by?: string;
  /** When the task was done more than once: how many of how many attempts came to this result. */
  votes?: Votes;
  /** Why it failed, in facts, where the text is the kernel's own. */
  told?: Told;
}

/** How many of how many attempts came to the same result. */
export interface Votes {
  for: number;
  of: number;
}

/** A message that waits for the end of the task. */
export interface Drafted {
  id: string;
  to: string;
  text: string;
  /** Joined label of what it was made from. */
  label: Label;
}

/** One attempt at a task that is done more than once (scheduler/attempt.ts). */
export interface Attempt {
  /** What it was believed to have come to; null when it came to nothing. */
  done: {
    answer: string;
    /** The same for results that mean the same (syscall/print.ts). */
    print: string;
    /** Messages that it wanted sent. */
    drafts: Drafted[];
    label: Label;
    /** True when something looks wrong about it: it counts only where there is nothing better. */
    doubt?: boolean;
  } | null;
  /** Why it came to nothing; its answer when it was done. */
  why: string;
  /** The same in facts, where it is the kernel that says it. */
  told?: Told;
  /** What was plainly missing, in sentences: the next attempt is told. */
  missing: string[];
  /** Places in the entity's stream of the records whose changes of files it left. */
  of: number[];
}

/** What an entity may use, or has used. */
export interface Budget {
  /** Evaluated input and output, in tokens. */
  tokens: number;
  /** Milliseconds in turns; waiting is free. */
  activeMs: number;
  deviceCalls: number;
  children: number;
}

/** A system call whose effect has begun and has no result yet. */
export interface OpenCall {
  id: string;
  name: string;
  args: Record<string, unknown>;
  /** Device operation behind it, when there is one. */
  operation: string | null;
  /** The grant of which this call is one use. */
  spends?: string;
  /** What the operation noted before the effect, for recovery; of a `say` who has heard it, once somebody has. */
  prepared: Record<string, unknown> | null;
}

/** A further call of the same answer, which has not begun yet. */
export interface NextCall {
  id: string;
  name: string;
  args: Record<string, unknown>;
  operation: string;
  /** Hash of the action, so that it is not said again. */
  action: string;
  /** Pages from this id on were not in the window that it was made from. */
  saw: number;
  /** A person said yes to exactly this. */
  approved?: true;
}

/** The id of a call of an entity: of its turn, and of its place among the calls of one answer. */
export const toCallId = (pid: Pid, turn: number, place = 1): string =>
  place === 1 ? `${pid}.${turn}` : `${pid}.${turn}.${place}`;

/** Whether a call was not the first of its answer. */
export const isNext = (id: string): boolean => id.split(".").length > 2;

/** A system call that waits for a person's yes. */
export interface HeldCall extends Omit<OpenCall, "prepared"> {
  /** Further calls of the same operation that the same yes is for. */
  also?: NextCall[];
  approval: string;
  /** True when it may have happened already, before a crash. */
  inDoubt: boolean;
  /** What the person answered, once known. */
  answer: "approved" | "denied" | "expired" | null;
}

/** One process. */
export interface Entity {
  // fixed when it is spawned
  readonly pid: Pid;
  readonly name: string;
  readonly program: string;
  readonly task: string;
  readonly parent: Pid | null;
  /** The person on whose behalf it works. */
  readonly owner: string;
  readonly model: string | null;
  readonly folder: string;
  readonly home: string;
  readonly cause: string | null;
  /** The thread of the workplace in which it works, null for one that was started without. */
  readonly thread: string | null;
  /** How often its task may be done, to compare; once unless all its calls can be taken back. */
  readonly redundancy: number;
  readonly spawnedAt: number;
  /** The budget with which it began; `budget` may be raised. */
  readonly given: Budget;

  // durable: changed only by events of the journal
  class: Class;
  nice: number;
  state: "ready" | "waiting" | "ended";
  paused: boolean;
  waiting: Waiting | null;
  outcome: Outcome | null;
  shares: Share[];
  capabilities: Capability[];
  /** What people wrote to it, the last of it: the values in it are theirs. */
  words: string[];
  budget: Budget;
  used: Budget;
  children: Pid[];
  pages: Page[];
  nextPage: number;
  turn: number;
  /** Turns in a row without an accepted action. */
  badTurns: number;
  open: OpenCall | null;
  held: HeldCall | null;
  /** What else it said in its last answer, in order: done before it is asked again. */
  next: NextCall[];
  /** Ids of the last messages it got, so that none is delivered twice. */
  heard: string[];
  /** How often it began anew from a clean window. */
  freshStarts: number;
  /** How many device calls in a row came to the same result, and that result (shortened). */
  sameResults: number;
  lastResult: string;
  /** Whether the last call that ended succeeded. */
  lastOk: boolean;
  /** Hash of each of the last actions, to refuse a repeated one. */
  recent: string[];
  /** Times of the restarts after a crash in its turn, since a call last came to its end. */
  restarts: number[];
  /** Messages to and from others in a row, with nothing done and no person heard in between. */
  chatter: number;
  /** True when it was told that it only talks. */
  hushed: boolean;
  /** Pages that left its window so long ago that they are known to the disk only: how many, and their joined label. */
  gone: { count: number; label: Label } | null;
  /** Bits that texts could choose in values it had read for it. */
  readBits: number;
  /** Joined label of all it has ever seen, from its end on: its last words are made from that. */
  endLabel: Label | null;
  /** Place in the journal of its end, 0 while it lives. */
  endedSeq: number;
  /** Files of its folder that it changed, the last of them: what a result in a thread speaks of. */
  changed: FileRef[];
  /** The attempts at its task that have ended, since a person last said something. */
  attempts: Attempt[];
  /** Messages of this attempt, which are sent when it is the one that counts; from the end on those not yet heard. */
  drafts: Drafted[];
  /** True between two attempts: what the last one did is to be taken back, or chosen. */
  between: boolean;
  lastAt: number;
}

/** What a child counts as used for its parent: all that it was given, and from its end on what it used of that. */
export function toCharge({ state, given, used }: Entity): Pick<Budget, "tokens" | "deviceCalls"> {
  if (state !== "ended") return { tokens: given.tokens, deviceCalls: given.deviceCalls };
  const least = (key: "tokens" | "deviceCalls") => Math.min(given[key], used[key]);
  return { tokens: least("tokens"), deviceCalls: least("deviceCalls") };
}

/** State for people: what `ps` shows. `running` is known to the scheduler alone. */
export function toStateName(entity: Entity): string {
  if (entity.state === "ended") return entity.outcome?.kind ?? "ended";
  if (entity.paused) return "paused";
  if (entity.state === "waiting") return `waiting(${entity.waiting?.on})`;
  return "ready";
}

/** True when the entity may take a turn now. */
export function isRunnable(entity: Entity): boolean {
  return entity.state === "ready" && !entity.paused;
}
