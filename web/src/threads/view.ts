// The list of threads: which are shown, in which groups, in which order; how long they take and what they used. Pure.

import type { ProcessRow, TaskState, Thread } from "../../../os/src/workplace/contract.ts";

/** Which threads are shown. */
export type Part = "all" | "waiting" | "active" | "mine" | "done";

/** All of them, in the order in which they are offered. */
export const parts: readonly Part[] = ["all", "waiting", "active", "mine", "done"];

/** The groups, in the order in which they stand. */
export const groups = ["waiting", "trouble", "active", "done", "talk", "resolved"] as const;
/** One of them. */
export type Group = (typeof groups)[number];

/** Where a thread stands. */
export function toGroup(thread: Pick<Thread, "state" | "resolved">): Group {
  if (thread.state === "awaitingInput") return "waiting";
  if (thread.state === "active" || thread.state === "pending") return "active";
  if (thread.resolved) return "resolved";
  if (thread.state === "error" || thread.state === "stale") return "trouble";
  return thread.state === "complete" ? "done" : "talk";
}

/** Whether a thread belongs to a part. */
export function isOf(part: Part, thread: Thread, me: string): boolean {
  const group = toGroup(thread);
  switch (part) {
    case "all":
      return true;
    case "waiting":
      return group === "waiting" || group === "trouble";
    case "active":
      return group === "active";
    case "mine":
      return thread.owner.toLowerCase() === me.toLowerCase() && group !== "resolved";
    case "done":
      return group === "done" || (group === "resolved" && thread.state === "complete");
  }
}

/** One row of the list: the head of a group, or a thread. */
export type Row =
  | { kind: "group"; key: string; group: Group; count: number; folded: boolean }
  | { kind: "thread"; key: string; thread: Thread };

/** How the list is asked for. */
export interface Query {
  part: Part;
  /** Words that must occur in the title, or in the name of a channel or of who wrote there. */
  words: string;
  me: string;
  folded: ReadonlySet<Group>;
}

/** The rows. The state of the group says what is wanted of you, so the newest is the first within it. */
export function toRows(threads: readonly Thread[], query: Query): Row[] {
  const words = query.words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = threads
    .filter((thread) => isOf(query.part, thread, query.me))
    .filter((thread) => {
      const text =
        `${thread.title} #${thread.channel} ${thread.writers.join(" ")} ${thread.delegate ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => b.lastAt - a.lastAt || b.lastSeq - a.lastSeq);
  return groups.flatMap((group): Row[] => {
    const those = found.filter((thread) => toGroup(thread) === group);
    if (those.length === 0) return [];
    // A search shows what it found.
    const folded = query.folded.has(group) && words.length === 0 && query.part !== "done";
    const head: Row = { kind: "group", key: `group/${group}`, group, count: those.length, folded };
    const rows = those.map((thread): Row => ({ kind: "thread", key: thread.id, thread }));
    return folded ? [head] : [head, ...rows];
  });
}

/** How many threads each part has. */
export function countParts(threads: readonly Thread[], me: string): Record<Part, number> {
  const count = (part: Part) => threads.filter((thread) => isOf(part, thread, me)).length;
  return {
    ...{ all: threads.length, waiting: count("waiting"), active: count("active") },
    ...{ mine: count("mine"), done: count("done") },
  };
}

const working: ReadonlySet<TaskState> = new Set(["active", "pending", "awaitingInput", "stale"]);

/** How long a task takes so far, or took; null for a thread that is no task. */
export function toLasted(thread: Thread, now: number): number | null {
  if (thread.state === "open") return null;
  return Math.max(0, (working.has(thread.state) ? now : thread.lastAt) - thread.openedAt);
}

/** The entity that works for a thread, as far as it is known. */
export const toWorker = (
  thread: Pick<Thread, "pid">,
  processes: Readonly<Record<number, ProcessRow>>,
): ProcessRow | null => (thread.pid === null ? null : (processes[thread.pid] ?? null));

/** What of its budget an entity has used: the largest part of any of its limits, from 0. */
export function toUsed(row: ProcessRow): number {
  const parts = [
    [row.tokens, row.budgetTokens],
    [row.activeMs, row.budgetActiveMs],
    [row.deviceCalls, row.budgetDeviceCalls],
  ] as const;
  return Math.max(...parts.map(([used, whole]) => (whole > 0 ? used / whole : used > 0 ? 1 : 0)));
}
