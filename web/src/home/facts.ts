// What the home page makes of the state of the workplace: what the landscape shows, what needs you, what runs now. Pure.

import type { Facts } from "../../../os/src/device/canvas/paint/paint.ts";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import type { InboxItem, ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";

/** The parts of the workplace's state that the home page looks at. */
export interface Known {
  halted: boolean;
  processes: readonly ProcessRow[];
  threads: readonly Thread[];
  approvals: readonly ShownApproval[];
  inbox: readonly InboxItem[];
}

/** Entities that are at work now: neither ended, nor paused, nor waiting for a person or a time. */
export function toRunning(known: Known): ProcessRow[] {
  return known.processes
    .filter((row) => !row.ended && !row.paused && (row.waiting === null || row.waiting.on === "child"))
    .sort((a, b) => b.lastAt - a.lastAt);
}

/** What cannot go on without you: approvals first, then questions and other items, newest first. */
export function toNeeds(known: Known): { approvals: ShownApproval[]; items: InboxItem[] } {
  return {
    approvals: [...known.approvals],
    items: known.inbox.filter((item) => item.needsYou && item.approval === null).sort((a, b) => b.at - a.at),
  };
}

/** Tasks that were finished since `since`, newest first. */
export function toDone(known: Known, since: number): Thread[] {
  return known.threads
    .filter((thread) => thread.state === "complete" && thread.lastAt >= since)
    .sort((a, b) => b.lastAt - a.lastAt);
}

/** What the landscape shows of it. */
export function toFacts(known: Known, since: number): Facts {
  const needs = toNeeds(known);
  return {
    running: known.halted ? [] : toRunning(known).map((row) => String(row.pid)),
    done: toDone(known, since)
      .map((thread) => thread.id)
      .reverse(),
    waiting: [...needs.approvals.map((approval) => approval.id), ...needs.items.map((item) => item.id)],
    halted: known.halted,
  };
}

/** The beginning of the local day of a moment. */
export function dayStart(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The greeting for an hour of the day. */
export function toGreeting(hour: number): "night" | "morning" | "afternoon" | "evening" {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  if (hour < 18) return "afternoon";
  return "evening";
}

/** A visit of the home page: what happened since `since` is news in it; `seen` is when it was last looked at. */
export interface Visit {
  since: number;
  seen: number;
}

/** Away for longer than this, and the next look is a new visit. */
const breakMs = 30 * 60_000;
const dayMs = 86_400_000;

/** The visit of now, from what was kept of the last one: news stay news until you were away for a while. */
export function toVisit(kept: unknown, now: number): Visit {
  const { since, seen } = (kept ?? {}) as Partial<Visit>;
  if (typeof since !== "number" || typeof seen !== "number" || seen > now)
    return { since: now - dayMs, seen: now };
  return { since: now - seen > breakMs ? seen : since, seen: now };
}
