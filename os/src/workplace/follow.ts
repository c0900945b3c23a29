// The stream for one tab. A follower keeps no queue of events: it keeps which things changed (a post, a thread, an
// entity), each with the seq of its last change, and reads their present form when it sends them, in the order of those
// seqs. So a slow one costs little, misses nothing, and can come back with the last seq it has seen. What is being
// written at this moment comes the same way (moment.ts), after them.

import type { Entity, Pid } from "../entity/entity.ts";
import { toStream } from "../entity/events.ts";
import { mayBePost } from "../entity/post.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { workLimits } from "../limits.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import type { StreamEvent } from "./api.ts";
import { toInbox } from "./inbox.ts";
import { createMoment, type Listener } from "./moment.ts";
import { isSame, type Room } from "./room.ts";

/** The present form of what changed, null when this person is not to see it. */
export type Present = (by: string, key: string, seq: number) => StreamEvent | null;

/** The stream. */
export interface Following {
  /** Tells followers of a record. */
  take(record: JournalRecord): void;
  live(event: LiveEvent): void;
  /** Something changed without a record, e.g. a task that became stale. */
  touch(key: string): void;
  follow(by: string, since: number, signal: AbortSignal): AsyncIterable<StreamEvent>;
  close(): void;
}

interface Follower {
  by: string;
  /** Seq of the last change of each thing, in the order of those. */
  changed: Map<string, number>;
  moment: Listener;
  /** The machine's trouble was not told yet. */
  trouble: boolean;
  ring(): void;
}

/** Makes the stream. */
export function createFollowing(room: Room, present: Present): Following {
  const followers = new Set<Follower>();
  const { state, journal } = room.ledger;
  let closed = false;

  const note = (follower: Follower, keys: readonly string[], seq: number) => {
    for (const key of keys) {
      follower.changed.delete(key);
      follower.changed.set(key, seq);
    }
  };
  const moment = createMoment();
  let trouble: string | null = null;
  const tellAll = (tell: (follower: Follower) => void) => {
    for (const follower of followers) {
      tell(follower);
      follower.ring();
    }
  };
  const ringOf = (pid: Pid | null) => {
    if (pid !== null) tellAll((follower) => follower.moment.ring(pid));
  };

  async function* follow(by: string, since: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    yield { type: "welcome", seq: state.seq, version: room.version };
    const behind = state.seq - since;
    if (behind < 0 || behind > workLimits.followRecords) {
      yield { type: "look-again", seq: state.seq };
      return;
    }
    let wake = () => {};
    const follower: Follower = {
      ...{ by, changed: new Map(), moment: moment.listen(), trouble: trouble !== null, ring: () => wake() },
    };
    followers.add(follower);
    signal.addEventListener("abort", follower.ring);
    try {
      for (const record of journal.read(null, since, behind))
        note(follower, toKeys(room, record, by), record.seq);
      let caughtUp = false;
      while (!closed && !signal.aborted) {
        const [next] = follower.changed;
        if (next) {
          follower.changed.delete(next[0]);
          const event = present(by, ...next);
          if (event) yield event;
        } else if (!caughtUp) {
          caughtUp = true;
          yield { type: "caught-up", seq: state.seq };
        } else if (follower.trouble) {
          follower.trouble = false;
          yield { type: "trouble", message: trouble };
        } else {
          const news = follower.moment.next();
          if (news) yield* toEvents(room, news);
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (closed || signal.aborted) resolve();
            });
        }
      }
    } finally {
      signal.removeEventListener("abort", follower.ring);
      followers.delete(follower);
    }
  }

  return {
    take(record) {
      for (const follower of followers) {
        note(follower, toKeys(room, record, follower.by), record.seq);
        follower.ring();
      }
      ringOf(moment.take(record));
    },
    live(event) {
      if (event.type !== "trouble") return ringOf(moment.live(event));
      trouble = event.message;
      tellAll((follower) => {
        follower.trouble = true;
      });
    },
    touch(key) {
      for (const follower of followers) {
        note(follower, [key], state.seq);
        follower.ring();
      }
    },
    follow,
    close() {
      closed = true;
      for (const follower of followers) follower.ring();
    },
  };
}

/** The things that a record changes, for one person. */
function toKeys(room: Room, record: JournalRecord, by: string): string[] {
  const keys = new Set<string>();
  const { type } = record;
  const data = record.data as { id?: string; pid?: Pid; name?: string; by?: string };
  const post = mayBePost(type) ? room.posts.bySeq(record.seq) : null;
  if (type.startsWith("post.")) keys.add(`post/${data.id}`);
  if (post) {
    keys.add(`post/${post.id}`);
    keys.add(`inbox/post/${post.id}`);
    keys.add(`channel/${post.channel}`);
    keys.add(`thread/${post.thread ?? post.channel}`);
  }
  if (type === "post.written") keys.add(`thread/${data.id}`);
  if (type.startsWith("channel.")) keys.add(`channel/${data.id}`);
  if (type.startsWith("thread.")) keys.add(`thread/${data.id}`);
  if (type.startsWith("trigger.")) keys.add(`trigger/${data.id}`);
  if (type.startsWith("program.")) keys.add(`program/${data.name}`);
  if (type.startsWith("approval.")) for (const key of toApprovalKeys(data.id as string)) keys.add(key);
  if (type === "kernel.halted" || type === "kernel.unhalted") keys.add("halted");
  if (type === "seen.marked" && isSame(data.by ?? "", by))
    for (const key of toSeenKeys(room, record, by)) keys.add(key);
  const entity = data.pid === undefined ? undefined : room.ledger.state.entities.get(data.pid);
  if (entity) for (const key of toEntityKeys(room, entity, type)) keys.add(key);
  return [...keys];
}

const toApprovalKeys = (id: string) => [`approval/${id}`, `inbox/approval/${id}`];

function toEntityKeys(room: Room, entity: Entity, type: string): string[] {
  const keys = [`process/${entity.pid}`];
  if (entity.parent !== null && (type === "entity.spawned" || type === "entity.ended"))
    keys.push(`process/${entity.parent}`);
  if (entity.thread !== null) keys.push(`thread/${entity.thread}`);
  if (type === "entity.ended") {
    // The approvals of an entity end with it, without a record of their own.
    for (const record of room.ledger.journal.read(toStream(entity.pid), 0))
      if (record.type === "approval.asked") keys.push(...toApprovalKeys(record.data.id as string));
    const trigger = room.ledger.state.work.threads.get(entity.thread ?? "")?.trigger;
    if (trigger) keys.push(`trigger/${trigger}`);
  }
  // Whoever asked a question and heard an answer needs nobody any more.
  if (type === "message.delivered" || type === "entity.woken" || type === "entity.ended") {
    const asked = entity.thread === null ? null : room.posts.lastQuestion(entity.pid);
    if (asked) keys.push(`inbox/post/${asked}`);
  }
  return keys;
}

function toSeenKeys(room: Room, record: JournalRecord, by: string): string[] {
  const { places, until } = record.data as { places: Record<string, number>; until: number | null };
  const seen = [...Object.keys(places), ...(until === null ? [] : ["*"])].map((place) => `seen/${place}`);
  return [...seen, ...toInbox(room, by).map((item) => `inbox/${item.id}`)];
}

function toEvents(room: Room, { pid, live }: NonNullable<ReturnType<Listener["next"]>>): StreamEvent[] {
  const thread = room.ledger.state.entities.get(pid)?.thread ?? null;
  return live.map((one) => ({ type: "live", pid, thread, live: one }));
}
