// The inbox of a person: what cannot go on without them, and what concerns them: mentions, answers, results of what they
// asked for, words in a direct line, trouble. Whether a row is read follows from what the person has seen; there is no
// second truth.

import type { Post } from "../entity/conversation.ts";
import { toEvent, toPersonStream } from "../entity/events.ts";
import { type PostView, toWish } from "../entity/post.ts";
import { workLimits } from "../limits.ts";
import { toTitle } from "../memory/page.ts";
import type { Workplace } from "./api.ts";
import type { InboxItem } from "./contract.ts";
import { isSame, type Room, workOf } from "./room.ts";
import { needsPerson } from "./threads.ts";

/** Makes the part of the workplace that keeps inboxes. */
export function createInboxes(room: Room): Pick<Workplace, "inbox" | "markSeen"> {
  return {
    inbox: (by) => toInbox(room, by),
    async markSeen(by, { ids = [], places = {}, until = null, unread = [] }) {
      await room.machine.commit(toPersonStream(by), [
        toEvent("seen.marked", {
          ...{ by, ids: [...ids], places: { ...places }, until },
          ...(unread.length > 0 ? { unread: [...unread] } : {}),
        }),
      ]);
      // A message of an entity in a thread is also mail, for the command line: who has seen the post has read it.
      const read = toReadMail(room, by);
      if (read.length > 0)
        await room.machine.commit(toPersonStream(by), [toEvent("message.read", { ids: read, by })]);
    },
  };
}

/** Names of the people whom a post concerns: who is mentioned, who waits for this result, who is spoken to. */
export function toNoticed(post: Post, view: PostView): string[] {
  const { people } = view.work;
  const names = new Set(post.mentions.filter((name) => people.has(name.toLowerCase())));
  const pid = post.from.kind === "entity" ? post.from.pid : post.child;
  const entity = pid === undefined ? undefined : view.entities.get(pid);
  const isRoot = entity !== undefined && entity.parent === null;
  if (entity && post.kind === "question") names.add(entity.owner);
  // Words to somebody whom nobody knows here are for whoever gave the task.
  const lost = post.kind === "text" && post.mentions.length > 0 && names.size === 0;
  if (entity && lost && !post.mentions.some((name) => isColleague(view, post, name))) names.add(entity.owner);
  if (entity && isRoot && (post.kind === "result" || post.outcome === "killed")) names.add(entity.owner);
  const channel = view.work.channels.get(post.channel);
  if (channel?.kind === "direct" && post.from.kind === "entity")
    for (const member of channel.members) if (people.has(member.toLowerCase())) names.add(member);
  if (post.from.kind === "kernel" && post.kind === "status") {
    const owner = (view.work.threads.get(post.thread ?? post.channel) as { owner?: string } | undefined)
      ?.owner;
    if (owner && post.child === undefined) names.add(owner);
  }
  return [...names].filter((name) => !(post.from.kind === "person" && isSame(post.from.name, name)));
}

function isColleague(view: PostView, post: Post, name: string): boolean {
  const pids = view.work.threads.get(post.thread ?? post.channel)?.pids ?? [];
  return pids.some((pid) => isSame(view.entities.get(pid)?.name ?? "", name));
}

/** The inbox of a person, newest first. */
export function toInbox(room: Room, by: string): InboxItem[] {
  const approvals = [...room.ledger.state.approvals.values()].flatMap((approval): InboxItem[] => {
    const entity = room.ledger.state.entities.get(approval.pid);
    if (!entity || !isSame(entity.owner, by)) return [];
    const thread = workOf(room).threads.get(entity.thread ?? "");
    return [
      {
        ...{ id: `approval/${approval.id}`, kind: "approval", at: approval.askedAt, seq: 0 },
        ...{ title: `${entity.name}: ${approval.what}`, name: entity.name, place: approval.what },
        ...{ text: approval.why, needsYou: true },
        unread: !isRead(room, by, `approval/${approval.id}`, null),
        ...{ channel: thread?.channel ?? null, thread: thread?.id ?? null },
        ...{ approval: approval.id, pid: approval.pid, ...toWish(entity, approval) },
      },
    ];
  });
  const posts = room.posts.notices(by, workLimits.inboxItems).map((post) => toItem(room, by, post));
  return [...approvals, ...posts]
    .sort((a, b) => b.at - a.at || b.seq - a.seq)
    .slice(0, workLimits.inboxItems);
}

/** A post as a row of a person's inbox. */
export function toItem(room: Room, by: string, post: Post): InboxItem {
  const row = workOf(room).threads.get(post.thread ?? post.channel);
  const pid = post.from.kind === "entity" ? post.from.pid : (post.child ?? row?.pid ?? null);
  const entity = pid === null ? undefined : room.ledger.state.entities.get(pid);
  const kind = toKind(room, by, post);
  const where = row?.title ?? workOf(room).channels.get(post.channel)?.name ?? post.channel;
  const { name } = post.from;
  const place = toTitle(where, 60);
  return {
    ...{ id: `post/${post.id}`, kind, at: post.at, seq: post.seq },
    ...{ title: `${name} in ${place}`, name, place },
    text: toTitle(post.text, 280),
    unread: !isRead(room, by, `post/${post.id}`, post),
    needsYou: kind === "question" && entity !== undefined && needsPerson(entity),
    ...{ channel: post.channel, thread: post.thread, approval: post.approval ?? null, pid },
    ...(post.told ? { told: post.told } : {}),
  };
}

function toKind(room: Room, by: string, post: Post): InboxItem["kind"] {
  if (post.kind === "question") return "question";
  if (post.outcome === "failed" || post.kind === "status") return "trouble";
  if (post.kind === "result") return "result";
  const direct = workOf(room).channels.get(post.channel)?.kind === "direct";
  return direct && !post.mentions.some((name) => isSame(name, by)) ? "direct" : "mention";
}

function toReadMail(room: Room, by: string): string[] {
  return room.inbox.mail(by).flatMap((mail) => {
    const post = mail.seq === undefined ? null : room.posts.bySeq(mail.seq);
    return post && isRead(room, by, `post/${post.id}`, post) ? [mail.id] : [];
  });
}

function isRead(room: Room, by: string, id: string, post: Post | null): boolean {
  const seen = workOf(room).seen.get(by.toLowerCase());
  if (!seen) return false;
  if (seen.unread?.includes(id)) return false;
  if (seen.ids.includes(id)) return true;
  if (!post) return false;
  return post.seq <= Math.max(seen.until, seen.places[post.thread ?? post.channel] ?? 0);
}
