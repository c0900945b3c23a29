// Events of the workplace: what people write and decide in it. What entities do in a thread has no event of its own here:
// it shows by itself (post.ts).

import type { Capability } from "./authority.ts";
import type { FileRef, Told, Trigger } from "./conversation.ts";
import type { Pid } from "./entity.ts";

/** What is set when a trigger is saved. */
export type TriggerSetting = Pick<
  Trigger,
  "id" | "name" | "when" | "program" | "task" | "channel" | "enabled" | "owner"
>;

/** Payload by event type. */
export interface WorkEvents {
  "channel.created": {
    id: string;
    kind: "channel" | "direct";
    name: string;
    about: string;
    members: string[];
    by: string;
  };
  "channel.changed": { id: string; name?: string; about?: string; archived?: boolean; by: string };
  /** Words of a person. `wants` are the programs that are to hear of it; "" is whoever works in the thread. */
  "post.written": {
    id: string;
    channel: string;
    /** The thread that it replies in; null where it stands in the channel itself. */
    thread: string | null;
    by: string;
    text: string;
    mentions: string[];
    files: FileRef[];
    wants: string[];
    key: string | null;
  };
  "post.edited": { id: string; channel: string; text: string; mentions: string[]; by: string };
  "post.deleted": { id: string; channel: string; by: string };
  "post.reacted": { id: string; channel: string; emoji: string; by: string; on: boolean };
  /** A wish of a post that could not be met, and why. */
  "post.settled": { id: string; channel: string; thread: string; want: string; why: string; told?: Told };
  /** A thread begins; its id is that of its first post, or of the direct line that it is. */
  "thread.opened": {
    id: string;
    channel: string;
    title: string;
    owner: string;
    delegate: string | null;
    trigger: string | null;
    /** Where it works, when that is another folder than its own. */
    folder: string | null;
  };
  "thread.changed": { id: string; channel: string; title?: string; resolved?: boolean; by: string };
  /** What a person has seen: up to which record in each place, and single rows of the inbox. */
  "seen.marked": {
    by: string;
    places: Record<string, number>;
    ids: string[];
    until: number | null;
    /** Rows of the inbox that the person wants to see as new again. */
    unread?: string[];
  };
  "trigger.saved": TriggerSetting & { by: string };
  "trigger.removed": { id: string; by: string };
  /** A trigger starts work: `post` is the first post of the thread that it opens. */
  "trigger.fired": {
    id: string;
    post: string;
    name: string;
    channel: string;
    program: string;
    task: string;
    owner: string;
    why: string;
    /** How far what it answers to reaches: the seq of a post, or for files a time; null for other kinds. */
    answers: number | null;
    /** The post that it answers to. */
    about: string | null;
  };
  "program.saved": { name: string; by: string; hash: string };
  "program.removed": { name: string; by: string };
  /** Two entities only talk to each other: what they say wakes nobody any more. */
  "talk.stopped": { pid: Pid; with: Pid };
  /** A yes that reaches further than once: those who start later get it too. */
  "grant.given": {
    id: string;
    scope: "thread" | "standing";
    thread: string | null;
    program: string;
    owner: string;
    capability: Capability;
    at: number;
    by: string;
  };
  /** It is taken back, from every entity that has it. */
  "grant.revoked": { id: string; by: string };
  "page.pinned": { pid: Pid; id: number; pinned: boolean; by: string };
}

/** Stream of a channel, its posts and threads. */
export const toChannelStream = (id: string): string => `channel/${id}`;

/** Stream of what belongs to the workplace as a whole. */
export const workStream = "workplace";
