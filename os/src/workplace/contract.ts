// The contract between the workplace's server and its browser half: what conversations, tasks and control look like.
// Types only, all JSON-safe; the browser imports this file as it is.
//
// The conversation is a fold over the journal, like everything else: what people write is an event of its own
// (`post.written`), and what entities do shows by itself (`message.sent`, `entity.spawned`, `entity.ended`, an approval)
// in the thread in which they work. Nothing is written twice, so nothing can be half written.
//
// Words
//   channel   a place: a channel that all members see, or a direct line between a person and one program
//   post      one message in a channel or thread
//   thread    a post with its replies; a thread that a colleague works in is a task. Its id is the id of its first post.
//   colleague a program that can be mentioned; mentioned in a post, it starts an entity that works in that thread

import type { Post, Told } from "../entity/conversation.ts";
import type { Class, Outcome, Pid, Waiting } from "../entity/entity.ts";

export type { Author, Channel, FileRef, Post, PostKind, Told, Trigger } from "../entity/conversation.ts";
export type { Reason } from "../entity/reason.ts";

/** States of a task, as Linear defines them for agents. `open`: a thread that is no task. */
export type TaskState = "open" | "pending" | "active" | "awaitingInput" | "error" | "complete" | "stale";

/** A thread. A direct line is one conversation: its thread has the id of its channel, and its posts stand in the channel. */
export interface Thread {
  id: string;
  channel: string;
  title: string;
  state: TaskState;
  /** The person who began it. */
  owner: string;
  /** The colleague it is delegated to, null when none works on it. */
  delegate: string | null;
  /** The entity that works for it now or worked last (the first of its tree), null when none did. */
  pid: Pid | null;
  /** Folder that all entities of this thread share; files in it are the files of the task. */
  folder: string | null;
  resolved: boolean;
  resolvedBy: string | null;
  openedAt: number;
  lastAt: number;
  lastSeq: number;
  replies: number;
  /** Names of all who wrote in it, in order of their first post. */
  writers: string[];
}

/** A page of posts, oldest first. */
export interface PostPage {
  posts: Post[];
  /** True when there are posts before the first or after the last. */
  before: boolean;
  after: boolean;
  /** Number of posts in the place and the index of the first one of this page, for a virtual list. */
  total: number;
  first: number;
  /** Threads that begin with a post of this page; of a direct line, its own. */
  threads: Thread[];
  /** Of a thread: its first post. Null for a channel. */
  root: Post | null;
}

/** Something that needs a person, or that they have not seen: a row of the inbox, newest activity first. */
export interface InboxItem {
  id: string;
  kind: "approval" | "question" | "mention" | "result" | "direct" | "trouble";
  /** Both of the next two in one English line. */
  title: string;
  /** Who wrote it or asks. */
  name: string;
  /** Where it was written: the name of the thread or channel; of an approval, what it is asked for. */
  place: string;
  text: string;
  at: number;
  seq: number;
  unread: boolean;
  /** True while it cannot go on without the person. */
  needsYou: boolean;
  channel: string | null;
  thread: string | null;
  approval: string | null;
  pid: Pid | null;
  /** What the kernel says here, in facts, where the text is its own words. */
  told?: Told;
}

/** A program as people see it. */
export interface ProgramInfo {
  name: string;
  description: string;
  tools: string[];
  /** True when it is shipped with Hum, false when a person wrote it. */
  shipped: boolean;
  /** The whole PROGRAM.md. */
  text: string;
  /** Why it cannot be used, when its text is wrong. */
  wrong: string | null;
}

/** One entity in the process monitor. */
export interface ProcessRow {
  pid: Pid;
  parent: Pid | null;
  name: string;
  program: string;
  task: string;
  owner: string;
  thread: string | null;
  class: Class;
  nice: number;
  /** `running`, `queued`, `preempted`, `waiting(child)`, `paused`, `done` … */
  shown: string;
  ended: boolean;
  paused: boolean;
  waiting: Waiting | null;
  outcome: Outcome | null;
  model: string | null;
  spawnedAt: number;
  lastAt: number;
  turn: number;
  tokens: number;
  budgetTokens: number;
  activeMs: number;
  budgetActiveMs: number;
  deviceCalls: number;
  budgetDeviceCalls: number;
  children: number;
  budgetChildren: number;
  windowTokens: number;
  windowPages: number;
  /** Milliseconds since it last came a step further, null when it has ended or waits. */
  noProgressMs: number | null;
  /** Why it does not run, in one sentence. */
  why: string;
}

/** One page of an entity's window. */
export interface MemoryPage {
  id: number;
  kind: string;
  role: "system" | "user" | "assistant";
  title: string;
  tokens: number;
  integrity: Post["integrity"];
  origins: string[];
  /** In the window now; else on disk, to be recalled. */
  resident: boolean;
  pinned: boolean;
  /** Turn in which it was last used. */
  lastUse: number;
  text?: string;
}

/** One bar of the timeline of an entity: a turn of the model, a call, a wait. Times are milliseconds since 1970. */
export interface TimelineBar {
  pid: Pid;
  kind: "model" | "call" | "wait" | "refused";
  name: string;
  from: number;
  /** Null while it lasts. */
  to: number | null;
  ok: boolean;
  /** One line: what was said or done. */
  text: string;
  tokens?: number;
  cached?: number;
  seq: number;
}

/** What has happened since a person last looked, for the home page. */
export interface Digest {
  since: number;
  /** A few plain sentences, newest first. */
  lines: {
    text: string;
    at: number;
    thread: string | null;
    pid: Pid | null;
    /** The facts behind the sentence, to say it in another language. */
    kind: "asks" | "running" | Outcome["kind"];
    name: string;
    /** Time at work, and files that were changed. */
    seconds: number;
    files: number;
  }[];
  needsYou: number;
  running: number;
  done: number;
  failed: number;
}

/** A yes that reaches further than once: an operation and the hosts that it may reach, until it is taken back. */
export interface Grant {
  /** Id of the approval that it answered. */
  id: string;
  scope: "thread" | "standing";
  thread: string | null;
  /** The program that has it, where it is standing. */
  program: string;
  operation: string;
  hosts: string[];
  owner: string;
  by: string;
  at: number;
}

/** Numbers of the whole machine. */
export interface Counters {
  /** Bytes that left the machine, and where to. */
  egressBytes: number;
  egressHosts: { host: string; bytes: number; requests: number }[];
  tokensPerMinute: number;
  modelCalls: number;
  journalSeq: number;
  uptimeMs: number;
}
