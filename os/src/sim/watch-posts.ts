// The part of the watch that looks at the workplace: whoever a post calls hears of it once, whatever happens in between,
// and the index of posts says what the state says.

import type { State } from "../entity/state.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { Workplace } from "../workplace/api.ts";
import { Broken } from "./broken.ts";

/** The watch over posts. */
export interface PostWatch {
  /** Looks at a record; the state does not hold it yet. */
  look(record: JournalRecord, before: State): void;
  /** Nothing moves any more: everything was answered. */
  rest(state: State, workplace: Workplace): void;
}

/** Makes the watch over posts. */
export function createPostWatch(): PostWatch {
  /** Who is still to hear of a post. */
  const open = new Map<string, string[]>();
  const keys = new Set<string>();

  const answer = (post: string, want: string, how: string): void => {
    const wants = open.get(post);
    if (!wants?.includes(want))
      throw new Broken("W7", `post ${post} was answered for "${want}" again (${how})`);
    open.set(
      post,
      wants.filter((other) => other !== want),
    );
  };

  return {
    look(record, before) {
      // biome-ignore lint/suspicious/noExplicitAny: payloads of many types are looked into here
      const data = record.data as any;
      if (record.type === "post.written") {
        if (open.has(data.id)) throw new Broken("W18", `post ${data.id} was written twice`);
        if (data.key !== null && keys.has(data.key))
          throw new Broken("W18", `key ${data.key} made two posts`);
        keys.add(data.key);
        open.set(data.id, [...data.wants]);
      }
      if (record.type === "trigger.fired") open.set(data.post, [data.program]);
      if (record.type === "post.settled") answer(data.id, data.want, record.type);
      if (record.type === "entity.spawned" && String(data.cause).startsWith("post/")) {
        const [, post = "", want = ""] = String(data.cause).split("/");
        answer(post, want, `pid ${data.pid}`);
      }
      if (record.type === "message.delivered" && data.post !== undefined) {
        const entity = before.entities.get(data.pid);
        if (!entity || entity.state === "ended") return;
        const named = open.get(data.post)?.includes(entity.program);
        answer(data.post, named ? entity.program : "", `heard by pid ${data.pid}`);
      }
    },
    rest(state, workplace) {
      for (const [post, wants] of open)
        if (wants.length > 0)
          throw new Broken("W7", `post ${post} was never answered for "${wants.join(", ")}"`);
      for (const channel of state.work.channels.values()) {
        const { total } = workplace.posts({ channel: channel.id }, { limit: 1 });
        if (total !== channel.posts)
          throw new Broken(
            "W17",
            `the index has ${total} posts of ${channel.id}, the state ${channel.posts}`,
          );
      }
      for (const thread of state.work.threads.values()) {
        if (thread.id === thread.channel) continue;
        const { total } = workplace.posts({ thread: thread.id }, { limit: 1 });
        if (total !== thread.replies)
          throw new Broken(
            "W17",
            `the index has ${total} posts of thread ${thread.id}, the state ${thread.replies}`,
          );
      }
    },
  };
}
