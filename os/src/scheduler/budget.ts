// Budgets are looked at before a call, not after it: an entity that used up what it was given waits, and the person is
// asked whether it may go on.

import type { Budget, Entity } from "../entity/entity.ts";
import { type Approval, toEvent, toStream } from "../entity/events.ts";
import { type Reason, toWhy } from "../entity/reason.ts";
import { approvalMs, turnLimits } from "../limits.ts";
import type { Machine } from "./machine.ts";

/** The first part of the budget that the next turn could exceed, null when there is enough of all. */
export function isOverBudget(entity: Entity): keyof Budget | null {
  const { used, budget } = entity;
  if (used.tokens + turnLimits.outputTokens > budget.tokens) return "tokens";
  if (used.activeMs >= budget.activeMs) return "activeMs";
  if (used.deviceCalls >= budget.deviceCalls) return "deviceCalls";
  return null;
}

/** Puts the entity to wait for more budget. */
export async function askBudget(machine: Machine, entity: Entity, over: keyof Budget): Promise<void> {
  const more = { [over]: entity.budget[over] };
  const reasons: Reason[] = [
    { kind: "budget", name: entity.name, part: over, used: entity.used[over], of: entity.budget[over] },
  ];
  // The same part may be used up more than once within one answer.
  const id = `b-${entity.pid}-${entity.turn}-${over}-${machine.state.seq}`;
  const approval: Approval = {
    id,
    pid: entity.pid,
    kind: "budget",
    what: `budget.${over}`,
    why: toWhy(reasons),
    reasons,
    payload: more,
    hash: id,
    askedAt: machine.now(),
    expiresAt: machine.now() + approvalMs,
  };
  await machine.commit(toStream(entity.pid), [
    toEvent("approval.asked", approval),
    toEvent("entity.waiting", { pid: entity.pid, waiting: { on: "budget", id } }),
  ]);
}
