// The workplace of one machine: people, places and control over the journal. This file only puts its parts together, one
// line each; every part is a small file that implements a piece of the interface (api.ts).
//
// Rules for callers
//   - `begin` makes the first channels and begins the reactions and triggers; a machine that only looks does not.
//   - What a method answers is durable.

import type { Hum } from "../boot.ts";
import type { Post } from "../entity/conversation.ts";
import { isRunnable } from "../entity/entity.ts";
import { refold } from "../entity/ledger.ts";
import type { PostView } from "../entity/post.ts";
import { workLimits } from "../limits.ts";
import { version } from "../version.ts";
import type { StreamEvent, WorkLook, Workplace } from "./api.ts";
import { createApprovals } from "./approvals.ts";
import { createChanges } from "./changes.ts";
import { createChannels, isMember, withMembers } from "./channels.ts";
import { createConversation } from "./conversation.ts";
import { createCounters } from "./counters.ts";
import { createDigests } from "./digest.ts";
import { createFollowing, type Present } from "./follow.ts";
import { createInboxes, toInbox, toItem, toNoticed } from "./inbox.ts";
import { createMemories } from "./memories.ts";
import { createMemoryView } from "./memory-view.ts";
import { openPosts, type Posts } from "./posts.ts";
import { createProcesses, toJobs, toRow } from "./processes.ts";
import { createProgramShelf } from "./programs.ts";
import { createReactions } from "./reactions.ts";
import { isSame, type Room, workOf } from "./room.ts";
import { createThreads, staleAt, toThread } from "./threads.ts";
import { createTimelines } from "./timeline.ts";
import { createTriggers } from "./triggers.ts";

/** A workplace with what its machine needs of it. */
export interface OwnWorkplace extends Workplace {
  /** Makes the first channels, begins to react, and takes up what a stop has left. */
  begin(): Promise<void>;
  /** Reacts no more. */
  end(): void;
}

/** Opens the index of posts of a workplace in `file` (`:memory:` for one that is made anew each time). */
export const openWorkIndex = (file: string): Posts => openPosts(file, toNoticed);

/** What a workplace needs beside its machine. */
export type WorkplaceOptions = Partial<Pick<Room, "posts" | "watchFolder" | "model" | "onError">>;

/** Makes the workplace of a machine; it stops with it. */
export function createWorkplace(hum: Hum, options: WorkplaceOptions = {}): OwnWorkplace {
  const room: Room = {
    ...{ ...hum, version, posts: options.posts ?? openWorkIndex(":memory:") },
    watchFolder: options.watchFolder ?? null,
    model: options.model ?? (() => ({ id: "", state: "ready" })),
    onError: options.onError ?? (() => {}),
  };
  const workplace = createParts(room);
  hum.onStop(async () => {
    workplace.end();
    workplace.close();
  });
  return workplace;
}

function createParts(room: Room): OwnWorkplace {
  const { ledger, posts } = room;
  const channels = createChannels(room); // places
  const conversation = createConversation(room); // what people write
  const threads = createThreads(room); // tasks
  const reactions = createReactions(room); // what follows from a post
  const processes = createProcesses(room); // the monitor
  const inboxes = createInboxes(room); // what needs a person
  const approvals = createApprovals(room);
  const memory = createMemoryView(room); // windows
  const shelf = createProgramShelf(room);
  const triggers = createTriggers(room); // what starts by itself
  const counters = createCounters(room);
  const following = createFollowing(room, createPresent(room, { approvals, shelf, triggers }));
  const stale = createStaleness(room, (id) => following.touch(`thread/${id}`));

  catchUp(room);
  ledger.listen((record) => {
    posts.take(record, ledger.state);
    // An index that could not write (a full disk) tries again now and then.
    if (posts.behind() && record.seq % workLimits.markEvery === 0) catchUp(room);
    counters.take(record);
    reactions.take(record);
    triggers.take(record);
    stale.take(record.data as { pid?: number });
    following.take(record);
  });
  const unwatch = room.watch((event) => following.live(event));

  const look = async (by: string): Promise<WorkLook> => {
    const rows = processes.processes({ ended: true });
    const living = rows.filter((row) => !row.ended);
    const ended = rows.filter((row) => row.ended).sort((a, b) => b.lastAt - a.lastAt);
    const all = threads.threads({});
    const open = all.filter((thread) => !thread.resolved);
    const resolved = all.filter((thread) => thread.resolved);
    const seen = workOf(room).seen.get(by.toLowerCase());
    const shown = await approvals.approvals();
    return {
      ...{ seq: ledger.state.seq, person: by, version: room.version, halted: ledger.state.halted },
      ...{ model: room.model(), channels: channels.channels(by) },
      threads: [...open, ...resolved].slice(0, Math.max(open.length, workLimits.lookThreads)),
      processes: [...living, ...ended.slice(0, workLimits.lookEnded)],
      ...{ approvals: shown, inbox: inboxes.inbox(by) },
      ...{ programs: shelf.programs(), triggers: triggers.triggers() },
      seen: { ...seen?.places, ...(seen && seen.until > 0 ? { "*": seen.until } : {}) },
    };
  };

  return {
    ...{ ...channels, ...conversation, ...threads, ...processes, ...inboxes, ...approvals, ...memory },
    ...{ ...shelf, ...triggers, ...counters, ...createDigests(room), ...createTimelines(room) },
    ...{ ...createChanges(room), ...createMemories(room) },
    look,
    follow: following.follow,
    async begin() {
      reactions.start();
      triggers.begin();
      stale.start();
      await channels.open();
    },
    end() {
      triggers.end();
      stale.stop();
      following.close();
      reactions.stop();
    },
    close() {
      unwatch();
      following.close();
      posts.close();
    },
  };
}

// The index of a journal that was cut back, or is another one, is made anew; one that is behind is given what it lacks,
// each record with the state as it was then.
function catchUp({ ledger, posts }: Room): void {
  posts.resume();
  if (posts.at() > ledger.state.seq) posts.reset();
  if (posts.at() === ledger.state.seq) return;
  refold(ledger.journal, posts.at(), (record, state) => posts.take(record, state));
}

function createPresent(
  room: Room,
  from: {
    approvals: ReturnType<typeof createApprovals>;
    shelf: ReturnType<typeof createProgramShelf>;
    triggers: ReturnType<typeof createTriggers>;
  },
): Present {
  const { state } = room.ledger;
  const seesChannel = (by: string, id: string) => {
    const channel = workOf(room).channels.get(id);
    return channel && isMember(channel, by) ? channel : null;
  };
  return (by, key, seq): StreamEvent | null => {
    const cut = key.indexOf("/");
    const [kind, id] = cut < 0 ? [key, ""] : [key.slice(0, cut), key.slice(cut + 1)];
    switch (kind) {
      case "post": {
        const post = room.posts.get(id);
        return post && seesChannel(by, post.channel) ? { type: "post", seq, post } : null;
      }
      case "channel": {
        const channel = seesChannel(by, id);
        return channel && { type: "channel", seq, channel: withMembers(room, channel) };
      }
      case "thread": {
        const row = workOf(room).threads.get(id);
        return row && seesChannel(by, row.channel)
          ? { type: "thread", seq, thread: toThread(room, row) }
          : null;
      }
      case "process": {
        const entity = state.entities.get(Number(id));
        return entity ? { type: "process", seq, process: toRow(room, entity, toJobs(room)) } : null;
      }
      case "approval": {
        const approval = state.approvals.get(id);
        return { type: "approval", seq, id, approval: approval ? from.approvals.shown(approval) : null };
      }
      case "inbox":
        return toInboxEvent(room, by, { id, seq });
      case "trigger":
        return { type: "trigger", seq, id, trigger: from.triggers.shown(id) };
      case "program":
        return { type: "program", seq, name: id, program: from.shelf.info(id) };
      case "halted":
        return { type: "halted", seq, halted: state.halted };
      case "seen": {
        const seen = workOf(room).seen.get(by.toLowerCase());
        const upTo = id === "*" ? seen?.until : seen?.places[id];
        return upTo === undefined ? null : { type: "seen", seq, place: id, upTo };
      }
      default:
        return null;
    }
  };
}

function toInboxEvent(room: Room, by: string, { id, seq }: { id: string; seq: number }): StreamEvent | null {
  if (id.startsWith("approval/")) {
    const item = toInbox(room, by).find((one) => one.id === id) ?? null;
    return { type: "inbox", seq, id, item };
  }
  const post = room.posts.get(id.slice("post/".length));
  if (!post || !concerns(room.ledger.state, by, post)) return null;
  return { type: "inbox", seq, id, item: toItem(room, by, post) };
}

function concerns(view: PostView, by: string, post: Post): boolean {
  return toNoticed(post, view).some((name) => isSame(name, by));
}

// A task becomes stale by time alone, without a record: one timer for each thread with somebody at work in it.
function createStaleness(room: Room, touch: (thread: string) => void) {
  const timers = new Map<string, () => void>();
  let started = false;
  const set = (id: string) => {
    timers.get(id)?.();
    timers.delete(id);
    const living = room.ledger.state.register.inThread(id).filter(isRunnable);
    if (!started || living.length === 0) return;
    const left = staleAt(living) - room.machine.now();
    if (left > 0)
      timers.set(
        id,
        room.after(left, () => touch(id)),
      );
  };
  return {
    take({ pid }: { pid?: number }) {
      const thread = pid === undefined ? null : room.ledger.state.entities.get(pid)?.thread;
      if (thread) set(thread);
    },
    start() {
      started = true;
      for (const id of workOf(room).threads.keys()) set(id);
    },
    stop() {
      started = false;
      for (const end of timers.values()) end();
      timers.clear();
    },
  };
}
