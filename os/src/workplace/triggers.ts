// Triggers start work by themselves: at a time, when files change, when a post says something. A trigger that fires is
// one event, which is the first post of a new thread; the program is started as if a person had mentioned it there, so
// a stop in between loses nothing and starts nothing twice (reactions.ts).
//
// Bounds
//   - While the work of a trigger goes on it does not fire again; what comes meanwhile is answered once, afterwards. A
//     time does not wait for a run that waits for a person.
//   - Posts in a thread that a trigger opened start no trigger: no circle of triggers can feed itself.
//   - So many starts in an hour, and the rest waits for the next hour.
//   - Times that passed while the machine was stopped are made up for once, not many times.

import { matchesGlob } from "node:path";
import { Cron } from "croner";
import type { Post, Trigger } from "../entity/conversation.ts";
import { toEvent } from "../entity/events.ts";
import { mayBePost } from "../entity/post.ts";
import type { TriggerRow } from "../entity/work.ts";
import { toChannelStream, workStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { taskBytes, triggerLimits } from "../limits.ts";
import type { Workplace } from "./api.ts";
import { entitiesOf, findChannel, findThread, livingIn, type Room, toText, workOf } from "./room.ts";
import { toTaskState, toThread } from "./threads.ts";

/** How the workplace sees folders that triggers watch. */
export interface FolderWatch {
  /** Calls back when something in the folder may have changed; the returned function ends it. */
  watch(folder: string, call: () => void): () => void;
  /** Files of the folder and below, with when they last changed in milliseconds since 1970. */
  list(folder: string): Promise<{ path: string; modifiedAt: number }[]>;
}

/** The triggers of a workplace. */
export interface Triggers
  extends Pick<Workplace, "triggers" | "saveTrigger" | "deleteTrigger" | "runTrigger"> {
  begin(): void;
  take(record: JournalRecord): void;
  shown(id: string): Trigger | null;
  end(): void;
}

const hour = 60 * 60_000;

interface Fire {
  why: string;
  /** How far what it answers to reaches: the seq of a post, or for files a time. */
  answers: number | null;
  more: string;
  about: string | null;
}

/** Makes the triggers. */
export function createTriggers(room: Room): Triggers {
  const rows = () => workOf(room).triggers;
  /** What each armed trigger holds: a timer or a watch. */
  const armed = new Map<string, () => void>();
  /** Triggers whose start is on its way into the journal. */
  const firing = new Set<string>();
  /** When each fired, in the last hour. */
  const fired = new Map<string, number[]>();
  /** Posts up to here hold nothing for the trigger. */
  const searched = new Map<string, number>();
  let started = false;
  let nextId = 0;

  const now = () => room.machine.now();
  const guard = (work: Promise<unknown>) =>
    void work.catch((error) => (HumError.is(error, "interrupted") ? undefined : room.onError(error)));

  const isBusy = (row: TriggerRow): boolean => {
    if (firing.has(row.id)) return true;
    const thread = row.thread === null ? undefined : workOf(room).threads.get(row.thread);
    if (!thread) return false;
    if ([...workOf(room).pending.values()].some((pending) => pending.thread === thread.id)) return true;
    if (row.when.kind === "cron" && toTaskState(room, thread) === "awaitingInput") return false;
    return livingIn(room, thread).length > 0;
  };
  const startsLeft = (row: TriggerRow): boolean => {
    const times = (fired.get(row.id) ?? []).filter((at) => at > now() - hour);
    fired.set(row.id, times);
    return times.length < triggerLimits.perHour;
  };

  const fire = async (row: TriggerRow, how: Fire): Promise<string> => {
    firing.add(row.id);
    try {
      const post = `t${room.ledger.state.seq}-${++nextId}`;
      const { id, name, channel, program, owner } = row;
      const task = how.more === "" ? row.task : `${row.task}\n${how.more}`;
      fired.set(id, [...(fired.get(id) ?? []), now()]);
      await room.machine.commit(toChannelStream(channel), [
        toEvent("trigger.fired", {
          ...{ id, post, name, channel, program, task, owner },
          ...{ why: how.why, answers: how.answers, about: how.about },
        }),
        toEvent("thread.opened", {
          ...{ id: post, channel, title: name, owner, delegate: program, trigger: id },
          folder: row.when.kind === "file" ? row.when.folder : null,
        }),
      ]);
      return post;
    } finally {
      firing.delete(row.id);
    }
  };

  /** Fires when something is due and nothing forbids it; arms the trigger for what comes next. */
  const look = async (id: string): Promise<void> => {
    disarm(id);
    const row = rows().get(id);
    if (!started || !row?.enabled || room.ledger.state.halted) return;
    if (isBusy(row)) return row.when.kind === "cron" ? armTimer(row, row.when.cron, now()) : undefined;
    if (!startsLeft(row))
      return arm(
        id,
        room.after(hour / 4, () => guard(look(id))),
      );
    if (row.when.kind === "cron") return lookAtTime(row, row.when.cron);
    if (row.when.kind === "file") return lookAtFiles(row, row.when);
    return lookAtPosts(row, row.when);
  };
  const disarm = (id: string) => {
    armed.get(id)?.();
    armed.delete(id);
  };
  const arm = (id: string, end: () => void) => {
    disarm(id);
    armed.set(id, end);
  };

  const lookAtTime = async (row: TriggerRow, cron: string): Promise<void> => {
    const due = toNextTime(cron, toFrom(row));
    if (due !== null && due <= now())
      await fire(row, { why: "its time came", answers: null, more: "", about: null });
    armTimer(row, cron, now());
  };
  const armTimer = (row: TriggerRow, cron: string, from: number): void => {
    const due = toNextTime(cron, from);
    if (due === null) return;
    arm(
      row.id,
      room.after(due - now(), () => guard(look(row.id))),
    );
  };

  const lookAtFiles = async (
    row: TriggerRow,
    { folder, glob }: { folder: string; glob: string },
  ): Promise<void> => {
    if (!room.watchFolder) return;
    // Watched before it is read, so that nothing falls in between.
    let cancel = () => {};
    const end = room.watchFolder.watch(folder, () => {
      cancel();
      cancel = room.after(triggerLimits.quietMs, () => guard(look(row.id)));
    });
    arm(row.id, () => {
      cancel();
      end();
    });
    const at = now();
    const files = await room.watchFolder.list(folder);
    const own = toOwnFiles(room, row);
    const changed = files.filter(
      (file) =>
        file.modifiedAt > row.answered &&
        file.modifiedAt > (own.get(file.path) ?? 0) &&
        matchesGlob(file.path, glob),
    );
    if (changed.length === 0 || isBusy(row)) return;
    const names = changed.slice(0, 20).map((file) => file.path);
    const more = `Files that changed in ${folder}: ${names.join(", ")}`;
    await fire(row, {
      why: "files changed",
      answers: Math.max(at, ...changed.map((one) => one.modifiedAt)),
      more,
      about: null,
    });
  };

  const lookAtPosts = async (
    row: TriggerRow,
    { channel, contains }: { channel: string; contains: string },
  ): Promise<void> => {
    const matches = toMatcher(contains);
    const posts = room.posts.since(
      channel,
      Math.max(row.answered, searched.get(row.id) ?? 0),
      triggerLimits.lookBack,
    );
    const post = posts.find(
      (one) => mayStart(room, one) && matches(one.text.slice(0, triggerLimits.textChars)),
    );
    searched.set(row.id, post?.seq ?? posts.at(-1)?.seq ?? row.answered);
    if (!post) return posts.length < triggerLimits.lookBack ? undefined : look(row.id);
    const more = `The message of ${post.from.name} stands above.`;
    await fire(row, { why: `a post of ${post.from.name}`, answers: post.seq, more, about: post.id });
  };

  const shown = (row: TriggerRow): Trigger => {
    const { savedAt: _savedAt, answered: _answered, thread: _thread, ...rest } = row;
    const next = row.enabled && row.when.kind === "cron" ? toNextTime(row.when.cron, toFrom(row)) : null;
    return { ...rest, nextAt: next === null ? null : Math.max(next, now()) };
  };
  const find = (id: string): TriggerRow => {
    const row = rows().get(id);
    if (!row) throw new HumError("not-found", `There is no trigger "${id}".`);
    return row;
  };

  return {
    triggers: () => [...rows().values()].map(shown),
    shown(id) {
      const row = rows().get(id);
      return row ? shown(row) : null;
    },
    async saveTrigger(by, id, setting) {
      if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
        throw new HumError(
          "bad-input",
          `"${id}" is no id for a trigger: use small letters, digits and hyphens.`,
        );
      await check(room, setting);
      const { name, when, program, task, channel, enabled } = setting;
      const owner = rows().get(id)?.owner ?? by;
      await room.machine.commit(workStream, [
        toEvent("trigger.saved", { id, name, when, program, task, channel, enabled, owner, by }),
      ]);
      return shown(find(id));
    },
    async deleteTrigger(by, id) {
      find(id);
      await room.machine.commit(workStream, [toEvent("trigger.removed", { id, by })]);
    },
    async runTrigger(by, id) {
      const row = find(id);
      if (isBusy(row)) throw new HumError("conflict", `"${row.name}" is at work already.`);
      const post = await fire(row, { why: `${by} started it`, answers: null, more: "", about: null });
      return toThread(room, findThread(room, post));
    },
    begin() {
      started = true;
      for (const id of rows().keys()) guard(look(id));
    },
    take(record) {
      if (!started) return;
      const { id, pid } = record.data as { id?: string; pid?: number };
      if (record.type === "trigger.saved") searched.delete(id as string);
      if (record.type === "trigger.saved") guard(look(id as string));
      if (record.type === "trigger.removed") disarm(id as string);
      if (record.type === "kernel.unhalted") for (const one of rows().keys()) guard(look(one));
      if (record.type === "entity.ended" || record.type === "post.settled") {
        const entity = pid === undefined ? undefined : room.ledger.state.entities.get(pid);
        const thread = (record.data as { thread?: string }).thread ?? entity?.thread ?? "";
        const trigger = workOf(room).threads.get(thread)?.trigger;
        if (trigger) guard(look(trigger));
      }
      if (!mayBePost(record.type)) return;
      const post = room.posts.bySeq(record.seq);
      for (const row of rows().values())
        if (post && row.when.kind === "message" && row.when.channel === post.channel) guard(look(row.id));
    },
    end() {
      started = false;
      for (const id of [...armed.keys()]) disarm(id);
    },
  };
}

// From when on a time counts: what passed while the trigger was off, or before it was, is not made up for.
function toFrom(row: TriggerRow): number {
  return Math.max(row.lastAt ?? 0, row.savedAt);
}

// Files that the last run changed itself, and until when: its own work does not start it again.
function toOwnFiles(room: Room, row: TriggerRow): Map<string, number> {
  const thread = row.thread === null ? undefined : workOf(room).threads.get(row.thread);
  const entities = thread ? entitiesOf(room, thread) : [];
  return new Map(
    entities.flatMap(({ changed, lastAt }) =>
      changed.map(({ path }) => [path, lastAt + triggerLimits.ownMs]),
    ),
  );
}

// Words of people and of entities count, those of the kernel and of work that a trigger began do not.
function mayStart(room: Room, post: Post): boolean {
  if (post.from.kind === "kernel" || post.deleted) return false;
  const thread = workOf(room).threads.get(post.thread ?? post.id);
  return thread === undefined || thread.trigger === null;
}

async function check(room: Room, setting: Parameters<Workplace["saveTrigger"]>[2]): Promise<void> {
  toText(setting.name, "name", 200);
  toText(setting.task, "task", taskBytes / 2);
  room.programs.find(setting.program);
  findChannel(room, setting.channel);
  const { when } = setting;
  if (when.kind === "cron") toCron(when.cron);
  else if (when.kind === "message") {
    findChannel(room, when.channel);
    toMatcher(toText(when.contains, "text to look for", 400));
  } else {
    toText(when.glob, "pattern of files", 400);
    await room.folders.find(when.folder);
  }
}

function toCron(cron: string): Cron {
  try {
    return new Cron(cron, { mode: "5-part", paused: true });
  } catch (error) {
    throw new HumError("bad-input", `"${cron}" is no time in five fields: ${(error as Error).message}`);
  }
}

/** The first time of a cron line after a moment, null when there is none. */
export function toNextTime(cron: string, after: number): number | null {
  return toCron(cron).nextRun(new Date(after))?.getTime() ?? null;
}

/** Whether a text holds another, or matches a pattern between slashes. */
function toMatcher(contains: string): (text: string) => boolean {
  const [, source, flags = ""] = /^\/(.+)\/([imsu]*)$/s.exec(contains) ?? [];
  if (source === undefined) return (text) => text.toLowerCase().includes(contains.toLowerCase());
  try {
    const pattern = new RegExp(source, flags);
    return (text) => pattern.test(text);
  } catch (error) {
    throw new HumError("bad-input", `"${contains}" is no pattern: ${(error as Error).message}`);
  }
}
