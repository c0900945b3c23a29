// Priority inheritance: who waits for a colleague lends it its urgency, so that an interactive entity does not wait
// behind all normal work for its background child. A loan goes down the whole chain, and ends with the wait.

import { classes, type Entity, type Pid } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Loan } from "./ticket.ts";

/** What is lent to an entity at the moment, null when nobody more urgent waits for it. */
export function loanOf(state: State, entity: Entity): Loan | null {
  const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
  if (!parent || parent.paused || parent.waiting?.on !== "child") return null;
  if (parent.waiting.pid !== null && parent.waiting.pid !== entity.pid) return null;
  const lent = loanOf(state, parent)?.class ?? parent.class;
  const name = classes.indexOf(lent) < classes.indexOf(parent.class) ? lent : parent.class;
  return classes.indexOf(name) < classes.indexOf(entity.class) ? { class: name, from: parent.pid } : null;
}

/** Keeps the loans of a scheduler as the state is; to be called with each entity that a record has changed. */
export function createLending(state: State, scheduler: Pick<Scheduler, "lend">): (entity: Entity) => void {
  const lenders = new Set<Pid>();
  const borrowers = new Set<Pid>();

  const refresh = (entity: Entity): void => {
    const loan = entity.state === "ended" ? null : loanOf(state, entity);
    if (loan) borrowers.add(entity.pid);
    else if (!borrowers.delete(entity.pid)) return;
    scheduler.lend(entity.pid, loan);
  };
  return function follow(entity) {
    const lends = entity.waiting?.on === "child" && entity.state !== "ended";
    const lent = lends ? lenders.has(entity.pid) : lenders.delete(entity.pid);
    refresh(entity);
    if (!lends && !lent) return;
    if (lends) lenders.add(entity.pid);
    // A chain of those who wait: what is lent to the first goes on to the last.
    for (const pid of entity.children) {
      const child = state.entities.get(pid);
      if (!child || child.state === "ended") continue;
      if (child.waiting?.on === "child") follow(child);
      else refresh(child);
    }
  };
}
