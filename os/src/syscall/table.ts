// The table of system calls: one handler each, so that a missing one does not compile. Calls with a device operation
// behind them are executed by the broker (scheduler/perform.ts) and have no handler here.
//
// Rules for handlers: everything they do to others carries the call's id and can be repeated (a crash may come after
// it and before its result is journaled); a wrong use is an answer with ok false, not a throw.

import type { Entity } from "../entity/entity.ts";
import { type HumEvent, toEvent } from "../entity/events.ts";
import { HumError } from "../error.ts";
import { turnLimits } from "../limits.ts";
import type { Label } from "../memory/label.ts";
import { delegate, toAwaited, toEndPage } from "./delegate.ts";
import { toDuration } from "./duration.ts";
import type { CallContext, CallOutcome, Handler, KernelDoors } from "./kernel.ts";
import type { SyscallName } from "./names.ts";
import { recall, search } from "./past.ts";
import { extract } from "./reader.ts";
import { note } from "./remember.ts";
import { toUndone } from "./review.ts";

type DeviceCall = "bash" | "python" | "read" | "write" | "list" | "get" | "now";

/** Name of a call that the kernel executes itself. */
export type KernelCall = Exclude<SyscallName, DeviceCall>;

/** Device calls after which a `fail` is believed. */
const triesBeforeFail = 2;

// What the kernel answers may repeat words of the call, and those are made from the whole window.
function createAnswer(label: Label) {
  return (ok: boolean, text: string) => ({ next: "go-on" as const, ok, text, label });
}

/** Entity that a name or number speaks of: a living one of that pid or name, those of the same thread and the newest first. */
export function findEntity(doors: KernelDoors, who: string, thread: string | null = null): Entity | null {
  const number = Number(who.replace(/^#/, ""));
  if (Number.isInteger(number) && number > 0) return doors.state.entities.get(number) ?? null;
  const living = doors.state.register.named(who);
  return living.findLast((other) => other.thread === thread) ?? living.at(-1) ?? null;
}

/** The handlers. */
export const syscallTable: Record<KernelCall, Handler> = {
  async say({ to = "", text = "" }, { entity, id, doors, label }) {
    const answer = createAnswer(label);
    const told = entity.open?.id === id ? doors.state.entities.get(Number(entity.open.prepared?.told)) : null;
    if (told) return answer(true, `Sent to ${told.name} (pid ${told.pid}).`);
    const other = findEntity(doors, to, entity.thread);
    if (other?.pid === entity.pid) return answer(false, "That is yourself.");
    if (other?.state === "ended")
      return answer(false, `${other.name} (pid ${other.pid}) has ended and hears nothing.`);
    // A task that is done more than once speaks at its end only, and once.
    if (entity.redundancy > 1) {
      const drafted = toEvent("message.drafted", { pid: entity.pid, id, to, text, label });
      return { ...answer(true, `Sent to ${to}.`), events: [drafted] };
    }
    if (!other)
      return { ...answer(true, `Sent to ${to}.`), events: [toMail(to, text, { entity, id, doors, label })] };
    // Two that only thank each other would never come to an end.
    const quiet = Math.min(other.chatter, entity.chatter) >= turnLimits.chatter;
    await doors.deliver(other.pid, { id, from: entity.name, sender: entity.pid, text, label, quiet });
    const who = `${other.name} (pid ${other.pid})`;
    if (!quiet) return answer(true, `Sent to ${who}.`);
    return {
      next: "refuse",
      why: `You and ${who} only talk to each other, and nothing is done: it is not woken by this. Do something, or end.`,
    };
  },
  ask: ({ to = "", text = "" }, context) => ({
    next: "wait",
    waiting: { on: "message", from: null, until: null },
    text: `Asked ${to}.`,
    events: [toMail(to, text, context, true)],
  }),
  async spawn({ program = "", task = "" }, { entity, id, doors, label }) {
    const answer = createAnswer(label);
    try {
      const pid = await doors.spawn({ program, task, parent: entity.pid, cause: id, class: entity.class });
      return answer(true, `Started ${program} with pid ${pid}.`);
    } catch (error) {
      if (!HumError.is(error)) throw error;
      return answer(false, error.message);
    }
  },
  wait({ pid = "" }, { entity, doors, label }) {
    const answer = createAnswer(label);
    const child = findEntity(doors, pid);
    if (!child || !entity.children.includes(child.pid))
      return answer(false, `You have no colleague ${pid}; yours: ${entity.children.join(", ") || "none"}.`);
    if (child.outcome) return { ...answer(true, ""), ...toEndPage([child]) };
    return {
      next: "wait",
      waiting: { on: "child", pid: child.pid },
      text: `Waited for ${child.name} (pid ${child.pid}).`,
    };
  },
  delegate,
  sleep({ time = "" }, { doors, label }) {
    const answer = createAnswer(label);
    const length = toDuration(time);
    if (length === null) return answer(false, `"${time}" is no time; write 30s, 10m, 2h or 1d.`);
    return { next: "wait", waiting: { on: "timer", until: doors.now() + length }, text: `Slept ${time}.` };
  },
  note,
  extract,
  recall,
  search,
  async done({ answer: text = "" }, context) {
    const { entity, doors, signal } = context;
    const still = waitOn(text, context);
    if (still) return still;
    const { missing, doubt, pieces = [] } = await doors.review(entity, text, signal);
    if (missing.length === 0) return { next: "end", outcome: { kind: "done", text } };
    // Where a task is done more than once there is something to compare it with.
    if (doubt && entity.redundancy > 1) return { next: "end", outcome: { kind: "done", text }, doubt };
    const why = toUndone(entity.task, missing, pieces);
    return { next: "refuse", why, missing: doubt ? [] : missing };
  },
  fail({ why = "" }, context) {
    const { entity } = context;
    const still = waitOn(why, context);
    if (still) return still;
    // A small model gives up at the first error; one that has tried, or says it twice, is believed.
    if (entity.used.deviceCalls >= triesBeforeFail || entity.badTurns > 0)
      return { next: "end", outcome: { kind: "failed", text: why } };
    return {
      next: "refuse",
      why: `Do not give up yet: try it in another way. The task again: ${entity.task}`,
    };
  },
};

function toMail(
  to: string,
  text: string,
  from: Pick<CallContext, "entity" | "id" | "doors" | "label">,
  asks = false,
): HumEvent {
  const { entity, id, doors, label } = from;
  const { name, pid } = entity;
  const more = asks ? { asks } : {};
  return toEvent("message.sent", { id, to, from: name, pid, text, at: doors.now(), label, ...more });
}

// Whoever was woken while its colleagues are at work has said what it had to say, and waits for them on.
function waitOn(text: string, context: CallContext): CallOutcome | null {
  const { entity, doors } = context;
  const pids = toAwaited(entity, (pid) => doors.state.entities.get(pid));
  if (pids.length === 0) return null;
  return {
    next: "wait",
    waiting: { on: "child", pid: null, pids },
    text: `That was told to ${entity.owner}. Your colleagues were still at work, so you waited for them.`,
    events: [toMail(entity.owner, text, context)],
  };
}
