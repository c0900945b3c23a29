// The rows of a conversation: what stands one below the other in a channel, a direct line or a thread. Pure, so that
// grouping, dividers and the line before what is new are the same wherever posts are shown.
//
// Rules for callers: `seenAt` is what was seen when the place was opened and stays while it is open, so that the line
// before what is new does not run away from the eye.

import type { Post } from "../../../../os/src/workplace/contract.ts";
import type { Pending } from "../../store/outbox.ts";

/** One row. Keys are stable: a row keeps its height and its place when others come. */
export type Row =
  | { kind: "begin"; key: string }
  | { kind: "root"; key: string; post: Post }
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  /** `head`: the row shows who wrote it; those that follow closely do not repeat it. */
  | { kind: "post"; key: string; post: Post; head: boolean }
  | { kind: "pending"; key: string; pending: Pending; head: boolean }
  | { kind: "live"; key: string; pid: number };

/** What rows are made from. */
export interface RowParts {
  posts: readonly Post[];
  /** Nothing stands before the first of them. */
  whole: boolean;
  /** Nothing stands after the last of them. */
  current: boolean;
  /** Of a thread: its first post. */
  root: Post | null;
  person: string;
  /** Seq that was seen when the place was opened; null shows no line. */
  seenAt: number | null;
  pending: readonly Pending[];
  /** Entities at work here. */
  live: readonly number[];
  /** Whether a post has something below it (a thread), after which the next begins anew. */
  ends: (post: Post) => boolean;
}

/** Posts of one author that follow each other within this time stand together. */
const together = 5 * 60_000;

const dayOf = (at: number): string => new Date(at).toDateString();

/** True when an author is the same one: two entities of one program are two. */
export function isSameAuthor(a: Post["from"], b: Post["from"]): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.kind !== "entity" || b.kind !== "entity" || a.pid === b.pid;
}

/** True for the quiet lines of the kernel, which have no face. */
export const isQuiet = (post: Post): boolean => post.kind === "status" || post.kind === "approval";

function follows(post: Post, before: Post | null, ends: RowParts["ends"]): boolean {
  if (!before || isQuiet(post) || isQuiet(before)) return false;
  return isSameAuthor(post.from, before.from) && post.at - before.at < together && !ends(before);
}

/** The rows, oldest first. */
export function toRows(parts: RowParts): Row[] {
  const { posts, root, seenAt, person } = parts;
  const rows: Row[] = [];
  if (parts.whole) rows.push(root ? { kind: "root", key: `root/${root.id}`, post: root } : blank);
  let before: Post | null = null;
  let day = root && parts.whole ? dayOf(root.at) : "";
  // The line needs something seen above it, else nobody knows where what is new begins.
  const knowsWhere = seenAt !== null && (parts.whole || (posts[0]?.seq ?? 0) <= seenAt);
  let marked = !knowsWhere;
  for (const post of posts) {
    if (dayOf(post.at) !== day) {
      day = dayOf(post.at);
      rows.push({ kind: "day", key: `day/${day}`, at: post.at });
      before = null;
    }
    if (!marked && post.seq > (seenAt ?? 0) && !isOwn(post, person)) {
      marked = true;
      rows.push({ kind: "new", key: "new" });
      before = null;
    }
    rows.push({ kind: "post", key: toKey(post), post, head: !follows(post, before, parts.ends) });
    before = post;
  }
  if (!parts.current) return rows;
  for (const [index, pending] of parts.pending.entries()) {
    const mine = index > 0 || (before !== null && isOwn(before, person) && !parts.ends(before));
    const head = !mine || (index === 0 && before !== null && pending.at - before.at >= together);
    rows.push({ kind: "pending", key: `pending/${pending.key}`, pending, head });
  }
  const ended = new Set(posts.map(toKey));
  for (const pid of parts.live)
    if (!ended.has(liveKey(pid))) rows.push({ kind: "live", key: liveKey(pid), pid });
  return rows;
}

const liveKey = (pid: number): string => `live/${pid}`;

// The result of an entity takes the place of the row in which it was written, so that nothing moves when it comes.
const toKey = (post: Post): string =>
  post.kind === "result" && post.from.kind === "entity" ? liveKey(post.from.pid) : post.id;

const blank: Row = { kind: "begin", key: "begin" };

/** True for a post of this person. */
export const isOwn = (post: Post, person: string): boolean =>
  post.from.kind === "person" && post.from.name === person;

/** The posts among the rows that can be walked to, by id, in order. */
export function toWalk(rows: readonly Row[]): { id: string; index: number }[] {
  return rows.flatMap((row, index) =>
    row.kind === "root" || (row.kind === "post" && !isPlainStatus(row.post))
      ? [{ id: row.post.id, index }]
      : [],
  );
}

const isPlainStatus = (post: Post): boolean => post.kind === "status" && post.approval === undefined;

/** The post one step on from another; from none, the last. */
export function step(walk: readonly { id: string; index: number }[], from: string | null, by: 1 | -1) {
  const at = walk.findIndex((one) => one.id === from);
  if (at < 0) return walk.at(-1) ?? null;
  return walk[Math.max(0, Math.min(walk.length - 1, at + by))] ?? null;
}

/** How many posts of others stand after a seq. */
export function countNew(posts: readonly Post[], after: number, person: string): number {
  let count = 0;
  for (let index = posts.length - 1; index >= 0; index--) {
    const post = posts[index] as Post;
    if (post.seq <= after) break;
    if (!isOwn(post, person) && post.kind !== "status") count++;
  }
  return count;
}
