// The shapes of conversations that the state and the workplace share: who writes, where, what a post is, what starts work
// by itself. Types only, all JSON-safe; people and programs see them through workplace/contract.ts.

import type { Outcome, Pid, Votes } from "./entity.ts";
import type { Reason } from "./reason.ts";

/** Who wrote a post. */
export type Author =
  | { kind: "person"; name: string }
  | { kind: "entity"; name: string; program: string; pid: Pid }
  | { kind: "kernel"; name: "Hum" };

/** A place. The id of a direct line is `dm-<program>-<person>`, that of a channel its slug. */
export interface Channel {
  id: string;
  kind: "channel" | "direct";
  name: string;
  about: string;
  /** Names of people and programs. A direct line has exactly one of each. */
  members: string[];
  createdAt: number;
  createdBy: string;
  archived: boolean;
  /** Posts outside threads, without replies. */
  posts: number;
  lastAt: number;
  lastSeq: number;
}

/** A file that a post speaks of; `path` is relative to the thread's folder. */
export interface FileRef {
  path: string;
  bytes: number | null;
  /** What happened to it, when the post tells of a change. */
  change?: "new" | "changed" | "gone";
}

/** What a post is. */
export type PostKind =
  /** Words of a person or an entity. */
  | "text"
  /** A question of an entity that waits for an answer. */
  | "question"
  /** The end of an entity's work: its answer, or why it failed. */
  | "result"
  /** One quiet line: somebody was started, handed over a file, was stopped. */
  | "status"
  /** An effect that waits for a yes; `approval` is its id. */
  | "approval";

/** What the kernel says, in facts, so that a page can say it in the language of the person; `text` of the post is English. */
export interface Told {
  what:
    | ("asked" | "stopped" | "wish" | "budget" | "yes" | "no" | "expired")
    | ("unbegun" | "unreached" | "chatter" | "failing" | "halted")
    // Why a task came to nothing: no action helped, the model gave no answer, nobody gave more budget.
    | ("stuck" | "mute" | "spent");
  /** Of whom it speaks: an entity or a person. */
  name?: string;
  /** The other one, or what it is about: an operation. */
  other?: string;
  /** Words of somebody else, or the reason where it is not known in facts. */
  words?: string;
  /** Why something waits for a yes. */
  reasons?: Reason[];
}

/** One message. `seq` is its place in the journal and orders all posts; `id` is unique and stable. */
export interface Post {
  id: string;
  seq: number;
  channel: string;
  /** Null for a post that stands in the channel itself (it may be the first of a thread). */
  thread: string | null;
  kind: PostKind;
  from: Author;
  text: string;
  at: number;
  editedAt: number | null;
  deleted: boolean;
  /** Names written with @ that are members or programs. */
  mentions: string[];
  files: FileRef[];
  /** The weakest trust of what went into it (memory/label.ts). */
  integrity: "person" | "kernel" | "entity" | "untrusted";
  /** The untrusted places of which something went into it. */
  origins?: string[];
  /** Facts for `result`: how it ended and what it cost. */
  outcome?: Outcome["kind"];
  /** How many attempts came to it, when there was more than one. */
  votes?: Votes;
  usage?: { tokens: number; activeMs: number; deviceCalls: number };
  approval?: string;
  /** For `status` about a child: the child. */
  child?: Pid;
  /** What the kernel says here, where it is the kernel's own words. */
  told?: Told;
  /** Reactions: emoji to names. */
  reactions: Record<string, string[]>;
}

/** What starts work by itself. */
export interface Trigger {
  id: string;
  name: string;
  /** `cron`: five fields, local time. `file`: a folder and a glob. `message`: a channel and a text or /regex/. */
  when:
    | { kind: "cron"; cron: string }
    | { kind: "file"; folder: string; glob: string }
    | { kind: "message"; channel: string; contains: string };
  program: string;
  task: string;
  channel: string;
  owner: string;
  enabled: boolean;
  lastAt: number | null;
  nextAt: number | null;
  runs: number;
  lastOutcome: Outcome["kind"] | null;
}
