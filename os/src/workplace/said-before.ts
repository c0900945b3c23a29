// What was said before a post, for the window of whoever begins because of it. Usually that is its thread. A post that speaks of
// a talk ("draw what we talked about") means more: what was said in the last minutes around it.
//
// What is told grows at its end and is cut at its beginning only now and then, by several posts, so that a model which has read it
// for the turn before reads only what is new (model/seats.ts).
//
//   in a channel       the channel and its threads: whoever reads the answer could read those
//   in a direct line   the direct lines of that person, talk included: nobody else reads the answer

import type { Post } from "../entity/conversation.ts";
import { meansTalk, type Pending, saidBefore, type ThreadRow } from "../entity/work.ts";
import { workLimits } from "../limits.ts";
import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import { isSame, type Room, workOf } from "./room.ts";

/** What was said before, bounded, with the joined label of all of it; null when there is nothing. */
export function toSaidBefore(
  room: Room,
  thread: ThreadRow,
  pending: Pending,
): { text: string; label: Label } | null {
  const talk = meansTalk(pending.text);
  const inThread = toThreadPosts(room, thread, pending);
  const all = talk ? [...inThread, ...toRecentPosts(room, pending)] : inThread;
  const before = [...new Map(all.map((post) => [post.id, post])).values()]
    // What a person has had forgotten is told to nobody who begins later.
    .filter((post) => !room.ledger.state.knowledge.posts.has(post.id))
    .filter(
      (post) =>
        post.id !== pending.post && post.kind !== "status" && post.kind !== "approval" && !post.deleted,
    )
    .sort((a, b) => (talk ? a.seq - b.seq : 0))
    .slice(talk ? -workLimits.talkPosts : 0);
  if (before.length === 0) return null;
  // As the place where it begins the part of each stays the same for some turns.
  const shares =
    [1, 2, 4, 2 * workLimits.contextPosts].find((count) => count >= before.length) ?? before.length;
  const share = Math.floor(workLimits.contextChars / shares);
  const lines = before.map((post) => `${post.from.name}: ${cut(post.text, share)}`);
  const label = before.reduce<Label>(
    (joined, post) => joinLabels(joined, toPostLabel(post)),
    toLabel("person"),
  );
  return { text: `${saidBefore} in "${thread.title}":\n${lines.join("\n")}`, label };
}

// The first post of a thread and its last ones, from one whose number is a multiple of the least that are told.
function toThreadPosts(room: Room, thread: ThreadRow, pending: Pending): Post[] {
  const first = room.posts.get(thread.id);
  const least = workLimits.contextPosts;
  const page = room.posts.page(thread.id, { limit: 2 * least - 1 });
  const posts = page.posts.slice((least - (page.first % least)) % least);
  const about = pending.about === null ? null : room.posts.get(pending.about);
  return [about, first?.thread === null ? first : null, ...posts].filter((post) => post !== null);
}

function toRecentPosts(room: Room, { by, channel }: Pending): Post[] {
  const { channels } = workOf(room);
  const lines =
    channels.get(channel)?.kind === "direct"
      ? [...channels.values()].filter(
          (one) => one.kind === "direct" && one.members.some((member) => isSame(member, by)),
        )
      : [{ id: channel }];
  const since = room.machine.now() - workLimits.talkMs;
  return lines
    .flatMap(({ id }) => room.posts.latest(id, workLimits.talkPosts))
    .filter((post) => post.at >= since);
}

function toPostLabel(post: Post): Label {
  return { ...toLabel(post.integrity), origins: post.origins ?? [] };
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, Math.max(0, length - 1))}…` : text;
}
