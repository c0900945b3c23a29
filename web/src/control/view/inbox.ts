// Approvals as a person answers them: the most urgent first, and only equal ones together. Equal means the same operation
// and the same sink; what differs in either is a question of its own.

import type { ShownApproval } from "../../../../os/src/workplace/api.ts";

/** Approvals that may be answered together. */
export interface ApprovalGroup {
  key: string;
  what: string;
  sink: string;
  members: ShownApproval[];
}

/** What is close to its end is marked from here on. */
const soonMs = 60 * 60_000;

/** In the order of answering: what expires within the hour first, then the oldest question. */
export function sortApprovals(approvals: readonly ShownApproval[], now: number): ShownApproval[] {
  const soon = (one: ShownApproval) => one.expiresAt - now < soonMs;
  return [...approvals].sort((a, b) => {
    if (soon(a) !== soon(b)) return soon(a) ? -1 : 1;
    const order = soon(a) ? a.expiresAt - b.expiresAt : a.askedAt - b.askedAt;
    return order || (a.id < b.id ? -1 : 1);
  });
}

/** Groups of those that may be answered together, in the order of their first member. */
export function toGroups(sorted: readonly ShownApproval[]): ApprovalGroup[] {
  const groups = new Map<string, ApprovalGroup>();
  for (const one of sorted) {
    // Only effects: a budget or a doubt is always a question of its own.
    const alone = one.kind !== "effect" || one.sink === "";
    const key = JSON.stringify(alone ? [one.id] : [one.what, one.sink]);
    const group = groups.get(key);
    if (group) group.members.push(one);
    else groups.set(key, { key, what: one.what, sink: one.sink, members: [one] });
  }
  return [...groups.values()];
}

/** Whether the selected ones may get one answer: all of one operation and one sink. */
export function canAnswerTogether(selected: readonly ShownApproval[]): boolean {
  const [first] = selected;
  if (first === undefined) return false;
  if (selected.length === 1) return true;
  return selected.every(
    (one) => one.kind === "effect" && one.what === first.what && one.sink === first.sink && one.sink !== "",
  );
}

/** Scopes that can be offered for a selection: those that each of them allows. `once` is always there. */
export function toScopes(selected: readonly ShownApproval[]): ("once" | "thread" | "standing")[] {
  const all = ["once", "thread", "standing"] as const;
  return all.filter((scope) => scope === "once" || selected.every((one) => one.scopes.includes(scope)));
}

/** Where the cursor goes when the one under it is gone: the next, else the one before, else nowhere. */
export function toNextId(ids: readonly string[], gone: string): string | null {
  const at = ids.indexOf(gone);
  if (at < 0) return ids[0] ?? null;
  return ids[at + 1] ?? ids[at - 1] ?? null;
}
