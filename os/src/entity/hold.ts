// What becomes of a call that waited, and of those that the same yes is for.

import type { Entity } from "./entity.ts";

/** What was said yes to goes on with the other calls of that yes; a no is for all of them. */
export function leaveHold(entity: Entity, id: string): void {
  const { held, next } = entity;
  const approved = held?.answer === "approved" ? (held.also ?? []) : [];
  entity.next = [
    ...approved.map((call) => ({ ...call, approved: true as const })),
    ...next.filter((call) => call.id !== id),
  ];
  entity.held = null;
}
