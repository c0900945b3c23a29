// The door: everything a person can do with a machine, as one interface. Commands are written against it once and do
// not know whether the machine is in this process (local-door.ts) or in another (remote-door.ts). Everything that goes
// through it is JSON-safe.
//
// A reader is the part that needs no machine at all: it folds the journal and takes no lock.

import type { Class, Entity, Pid } from "../entity/entity.ts";
import type { Approval, Mail } from "../entity/events.ts";
import type { FactRow, Forgotten } from "../inbox/remembered.ts";
import type { TaskRequest } from "../inbox/spawn.ts";
import type { UndoReport } from "../inbox/undo.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { Found } from "../memory/archive.ts";
import type { Label } from "../memory/label.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import type { JobState } from "../scheduler/scheduler.ts";

/** One entity as listings show it. */
export interface EntityRow extends Omit<Entity, "pages" | "heard" | "recent" | "restarts"> {
  /** For people: `running`, `queued`, `waiting(message)`, `done` … */
  shown: string;
  /** Tokens of the resident pages. */
  windowTokens: number;
}

/** Who runs a machine: `hum start`, an attached `hum ask`, or a command for the moment of one verb. */
export interface MachineInfo {
  pid: number;
  kind: "daemon" | "ask" | "verb";
  since: number;
  /** Port of the workplace's server, where one listens. */
  port?: number;
}

/** The whole machine at one moment. */
export interface Look {
  /** Null when no machine is at work. */
  machine: MachineInfo | null;
  seq: number;
  halted: boolean;
  entities: EntityRow[];
  approvals: Approval[];
  mail: Mail[];
  jobs: JobState[];
}

/** Looks without a lock. */
export interface Reader {
  look(): Promise<Look>;
  /** One entity with its pages. Throws `not-found`. */
  entity(pid: Pid): Promise<Entity>;
  close(): Promise<void>;
}

/** Which events a follower wants: those of one entity and all it started, or with null of all. */
export interface FollowRequest {
  pid: Pid | null;
  /** Records after this seq come first. */
  from: number;
}

/** What a follower gets. `bye` is the last: the machine stops, or (`lost`) it died. */
export type DoorEvent =
  | { kind: "record"; record: JournalRecord }
  | { kind: "live"; live: LiveEvent }
  | { kind: "bye"; why: Bye };

/** Why a machine is gone: `finished` and `lost` invite another to go on with the work, `stopped` does not. */
export type Bye = "finished" | "stopped" | "lost";

/** The verbs of people, and following. Errors are HumErrors, as the inbox throws them. */
export interface Door extends Reader {
  readonly machine: MachineInfo;
  task(request: TaskRequest): Promise<Entity>;
  /** Says something; `label` when the words are not the person's own. */
  say(to: Pid, from: string, text: string, label?: Label): Promise<void>;
  pause(pid: Pid, by: string): Promise<void>;
  resume(pid: Pid, by: string): Promise<void>;
  kill(pid: Pid, by: string): Promise<void>;
  killAll(by: string): Promise<number>;
  /** Lifts the stop of everything; false when nothing was stopped. */
  unhalt(by: string): Promise<boolean>;
  renice(pid: Pid, to: { class?: Class; nice?: number }): Promise<void>;
  /** Takes an operation back from an entity, and from all that it passed it on to. */
  revoke(pid: Pid, operation: string, by: string): Promise<void>;
  /** Lets an entity search and recall what another one remembers, or takes that back. */
  shareMemory(share: { of: Pid; with: Pid; by: string; off?: boolean }): Promise<void>;
  /** Starts a second entity with the same window. */
  fork(pid: Pid): Promise<Entity>;
  answer(id: string, answer: "approved" | "denied", by: string): Promise<Approval>;
  /** Marks messages as read. */
  read(ids: readonly string[], by: string): Promise<void>;
  /** Takes the last changes of files back; pid null is the entity that changed files last. */
  undo(pid: Pid | null, how: { by: string; force: boolean }): Promise<UndoReport>;
  /** Finds pages that left the windows of all entities, best first. */
  search(words: string, limit: number): Promise<Found[]>;
  /** Text of a page that is or was in an entity's window, null when there is none. */
  pageText(pid: Pid, page: number): Promise<string | null>;
  /** What is remembered of people and projects (inbox/remembered.ts). */
  facts(by: string, which?: { about?: string; past?: boolean }): Promise<FactRow[]>;
  tellFact(by: string, about: string, text: string): Promise<FactRow[]>;
  correctFact(by: string, id: string, to: { relation?: string; value?: string }): Promise<FactRow>;
  forgetFacts(by: string, which: { ids: readonly string[] } | { about: string }): Promise<Forgotten>;
  shareFacts(by: string, to: { with: Pid; about?: string; off?: boolean }): Promise<void>;
  /** Takes the devices that other programs give as the settings of the home say now. */
  reload(): Promise<void>;
  /** Asks the machine to stop; it is gone some time after this resolves. */
  stop(): Promise<void>;
  follow(request: FollowRequest, signal: AbortSignal): AsyncIterable<DoorEvent>;
}

/** The calls that go through a socket as they are: arguments in, one value out. */
export const doorVerbs = [
  "look",
  "entity",
  "task",
  "say",
  "pause",
  "resume",
  "kill",
  "killAll",
  "unhalt",
  "renice",
  "revoke",
  "fork",
  "shareMemory",
  "answer",
  "read",
  "undo",
  "search",
  "pageText",
  "facts",
  "tellFact",
  "correctFact",
  "forgetFacts",
  "shareFacts",
  "reload",
  "stop",
] as const;

/** Name of such a call. */
export type DoorVerb = (typeof doorVerbs)[number];

/** A verb without its types: what the wire carries. */
export type AnyVerb = (...args: unknown[]) => Promise<unknown>;
