// The stream for one tab. A follower keeps no queue of events: it keeps which things changed (a post, a thread, an
// entity), each with the seq of its last change, and reads their present form when it sends them, in the order of those
// seqs. So a slow one costs little, misses nothing, and can come back with the last seq it has seen. Live events (what
// is being written) are the only ones that are kept as they are, and the only ones that are dropped.

import type { Entity, Pid } from "../entity/entity.ts";
import { toStream } from "../entity/events.ts";
import { mayBePost } from "../entity/post.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { workLimits } from "../limits.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import type { StreamEvent } from "./api.ts";
import { toInbox } from "./inbox.ts";
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
  live: StreamEvent[];
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
  const tellAll = (event: StreamEvent) => {
    for (const follower of followers) {
      pushLive(follower.live, event);
      follower.ring();
    }
  };

  async function* follow(by: string, since: number, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    yield { type: "welcome", seq: state.seq, version: room.version };
    const behind = state.seq - since;
    if (behind < 0 || behind > workLimits.followRecords) {
      yield { type: "look-again", seq: state.seq };
      return;
    }
    let wake = () => {};
    const follower: Follower = { by, changed: new Map(), live: [], ring: () => wake() };
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
        } else if (follower.live.length > 0) yield follower.live.shift() as StreamEvent;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (closed || signal.aborted) resolve();
          });
      }
    } finally {
      signal.removeEventListener("abort", follower.ring);
      followers.delete(follower);
    }
  }

  return {
    take(record) {
      if (followers.size === 0) return;
      for (const follower of followers) {
        note(follower, toKeys(room, record, follower.by), record.seq);
        follower.ring();
      }
      const running = toRunning(room, record);
      if (running) tellAll(running);
    },
    live(event) {
      if (followers.size === 0) return;
      const shown = toLive(room, event);
      if (shown) tellAll(shown);
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

function toRunning(room: Room, record: JournalRecord): StreamEvent | null {
  if (record.type !== "call.begun") return null;
  const { pid, call } = record.data as { pid: Pid; call: { name: string } };
  const thread = room.ledger.state.entities.get(pid)?.thread ?? null;
  return { type: "live", pid, thread, live: { kind: "running", name: call.name } };
}

function toLive(room: Room, event: LiveEvent): StreamEvent | null {
  if (event.type === "trouble") return { type: "trouble", message: event.message };
  const { pid } = event;
  const thread = room.ledger.state.entities.get(pid)?.thread ?? null;
  if (event.type === "turn") return { type: "live", pid, thread, live: { kind: "reset" } };
  const { event: model } = event;
  switch (model.type) {
    case "text":
      return model.text === ""
        ? null
        : { type: "live", pid, thread, live: { kind: "text", text: model.text } };
    case "prefill":
      return { type: "live", pid, thread, live: { kind: "reading", done: model.done, total: model.total } };
    case "restart":
      return { type: "live", pid, thread, live: { kind: "reset" } };
    case "end":
      return { type: "live", pid, thread, live: { kind: "idle" } };
  }
}

// What is written piece by piece is joined while the follower is busy; when too much waits, all of it is forgotten, and
// the follower is told to forget what it has of it too.
function pushLive(queue: StreamEvent[], event: StreamEvent): void {
  const last = queue.at(-1);
  if (event.type === "live" && last?.type === "live" && last.pid === event.pid) {
    if (event.live.kind === "text" && last.live.kind === "text") {
      queue[queue.length - 1] = { ...last, live: { kind: "text", text: last.live.text + event.live.text } };
      return;
    }
    if (event.live.kind === "reading" && last.live.kind === "reading") queue.pop();
  }
  queue.push(event);
  if (queue.length <= workLimits.followLive) return;
  const dropped = new Map(
    queue.flatMap((old) => (old.type === "live" ? [[old.pid, old.thread] as const] : [])),
  );
  const kept = queue.filter((old) => old.type !== "live");
  queue.length = 0;
  for (const [pid, thread] of dropped) queue.push({ type: "live", pid, thread, live: { kind: "reset" } });
  queue.push(...kept.slice(-workLimits.followLive / 2));
}
