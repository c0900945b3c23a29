// The last word of a thread, read when its row is seen and kept until somebody writes there. A few at a time: a quick
// scroll over a thousand threads must not ask for each.

import { useEffect, useState } from "react";
import type { Post, Thread } from "../../../os/src/workplace/contract.ts";
import { readPosts } from "../client/commands.ts";

const kept = new Map<string, Post | null>();
const most = 500;
const atOnce = 4;

let running = 0;
const waiting: (() => void)[] = [];

const toKey = (thread: Pick<Thread, "id" | "lastSeq">): string => `${thread.id} ${thread.lastSeq}`;

async function read(thread: Thread, signal: AbortSignal): Promise<Post | null> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    if (signal.aborted) return null;
    const place = thread.id === thread.channel ? { channel: thread.channel } : { thread: thread.id };
    const page = await readPosts(place, { limit: 4 }, signal);
    // A quiet line of the kernel says less than the words before it.
    const post =
      page.posts.findLast((one) => one.kind !== "status" && !one.deleted) ?? page.posts.at(-1) ?? null;
    kept.set(toKey(thread), post);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return post;
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** The last word; null until it is known, and where there is none. */
export function useLastWord(thread: Thread): Post | null {
  const key = toKey(thread);
  const [post, setPost] = useState<Post | null>(() => kept.get(key) ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the thread and its last post
  useEffect(() => {
    const known = kept.get(key);
    if (known !== undefined) {
      setPost(known);
      return;
    }
    const gone = new AbortController();
    // Rows that only fly by are not asked for.
    const timer = setTimeout(() => {
      read(thread, gone.signal).then(
        (found) => !gone.signal.aborted && setPost(found),
        () => undefined,
      );
    }, 80);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [key]);
  return post;
}
