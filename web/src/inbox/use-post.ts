// The post behind an item of the inbox, read when it is looked at and kept while it does not change.

import type { InboxItem, Post } from "../../../os/src/workplace/contract.ts";
import { readPosts } from "../client/commands.ts";
import { type Loaded, useLoad } from "../control/parts/use-load.ts";

/** Posts that were read, the last of them. */
const kept = new Map<string, Post>();
const most = 60;

async function read(item: InboxItem, signal: AbortSignal): Promise<Post | null> {
  const place =
    item.thread !== null && item.thread !== item.channel
      ? { thread: item.thread }
      : { channel: item.channel ?? "" };
  const page = await readPosts(place, { around: item.seq, limit: 3 }, signal);
  const post = [...page.posts, ...(page.root ? [page.root] : [])].find((one) => one.seq === item.seq) ?? null;
  if (post) {
    kept.set(item.id, post);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  }
  return post;
}

/** The post; null until it was read, and for items that are no post. */
export function usePost(item: InboxItem): Loaded<Post | null> {
  const isPost = item.seq > 0 && item.channel !== null;
  const loaded = useLoad(isPost ? item.id : null, (signal) => read(item, signal));
  return loaded.value === null ? { ...loaded, value: kept.get(item.id) ?? null } : loaded;
}
