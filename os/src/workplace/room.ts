// What the parts of the workplace are made from, and the few look-ups that all of them need.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Hum } from "../boot.ts";
import type { Channel } from "../entity/conversation.ts";
import type { Entity, Pid } from "../entity/entity.ts";
import type { ThreadRow, Work } from "../entity/work.ts";
import { HumError } from "../error.ts";
import type { WorkLook } from "./api.ts";
import type { Posts } from "./posts.ts";
import type { FolderWatch } from "./triggers.ts";

/** What a workplace is made from: a machine, and what only it needs. */
export interface Room extends Omit<Hum, "onStop" | "stop"> {
  posts: Posts;
  version: string;
  /** Tells when files of a folder changed; without it file triggers never fire. */
  watchFolder: FolderWatch | null;
  /** How the model in use stands. */
  model(): WorkLook["model"];
  onError(error: unknown): void;
}

/** Everything about channels, threads and triggers. */
export const workOf = (room: Room): Work => room.ledger.state.work;

/** The channel of that id. Throws `not-found`. */
export function findChannel(room: Room, id: string): Channel {
  const channel = workOf(room).channels.get(id);
  if (!channel) throw new HumError("not-found", `There is no channel "${id}".`);
  return channel;
}

/** The thread of that id. Throws `not-found`. */
export function findThread(room: Room, id: string): ThreadRow {
  const thread = workOf(room).threads.get(id);
  if (!thread) throw new HumError("not-found", `There is no thread "${id}".`);
  return thread;
}

/** The entity of that pid. Throws `not-found`. */
export function findEntity(room: Room, pid: Pid): Entity {
  return room.inbox.find(pid);
}

/** All entities that work or worked in a thread, the oldest first. */
export function entitiesOf(room: Room, thread: ThreadRow): Entity[] {
  return thread.pids.flatMap((pid) => room.ledger.state.entities.get(pid) ?? []);
}

/** Those that work in it. */
export function livingIn(room: Room, thread: ThreadRow): Entity[] {
  return room.ledger.state.register.inThread(thread.id);
}

/** Where the shared folder of a thread lies when no entity was given another. */
export function toThreadFolder(room: Room, thread: string): string {
  return join(room.home, "threads", thread);
}

/** True for two names of one person or program. */
export function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A text that must not be empty or too long. */
export function toText(text: string, what: string, bytes: number): string {
  if (typeof text !== "string" || text.trim() === "")
    throw new HumError("bad-input", `The ${what} is empty.`);
  const size = Buffer.byteLength(text);
  if (size > bytes)
    throw new HumError(
      "bad-input",
      `The ${what} has ${Math.ceil(size / 1024)} kB, more than the ${Math.floor(bytes / 1024)} kB that fit.`,
    );
  return text;
}

/** The id of a post that is written with a key: twice the same is once. */
export function toKeyId(by: string, key: string): string {
  const hash = createHash("sha256").update(`${by.toLowerCase()} ${key}`).digest("hex");
  return `k${hash.slice(0, 24)}`;
}
