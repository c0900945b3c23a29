// The posts that a tab has read, by place: one gapless stretch each, which grows at both ends (by keyset, never by
// offset) and takes in what the stream brings. Pure functions.

import type { Post, PostPage } from "../../../os/src/workplace/contract.ts";

/** A stretch of the posts of a place, oldest first. */
export interface PostWindow {
  posts: readonly Post[];
  /** There are posts before the first, after the last. */
  before: boolean;
  after: boolean;
  total: number;
  /** Of a thread: its first post. */
  root: Post | null;
}

/** All stretches, by the key of their place (`c/ID`, `t/ID`). */
export type Windows = Readonly<Record<string, PostWindow>>;

/** The place of a post. */
export const placeOf = (post: Post): string =>
  post.thread === null ? `c/${post.channel}` : `t/${post.thread}`;

/** A stretch from a first page. */
export function fromPage(page: PostPage): PostWindow {
  return { posts: page.posts, before: page.before, after: page.after, total: page.total, root: page.root };
}

/** A stretch with a page joined at one of its ends. Posts that are in both are taken once. */
export function joinPage(window: PostWindow, page: PostPage, end: "before" | "after"): PostWindow {
  const known = new Set(window.posts.map((post) => post.seq));
  const fresh = page.posts.filter((post) => !known.has(post.seq));
  return end === "before"
    ? { ...window, posts: [...fresh, ...window.posts], before: page.before, total: page.total }
    : { ...window, posts: [...window.posts, ...fresh], after: page.after, total: page.total };
}

/** All stretches after a post that is new or was changed. */
export function takePost(windows: Windows, post: Post): Windows {
  let next = windows;
  const place = placeOf(post);
  const window = windows[place];
  if (window) next = { ...next, [place]: placePost(window, post) };
  // The first post of a thread stands above its replies too.
  const below = next[`t/${post.id}`];
  if (below) next = { ...next, [`t/${post.id}`]: { ...below, root: post } };
  return next;
}

function placePost(window: PostWindow, post: Post): PostWindow {
  const { posts } = window;
  const index = findSeq(posts, post.seq);
  if (posts[index]?.seq === post.seq) return { ...window, posts: posts.with(index, post) };
  const first = posts[0];
  // Older than the stretch, and not its neighbour: it will come with its page. The same at the other end.
  if (first && index === 0 && window.before) return window;
  if (index === posts.length && window.after) return { ...window, total: window.total + 1 };
  return { ...window, posts: posts.toSpliced(index, 0, post), total: window.total + 1 };
}

/** Index of the first post whose seq is at least `seq`; the length when there is none. */
export function findSeq(posts: readonly Post[], seq: number): number {
  let low = 0;
  let high = posts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((posts[middle] as Post).seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
