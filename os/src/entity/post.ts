// What a record looks like in the conversation: a pure function from one record, and the state that includes it, to a
// post or to nothing. The counters of the state, the index of posts and the stream to the browser all use it, so that
// they cannot disagree. The texts stand in the journal; posts are made from it as often as needed.
//
//   post.written         words of a person          entity.ended            the result, or why it failed
//   message.sent         words of an entity         approval.asked          what waits for a yes
//   message.delivered    words to a colleague       talk.stopped, …         quiet lines of the kernel
//   entity.spawned       who asked whom

import type { JournalRecord } from "../journal/journal.ts";
import type { Label } from "../memory/label.ts";
import type { Author, Channel, Post, Told } from "./conversation.ts";
import { type Entity, type Pid, toCharge } from "./entity.ts";
import type { Approval, Events, EventType } from "./events.ts";

/** What a post is made from beside its record. */
export interface PostView {
  entities: ReadonlyMap<Pid, Entity>;
  work: {
    channels: ReadonlyMap<string, Channel>;
    threads: ReadonlyMap<string, { id: string; channel: string; owner: string; pids: readonly Pid[] }>;
    people: ReadonlyMap<string, string>;
  };
}

/** The author of what the kernel says. */
export const kernelAuthor: Author = { kind: "kernel", name: "Hum" };

/** Untrusted places that a post names, at most. */
const shownOrigins = 20;

const mentionPattern = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}][\p{L}\p{N}_-]*)/gu;

/** Names that a text writes with @, as written. */
export function toMentions(text: string): string[] {
  return [...new Set([...text.matchAll(mentionPattern)].map((match) => match[1] as string))];
}

/** The post that a record is, null for most. The state must include the record. */
export function toPost(record: JournalRecord, view: PostView): Post | null {
  const make = makers[record.type as EventType] as Maker<EventType> | undefined;
  return make?.(record.data as never, record, view) ?? null;
}

/** Whether a record of that type can be a post. */
export const mayBePost = (type: string): boolean => Object.hasOwn(makers, type);

type Maker<T extends EventType> = (data: Events[T], record: JournalRecord, view: PostView) => Post | null;

const makers: { [T in EventType]?: Maker<T> } = {
  "post.written": (data, record) => ({
    ...toBlank(record, data.channel, data.thread),
    ...{ id: data.id, from: { kind: "person", name: data.by }, text: data.text },
    ...{ mentions: data.mentions, files: data.files, integrity: "person" },
  }),
  "message.sent"(data, record, view) {
    const entity = data.pid === null ? undefined : view.entities.get(data.pid);
    const place = entity && toPlace(entity, view);
    if (!place) return null;
    const blank = toBlank(record, place.channel, place.thread);
    if (data.from === "hum") return { ...blank, kind: "status", text: data.text, ...toFacts(data.told) };
    const text = toAddressed(data.to, data.text);
    return {
      ...blank,
      ...{ kind: data.asks ? "question" : "text", from: toAuthor(entity), text },
      mentions: [...new Set([data.to, ...toKnown(text, view)])],
      ...toTrust(data.label),
    };
  },
  "message.delivered"(data, record, view) {
    const hearer = view.entities.get(data.pid);
    const place = hearer && toPlace(hearer, view);
    if (!place || data.post !== undefined) return null;
    const blank = toBlank(record, place.channel, place.thread);
    const text = toAddressed(hearer.name, data.text);
    if (data.sender === undefined)
      return { ...blank, kind: "text", from: { kind: "person", name: data.from }, text, integrity: "person" };
    const sender = view.entities.get(data.sender);
    if (!sender || sender.thread !== hearer.thread) return null;
    return {
      ...blank,
      ...{ kind: "text", from: toAuthor(sender), text, mentions: [hearer.name] },
      ...toTrust(data.label),
    };
  },
  "entity.spawned"(data, record, view) {
    const parent = data.parent === null ? undefined : view.entities.get(data.parent);
    const place = parent && toPlace(parent, view);
    if (!place) return null;
    const words = toOneLine(data.task);
    return {
      ...toBlank(record, place.channel, place.thread),
      ...{ kind: "status", text: `${parent.name} asked ${data.name}: ${words}`, child: data.pid },
      told: { what: "asked", name: parent.name, other: data.name, words },
    };
  },
  "entity.ended"(data, record, view) {
    const entity = view.entities.get(data.pid);
    const place = entity && toPlace(entity, view);
    // A second end finds the first: it is no news.
    if (!place || entity.endedSeq !== record.seq) return null;
    const { kind, text, by } = data.outcome;
    const blank = toBlank(record, place.channel, place.thread);
    const cost = { outcome: kind, child: entity.pid };
    if (kind === "killed") {
      if (entity.parent !== null) return null;
      return {
        ...{ ...blank, ...cost, kind: "status" },
        text: `${entity.name} was stopped${by === undefined ? `: ${text}` : ` by ${by}`}`,
        ...(by === undefined ? {} : { told: { what: "stopped", name: entity.name, other: by } }),
      };
    }
    return {
      ...blank,
      ...{ kind: "result", from: toAuthor(entity), text, files: entity.changed },
      mentions: toKnown(text, view),
      ...{ ...toTrust(data.label), outcome: kind, ...toFacts(data.outcome.told) },
      ...(data.outcome.votes ? { votes: data.outcome.votes } : {}),
      usage: toUsage(entity, view),
    };
  },
  "approval.asked"(data, record, view) {
    const entity = view.entities.get(data.pid);
    const place = entity && toPlace(entity, view);
    if (!place) return null;
    const text =
      data.kind === "budget" ? data.why : `${entity.name} asks for a yes to ${data.what}: ${data.why}`;
    return {
      ...toBlank(record, place.channel, place.thread),
      ...{ kind: "approval", text, approval: data.id, child: data.pid },
      ...toWish(entity, data),
    };
  },
  "approval.answered"(data, record, view) {
    const entity = view.entities.get(data.pid);
    const place = entity && toPlace(entity, view);
    if (!place) return null;
    const word = { approved: `${data.by} said yes.`, denied: `${data.by} said no.` };
    const text = data.answer === "expired" ? "Nobody answered in time; it was not done." : word[data.answer];
    const what = { approved: "yes", denied: "no", expired: "expired" } as const;
    return {
      ...toBlank(record, place.channel, place.thread),
      ...{ kind: "status", text, approval: data.id, child: data.pid },
      told: { what: what[data.answer], ...(data.answer === "expired" ? {} : { name: data.by }) },
    };
  },
  "trigger.fired": (data, record) => ({
    ...toBlank(record, data.channel, null),
    ...{ id: data.post, kind: "text", text: `${data.name}: @${data.program} ${data.task}` },
    mentions: [data.program],
  }),
  "post.settled": (data, record, view) => ({
    ...toBlank(record, data.channel, data.thread === data.channel ? null : data.thread),
    ...(view.work.threads.has(data.thread) ? {} : { thread: data.thread }),
    ...{ kind: "status", text: data.why, ...toFacts(data.told) },
  }),
  "talk.stopped"(data, record, view) {
    const entity = view.entities.get(data.pid);
    const place = entity && toPlace(entity, view);
    if (!place) return null;
    const other = view.entities.get(data.with)?.name ?? "the other";
    const text = `${other} and ${entity.name} only talked to each other for a while; what they say now wakes nobody. Write here to let them go on.`;
    return {
      ...{ ...toBlank(record, place.channel, place.thread), kind: "status", text },
      told: { what: "chatter", name: other, other: entity.name },
    };
  },
};

/** What an approval asks for, in facts; of a budget in an old journal nothing is known but its sentence. */
export function toWish(
  { name }: Pick<Entity, "name">,
  { kind, what, why, reasons }: Pick<Approval, "kind" | "what" | "why" | "reasons">,
): { told?: Told } {
  if (kind === "budget") return reasons ? { told: { what: "budget", name, reasons } } : {};
  return { told: { what: "wish", name, other: what, ...(reasons ? { reasons } : { words: why }) } };
}

const toFacts = (told: Told | undefined): Pick<Post, "told"> => (told ? { told } : {});

// A direct line is one conversation: its thread has the id of the channel, and its posts stand in the channel itself.
function toPlace(entity: Entity, view: PostView): { channel: string; thread: string | null } | null {
  const thread = entity.thread === null ? undefined : view.work.threads.get(entity.thread);
  if (!thread) return null;
  return { channel: thread.channel, thread: thread.id === thread.channel ? null : thread.id };
}

function toBlank(record: JournalRecord, channel: string, thread: string | null): Post {
  return {
    ...{ id: `r${record.seq}`, seq: record.seq, channel, thread, kind: "text", from: kernelAuthor },
    ...{ text: "", at: record.at, editedAt: null, deleted: false },
    ...{ mentions: [], files: [], integrity: "kernel", reactions: {} },
  };
}

// What a tree really used: what a child was given counts as used by its parent, and most of it may be left.
function toUsage(entity: Entity, view: PostView): NonNullable<Post["usage"]> {
  const { tokens, activeMs, deviceCalls } = entity.used;
  const use = { tokens, activeMs, deviceCalls };
  for (const pid of entity.children) {
    const child = view.entities.get(pid);
    if (!child) continue;
    const used = toUsage(child, view);
    const charge = toCharge(child);
    use.tokens += used.tokens - charge.tokens;
    use.activeMs += used.activeMs;
    use.deviceCalls += used.deviceCalls - charge.deviceCalls;
  }
  return use;
}

function toTrust(label: Label | undefined): Pick<Post, "integrity" | "origins"> {
  const { integrity, origins } = label ?? { integrity: "entity", origins: [] };
  return origins.length > 0 ? { integrity, origins: origins.slice(0, shownOrigins) } : { integrity };
}

function toAuthor({ name, program, pid }: Entity): Author {
  return { kind: "entity", name, program, pid };
}

function toAddressed(to: string, text: string): string {
  const there = toMentions(text).some((name) => name.toLowerCase() === to.toLowerCase());
  return there ? text : `@${to} ${text}`;
}

function toKnown(text: string, view: PostView): string[] {
  return toMentions(text).flatMap((name) => view.work.people.get(name.toLowerCase()) ?? []);
}

function toOneLine(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
