// How a task stands, for people: an icon and a tone for each of Linear's agent states; the words are in the texts. And
// what an entity that lives does now, in one word.

import type { ProcessRow, TaskState, Thread } from "../../../../os/src/workplace/contract.ts";
import type { Live } from "../../store/live.ts";
import type { Tone } from "../../ui/badge.tsx";
import type { IconName } from "../../ui/icon.tsx";

/** How a state looks. */
export interface TaskMark {
  icon: IconName;
  tone: Tone;
}

/** What is shown: a state, or that somebody stopped it, which is no failure. */
export type ShownState = TaskState | "stopped";

const marks: Record<ShownState, TaskMark> = {
  open: { icon: "thread", tone: "plain" },
  pending: { icon: "clock", tone: "plain" },
  active: { icon: "play", tone: "accent" },
  awaitingInput: { icon: "question", tone: "warn" },
  error: { icon: "warning", tone: "danger" },
  complete: { icon: "check", tone: "good" },
  stale: { icon: "moon", tone: "warn" },
  stopped: { icon: "stop", tone: "plain" },
};

/** The mark of a state. */
export const toTaskMark = (state: ShownState): TaskMark => marks[state];

/** The state that is shown: who writes its first words is at work, though the kernel counts it as not begun yet; what a person stopped did not fail. */
export function toShownState(
  { id, state, pid }: Pick<Thread, "id" | "state" | "pid">,
  processes: Readonly<Record<number, ProcessRow>>,
): ShownState {
  if (state === "pending" && toLiving(processes, id).some((row) => row.shown === "running")) return "active";
  return state === "error" && processes[pid ?? 0]?.outcome?.kind === "killed" ? "stopped" : state;
}

/** True for a thread in which somebody works or worked. */
export const isTask = (thread: Pick<Thread, "state">): boolean => thread.state !== "open";

/** What an entity that lives does now. */
export type Doing =
  | "writing"
  | "reading"
  | "step"
  | "queued"
  | "paused"
  | "message"
  | "approval"
  | "budget"
  | "timer"
  | "child"
  | "thinking";

/** What it does; `live` is what it writes now, if anything. */
export function toDoing(row: ProcessRow, live: Live | undefined): Doing {
  if (row.paused) return "paused";
  if (row.waiting !== null) return row.waiting.on;
  if (live?.running) return "step";
  if (live?.reading) return "reading";
  if (live && live.text !== "") return "writing";
  return row.shown === "running" ? "thinking" : "queued";
}

/** True while it cannot go on without a person. */
export const waitsForYou = (doing: Doing): boolean =>
  doing === "approval" || doing === "budget" || doing === "message" || doing === "paused";

/** The light at the face of somebody at work. */
export const toLight = (doing: Doing): "working" | "waiting" | undefined =>
  waitsForYou(doing) ? "waiting" : doing === "timer" || doing === "child" ? undefined : "working";

/** Entities that live in a place, the first ones first. */
export function toLiving(processes: Readonly<Record<number, ProcessRow>>, thread: string): ProcessRow[] {
  return Object.values(processes)
    .filter((row) => row.thread === thread && !row.ended)
    .sort((a, b) => a.pid - b.pid);
}

/** What of its budget a tree has used: the largest part of any of its limits, from 0. */
export function toUsedPart(row: ProcessRow): number {
  const parts = [
    [row.tokens, row.budgetTokens],
    [row.activeMs, row.budgetActiveMs],
    [row.deviceCalls, row.budgetDeviceCalls],
  ] as const;
  return Math.max(...parts.map(([used, whole]) => (whole > 0 ? used / whole : used > 0 ? 1 : 0)));
}
