// What follows from a post: the colleagues that it calls hear of it, or are started in its thread. The state knows which
// posts still wait for a reaction (entity/work.ts); a reaction carries the post's id, as the cause of an entity or as a
// message, and the record that makes it durable also takes the post off that list. So after a stop at any moment each
// post is answered once.
//
//   somebody works for that program in the thread    it hears the post, and wakes if it waits for a message
//   nobody does                                       an entity of the program is started, with what was said before

import type { Told } from "../entity/conversation.ts";
import type { Entity } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import { type Pending, type ThreadRow, toCause } from "../entity/work.ts";
import { toChannelStream } from "../entity/work-events.ts";
import { HumError, toMessage } from "../error.ts";
import { haltedText } from "../inbox/spawn.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { toLabel } from "../memory/label.ts";
import { livingIn, type Room, toThreadFolder, workOf } from "./room.ts";
import { toSaidBefore } from "./said-before.ts";

/** The reactions. */
export interface Reactions {
  /** Takes up what a stop has left, and from now on reacts. */
  start(): void;
  take(record: JournalRecord): void;
  /** Reacts no more; what is under way (a model that is being fetched) is not waited for. */
  stop(): void;
}

/** Tries of one reaction: who was to hear may have ended in the meantime. */
const tries = 4;

/** Makes the reactions of a workplace. */
export function createReactions(room: Room): Reactions {
  /** The work in each thread, one after the other. */
  const queues = new Map<string, Promise<void>>();
  let started = false;

  const enqueue = (pending: Pending) => {
    const before = queues.get(pending.thread) ?? Promise.resolve();
    const work = before
      .then(() => (started ? answer(room, pending.post) : undefined))
      .catch((error) => {
        // What a stop cuts off is taken up at the next start.
        if (started && !HumError.is(error, "interrupted")) room.onError(error);
      })
      .finally(() => {
        if (queues.get(pending.thread) === work) queues.delete(pending.thread);
      });
    queues.set(pending.thread, work);
  };

  return {
    start() {
      started = true;
      for (const pending of workOf(room).pending.values()) enqueue(pending);
    },
    take(record) {
      if (!started || (record.type !== "post.written" && record.type !== "trigger.fired")) return;
      const { id, post } = record.data as { id: string; post?: string };
      const pending = workOf(room).pending.get(post ?? id);
      if (pending) enqueue(pending);
    },
    stop() {
      started = false;
    },
  };
}

async function answer(room: Room, post: string): Promise<void> {
  for (let tried = 0; tried < tries; tried++) {
    const pending = workOf(room).pending.get(post);
    if (!pending) return;
    for (const want of [...pending.wants]) {
      try {
        await answerOne(room, pending, want);
      } catch (error) {
        if (HumError.is(error, "interrupted")) throw error;
        if (!HumError.is(error) || error.code === "bug") room.onError(error);
        const name = want || workOf(room).threads.get(pending.thread)?.delegate || "The colleague";
        const words = toMessage(error);
        const what = words === haltedText ? "halted" : "unbegun";
        await giveUp(room, pending, want, { what, name, words });
      }
    }
  }
  const left = workOf(room).pending.get(post);
  for (const want of left?.wants ?? []) await giveUp(room, left as Pending, want, { what: "unreached" });
}

async function answerOne(room: Room, pending: Pending, want: string): Promise<void> {
  const thread = workOf(room).threads.get(pending.thread);
  if (!thread) throw new HumError("not-found", `There is no thread ${pending.thread}.`);
  if (room.ledger.state.halted) throw new HumError("denied", haltedText);
  const hearer = findHearer(room, thread, want);
  if (hearer) return deliver(room, hearer, pending);
  const program = want || thread.delegate;
  if (!program) throw new HumError("not-found", "Nobody works in this thread; mention a colleague.");
  await begin(room, { pending, thread, program, want });
}

// Who of those at work is to hear: one of the program, or, when nobody is named, whoever asked last, else the one that
// the thread is delegated to.
function findHearer(room: Room, thread: ThreadRow, want: string): Entity | undefined {
  const living = livingIn(room, thread);
  if (want !== "") return living.findLast((entity) => entity.program === want);
  const asking = living.filter((entity) => entity.waiting?.on === "message");
  const root = living.find((entity) => entity.pid === thread.pid);
  return asking.sort((a, b) => a.lastAt - b.lastAt).at(-1) ?? root ?? living.findLast(isRoot);
}

const isRoot = (entity: Entity) => entity.parent === null;

async function deliver(room: Room, entity: Entity, pending: Pending): Promise<void> {
  const { post: id, by: from, text } = pending;
  if (entity.heard.includes(id)) return;
  const files = room.posts.get(id)?.files ?? [];
  const more = files.length > 0 ? `\nFiles: ${files.map((file) => file.path).join(", ")}` : "";
  const pages = await room.machine.toPages(entity, [
    {
      kind: "dialogue",
      role: "user",
      label: toLabel("person"),
      text: `${from} says: ${text}${more}${toWaking(room, entity)}`,
    },
  ]);
  await room.machine.commit(toStream(entity.pid), [
    toEvent("message.delivered", { pid: entity.pid, id, from, text, pages, post: id }),
  ]);
}

// Whoever is woken out of another wait is told so, because its last call says that it has waited.
function toWaking(room: Room, { waiting }: Entity): string {
  if (waiting?.on === "timer") return "\n(This woke you before your time.)";
  if (waiting?.on !== "child") return "";
  if (waiting.pids)
    return "\n(This woke you; your colleagues are still at work, and after your answer you wait for them on.)";
  const child = waiting.pid === null ? undefined : room.ledger.state.entities.get(waiting.pid);
  const who = child ? `${child.name} (pid ${child.pid})` : "Your colleague";
  return `\n(This woke you; ${who} is still at work. Wait again when you need the answer.)`;
}

async function begin(
  room: Room,
  from: { pending: Pending; thread: ThreadRow; program: string; want: string },
): Promise<void> {
  const { pending, thread, program, want } = from;
  const folder = await room.folders.make(thread.folder ?? toThreadFolder(room, thread.id));
  const files = room.posts.get(pending.post)?.files ?? [];
  const more = files.length > 0 ? `\nFiles: ${files.map((file) => file.path).join(", ")}` : "";
  await room.spawner.start({
    task: toTask(pending.text, program) + more,
    owner: pending.by,
    ...{ program, folder, class: "interactive", thread: thread.id },
    cause: toCause(pending.post, want),
    context: toSaidBefore(room, thread, pending),
  });
}

function toTask(text: string, program: string): string {
  const start = new RegExp(`^\\s*@${program}(?![\\p{L}\\p{N}_-])[\\s,:]*`, "iu");
  return text.replace(start, "") || text;
}

async function giveUp(
  room: Room,
  { post, channel, thread }: Pending,
  want: string,
  told: Told,
): Promise<void> {
  const { name, words } = told;
  const why = name ? `${name} could not begin: ${words}` : "Nobody could be reached; write again.";
  await room.machine.commit(toChannelStream(channel), [
    toEvent("post.settled", { id: post, channel, thread, want, why, told }),
  ]);
}
