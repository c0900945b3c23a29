// Every event of the journal with its payload, format 1. State is a fold over these (state.ts); nothing else changes
// it. An event may carry `pages`: pieces of text that enter the entity's window.

import type { Label } from "../memory/label.ts";
import type { NewPage } from "../memory/page.ts";
import type { Capability, Egress, FileChange, Share } from "./authority.ts";
import type { Told } from "./conversation.ts";
import type {
  Attempt,
  Budget,
  Class,
  Drafted,
  HeldCall,
  NextCall,
  OpenCall,
  Outcome,
  Pid,
  Waiting,
} from "./entity.ts";
import type { KnowledgeEvents } from "./knowledge.ts";
import type { Reason } from "./reason.ts";
import type { WorkEvents } from "./work-events.ts";

/** What a person is asked. `payload` is exactly what would be done. */
export interface Approval {
  id: string;
  pid: Pid;
  kind: "effect" | "in-doubt" | "budget";
  /** The operation or the request in one word, e.g. `http.get`. */
  what: string;
  /** Why a person is asked, in English. */
  why: string;
  /** The same in facts; old journals have only the sentence. */
  reasons?: Reason[];
  payload: Record<string, unknown>;
  /** Hash of name and payload; a yes is for exactly this. */
  hash: string;
  askedAt: number;
  expiresAt: number;
}

/** A message to a person. */
export interface Mail {
  id: string;
  to: string;
  from: string;
  pid: Pid | null;
  text: string;
  at: number;
  /** Place in the journal, once it is there. */
  seq?: number;
  /** True when the sender waits for an answer. */
  asks?: boolean;
  /** Joined label of what it was made from; that of an entity unless told. */
  label?: Label;
  /** What the kernel says in it, in facts. */
  told?: Told;
}

/** Payload by event type. */
export interface Events extends WorkEvents, KnowledgeEvents {
  "kernel.booted": { version: string };
  "kernel.stopped": Record<string, never>;
  "kernel.halted": { by: string };
  "kernel.unhalted": { by: string };
  "entity.spawned": {
    pid: Pid;
    name: string;
    program: string;
    task: string;
    parent: Pid | null;
    owner: string;
    model: string | null;
    folder: string;
    home: string;
    class: Class;
    nice: number;
    shares: Share[];
    capabilities: Capability[];
    budget: Budget;
    /** Id of the call that spawned it, so that a repeated call finds its child. */
    cause: string | null;
    /** The thread of the workplace in which it works; old journals have none. */
    thread?: string | null;
    /** How often its task may be done; once in old journals. */
    redundancy?: number;
    /** What people wrote to it; old journals have none, and nothing in them is traced to a person. */
    words?: string[];
    pages: NewPage[];
  };
  "entity.waiting": { pid: Pid; waiting: Waiting };
  "entity.woken": { pid: Pid; why: string; pages?: NewPage[] };
  "entity.paused": { pid: Pid; by: string };
  "entity.resumed": { pid: Pid; by: string };
  "entity.reniced": { pid: Pid; class: Class; nice: number };
  "entity.restarted": { pid: Pid; why: string };
  /** `tells`: what colleagues hear right behind it, each named by its pid. */
  "entity.ended": { pid: Pid; outcome: Outcome; label?: Label; tells?: Drafted[] };
  "budget.raised": { pid: Pid; budget: Partial<Budget>; by: string };
  /** Values that a model without calls read from a text, and how much the text could choose. */
  "values.read": { pid: Pid; bits: number };
  "budget.charged": { pid: Pid; used: Partial<Budget> };
  "capability.granted": { pid: Pid; capability: Capability };
  /** Taken back: these operations, from it and from all that it passed them on to. */
  "capability.revoked": { pid: Pid; operation: string; by: string };
  "turn.said": {
    pid: Pid;
    turn: number;
    model: string;
    usage: { input: number; cached: number; output: number };
    ms: number;
    pages: NewPage[];
    bad: string | null;
    action: string | null;
    egress?: readonly Egress[];
    /** Further calls of the same answer. */
    next?: NextCall[];
  };
  "call.begun": { pid: Pid; call: OpenCall };
  "call.held": { pid: Pid; call: HeldCall };
  "call.ended": {
    pid: Pid;
    id: string;
    name: string;
    ok: boolean;
    pages: NewPage[];
    changes?: readonly FileChange[];
    egress?: readonly Egress[];
  };
  "page.evicted": { pid: Pid; ids: number[]; pages: NewPage[]; why: "full" | "fresh" | "person" | "attempt" };
  /** One attempt at the task is over, and another is to follow or one of them to be chosen. */
  "attempt.ended": { pid: Pid; attempt: Attempt };
  /** What it wants to say; sent when its attempt is the one that counts. */
  "message.drafted": Drafted & { pid: Pid };
  "page.noted": { pid: Pid; pages: NewPage[]; replaces: number[] };
  "approval.asked": Approval;
  "approval.answered": { id: string; pid: Pid; answer: "approved" | "denied" | "expired"; by: string };
  "message.delivered": {
    pid: Pid;
    id: string;
    from: string;
    text: string;
    pages: NewPage[];
    /** The entity that said it, when one did. */
    sender?: Pid;
    /** The post that it is, when it was written in the workplace. */
    post?: string;
    /** Joined label of what it was made from, when an entity said it. */
    label?: Label;
    /** True when it wakes nobody, because only talk came before it. */
    quiet?: boolean;
  };
  "message.sent": Mail;
  "message.read": { ids: string[]; by: string };
  /** More changes of the call before it than one event can carry. */
  "files.changed": { pid: Pid; id: string; changes: readonly FileChange[] };
  "files.undone": { pid: Pid; changes: readonly FileChange[]; of: number[]; by: string };
  /** The changes of these records are about to be made again; `files.changed` says what came of it. */
  "files.returning": { pid: Pid; of: number[] };
}

/** Name of an event. */
export type EventType = keyof Events;

/** An event with the payload that belongs to its type. */
export type HumEvent = { [T in EventType]: { type: T; data: Events[T] } }[EventType];

/** Makes an event. */
export function toEvent<T extends EventType>(type: T, data: Events[T]): { type: T; data: Events[T] } {
  return { type, data };
}

/** Stream of an entity. */
export const toStream = (pid: Pid): string => `entity/${pid}`;

/** Stream of the machine as a whole. */
export const kernelStream = "kernel";

/** Stream of what people write into their memory themselves. */
export const memoryStream = "memory";

/** Stream of messages to a person. */
export const toPersonStream = (name: string): string => `person/${name.toLowerCase()}`;
