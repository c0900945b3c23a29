// What a model said in one turn, and how it goes into the journal.

import type { Egress } from "../entity/authority.ts";
import type { Told } from "../entity/conversation.ts";
import type { Entity, NextCall } from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import { turnLimits } from "../limits.ts";
import type { Label } from "../memory/label.ts";
import type { NewPage } from "../memory/page.ts";
import type { Usage } from "../model/model.ts";
import type { Parsed } from "../syscall/form.ts";
import type { Machine } from "./machine.ts";

/** What a model said in one turn. */
export interface Said {
  text: string;
  parsed: Parsed;
  label: Label;
  usage: Usage;
  ms: number;
  model: string;
  /** What a `done` that was not believed had plainly missing; undefined for any other answer. */
  denied?: readonly string[];
  /** Hash of the action, null when there was none. */
  action: string | null;
  /** Further calls of the same answer. */
  next: readonly NextCall[];
  /** Pages from this id on were not in the window that it was made from. */
  saw: number;
  /** What the call sent to a model elsewhere. */
  egress: readonly Egress[];
}

/** True when somebody was heard whom the window did not hold yet: what was said before is no answer to that. */
export function isLate(entity: Entity, said: { saw: number }): boolean {
  return entity.pages.some(
    (page) => page.resident && page.kind === "dialogue" && page.role === "user" && page.id >= said.saw,
  );
}

/** Commits an end, unless it is late by the time it would become durable; false when nothing was written. */
export async function commitEnd(
  machine: Machine,
  entity: Entity,
  { said, events }: { said: Said; events: readonly HumEvent[] },
): Promise<boolean> {
  let may = true;
  await machine.commit(toStream(entity.pid), events, () => {
    may = !isLate(entity, said);
    return may;
  });
  return may;
}

/** The event of what was said in a turn. */
export function toSaidEvent(
  entity: Entity,
  said: Said,
  more: { pages: NewPage[]; bad: string | null },
): HumEvent {
  const { model, usage, ms, action, egress, next } = said;
  return toEvent("turn.said", {
    pid: entity.pid,
    turn: entity.turn + 1,
    model,
    usage,
    ms,
    pages: more.pages,
    bad: more.bad,
    action,
    ...(egress.length > 0 ? { egress } : {}),
    ...(more.bad === null && next.length > 0 ? { next: [...next] } : {}),
  });
}

/** What people are told where nothing helped: the last refusal was written for the model, and stays in the text. */
export const toStuck = ({ name }: Pick<Entity, "name">): Told => ({ what: "stuck", name });

/** The end of an entity whose turn was refused, when it was one turn too many. */
export function giveUp(entity: Entity, why: string, fresh = false): HumEvent[] {
  const again = fresh && entity.freshStarts >= turnLimits.freshStarts;
  if (entity.badTurns + 1 < turnLimits.badTurns && !again) return [];
  const count = again ? `${turnLimits.freshStarts + 1} attempts` : `${turnLimits.badTurns} refused in a row`;
  const text = `It could not find an action that helps (${count}; the last: ${why.replaceAll("\n", " ").slice(0, 200)})`;
  return [
    toEvent("entity.ended", { pid: entity.pid, outcome: { kind: "failed", text, told: toStuck(entity) } }),
  ];
}
