// What people write. A post is one event; whom it calls is decided when it is written and stands in the same event, so
// that a stop between the words and the reaction loses nothing (reactions.ts).

import { isAbsolute, normalize } from "node:path";
import type { Channel, FileRef, Post } from "../entity/conversation.ts";
import { type HumEvent, toEvent } from "../entity/events.ts";
import { toMentions } from "../entity/post.ts";
import { toPeople } from "../entity/work.ts";
import { toChannelStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import { workLimits } from "../limits.ts";
import { toTitle } from "../memory/page.ts";
import type { Workplace } from "./api.ts";
import { isMember } from "./channels.ts";
import {
  findChannel,
  findThread,
  isSame,
  type Room,
  toKeyId,
  toText,
  toThreadFolder,
  workOf,
} from "./room.ts";
import { toThread } from "./threads.ts";

/** Makes the part of the workplace in which people write and read. */
export function createConversation(
  room: Room,
): Pick<
  Workplace,
  "posts" | "post" | "editPost" | "deletePost" | "react" | "search" | "folderFor" | "folderOf"
> {
  /** Posts since the start, because several may come before the first is durable. */
  let written = 0;
  /** Posts with a key that are on their way into the journal. */
  const writing = new Map<string, Promise<Post>>();

  const write = async (by: string, wish: Wish, id: string): Promise<Post> => {
    const place = toPlace(room, by, wish);
    const text = toText(wish.text, "post", workLimits.postBytes);
    const { wants, mentions } = toWants(room, place, text);
    const post = toEvent("post.written", {
      ...{ id, channel: place.channel.id, thread: place.thread, by, text, mentions, wants },
      ...{ files: (wish.files ?? []).map(toFile), key: wish.key ?? null },
    });
    // A thread begins with its first reply, or when its first post calls somebody.
    const begun = place.thread === null ? (wants.length > 0 ? { id, text, by } : null) : place.root;
    const opened: HumEvent[] =
      begun === null || place.channel.kind === "direct"
        ? []
        : [
            toEvent("thread.opened", {
              ...{ id: begun.id, channel: place.channel.id, title: toThreadTitle(begun.text) },
              ...{ owner: begun.by, delegate: wants[0] || null, trigger: null, folder: null },
            }),
          ];
    const events = place.thread === null ? [post, ...opened] : [...opened, post];
    await room.machine.commit(toChannelStream(place.channel.id), events);
    return findPost(room, id);
  };

  const own = (by: string, id: string): Post => {
    const post = findPost(room, id);
    if (post.from.kind !== "person" || !isSame(post.from.name, by))
      throw new HumError("denied", "Only who wrote a post may change it.");
    if (post.deleted) throw new HumError("conflict", "This post was deleted.");
    return post;
  };
  const change = async (post: Post, event: HumEvent): Promise<Post> => {
    await room.machine.commit(toChannelStream(post.channel), [event]);
    return findPost(room, post.id);
  };

  return {
    posts(place, query) {
      const id = "thread" in place ? place.thread : findChannel(room, place.channel).id;
      if ("thread" in place && !workOf(room).threads.has(id)) findPost(room, id);
      const page = room.posts.page(id, query);
      // A direct line is itself a thread.
      const begun =
        "thread" in place
          ? []
          : [id, ...page.posts.map((post) => post.id)].flatMap((one) => workOf(room).threads.get(one) ?? []);
      const root = "thread" in place ? room.posts.get(id) : null;
      return { ...page, threads: begun.map((row) => toThread(room, row)), root };
    },
    async post(by, wish) {
      if (wish.key === undefined) return write(by, wish, `p${room.ledger.state.seq}-${++written}`);
      const id = toKeyId(by, wish.key);
      const before = room.posts.get(id) ?? writing.get(id);
      if (before) return before;
      const work = write(by, wish, id);
      writing.set(id, work);
      return work.finally(() => writing.delete(id));
    },
    async editPost(by, id, text) {
      const post = own(by, id);
      toText(text, "post", workLimits.postBytes);
      const { mentions } = toNames(room, text);
      return change(post, toEvent("post.edited", { id, channel: post.channel, text, mentions, by }));
    },
    async deletePost(by, id) {
      const post = own(by, id);
      return change(post, toEvent("post.deleted", { id, channel: post.channel, by }));
    },
    async react(by, id, { emoji, on }) {
      const post = findPost(room, id);
      if (emoji.length === 0 || emoji.length > 32 || /[\p{C}\s]/u.test(emoji.replace(/[\u200d\ufe0f]/g, "")))
        throw new HumError("bad-input", "A reaction is one emoji.");
      return change(post, toEvent("post.reacted", { id, channel: post.channel, emoji, by, on }));
    },
    search: (words, limit, within) => room.posts.search(words, limit, within),
    folderFor(by, place) {
      // A file is taken where a post is: in a thread, and in one that the next reply opens.
      const { channel } = toPlace(room, by, place);
      const own = "thread" in place ? place.thread : toKeyId(by, place.key);
      return room.folders.make(toFolder(room, channel.kind === "direct" ? channel.id : own));
    },
    folderOf(id) {
      if (!workOf(room).threads.has(id) && room.posts.get(id)?.thread !== null) findThread(room, id);
      return toFolder(room, id);
    },
  };
}

type Wish = Parameters<Workplace["post"]>[1];

interface Place {
  channel: Channel;
  thread: string | null;
  /** First post of a thread that is not open yet. */
  root: { id: string; text: string; by: string } | null;
}

/** The post of that id. Throws `not-found`. */
export function findPost(room: Room, id: string): Post {
  const post = room.posts.get(id);
  if (!post) throw new HumError("not-found", `There is no post "${id}".`);
  return post;
}

const toFolder = (room: Room, thread: string): string =>
  workOf(room).threads.get(thread)?.folder ?? toThreadFolder(room, thread);

// Where a post would stand. Throws when nothing may be written there.
function toPlace(room: Room, by: string, wish: Pick<Wish, "channel" | "thread">): Place {
  const { threads } = workOf(room);
  const id = wish.thread ?? wish.channel;
  if (id === undefined)
    throw new HumError("bad-input", "Say in which channel or thread the post is to stand.");
  const row = wish.thread === undefined ? undefined : threads.get(wish.thread);
  const first = wish.thread === undefined || row ? null : findPost(room, wish.thread);
  const channel = findChannel(room, row?.channel ?? first?.channel ?? id);
  if (!isMember(channel, by)) throw new HumError("denied", `You are no member of "${channel.name}".`);
  if (channel.archived)
    throw new HumError("conflict", `"${channel.name}" is archived; nothing is written there.`);
  if (first && first.thread !== null)
    throw new HumError("bad-input", "This post is a reply; write in the thread that it stands in.");
  // A direct line is one conversation without threads.
  if (channel.kind === "direct") return { channel, thread: null, root: null };
  return {
    channel,
    thread: wish.thread ?? null,
    root: first && { id: first.id, text: first.text, by: first.from.name },
  };
}

function toNames(room: Room, text: string): { programs: string[]; people: string[]; mentions: string[] } {
  const programs = room.programs.names();
  const named = toMentions(text).flatMap((name) => programs.find((program) => isSame(program, name)) ?? []);
  const called = [...new Set(named)];
  const people = toPeople(workOf(room), text).filter((name) => !called.some((other) => isSame(other, name)));
  return { programs: called, people, mentions: [...called, ...people] };
}

// Who is to hear of a post: those it mentions; else, in a thread with a colleague, whoever works there, unless it is
// addressed to a person.
function toWants(
  room: Room,
  { channel, thread }: Place,
  text: string,
): { wants: string[]; mentions: string[] } {
  const { programs, people, mentions } = toNames(room, text);
  if (channel.kind === "direct") return { wants: [""], mentions };
  if (programs.length > 0) return { wants: programs, mentions };
  const row = thread === null ? undefined : workOf(room).threads.get(thread);
  const works = row !== undefined && row.pids.length > 0 && people.length === 0;
  return { wants: works ? [""] : [], mentions };
}

function toFile(path: string): FileRef {
  const clean = normalize(path);
  if (path === "" || isAbsolute(clean) || clean.startsWith("..") || clean.includes("\0"))
    throw new HumError("bad-input", `"${path}" is no file of the thread's folder.`);
  return { path: clean, bytes: null };
}

/** The title of a thread: the first line of its first post, without whom it calls. */
export function toThreadTitle(text: string): string {
  return toTitle(text.replace(/^\s*(?:@[\p{L}\p{N}_-]+[\s,:]*)+/u, "") || text);
}
