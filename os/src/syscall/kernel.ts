// What the kernel offers to system calls: the short list of doors between a call and the rest of the machine. It is
// implemented in boot.ts, so that this room needs nothing above it.

import type { Budget, Class, Entity, Outcome, Pid, Waiting } from "../entity/entity.ts";
import type { HumEvent } from "../entity/events.ts";
import type { State } from "../entity/state.ts";
import type { Found } from "../memory/archive.ts";
import type { Fact } from "../memory/fact.ts";
import type { Label } from "../memory/label.ts";
import type { Field } from "./extract.ts";

/** How a child is started. */
export interface SpawnRequest {
  program: string;
  task: string;
  parent: Pid | null;
  cause: string | null;
  class?: Class;
  budget?: Partial<Budget>;
  /** It gets one of so many parts of what is left to its parent; one of two unless told. */
  parts?: number;
}

/** What one entity says to another. `quiet`: it wakes nobody. */
export interface Spoken {
  id: string;
  from: string;
  sender: Pid;
  text: string;
  label: Label;
  quiet: boolean;
}

/** The doors. */
export interface KernelDoors {
  readonly state: State;
  /** Milliseconds since 1970. */
  now(): number;
  /** Starts an entity; a second request with the same cause finds the first. Throws `bad-input` or `denied`. */
  spawn(request: SpawnRequest): Promise<Pid>;
  /** Gives a message to an entity; a second one with the same id is dropped. */
  deliver(to: Pid, message: Spoken): Promise<void>;
  /** Text of a page that is or was in an entity's window, null when there is none. */
  pageText(pid: Pid, page: number): string | null;
  /** Its label. */
  pageLabel(pid: Pid, page: number): Label | null;
  search(words: string, pids: readonly Pid[]): Promise<Found[]>;
  /** Those of the facts that answer to the words, best first. */
  searchFacts(words: string, facts: readonly Fact[]): Promise<Fact[]>;
  /** Takes back what an entity changed in files, for a new attempt; returns the events that say so. */
  takeBack(entity: Entity): Promise<HumEvent[]>;
  /** Makes changes again that were taken back: those of the records at these places of the entity's stream. */
  bringBack(entity: Entity, of: readonly number[]): Promise<HumEvent[]>;
  /** The fingerprint of what an entity has come to (print.ts), and the places of the records that changed files. */
  print(entity: Entity, answer: string): Promise<{ print: string; of: number[] }>;
  /** True when what an entity changes in files can be taken back. */
  readonly undoable: boolean;
  /** Has a text read by a model without calls; throws nothing for what happens outside. */
  readFields(
    entity: Entity,
    from: { source: string; fields: readonly Field[]; id: string; signal: AbortSignal },
  ): Promise<Reading>;
  /** Looks whether what the task visibly asks for is there, before `done` is believed. */
  review(entity: Entity, answer: string, signal: AbortSignal): Promise<Review>;
}

/** What came of reading fields: the values with the label of the text, or why there are none. */
export type Reading =
  | { ok: true; values: string[]; label: Label; tokens: number }
  | { ok: false; why: string };

/** What was found when an entity said that it is done. */
export interface Review {
  /** What the task asks for and is not there, in sentences; empty when nothing is known to be missing. */
  missing: string[];
  /** True when nothing is known to be missing, and something looks wrong. */
  doubt?: boolean;
  /** Parts of the task that nobody has done, for whoever can only give them to others. */
  pieces?: string[];
}

/** What a call came to. */
export type CallOutcome =
  /** The entity goes on and reads `text`. */
  | {
      next: "go-on";
      ok: boolean;
      text: string;
      label: Label;
      events?: HumEvent[];
      recalled?: number;
      notes?: boolean;
    }
  /** The entity waits; `text` is what it reads of the call when it wakes. */
  | { next: "wait"; waiting: Waiting; text: string; events?: HumEvent[] }
  /** The call is not accepted and counts as no action; the entity reads why. */
  | { next: "refuse"; why: string; missing?: readonly string[] }
  /** `doubt`: something looks wrong, without showing that it is. */
  | { next: "end"; outcome: Outcome; doubt?: boolean };

/** The call being executed. */
export interface CallContext {
  entity: Entity;
  /** Id of this call, the same for each repetition. */
  id: string;
  doors: KernelDoors;
  /** Joined label of the whole window: what the entity says is made from all of it. */
  label: Label;
  /** Aborts when the entity is stopped. */
  signal: AbortSignal;
}

/** Executes one call. */
export type Handler = (
  args: Record<string, string>,
  context: CallContext,
) => Promise<CallOutcome> | CallOutcome;
