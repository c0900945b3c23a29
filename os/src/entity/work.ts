// What is known of the workplace, as a fold over the journal: channels, threads, triggers, what people have seen, and
// which posts still wait for a reaction. Only small things: the texts of posts stay in the journal, and in an index made
// from it (workplace/posts.ts).

import type { JournalRecord } from "../journal/journal.ts";
import type { Capability, Egress } from "./authority.ts";
import type { Channel, Post, Trigger } from "./conversation.ts";
import type { Entity, Pid } from "./entity.ts";
import type { Events, EventType } from "./events.ts";
import { toMentions, toPost } from "./post.ts";

/** A thread. The thread of a direct line has the id of its channel. */
export interface ThreadRow {
  id: string;
  channel: string;
  title: string;
  owner: string;
  delegate: string | null;
  /** The entity that works for it now or worked last, the first of its tree. */
  pid: Pid | null;
  /** All entities that work or worked in it. */
  pids: Pid[];
  folder: string | null;
  resolved: boolean;
  resolvedBy: string | null;
  openedAt: number;
  lastAt: number;
  lastSeq: number;
  replies: number;
  writers: string[];
  /** The trigger that opened it. */
  trigger: string | null;
}

/** A trigger as it is kept; when it is due next is computed. */
export interface TriggerRow extends Omit<Trigger, "nextAt"> {
  /** From when on its times count. */
  savedAt: number;
  /** How far it has answered: the seq of a post, or for files a time. */
  answered: number;
  /** Thread that it opened last. */
  thread: string | null;
}

/** A post of which somebody is still to hear. */
export interface Pending {
  post: string;
  channel: string;
  /** The thread in which the reaction happens. */
  thread: string;
  by: string;
  text: string;
  /** Programs that are to hear of it; "" is whoever works in the thread. */
  wants: string[];
  /** Another post that it speaks of. */
  about: string | null;
}

/** All of the workplace that is state. */
export interface Work {
  channels: Map<string, Channel>;
  threads: Map<string, ThreadRow>;
  triggers: Map<string, TriggerRow>;
  pending: Map<string, Pending>;
  /** Names of people, by their name in small letters. */
  people: Map<string, string>;
  /** By person in small letters: last seq seen in each place. */
  seen: Map<string, { until: number; places: Record<string, number>; ids: string[]; unread?: string[] }>;
  /** Bytes that left the machine, and requests, by host. */
  egress: Map<string, { bytes: number; requests: number }>;
  /** What people granted for longer than one call, by the approval that they answered. */
  grants: Map<string, Events["grant.given"]>;
  modelCalls: number;
}

/** How many rows of the inbox are remembered as read one by one. */
const rememberedIds = 500;

/** The workplace of an empty journal. */
export function createWork(): Work {
  return {
    ...{ channels: new Map(), threads: new Map(), triggers: new Map(), pending: new Map() },
    ...{ people: new Map(), seen: new Map(), egress: new Map(), grants: new Map(), modelCalls: 0 },
  };
}

/** The cause of an entity that a post starts. */
export const toCause = (post: string, program: string): string => `post/${post}/${program}`;

/** Capabilities that people granted before, for an entity that starts now. */
export function toGranted(
  work: Work,
  { program, owner, thread }: { program: string; owner: string; thread: string | null },
): Capability[] {
  return [...work.grants.values()]
    .filter((grant) =>
      grant.scope === "thread"
        ? thread !== null && grant.thread === thread
        : grant.program === program && grant.owner === owner,
    )
    .map((grant) => grant.capability);
}

/** Applies one record, after the entities know of it. */
export function reduceWork(entities: Map<Pid, Entity>, work: Work, record: JournalRecord): void {
  const apply = appliers[record.type as EventType] as Applier<EventType> | undefined;
  apply?.(work, record.data as never, { record, entities });
  const post = toPost(record, { entities, work });
  if (post) countPost(work, post);
}

interface At {
  record: JournalRecord;
  entities: ReadonlyMap<Pid, Entity>;
}

type Applier<T extends EventType> = (work: Work, data: Events[T], at: At) => void;

const appliers: { [T in EventType]?: Applier<T> } = {
  "channel.created"(work, data, { record }) {
    const { by, ...rest } = data;
    if (data.kind === "direct") meet(work, by);
    work.channels.set(data.id, {
      ...rest,
      ...{ createdAt: record.at, createdBy: by, archived: false, posts: 0 },
      ...{ lastAt: record.at, lastSeq: record.seq },
    });
  },
  "channel.changed"(work, { id, name, about, archived }) {
    const channel = work.channels.get(id);
    if (!channel) return;
    if (name !== undefined) channel.name = name;
    if (about !== undefined) channel.about = about;
    if (archived !== undefined) channel.archived = archived;
  },
  "post.written"(work, data) {
    meet(work, data.by);
    const thread =
      data.thread ?? (work.channels.get(data.channel)?.kind === "direct" ? data.channel : data.id);
    expect(work, { ...data, post: data.id, thread, about: null });
  },
  "post.settled": (work, { id, want }) => settle(work, id, want),
  "thread.opened"(work, data, { record }) {
    if (work.threads.has(data.id)) return;
    work.threads.set(data.id, {
      ...data,
      ...{ pid: null, pids: [], resolved: false, resolvedBy: null },
      ...{ openedAt: record.at, lastAt: record.at, lastSeq: record.seq, replies: 0 },
      writers: data.trigger === null ? [data.owner] : ["Hum"],
    });
  },
  "thread.changed"(work, { id, title, resolved, by }) {
    const thread = work.threads.get(id);
    if (!thread) return;
    if (title !== undefined) thread.title = title;
    if (resolved !== undefined) {
      thread.resolved = resolved;
      thread.resolvedBy = resolved ? by : null;
    }
  },
  "seen.marked"(work, { by, places, ids, until, unread = [] }) {
    meet(work, by);
    const seen = work.seen.get(by.toLowerCase()) ?? { until: 0, places: {}, ids: [] };
    const further = Object.entries(places).filter(([place, seq]) => seq > (seen.places[place] ?? 0));
    work.seen.set(by.toLowerCase(), {
      until: Math.max(seen.until, until ?? 0),
      places: { ...seen.places, ...Object.fromEntries(further) },
      ids: [...new Set([...seen.ids, ...ids])].filter((id) => !unread.includes(id)).slice(-rememberedIds),
      // A row that was made new again stays so until it is read by itself, or with everything.
      unread: [...new Set([...(until === null ? (seen.unread ?? []) : []), ...unread])]
        .filter((id) => unread.includes(id) || !ids.includes(id))
        .slice(-rememberedIds),
    });
  },
  "trigger.saved"(work, { by: _by, ...setting }, { record }) {
    const before = work.triggers.get(setting.id);
    const fresh = { lastAt: null, runs: 0, lastOutcome: null, thread: null };
    work.triggers.set(setting.id, {
      ...(before ?? fresh),
      ...setting,
      ...{ savedAt: record.at, answered: setting.when.kind === "file" ? record.at : record.seq },
    });
  },
  "trigger.removed": (work, { id }) => void work.triggers.delete(id),
  "trigger.fired"(work, data, { record }) {
    expect(work, {
      ...{ post: data.post, channel: data.channel, thread: data.post },
      ...{ by: data.owner, text: data.task, wants: [data.program], about: data.about },
    });
    const trigger = work.triggers.get(data.id);
    if (!trigger) return;
    Object.assign(trigger, { lastAt: record.at, runs: trigger.runs + 1, thread: data.post });
    trigger.answered = Math.max(trigger.answered, data.answers ?? 0);
  },
  "entity.spawned"(work, data) {
    meet(work, data.owner);
    const [kind, post = "", program = ""] = (data.cause ?? "").split("/");
    if (kind === "post") settle(work, post, program);
    const thread = work.threads.get(data.thread ?? "");
    if (!thread) return;
    thread.pids.push(data.pid);
    thread.folder ??= data.folder;
    if (data.parent !== null) return;
    thread.pid = data.pid;
    thread.delegate = data.program;
    thread.resolved = false;
    thread.resolvedBy = null;
  },
  "message.delivered"(work, { pid, post }, { entities }) {
    const entity = entities.get(pid);
    const pending = post === undefined ? undefined : work.pending.get(post);
    // One that has ended hears nothing: somebody else is still to hear of it.
    if (!pending || !entity || entity.state === "ended") return;
    settle(work, pending.post, pending.wants.includes(entity.program) ? entity.program : "");
  },
  "entity.ended"(work, { pid, outcome }, { entities }) {
    const thread = work.threads.get(entities.get(pid)?.thread ?? "");
    const trigger = thread && thread.pid === pid ? work.triggers.get(thread.trigger ?? "") : undefined;
    if (trigger && trigger.thread === thread?.id) trigger.lastOutcome = outcome.kind;
  },
  "grant.given": (work, grant) => void work.grants.set(grant.id, grant),
  "grant.revoked"(work, { id }, { entities }) {
    work.grants.delete(id);
    for (const entity of entities.values())
      entity.capabilities = entity.capabilities.filter((capability) => capability.grant !== id);
  },
  "turn.said"(work, { egress }) {
    work.modelCalls += 1;
    countEgress(work, egress);
  },
  "call.ended": (work, { egress }) => countEgress(work, egress),
};

function countEgress(work: Work, egress: readonly Egress[] = []): void {
  for (const { host, bytes } of egress) {
    const known = work.egress.get(host) ?? { bytes: 0, requests: 0 };
    work.egress.set(host, { bytes: known.bytes + bytes, requests: known.requests + 1 });
  }
}

function meet(work: Work, name: string): void {
  if (!work.people.has(name.toLowerCase())) work.people.set(name.toLowerCase(), name);
}

function expect(work: Work, { post, channel, thread, by, text, wants, about }: Pending): void {
  if (wants.length > 0) work.pending.set(post, { post, channel, thread, by, text, wants: [...wants], about });
}

function settle(work: Work, post: string, want: string): void {
  const pending = work.pending.get(post);
  if (!pending) return;
  pending.wants = pending.wants.filter((other) => other !== want);
  if (pending.wants.length === 0) work.pending.delete(post);
}

function countPost(work: Work, post: Post): void {
  const channel = work.channels.get(post.channel);
  if (channel) {
    if (post.thread === null) channel.posts += 1;
    Object.assign(channel, { lastAt: post.at, lastSeq: post.seq });
  }
  const thread = work.threads.get(post.thread ?? post.channel);
  if (!thread) return;
  thread.replies += 1;
  Object.assign(thread, { lastAt: post.at, lastSeq: post.seq });
  if (!thread.writers.includes(post.from.name)) thread.writers.push(post.from.name);
}

/** The workplace as JSON, for a snapshot. */
export function toWorkJson(work: Work): object {
  const { modelCalls, ...maps } = work;
  const entries = Object.entries(maps).map(([name, map]) => [name, [...map]]);
  return { ...Object.fromEntries(entries), modelCalls };
}

/** The workplace of that JSON. */
export function fromWorkJson(json: object): Work {
  const { modelCalls, ...maps } = json as { modelCalls: number } & Record<string, [string, never][]>;
  const entries = Object.entries(maps).map(([name, rows]) => [name, new Map(rows)]);
  return { ...Object.fromEntries(entries), modelCalls } as Work;
}

/** Names of people that a text mentions, as they write themselves. */
export function toPeople(work: Work, text: string): string[] {
  return toMentions(text).flatMap((name) => work.people.get(name.toLowerCase()) ?? []);
}

/** How the page begins that tells what was said before. */
export const saidBefore = "What was said before";

const talkWords = [
  /\b(?:we|us|you and i|they)\b[^.!?\n]{0,30}\b(?:talk(?:ed|ing)?|spoke|spoken|speaking|said|saying|discuss(?:ed|ing)?|chatted|told)\b/i,
  /\b(?:our|this|the|that) (?:talk|conversation|chat|discussion)\b/i,
  /\b(?:what|everything|all that|all) (?:was|has been|i|you)(?: have| just|'ve)* (?:said|told|talked about|described|discussed)\b/i,
  /(?:我们|刚才|刚刚|大家).{0,8}(?:说|聊|谈|讨论)/,
];

/** Whether the words of a task mean what was talked about before: "draw what we talked about". */
export function meansTalk(text: string): boolean {
  return talkWords.some((words) => words.test(text));
}
