// The fake workplace in memory: rows, posts by place, and a stream with sequence numbers. It knows what the page must
// show, not how Hum works: a test says what happens (`world.say`, `world.live`, `world.set`).

import type { ShownApproval, StreamEvent, WorkLook } from "../../../os/src/workplace/api.ts";
import type {
  Author,
  Channel,
  InboxItem,
  Post,
  PostPage,
  ProcessRow,
  Thread,
} from "../../../os/src/workplace/contract.ts";
import { colleagues, me, noon, toPost, toProcess, toThread } from "./seeds.ts";

/** A question of somebody who asks for what is not there, or may not be. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Row = { [K in keyof StreamEvent & string]?: never } & Record<string, unknown>;

/** The fake workplace. */
export class World {
  seq = 1;
  now = noon;
  halted = false;
  readonly person = me;
  readonly channels = new Map<string, Channel>();
  readonly threads = new Map<string, Thread>();
  /** Posts by place: the id of a channel or of a thread. */
  readonly posts = new Map<string, Post[]>();
  readonly processes = new Map<number, ProcessRow>();
  readonly approvals = new Map<string, ShownApproval>();
  readonly inbox = new Map<string, InboxItem>();
  readonly seen: Record<string, number> = {};
  readonly files = new Map<string, Map<string, Uint8Array>>();
  /** What a post was written as, by key: the same key is the same post. */
  readonly written = new Map<string, Post>();
  readonly events: StreamEvent[] = [];
  readonly listeners = new Set<(event: StreamEvent) => void>();
  model: WorkLook["model"] = { id: "qwen2.5-coder-1.5b", state: "ready" };
  /** Called after a person has written; a test or the development server lets colleagues answer here. */
  onWritten: (post: Post) => void = () => undefined;

  addChannel(given: Pick<Channel, "id" | "name"> & Partial<Channel>): Channel {
    const channel: Channel = {
      ...{
        kind: "channel",
        about: "",
        members: [me, "Grace", ...colleagues],
        createdAt: noon,
        createdBy: me,
      },
      ...{ archived: false, posts: 0, lastAt: noon, lastSeq: 0 },
      ...given,
    };
    this.channels.set(channel.id, channel);
    if (!this.posts.has(channel.id)) this.posts.set(channel.id, []);
    return channel;
  }

  /** Puts posts into a place without telling anybody: for what was there before. */
  fill(place: string, posts: Post[]): void {
    this.posts.set(place, posts);
    this.seq = Math.max(this.seq, ...posts.slice(-1).map((post) => post.seq));
    const last = posts.at(-1);
    const row = this.channels.get(place) ?? this.threads.get(place);
    if (!row || !last) return;
    Object.assign(row, { lastSeq: last.seq, lastAt: last.at });
    if ("posts" in row) row.posts = posts.length;
    else row.replies = posts.length;
  }

  /** Somebody writes. */
  say(
    place: { channel: string; thread?: string | null },
    from: Author,
    text: string,
    more: Partial<Post> = {},
  ): Post {
    const seq = ++this.seq;
    const post = toPost({
      ...{
        id: `p${seq}`,
        seq,
        channel: place.channel,
        thread: place.thread ?? null,
        from,
        text,
        at: this.now,
      },
      ...{ integrity: from.kind },
      mentions: colleagues.filter((name) => text.includes(`@${name}`)),
      ...more,
    } as Post);
    const list = this.posts.get(post.thread ?? post.channel) ?? [];
    this.posts.set(post.thread ?? post.channel, [...list, post]);
    this.emit({ type: "post", seq, post });
    const channel = this.channels.get(post.channel);
    if (post.thread === null && channel) {
      Object.assign(channel, { posts: channel.posts + 1, lastSeq: seq, lastAt: post.at });
      this.emit({ type: "channel", seq, channel: { ...channel } });
    }
    if (post.thread !== null) {
      const thread = this.threads.get(post.thread) ?? this.openThread(post.thread, post.channel);
      const writers = thread.writers.includes(from.name) ? thread.writers : [...thread.writers, from.name];
      this.set("thread", { ...thread, replies: thread.replies + 1, lastSeq: seq, lastAt: post.at, writers });
    }
    return post;
  }

  openThread(id: string, channel: string, more: Partial<Thread> = {}): Thread {
    const root = this.find(id);
    const thread = toThread({
      ...{
        id,
        channel,
        title: root?.text.split("\n")[0]?.slice(0, 80) ?? id,
        lastSeq: this.seq,
        openedAt: this.now,
      },
      ...more,
    });
    this.threads.set(id, thread);
    return thread;
  }

  find(id: string): Post | undefined {
    for (const list of this.posts.values()) {
      const found = list.findLast((post) => post.id === id);
      if (found) return found;
    }
    return undefined;
  }

  change(id: string, to: Partial<Post>): Post {
    const before = this.find(id);
    if (!before) throw new Refusal(404, "not-found", "There is no such post.");
    const post = { ...before, ...to };
    const place = post.thread ?? post.channel;
    this.posts.set(
      place,
      (this.posts.get(place) ?? []).map((one) => (one.id === id ? post : one)),
    );
    this.emit({ type: "post", seq: ++this.seq, post });
    return post;
  }

  /** Sets a row and tells the tabs. */
  set(kind: "thread", row: Thread): void;
  set(kind: "channel", row: Channel): void;
  set(kind: "process", row: ProcessRow): void;
  set(kind: "approval", row: ShownApproval): void;
  set(kind: "inbox", row: InboxItem): void;
  set(kind: string, row: unknown): void {
    const seq = ++this.seq;
    const one = row as Row & { id: string; pid: number };
    if (kind === "thread") this.threads.set(one.id, row as Thread);
    if (kind === "channel") this.channels.set(one.id, row as Channel);
    if (kind === "process") this.processes.set(one.pid, row as ProcessRow);
    if (kind === "approval") this.approvals.set(one.id, row as ShownApproval);
    if (kind === "inbox") this.inbox.set(one.id, row as InboxItem);
    const name = kind === "inbox" ? "item" : kind;
    this.emit({ type: kind, seq, [name]: row, id: one.id } as unknown as StreamEvent);
  }

  /** Takes an approval away: it was answered. */
  answer(id: string, answer: "approved" | "denied"): void {
    const approval = this.approvals.get(id);
    if (!approval) throw new Refusal(409, "conflict", "This was answered already.");
    this.approvals.delete(id);
    this.emit({ type: "approval", seq: ++this.seq, approval: null, id });
    for (const item of this.inbox.values())
      if (item.approval === id) this.set("inbox", { ...item, unread: false, needsYou: false });
    const row = this.processes.get(approval.pid);
    if (row) this.set("process", { ...row, waiting: null, shown: "running" });
    const thread = approval.thread === null ? undefined : this.threads.get(approval.thread);
    if (thread) this.set("thread", { ...thread, state: answer === "approved" ? "active" : "error" });
  }

  emit(event: StreamEvent): void {
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }

  live(pid: number, live: Extract<StreamEvent, { type: "live" }>["live"]): void {
    const thread = this.processes.get(pid)?.thread ?? null;
    for (const listener of this.listeners) listener({ type: "live", pid, thread, live });
  }

  /** Starts an entity in a thread. */
  start(program: string, thread: string, more: Partial<ProcessRow> = {}): ProcessRow {
    const pid = Math.max(40, ...this.processes.keys()) + 1;
    const row = toProcess({ pid, program, thread, ...more });
    this.set("process", row);
    const before = this.threads.get(thread);
    if (before) this.set("thread", { ...before, state: "active", delegate: program, pid });
    return row;
  }

  page(place: string, query: { before?: number; after?: number; around?: number; limit: number }): PostPage {
    const all = this.posts.get(place) ?? [];
    const { limit } = query;
    const indexOf = (seq: number) => {
      const index = all.findIndex((post) => post.seq >= seq);
      return index < 0 ? all.length : index;
    };
    let from = Math.max(0, all.length - limit);
    let to = all.length;
    if (query.before !== undefined) {
      to = indexOf(query.before);
      from = Math.max(0, to - limit);
    } else if (query.after !== undefined) {
      from = indexOf(query.after + 1);
      to = Math.min(all.length, from + limit);
    } else if (query.around !== undefined) {
      from = Math.max(0, indexOf(query.around) - (limit >> 1));
      to = Math.min(all.length, from + limit);
    }
    const posts = all.slice(from, to);
    return {
      ...{ posts, before: from > 0, after: to < all.length, total: all.length, first: from },
      threads: posts.flatMap((post) => this.threads.get(post.id) ?? []),
      root: this.channels.has(place) ? null : (this.find(place) ?? null),
    };
  }

  look(): WorkLook {
    return {
      ...{ seq: this.seq, person: me, version: "0.1.0", halted: this.halted, model: this.model },
      channels: [...this.channels.values()],
      threads: [...this.threads.values()],
      processes: [...this.processes.values()],
      approvals: [...this.approvals.values()],
      inbox: [...this.inbox.values()],
      programs: colleagues.map((name) => ({
        ...{ name, description: about[name] ?? "", tools: ["files", "run"], shipped: name === "worker" },
        ...{ text: `---\nname: ${name}\n---\n`, wrong: null },
      })),
      triggers: [],
      seen: { ...this.seen },
    };
  }
}

const about: Record<string, string> = {
  worker: "Does everyday work with files and a terminal.",
  researcher: "Reads what you give it and answers with sources.",
  scribe: "Writes and rewrites texts.",
  bookkeeper: "Adds up, compares and finds what does not match.",
};
